"""Operations: the joint operation, who takes part, its actions with their needs, and what can be sent or used.

Owns the labels Operation, Participant, Offer, RotaGap, SimultaneityGroup, Action, ActionMode, UnitNeed, ResourceNeed,
Precedence, Warrant, Unit, UnitAbsence, Resource, Capacity and QuietHours. The state
machines stand in `states.py` as one table of data each.
"""
