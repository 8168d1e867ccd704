"""Words that every room shares: errors and faults, ids, clock, intervals, points, markings.

Pure values only: nothing here does I/O or knows a framework.
"""
