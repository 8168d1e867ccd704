"""Reads by opsplan against @neo4j/graphql and the raw driver, over one graph."""
