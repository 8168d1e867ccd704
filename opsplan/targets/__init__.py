"""Targets and compounds: persons, organisations, sites and things of interest, and what links them.

Owns the labels Compound, VictimEstimate, Target, Identifier and Link. A link is a record of its own, since its
owner, source, marking and history are its own and not those of its ends.
"""
