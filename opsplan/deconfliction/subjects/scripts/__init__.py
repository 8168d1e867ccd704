"""Scripts: how a word in any script is read in Latin letters, in all the ways that are common.

Where `anyascii` reads letter by letter and that is good enough (Cyrillic, Devanagari, Khmer, kana), it does the work;
files of their own read what it cannot: Greek pairs of letters, Thai and Lao vowels written before their consonant,
Burmese rimes, Han surnames with their readings outside Mandarin, Hangul as people spell it, Arabic and Hebrew
consonants. Here live no names but surnames that are read in ways of their own.
"""
