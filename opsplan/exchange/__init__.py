"""Exchange: files in and out.

`formats` reads and writes JSON Lines, CSV and XLSX; `staging` keeps a load on disk while it is checked whole; `load`
brings it into the graph in one transaction or in journaled batches; `export` writes what `load` reads; `template`
writes an example of each noun. Owns the label LoadJob. What the records mean is told by their nouns, not here.
"""
