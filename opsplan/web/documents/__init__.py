"""Trusted documents: operations that are known by an id before anybody asks for them.

Here live the files that hold them (`manifest`), their check against the schema (`check`), and how a request names one
(`trusted`). Here lives no execution; that is `opsplan.web.execution`, which takes documents from here.
"""
