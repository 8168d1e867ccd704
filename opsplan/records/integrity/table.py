"""Findings as a table for a terminal."""

from collections.abc import Sequence

from rich.table import Table

from opsplan.records.integrity.finding import Finding


def findings_table(findings: Sequence[Finding]) -> Table:
    """Make the table that `opsplan check-graph` prints; an empty graph check prints one line instead."""
    table = Table(title=f"The graph breaks {len(findings)} rules" if findings else "The graph is whole")
    for heading in ("Rule", "Where", "Records", "Some of them", "What is wrong, and what to do"):
        table.add_column(heading, overflow="fold")
    for each in findings:
        table.add_row(each.rule, each.where, str(each.count), "\n".join(each.some), each.message)
    return table
