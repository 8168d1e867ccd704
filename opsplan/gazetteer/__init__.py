"""The gazetteer: countries, cities and airports as reference nodes of the graph.

The rows come from `opsplan.geography`; this room owns the labels Country, City, Airport and GazetteerEdition.
Nobody enters them: they change with the packages that carry them.
"""
