"""A blend: products in fixed weights under a name, brought back to them now and then, to stand beside a study."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from keel.domain.framework.records import Holding
from keel.domain.policy.kinds import Trigger
from keel.domain.policy.records import Cadence, Policy
from keel.domain.portfolio.book import Book
from keel.domain.reading.place import Place
from keel.domain.reading.values import read_object, read_text, read_weight, require_few
from keel.domain.text import named, shown
from keel.errors import InputError
from keel.units import WEIGHT_TOLERANCE, weight

NEVER = "never"
MOST_PARTS = 30
LONGEST_NAME = 60
LOOKS: Mapping[str, Cadence | None] = {NEVER: None, **{str(look): look for look in Cadence}}
ADVERBS = {Cadence.semiannual: "twice a year", Cadence.annual: "yearly"}


@dataclass(frozen=True, slots=True)
class Blend:
    """A named benchmark: ``parts`` whose shares sum to 1, traded back to them at each ``look``, None: never."""

    name: str
    parts: tuple[Holding, ...]
    look: Cadence | None = Cadence.annual

    @property
    def symbols(self) -> tuple[str, ...]:
        """What it is made of."""
        return tuple(part.symbol for part in self.parts)


def blend_of(benchmark: str | Blend) -> Blend | None:
    """The benchmark as a blend: a symbol is one of a single part that is only held; None for none."""
    if isinstance(benchmark, Blend):
        return benchmark
    return Blend(benchmark, (Holding(benchmark, 1.0),), None) if benchmark else None


def policy_of(blend: Blend) -> Policy:
    """What brings the blend back to its weights.

    >>> policy_of(Blend("World", (Holding("VT", 1.0),), None)).trigger.value
    'never'
    """
    return Policy(Trigger.never) if blend.look is None else Policy(Trigger.calendar, blend.look)


def book_of(blend: Blend) -> Book:
    """The blend as a book of one leaf a part."""
    shares = np.array([part.share for part in blend.parts])
    count = len(shares)
    return Book(
        paths=blend.symbols,
        labels=blend.symbols,
        targets=shares / shares.sum(),
        symbols=blend.symbols,
        leaf=np.arange(count),
        shares=np.ones(count),
        bands=(None,) * count,
    )


def describe_blend(blend: Blend) -> str:
    """The parts and the look in words.

    >>> describe_blend(Blend("60/40", (Holding("VT", 0.6), Holding("BND", 0.4)))).replace("\\u00a0", " ")
    '60% VT, 40% BND, rebalanced yearly'
    """
    parts = ", ".join(f"{weight(part.share, 0)} {part.symbol}" for part in blend.parts)
    return f"{parts}, {look_words(blend.look)}"


def look_words(look: Cadence | None) -> str:
    """How often a blend is brought back, in words.

    >>> look_words(None), look_words(Cadence.monthly)
    ('never rebalanced', 'rebalanced monthly')
    """
    return "never rebalanced" if look is None else f"rebalanced {ADVERBS.get(look, look.value)}"


def blend_json(blend: Blend) -> dict[str, object]:
    """The blend as JSON values; ``parse_blend`` reads them back equal."""
    parts = {part.symbol: part.share for part in blend.parts}
    return {"name": blend.name, "parts": parts, "look": NEVER if blend.look is None else blend.look.value}


def parse_blend(value: object, place: Place) -> Blend:
    """The valid blend of a JSON value; shares are fractions or text such as 60%. Raises InputError.

    >>> given = {"name": "60/40", "parts": {"VT": "60%", "BND": 0.4}}
    >>> parse_blend(given, Place("it")).look.value
    'annual'
    """
    given = read_object(value, place)
    name = read_text(given.get("name", ""), place.field("name"))
    if not 0 < len(name) <= LONGEST_NAME:
        raise _unusable(place.field("name"), f"has 1 to {LONGEST_NAME} characters.", "Give the benchmark a name.")
    return Blend(name, _parts(given.get("parts"), place.field("parts")), _look(given.get("look", "annual"), place))


def parse_parts(text: str, place: Place) -> dict[str, str]:
    """Symbol → share, of a text such as ``VT:60%; BND:40%``; commas part them too.

    >>> parse_parts("VT:60%, BND: 40%", Place("it"))
    {'VT': '60%', 'BND': '40%'}
    """
    parts: dict[str, str] = {}
    for piece in filter(None, (piece.strip() for piece in text.replace(";", ",").split(","))):
        symbol, _, share = piece.rpartition(":")
        if not symbol.strip() or symbol.strip() in parts:
            raise place.error(f"{shown(piece)} is no part.", "Write each part once, such as VT:60%.")
        parts[symbol.strip()] = share.strip()
    return parts


def _parts(value: object, place: Place) -> tuple[Holding, ...]:
    given = read_object(value, place)
    require_few(len(given), MOST_PARTS, "parts", place)
    parts = tuple(
        Holding(read_text(symbol, place), read_weight(share, place.field(symbol))) for symbol, share in given.items()
    )
    if any(not part.symbol for part in parts) or len({part.symbol for part in parts}) < len(parts):
        raise _unusable(place, "name each product once.", "Write its symbol, such as VT.")
    wrong = next((part for part in parts if not 0.0 < part.share <= 1.0), None)
    if wrong is not None:
        hint = "Write 60% or 0.6, and leave out what is not in it."
        raise _unusable(place.field(wrong.symbol), "is above 0% and at most 100%.", hint)
    total = math.fsum(part.share for part in parts)
    if abs(total - 1.0) > WEIGHT_TOLERANCE:
        raise _unusable(place, f"make {weight(total)}, not 100%.", "Correct the shares so that they sum to 100%.")
    return parts


def _look(value: object, place: Place) -> Cadence | None:
    if not isinstance(value, str) or value not in LOOKS:
        said = shown(value) if isinstance(value, str) else named(value)
        raise place.field("look").error(f"must be one of {', '.join(LOOKS)}, not {said}.")
    return LOOKS[value]


def _unusable(place: Place, message: str, hint: str) -> InputError:
    """The complaint about what can be read and is no blend, to be raised."""
    return InputError(f"{place}: {message}", hint=hint, subject=place.column)
