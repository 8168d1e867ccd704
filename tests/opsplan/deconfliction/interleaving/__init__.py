"""Writers at once, moved from point to point by a director, and held to a model of what each of them must meet.

`paced` stops a writer where its statements allow it, `director` decides who goes on, `model` says in plain Python what
must come of it, `players` are the writers, and `graph` is what the database then holds. Nothing of it is in the
product: a paced graph is a graph whose transactions wait.
"""
