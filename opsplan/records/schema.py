"""The constraints and indexes that the nouns ask for, as values: what the migrations together must come to.

A test holds them against the server after all migrations, so a noun that is changed without a migration fails it
with the statements that are missing.
"""

from dataclasses import dataclass

from opsplan.records.declaration import Catalogue, Kind, Noun
from opsplan.records.search import has_search_text, index_name
from opsplan.vocabulary.ids import prefix_of


@dataclass(frozen=True, slots=True, order=True)
class SchemaRule:
    """One constraint or index: its name, kind (UNIQUENESS, RANGE, POINT, FULLTEXT), label and properties."""

    name: str
    kind: str
    label: str
    properties: tuple[str, ...]

    @property
    def cypher(self) -> str:
        """The statement that makes it."""
        each = ", ".join(f"n.{name}" for name in self.properties)
        if self.kind == "UNIQUENESS":
            group = f"({each})" if len(self.properties) > 1 else each
            return f"CREATE CONSTRAINT {self.name} IF NOT EXISTS FOR (n:{self.label}) REQUIRE {group} IS UNIQUE;"
        if self.kind == "FULLTEXT":
            return (
                f"CREATE FULLTEXT INDEX {self.name} IF NOT EXISTS FOR (n:{self.label}) ON EACH [{each}]\n"
                "OPTIONS {indexConfig: {`fulltext.analyzer`: 'whitespace'}};"
            )
        kind = "POINT INDEX" if self.kind == "POINT" else "INDEX"
        return f"CREATE {kind} {self.name} IF NOT EXISTS FOR (n:{self.label}) ON ({each});"


HISTORY = (
    SchemaRule("record_id", "UNIQUENESS", "Record", ("id",)),
    SchemaRule("reference_id", "UNIQUENESS", "Reference", ("id",)),
    SchemaRule("commit_id", "UNIQUENESS", "Commit", ("id",)),
    SchemaRule("commit_number", "UNIQUENESS", "Commit", ("number",)),
    SchemaRule("commit_sequence_id", "UNIQUENESS", "CommitSequence", ("id",)),
    SchemaRule("change_commit_id_ordinal", "UNIQUENESS", "Change", ("commit_id", "ordinal")),
    SchemaRule("change_record_id", "RANGE", "Change", ("record_id",)),
    SchemaRule("idempotency_key_key", "UNIQUENESS", "IdempotencyKey", ("key",)),
    SchemaRule("idempotency_key_at", "RANGE", "IdempotencyKey", ("at",)),
)
"""What records, their history and idempotency need, whatever the nouns."""


def declared_schema(catalogue: Catalogue) -> tuple[SchemaRule, ...]:
    """Give all that the nouns of a catalogue ask for, by name."""
    return tuple(sorted((*HISTORY, *(rule for noun in catalogue for rule in schema_of(noun)))))


def schema_of(noun: Noun) -> list[SchemaRule]:
    """Give what one noun asks for.

    Its key is unique; external ids are unique within their owner; a property that is `indexed` has an index of its
    own, a point index for a point, and those that are `found_together` one index of them all; searched names have a
    full-text index.
    """
    prefix = prefix_of(noun.name)
    rules: list[SchemaRule] = []
    if noun.key:
        rules.append(SchemaRule(f"{prefix}_{noun.key}", "UNIQUENESS", noun.label, (noun.key,)))
    if not noun.system:
        rules.append(SchemaRule(f"{prefix}_external_id", "UNIQUENESS", noun.label, ("owner_id", "external_id")))
    for each in noun.all_properties:
        # The constraints on the key and on external ids bring indexes of their own.
        if each.indexed and each.name not in (noun.key, "external_id"):
            kind = "POINT" if each.kind is Kind.POINT else "RANGE"
            rules.append(SchemaRule(f"{prefix}_{each.name}", kind, noun.label, (each.name,)))
    for names in noun.found_together:
        properties = tuple(noun.property_named(name).name for name in names)
        rules.append(SchemaRule("_".join((prefix, *properties)), "RANGE", noun.label, properties))
    if has_search_text(noun):
        rules.append(SchemaRule(index_name(noun), "FULLTEXT", noun.label, ("search_text",)))
    return rules
