"""From the solver's answer back to records and words: pure, no I/O.

Here live the rows of a plan (`placed`), the reasons for what it leaves out (`reasons`), the judgement of an old plan
against the graph as it is now (`judge`), and the comparison of two plans (`compare`). Here live no statements
(`scheduling.store`) and no searching (`solver`).
"""
