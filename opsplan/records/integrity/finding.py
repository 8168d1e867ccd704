"""What a check of the graph found."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, with how many records and some of them.

    Attributes
    ----------
    rule
        Which rule is broken: PRESENCE, TYPE, CHOICE, RANGE, FORM, UNKNOWN_PROPERTY, UNKNOWN_LABEL, LABELS,
        UNKNOWN_RELATIONSHIP, CARDINALITY, TARGET, OUT_OF_FORCE, OWNER, WORLD, HISTORY, READERS, SEARCH,
        SCHEMA; of claims, ENTRIES, CONFLICTS or NOTICES.
    where
        Label, and property or relation, such as ``Compound.location``.
    count
        How many records are so.
    some
        Ids of some of them.
    message
        What is wrong and what to do.
    """

    rule: str
    where: str
    count: int
    some: tuple[str, ...]
    message: str

    @property
    def sentence(self) -> str:
        """The whole in one line."""
        shown = f" ({', '.join(self.some)}{', …' if self.count > len(self.some) else ''})" if self.some else ""
        return f"{self.rule} {self.where}: {self.count}{shown}: {self.message}"
