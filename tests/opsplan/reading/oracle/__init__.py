"""A second reader, written without the first: graphql-core over plain Python objects, value by value.

It shares the type declarations (the catalogue, the SDL, which field stands for what) with the reading room, and nothing
else: filters, sorts, pages, counts, derived lists and cursors are written here again, in Python.
"""
