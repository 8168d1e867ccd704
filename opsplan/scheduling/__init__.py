"""Scheduling: runs, plans, and their way from a request to a published schedule.

Owns the labels ScheduleRun, Plan, PlannedAction and UnplacedAction. The search itself is the package `solver`, which
knows nothing of graphs; it runs in a process of its own.
"""
