"""What opsplan's search is compared with: the plain CP-SAT model, and PyJobShop.

Each is a program that reads a problem in the solver's text from standard input and writes JSON lines as
``python -m solver serve-run`` does: ``progress`` for each better value, ``result`` at the end. `with_pyjobshop` runs in
a virtual environment of its own and imports nothing of this project.
"""
