"""Conduct: what is reported while actions are carried out, and what they come to.

Owns the labels StatusReport and ReportedResult. Both are only ever added: a late report stands beside the others, a
wrong result is corrected by another. Here lives no planning (`opsplan.scheduling`), and nothing about single persons.
"""
