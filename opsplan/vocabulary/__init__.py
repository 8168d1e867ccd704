"""Words that every room shares: errors, ids, clock, intervals, points, markings.

Pure values only: nothing here does I/O or knows a framework.
"""
