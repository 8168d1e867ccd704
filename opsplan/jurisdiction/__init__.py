"""Jurisdiction: agencies, and what entitles them to act somewhere.

Owns the labels Agency and Jurisdiction. Territorial jurisdiction follows from an agency's country and a site's
candidate countries; granted jurisdiction is a record with basis and validity.
"""
