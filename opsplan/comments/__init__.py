"""Comments: what people of the agencies say to each other about a record, in threads, with mentions.

Owns the label Comment. A comment belongs to the agency that wrote it; it can be about a record of any noun.
"""
