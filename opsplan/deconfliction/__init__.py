"""Deconfliction: what agencies claim of places, times and means, where claims conflict, and who is told.

Owns the labels Claim, ClaimEntry, ClaimHold, PoolReview, Hiding, SeparationRule, SeparationReview, Conflict, Notice,
Zone, ZoneEntry, ZoneCrossing and ZoneNotice, and those of how conflicts are settled. A claim is the footprint of
something planned, here or elsewhere; a zone is what nobody's plan crosses without leave. The entries are the indexes by
which claims and zones near each other are found, the holds that by which those are that hold of one pool; a review is
how far a change has been carried through. Here lives nothing of how plans are made: schedules read claims, and claims
know nothing of schedules.
"""
