"""Builders that tests of several rooms share: worlds of random records, put into the graph without the writers."""
