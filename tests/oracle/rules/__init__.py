"""The rules, a file per family; each function has its rule's published name and yields its breaches.

Here lives no order among them (`check` has it) and nothing of how facts are had.
"""
