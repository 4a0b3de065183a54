"""The lab's answer: every policy's metrics as arrays over the axes, the policy at each place, and what decides."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from keel.backtest.metrics import table
from keel.domain.arrays import Floats
from keel.domain.market.frequency import session_noun
from keel.domain.policy.records import Policy, RunSettings
from keel.domain.study.axis_effects import AxisEffect, axis_effects, claim, decision_sentence, measured_sentence
from keel.domain.study.sweepable import SWEEPABLE
from keel.ui.lab.axes import DESTINATIONS, LAGS, Axes, Cost, cost_words, look_phrase, look_words

if TYPE_CHECKING:
    from keel.backtest.luck.landscapes import Verdicts
    from keel.backtest.metrics.row import Metric
    from keel.backtest.sweep.table import SweepTable

LEAD = "lead"  # return a year less that of never rebalancing, at the same cost


class Place(NamedTuple):
    """Where a policy lies on the axes: the number of its value on each; or how many values each has.

    ``other`` numbers the combinations of the axes that a lab has only once they are chosen.
    """

    destination: int
    lag: int
    offset: int
    look: int
    width: int
    other: int = 0


def _lead() -> Metric:
    own = table.row("cagr")
    return replace(own, key=LEAD, label="Return vs never", finer=own.apart, term="cagr", phrase="")


# What the surface can be coloured by.
METRICS: Mapping[str, Metric] = {LEAD: _lead()} | {key: table.row(key) for key in table.composing()}


@dataclass(frozen=True, eq=False)
class Landscape:
    """What a sweep of ``axes`` found; ``never`` (costs, mixtures) is the return a year without any rebalance.

    ``question`` is the same for the same landscape; ``ccy`` is what amounts are in.
    """

    axes: Axes
    table: SweepTable
    never: Floats
    frequency: str
    question: Hashable = ()
    ccy: str = "USD"

    @cached_property
    def shape(self) -> Place:
        """The number of values on each axis of a place."""
        a = self.axes
        return Place(len(a.destinations), len(a.lags), a.offsets, len(a.looks), a.count, a.mixtures)

    @property
    def done(self) -> int:
        """The number of policies that were run, costs not counted."""
        return int(self.table.filled.sum()) // len(self.axes.costs)

    def values(self, key: str, cost: Cost) -> Floats:
        """A metric over the places, shape ``self.shape``; NaN where undefined or not run."""
        at = self.axes.costs.index(cost)
        if key == LEAD:
            return np.asarray(self.values("cagr", cost) - self.never[at])
        return np.asarray(self._whole(key)[..., at])

    def surface(self, key: str, cost: Cost, place: Place) -> Floats:
        """A metric over looks and widths, on the surface that a place lies on, shape ``(n_looks, n_widths)``."""
        return np.asarray(self.values(key, cost)[place[:3]][..., place.other])

    def _whole(self, key: str) -> Floats:
        return np.reshape(self.table.values[table.composing().index(key)], (*self.shape, len(self.axes.costs)))

    def spread(self, cost: Cost) -> float:
        """How far the returns a year lie apart, NaN when there are fewer than two."""
        known = self.values("cagr", cost)
        known = known[np.isfinite(known)]
        return float(known.max() - known.min()) if len(known) > 1 else float("nan")

    def policy(self, place: Place, cost: Cost) -> tuple[Policy, RunSettings]:
        """The policy at a place, and the settings it runs with."""
        row = np.ravel_multi_index((*place, self.axes.costs.index(cost)), (*self.shape, len(self.axes.costs)))
        return self.table.grid.policy(int(row))

    def name(self, place: Place) -> str:
        """The policy of a place in a few words: what differs from the others.

        >>> from keel.ui.lab.axes import usual
        >>> one = Landscape(usual("monthly", 0), None, np.zeros(1), "monthly")
        >>> one.name(Place(0, 0, 0, 2, 8))
        '±5 pp band, quarterly look'
        """
        parts = [words[i] for words, i in zip(self._words, place[:5], strict=True)]
        return ", ".join(part for part in (f"{parts[4]} band", *parts[3::-1], *self._mixed[place.other]) if part)

    def short(self, place: Place) -> str:
        """The policy of a place as part of a sentence, without a comma.

        >>> from keel.ui.lab.axes import usual
        >>> Landscape(usual("monthly", 0), None, np.zeros(1), "monthly").short(Place(0, 0, 0, 3, 8))
        '±5 pp every 4 months'
        """
        words = [axis[i] for axis, i in zip(self._words, place[:5], strict=True)]
        look = look_words(self.axes.looks[place.look], self.frequency)
        often = look if not look[0].isdecimal() else f"every {look.removeprefix('1 ')}"
        return " ".join(part for part in (words[4], often, *words[2::-1], *self._mixed[place.other]) if part)

    @cached_property
    def _words(self) -> tuple[list[str], list[str], list[str], list[str], list[str]]:
        """The words of every value of every axis; an axis with one usual value says nothing."""
        a = self.axes
        to = ["" if len(a.destinations) == 1 and not d else DESTINATIONS[d] for d in a.destinations]
        lags = ["" if len(a.lags) == 1 else LAGS[lag] for lag in a.lags]
        noun = session_noun(self.frequency)
        days = [f"{n} {noun if n == 1 else noun + 's'} later" if n else "" for n in range(a.offsets)]
        looks = [look_phrase(word, self.frequency) for word in a.looks]
        return to, lags, days, looks, [a.kind.words.format(f"{w / 100:.4g}") for w in a.widths()]

    @cached_property
    def _mixed(self) -> list[tuple[str, ...]]:
        """The words of every combination of the other axes, what is usual left out."""
        a = self.axes
        return [
            tuple(words for name, value in a.mixed(other) if (words := SWEEPABLE[name].words(value, self.ccy)))
            for other in range(a.mixtures)
        ]

    def names(self, rows: NDArray[np.int64]) -> list[str]:
        """The policies of flat places in a few words."""
        return [self.name(place) for place in self.places(rows)]

    def places(self, rows: NDArray[np.int64]) -> list[Place]:
        """The places of flat numbers."""
        axes = (along.tolist() for along in np.unravel_index(rows, self.shape))
        return [Place(*place) for place in zip(*axes, strict=True)]

    def layer(self, place: Place) -> list[str]:
        """The policies of the surface that a place lies on in a few words, row by row."""
        looks, widths = range(self.shape.look), range(self.shape.width)
        return [self.name(place._replace(look=look, width=width)) for look in looks for width in widths]

    def decides(self, metric: str, verdicts: Verdicts | None) -> str:
        """Which axis moves a metric, over all costs, in a sentence; empty when it has no words.

        Without verdicts on the axes it says what was measured and claims nothing.
        """
        key = _key(metric)
        if not table.row(key).compared:
            return ""
        effects, words = self._effects(key, verdicts), table.row(key).words
        return decision_sentence(effects, words) if tested(verdicts, metric) else measured_sentence(effects, words)

    def claim(self, verdicts: Verdicts | None) -> str | None:
        """What moves the return a year most; empty when nothing does by more than luck, None when not tested."""
        if not tested(verdicts, "cagr"):
            return None
        return claim(self._effects("cagr", verdicts), table.row("cagr").words)

    def _effects(self, key: str, verdicts: Verdicts | None) -> tuple[AxisEffect, ...]:
        a = self.axes
        axes: dict[str, Sequence[object]] = {
            "destination": a.destinations,
            "lag": a.lags,
            "offset": range(a.offsets),
            "look": a.looks,
            f"band.{a.kind.field}": a.widths(),
            **a.others,
            "cost_bps": a.costs if None not in a.costs else [cost_words(cost) for cost in a.costs],
        }
        tests = verdicts.by_metric.get(key, {}) if verdicts else {}
        return tuple(
            replace(one, p_value=tests[one.axis].p_value, certain=tests[one.axis].certain) if one.axis in tests else one
            for one in axis_effects(axes, np.reshape(self._whole(key), tuple(map(len, axes.values()))))
        )


def tested(verdicts: Verdicts | None, metric: str) -> bool:
    """Whether the axes were tested on a metric."""
    return verdicts is not None and _key(metric) in verdicts.by_metric


def _key(metric: str) -> str:
    """The metric that a lead is taken in."""
    return "cagr" if metric == LEAD else metric


def start(axes: Axes) -> Place:
    """The place chosen before anybody chose: the usual width and a quarterly look, or the nearest there is."""
    widths = np.abs(np.array(axes.widths()) - axes.kind.usual)
    looks = axes.looks.index("quarterly") if "quarterly" in axes.looks else len(axes.looks) // 2
    return Place(0, 0, 0, looks, int(widths.argmin()))
