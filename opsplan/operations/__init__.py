"""Operations: the joint operation, its actions with their needs, and what can be sent or used.

Owns the labels Operation, SimultaneityGroup, Action, ActionMode, UnitNeed, ResourceNeed, Precedence, Warrant, Unit,
UnitAbsence, Resource, Capacity and QuietHours. The state machines stand in `states.py` as one table of data.
"""
