"""A metric: what it is called, how it reads, and what can be done with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from keel import units
from keel.domain.study.findings import Words, points

Form = Callable[[Any], str]  # a number, NaN where it is not defined, as text


class Kind(Enum):
    """What a metric's value is; only numbers and counts stand in a table for people."""

    number = "number"
    count = "count"
    day = "day"
    years = "years"


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric.

    ``key`` is its name in JSON and in a sweep's columns, ``definition`` the line of ``docs/metrics.md``; ``label`` in
    plain words and ``trade`` as the trade says it (empty: the label). ``form`` is how it reads, ``finer`` where many
    policies lie close together, ``apart`` how a signed difference does. ``higher``: more is better (True), less is
    (False), neither (None); ``centred``: zero divides good from bad. ``term`` names its word in the vocabulary where
    that is not the key. ``headline`` is its place among the few that a page shows first; 0 comes after them.

    ``composes``: it can be computed from a sweep's sums. ``flows``: it is there only with contributions. A ``phrase``
    makes it one of the metrics two policies are compared by: what the better one did, with a place for the ``amount``
    and for the other; ``noun`` is what sentences call it.
    """

    key: str
    definition: str
    label: str = ""
    form: Form = units.number
    kind: Kind = Kind.number
    trade: str = ""
    finer: Form | None = None
    apart: Form = units.pp
    higher: bool | None = None
    centred: bool = False
    term: str = ""
    headline: int = 0
    composes: bool = False
    flows: bool = False
    phrase: str = ""
    noun: str = ""
    amount: Form = points

    @property
    def fine(self) -> Form:
        """How it reads where many policies lie close together."""
        return self.finer or self.form

    @property
    def shown(self) -> bool:
        """Whether it stands in a table for people."""
        return self.kind in (Kind.number, Kind.count)

    @property
    def compared(self) -> bool:
        """Whether two policies are compared by it."""
        return bool(self.phrase)

    @property
    def words(self) -> Words:
        """How sentences about luck say it."""
        return Words(self.noun, self.phrase, self.form, self.higher is not False, self.amount)
