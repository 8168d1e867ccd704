"""The field `aggregate` of a list: one subquery for its count and measures, one for each property that is counted."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from graphql import FieldNode

from opsplan.reading.compile.listing import Listing
from opsplan.reading.compile.rows import Row, Rows, leaf_view
from opsplan.reading.complete.views import Aggregate, Codec, Constant, Counts, Leaf, Measures, Total
from opsplan.reading.shape.aggregates import TOTAL, AggregateField, CountedField, Measure, MeasuredField
from opsplan.records.declaration import Kind, Noun

_CYPHER = {
    Measure.KNOWN: "count({0})",
    Measure.MIN: "min({0})",
    Measure.MAX: "max({0})",
    Measure.SUM: "sum({0})",
    Measure.AVERAGE: "CASE WHEN count({0}) > 0 THEN toFloat(sum({0})) / count({0}) END",
}

_FLOATS = (Measure.SUM, Measure.AVERAGE)
"""What is a float of integers, too."""


@dataclass(slots=True)
class Aggregates:
    """Makes the view of `aggregate` for one list, and puts its subqueries into the row that the list stands in.

    Attributes
    ----------
    rows, row
        Where the subqueries go.
    noun, node, found
        What is taken together.
    looks
        How often the list is gone through, once the view is made.
    """

    rows: Rows
    row: Row
    noun: Noun
    node: str
    found: Listing
    looks: int = 0
    _measured: dict[str, str] = field(default_factory=dict)

    def view(self, key: str, mentions: Sequence[FieldNode]) -> Aggregate:
        """Give the view for a selection."""
        of = f"{self.noun.name}Aggregate"
        declared = self.rows.statement.shapes.aggregates[self.noun.name]
        fields: list[Total | Measures | Counts | Constant] = []
        for inner, nodes in self.rows.statement.document.subfields(mentions, self.rows.graphql_type(of)).items():
            name = nodes[0].name.value
            if name == "__typename":
                fields.append(Constant(inner, of))
            elif name == TOTAL:
                fields.append(Total(inner, self._measure(f"count({self.node})")))
            else:
                fields.append(self._of(inner, declared[name], nodes))
        if self._measured:
            self.looks += 1
            returned = ", ".join(f"{expression} AS {result}" for expression, result in self._measured.items())
            self.row.call(
                f"CALL {self.row.scope()} {{ {self._each()}RETURN {returned} }} ", next(iter(self._measured.values()))
            )
        return Aggregate(key, tuple(fields))

    def _each(self) -> str:
        return f"{self.found.start.counted}WITH DISTINCT {self.node} "

    def _measure(self, expression: str) -> int:
        if expression not in self._measured:
            self._measured[expression] = self.rows.statement.name("c")
        return self.row.column(self._measured[expression])

    def _of(self, key: str, declared: AggregateField, mentions: Sequence[FieldNode]) -> Measures | Counts:
        inner = self.rows.statement.document.subfields(mentions, self.rows.graphql_type(declared.type_name))
        if isinstance(declared, CountedField):
            return Counts(
                key, self._counts(declared), tuple(self._counted(each, inner[each], declared) for each in inner)
            )
        return Measures(key, tuple(self._measured_leaf(each, inner[each], declared) for each in inner))

    def _measured_leaf(self, key: str, mentions: Sequence[FieldNode], declared: MeasuredField) -> Leaf | Constant:
        name = mentions[0].name.value
        if name == "__typename":
            return Constant(key, declared.type_name)
        measure = Measure(name)
        value = self.rows.statement.value(self.noun, self.node, declared.value)
        decimals = declared.value.declared.decimals if declared.value.declared is not None else None
        if decimals is not None and measure in _FLOATS:
            # As whole numbers, so that the order in which they are added makes no difference.
            whole = _CYPHER[measure].format(f"toInteger(round({value} * {10**decimals}))")
            expression = f"toFloat({whole}) / {10**decimals}"
        else:
            expression = _CYPHER[measure].format(value)
        at = f"{declared.type_name}.{name}"
        nullable = measure not in (Measure.KNOWN, Measure.SUM)
        if measure is Measure.KNOWN:
            return Leaf(key, (self._measure(expression),), Codec.PLAIN, nullable, at)
        if declared.value.kind is Kind.FLOAT or (measure in _FLOATS and declared.value.kind is Kind.INTEGER):
            return Leaf(key, (self._measure(f"toFloat({expression})"),), Codec.PLAIN, nullable, at)
        return leaf_view(key, (self._measure(expression),), declared.value, at, nullable=nullable)

    def _counts(self, declared: CountedField) -> int:
        statement = self.rows.statement
        self.looks += 1
        value, result = statement.name("v"), statement.name("c")
        expression = statement.value(self.noun, self.node, declared.value)
        each = (
            f"UNWIND {expression} AS {value} WITH DISTINCT {self.node}, {value} "
            if declared.is_list
            else f"WITH {expression} AS {value} WHERE {value} IS NOT NULL "
        )
        text = (
            f"CALL {self.row.scope()} {{ {self._each()}{each}WITH {value}, count(*) AS many "
            f"ORDER BY many DESC, {value} RETURN collect([{value}, many]) AS {result} }} "
        )
        return self.row.call(text, result)

    def _counted(self, key: str, mentions: Sequence[FieldNode], declared: CountedField) -> Leaf | Constant:
        name = mentions[0].name.value
        if name == "__typename":
            return Constant(key, declared.type_name)
        at = f"{declared.type_name}.{name}"
        if name == "count":
            return Leaf(key, (1,), Codec.PLAIN, nullable=False, at=at)
        choices = declared.value.choices
        if choices is None:
            return Leaf(key, (0,), Codec.PLAIN, nullable=False, at=at)
        return Leaf(key, (0,), Codec.CHOICE, False, at, frozenset(choices.__members__), choices.__name__)
