"""Sounds: what stays of a spelling when one tongue's Latin letters are read as another's.

`spelling` folds ways of writing one sound ("ou", "oo", "u"), `skeleton` keeps the classes of consonants alone, which
is all that Arabic and Hebrew write. Both take a Latin word in small ASCII letters.
"""
