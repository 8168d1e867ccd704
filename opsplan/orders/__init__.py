"""Orders: what a published plan asks of each unit, for the unit's agency alone, and whether it was acknowledged.

Owns the label Tasking. Orders are issued in the transaction that publishes the plan; one that the next plan leaves as
it was stands, acknowledgement included. Here live the sheet with all that a unit needs to know (`sheet`), and what has
changed from one order to the next (`rules`). Here live no pages: those are `opsplan.pages`.
"""
