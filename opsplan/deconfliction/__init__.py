"""Deconfliction: what agencies claim of places, times and means, where claims conflict, and who is told.

Owns the labels Claim, ClaimEntry, SeparationRule, SeparationReview, Conflict and Notice. A claim is the footprint of
something planned, here or elsewhere; the entries are the index by which claims near each other are found; a review is
how far a changed rule has been carried through. Here lives nothing of how plans are made: schedules read claims, and
claims know nothing of schedules.
"""
