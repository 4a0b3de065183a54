"""Which choice of a grid matters, in a sentence: only what passed a test against resampled histories is claimed.

The rules stated here stand in ``docs/luck.md`` too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from keel.domain.arrays import Floats
from keel.domain.study.findings import SMALL, Words
from keel.domain.study.sweepable import SWEEPABLE
from keel.units import SPACE, number

PROVEN = 0.05  # a p-value above this claims nothing
MOST = 2.0  # an axis matters most when it moves the figure this many times as far as any other that matters


@dataclass(frozen=True, slots=True)
class AxisEffect:
    """How far a figure moves, on average, from one end of what was tried on one axis to the other.

    ``span`` is the distance between the axis's values when they are numbers, else None. ``p_value`` and ``certain`` are
    those of its test against resampled histories; None: not tested.
    """

    axis: str
    effect: float
    span: float | None = None
    p_value: float | None = None
    certain: bool = False

    @property
    def proven(self) -> bool:
        """Whether it is more than one history's noise."""
        return self.certain or (self.p_value is not None and self.p_value <= PROVEN)


def axis_effects(axes: Mapping[str, Sequence[object]], values: Floats) -> tuple[AxisEffect, ...]:
    """The effect of each axis on a figure, largest first: between its values' mean figures, the others averaged out.

    ``values`` has one axis for each of ``axes``, in their order and as long; NaN is not known. Means are over the
    places that are known for all values of an axis; an axis of one value is left out.

    >>> effects = axis_effects({"look": ["A", "M"], "cost_bps": [0, 10]}, np.array([[4.0, 3.0], [4.1, 3.0]]))
    >>> [(e.axis, round(e.effect, 9), e.span) for e in effects]
    [('cost_bps', 1.05, 10.0), ('look', 0.05, None)]
    """
    effects = []
    for i, (name, entries) in enumerate(axes.items()):
        if len(entries) > 1:
            means = _means(values, i)
            effects.append(AxisEffect(name, float(means.max() - means.min()), _span(entries)))
    return tuple(sorted(effects, key=lambda e: -e.effect))


def _means(values: Floats, axis: int) -> Floats:
    """The mean of each value of an axis over the places that are known for all of them."""
    moved = np.moveaxis(values, axis, 0).reshape(values.shape[axis], -1)
    known = np.isfinite(moved).all(axis=0)
    return moved[:, known].mean(axis=1) if known.any() else np.zeros(len(moved))


def measured_sentence(effects: Sequence[AxisEffect], words: Words) -> str:
    """What each choice moved in the one history there is, without a claim that another would say the same.

    >>> from keel.units import pct2
    >>> cagr = Words("yearly return", "beat {b} by {x} a year", pct2)
    >>> measured_sentence([AxisEffect("cost_bps", 0.005, 10.0), AxisEffect("band.width_bps", 0.001)], cagr)
    'Measured here, in yearly return: 10\\xa0bps of cost 0.5\\xa0pp, band width 0.1\\xa0pp.'
    """
    ranked = _named(effects)
    if not ranked:
        return "Only one choice was tried, so there is nothing to compare."
    amounts = ", ".join(f"{_axis(effect)[0]} {words.amount(effect.effect)}" for effect in ranked)
    return f"Measured here, in {words.noun}: {amounts}."


def decision_sentence(effects: Sequence[AxisEffect], words: Words) -> str:
    """Which choice matters, which matters less, and which cannot be told from luck; the effects are tested.

    An effect counts when its p-value is at most 5% or it is certain, and it can be seen at the figure's digits. The
    largest of them matters most when it is at least twice every other.

    >>> from keel.units import pct2
    >>> cagr = Words("yearly return", "beat {b} by {x} a year", pct2)
    >>> cost, bands = AxisEffect("cost_bps", 0.00035, 30.0, 0.005, True), AxisEffect("band.width_bps", 0.001, 9.0, 0.4)
    >>> decision_sentence([cost, bands], cagr).replace(SPACE, " ")
    '30 bps of cost matters here: 3.5 bp in yearly return, certain but small. Band width cannot be told from luck.'
    """
    ranked = _named(effects)
    if not ranked:
        return measured_sentence(effects, words)
    proven = _proven(ranked, words)
    if not proven:
        do = "do" if len(ranked) > 1 or _axis(ranked[0])[1] else "does"
        apart = f"luck alone moves the {words.noun} as far as {_joined(_names(ranked))} {do}"
        return f"These policies cannot be told apart here: {apart}."
    close = _close(proven)
    amounts = _joined([words.amount(e.effect) for e in close])
    less = [e for e in proven if e not in close]
    unproven = [e for e in ranked if e not in proven]
    return "".join(
        (
            f"{_upper(claim(effects, words))}: {amounts} in {words.noun}{_sure(close)}",
            f"; {_joined(_names(less))} {_verb(less, 'matter')} less." if less else ".",
            f" {_upper(_joined(_names(unproven)))} cannot be told from luck." if unproven else "",
        )
    )


def claim(effects: Sequence[AxisEffect], words: Words) -> str:
    """What matters most, in a few words; empty when nothing that was tested does."""
    proven = _proven(_named(effects), words)
    if not proven:
        return ""
    close = _close(proven)
    how = " alike" if len(close) > 1 else " most" if len(proven) > 1 else ""
    return f"{_joined(_names(close))} {_verb(close, 'matter')}{how} here"


def _close(proven: Sequence[AxisEffect]) -> list[AxisEffect]:
    """The largest effect, and those that come near it."""
    return [e for e in proven if e is proven[0] or proven[0].effect < MOST * e.effect]


def _proven(ranked: Sequence[AxisEffect], words: Words) -> list[AxisEffect]:
    return [e for e in ranked if e.proven and words.amount(e.effect) != words.amount(0.0)]


def _sure(close: Sequence[AxisEffect]) -> str:
    certain, small = all(e.certain for e in close), all(e.effect < SMALL for e in close)
    return {(True, True): ", certain but small", (True, False): ", certain", (False, True): ", small"}.get(
        (certain, small), ""
    )


def _named(effects: Sequence[AxisEffect]) -> list[AxisEffect]:
    """The effects, largest first, one a name: a band's kind and width are both its width; what is proven leads."""
    named: dict[str, AxisEffect] = {}
    for effect in sorted(effects, key=lambda e: (not e.proven, -e.effect)):
        named.setdefault(_axis(effect)[0], effect)
    return sorted(named.values(), key=lambda e: -e.effect)


def _axis(effect: AxisEffect) -> tuple[str, bool]:
    """What an axis is called in a sentence, and whether that is plural."""
    if effect.axis == "cost_bps" and effect.span:
        return f"{number(effect.span, 0 if effect.span >= 1 else 1)}{SPACE}bps of cost", False
    if effect.axis.split(".")[0] == "band":
        return "band width", False
    row = SWEEPABLE.get(effect.axis)
    if row is not None:
        return row.noun, row.plural
    return f"the {effect.axis.replace('_', ' ')}", False


def _names(effects: Sequence[AxisEffect]) -> list[str]:
    return [_axis(effect)[0] for effect in effects]


def _verb(effects: Sequence[AxisEffect], verb: str) -> str:
    return verb if len(effects) > 1 or _axis(effects[0])[1] else f"{verb}s"


def _span(entries: Sequence[object]) -> float | None:
    figures = [float(e) for e in entries if isinstance(e, int | float) and not isinstance(e, bool)]
    return max(figures) - min(figures) if len(figures) == len(entries) and figures else None


def _joined(parts: Sequence[str]) -> str:
    """
    >>> _joined(["a", "b", "c"])
    'a, b and c'
    """
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
