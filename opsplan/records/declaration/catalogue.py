"""All nouns of the service, by name."""

from collections.abc import Iterator
from functools import cached_property

from opsplan.records.declaration.noun import Noun
from opsplan.records.declaration.reference import Derived, Relation


class Catalogue:
    """All nouns of the service, by name; built once in `opsplan.nouns` and passed to the rooms that walk it."""

    def __init__(self, nouns: tuple[Noun, ...]) -> None:
        self._by_name = {noun.name: noun for noun in nouns}
        if len(self._by_name) != len(nouns):
            raise ValueError("two nouns have the same name")
        for noun in nouns:
            references: tuple[Relation | Derived, ...] = (*noun.relations, *noun.derived)
            for reference in references:
                for target in reference.targets:
                    if target not in self._by_name:
                        raise ValueError(f"{noun.name}.{reference.name} points to unknown noun {target}")

    def __iter__(self) -> Iterator[Noun]:
        return iter(self._by_name.values())

    def __getitem__(self, name: str) -> Noun:
        return self._by_name[name]

    def __contains__(self, name: str) -> bool:
        return name in self._by_name

    @cached_property
    def in_loading_order(self) -> tuple[Noun, ...]:
        """The entered nouns, each after all nouns that its own rows refer to (self-references aside).

        Raises
        ------
        ValueError
            If entered references go in a circle over several nouns.
        """
        ordered: list[Noun] = []
        waiting = [noun for noun in self if noun.entered]
        while waiting:
            names = {noun.name for noun in waiting}
            ready = [
                noun
                for noun in waiting
                if not any(
                    target in names and target != noun.name
                    for relation in noun.entered_relations
                    for target in relation.targets
                )
            ]
            if not ready:
                raise ValueError(f"entered references go in a circle over {sorted(names)}")
            ordered.extend(ready)
            waiting = [noun for noun in waiting if noun not in ready]
        return tuple(ordered)
