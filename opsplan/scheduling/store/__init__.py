"""What scheduling reads from and writes to the graph: all its Cypher, and nothing but statements and their rows.

Here live the snapshot of an operation (`snapshot`), runs with their leases (`runs`), plans (`plans`) and the files
that a run leaves (`artifacts`). Here live no rules and no transactions of their own: services and the worker open
them, but for the snapshot, which must be consistent. Labels owned: ScheduleRun, Plan, PlannedAction, UnplacedAction,
RunArtifact, AuthorityGap.
"""
