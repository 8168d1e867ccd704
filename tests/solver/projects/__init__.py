"""Tests of the search for plans of several projects beyond its lists."""
