"""Deconfliction: no two plans meet without their owners knowing.

Here live the claims of plans, the rules that say when two of them meet, and (`subjects`) when two names mean one.
"""
