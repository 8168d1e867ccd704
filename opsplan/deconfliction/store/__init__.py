"""The statements of deconfliction.

Of claims and what comes of them (`claims`), of actions' footprints (`actions`), of the rules that claims are judged by
(`separation`).
"""
