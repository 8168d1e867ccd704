"""The seam for policy: one function whose Cypher predicate is put at every hop of every compiled read.

A policy says, for a reader, on which condition a record of a noun, a relation between two records, or a property of a
record may be read; the compiler puts the condition into lists, counts, pages, filters, sorts, look-ups and derived
lists alike, so that what is hidden is absent and not merely left blank. The service's own is
`opsplan.records.readership`.
"""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any, Protocol

from opsplan.reading.shape.fields import Hop
from opsplan.records.declaration import Noun, Property
from opsplan.vocabulary.actor import Actor


class Policy(Protocol):
    """What a reader may read."""

    def key(self, actor: Actor, /) -> Hashable:
        """Give a small value that two readers share exactly if their predicates have the same text."""

    def predicate(
        self, actor: Actor, noun: Noun, /, *, hop: Hop | None = None, declared: Property | None = None
    ) -> str | None:
        """Give a Cypher predicate, or None where all is open.

        Parameters
        ----------
        actor
            The reader.
        noun
            The record's noun; ``{node}`` in the predicate stands for the record.
        hop
            Given for the way from a record of `noun`, ``{node}``, to another, ``{other}``: may the reader know that the
            two belong together? Where both nouns declare the relation, both are asked, whichever way is gone.
        declared
            Given for a property of ``{node}``: may the reader see, sort and filter by it? `owner_id` is a property
            beside the hop `owner`. That a record is retired is no secret from those who may see the record.

        Values enter the predicate as ``$reader.name`` only; see `parameters`.
        """

    def shared(self, actor: Actor, nouns: Sequence[Noun], /) -> str | None:
        """Give one predicate for records that are each of one of several nouns, where there is a shorter one.

        It says what ``{node}:A AND … OR {node}:B AND …`` over the nouns' own predicates would say. None: that is used.
        """

    def beyond(self, actor: Actor, noun: Noun, hop: Hop, target: Noun, /) -> str | None:
        """Give what has to hold of ``{node}``, which the reader may know of, for all that a hop leads to to be there.

        Empty: nothing more than that. None: each record that it leads to has to be asked about itself.
        """

    def parameters(self, actor: Actor, /) -> Mapping[str, Any]:
        """Give the values of ``$reader`` for this reader."""


class Everything:
    """The policy that hides nothing."""

    def key(self, _actor: Actor, /) -> Hashable:
        return None

    def predicate(
        self, _actor: Actor, _noun: Noun, /, *, hop: Hop | None = None, declared: Property | None = None
    ) -> str | None:
        del hop, declared
        return None

    def shared(self, _actor: Actor, _nouns: Sequence[Noun], /) -> str | None:
        return None

    def beyond(self, _actor: Actor, _noun: Noun, _hop: Hop, _target: Noun, /) -> str | None:
        return None

    def parameters(self, _actor: Actor, /) -> Mapping[str, Any]:
        return {}


EVERYTHING: Policy = Everything()
"""Reading is open to every token holder."""
