"""Names: taken apart into words, and compared by what they name.

`reading` gives a written word with all its readings, `words` compares two of them. `persons` knows titles, particles,
patronymics, initials and the order of parts; `things` compares names of organisations and sites: words that tell them
apart, words that many have, numbers, legal forms. The tables of words are `persons_words` and `things_words`: own
lists, short on purpose.
"""
