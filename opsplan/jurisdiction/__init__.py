"""Jurisdiction: agencies, what entitles them to act somewhere, and whom to call there.

Owns the labels Agency, Jurisdiction, ContactPoint and DutyShift. Territorial jurisdiction follows from an agency's
country and a site's candidate countries; granted jurisdiction is a record with basis and validity. When posts are on
duty stands in `rota`, and in Cypher in `model.contact`.
"""
