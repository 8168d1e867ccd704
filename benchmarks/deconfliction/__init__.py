"""Deconfliction measured: loading, checking and committing claims, beside PostGIS on the same claims in one run."""
