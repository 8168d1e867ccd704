"""The shortest way to the server: the few messages of Bolt that a read or a transaction takes, and pools of lines.

Compiled reads get their rows here, and what is written goes here (decisions 0016 and 0051); everything else goes by
the official driver. The parts: `messages` (what is said and heard, as bytes), `line` (one connection), `transaction`
(what a transaction says over one), `reader` (the pool).
"""
