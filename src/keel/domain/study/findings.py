"""Verdicts: what resampling, other starts and other days say of a difference, in plain words and without a trophy.

The numbers decide the sentence by the rules stated at each function; the same rules stand in ``docs/luck.md``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from keel.domain.arrays import Floats
from keel.units import MISSING, SPACE, number

LUCK = 0.10  # more of the histories than this say otherwise: it may be luck
WEAK = 0.05  # a p-value above this is weak evidence
LEANS = 0.025  # more than this: it leans one way; a two-sided test at 5% draws the line here
DECIDES = 2.0  # an axis decides when it moves the figure this many times as far as any other


def points(x: float, digits: int = 1) -> str:
    """A difference of two percentages in percentage points, its sign left to the sentence.

    >>> points(-0.003).replace(SPACE, " ")
    '0.3 pp'
    """
    return f"{number(100 * abs(x), digits)}{SPACE}pp"


@dataclass(frozen=True, slots=True)
class Words:
    """How sentences say one metric.

    ``noun`` is what they call it; ``phrase`` what the policy with the better one did, with a place for the amount and
    for the other policy. ``form`` shows a value, ``amount`` a difference without its sign; ``higher``: more is better.
    """

    noun: str
    phrase: str
    form: Callable[[float], str]
    higher: bool = True
    amount: Callable[[float], str] = points


@dataclass(frozen=True, slots=True)
class AxisEffect:
    """How far a figure moves, on average, from one end of what was tried on one axis to the other.

    ``span`` is the distance between the axis's values when they are numbers, else None.
    """

    axis: str
    effect: float
    span: float | None = None


def difference_sentence(
    a: str,
    b: str,
    words: Words,
    seen: float | None,
    otherwise: int,
    defined: int,
    low: float | None,
    high: float | None,
) -> str:
    """What was seen between two policies, and how many resampled histories say otherwise.

    More than 10% of them: it may be luck. More than 2.5%: it leans that way. Else: hard to put down to luck alone. A
    difference that rounds to nothing is none. One outside [``low``, ``high``] owes itself to the order of returns.

    >>> from keel.units import pct2
    >>> cagr = Words("yearly return", "beat {b} by {x} a year", pct2)
    >>> difference_sentence("Quarterly", "Never", cagr, 0.003, 205, 500, -0.001, 0.004).replace(SPACE, " ")
    'Quarterly beat Never by 0.3 pp a year here, but 41 of 100 resampled histories say otherwise: it may be luck.'
    """
    if seen is None or not defined:
        return f"Nothing can be said of the {words.noun} of {a} and {b}: it is undefined here or in the histories."
    if words.amount(seen) == words.amount(0.0):
        same = low == 0.0 == high and seen == 0.0
        more = ", nor in the resampled histories" if same else ""
        return f"{a} and {b} do not differ in {words.noun} by anything one could see here{more}."
    claim = f"{_claim(a, b, words, seen)} here"
    share, count = otherwise / defined, _of_hundred(otherwise, defined)
    says = "says" if count.startswith("1 of ") else "say"
    if share > LUCK:
        sentence = f"{claim}, but {count} resampled histories {says} otherwise: it may be luck."
    elif share > LEANS:
        sentence = f"{claim}; {count} resampled histories {says} otherwise: it leans that way, no more."
    else:
        sentence = f"{claim}; {count} resampled histories {says} otherwise: hard to put down to luck alone."
    if low is not None and high is not None and not low <= seen <= high:
        sentence += " So large a difference is rare in them: it came from the order of returns in this one history."
    return sentence


def rolling_sentence(
    a: str, b: str, words: Words, higher: int, lower: int, starts: int, horizon: int | None, apart: float
) -> str:
    """How often one policy was the better over all starts, and how few of the stretches are separate.

    >>> from keel.units import pct2
    >>> cagr = Words("yearly return", "beat {b} by {x} a year", pct2)
    >>> rolling_sentence("Quarterly", "Never", cagr, 71, 49, 120, 5, 3.1)
    'By yearly return Quarterly did better than Never in 71 of 120 stretches of 5 years; only 3 of them do not overlap.'
    """
    if not starts:
        return f"No stretch is long enough to compare {a} with {b}."
    better, worse = (higher, lower) if words.higher else (lower, higher)
    first, second, wins = (a, b, better) if better >= worse else (b, a, worse)
    stretches = "starts held to the end" if horizon is None else f"stretches of {horizon} {_plural('year', horizon)}"
    separate = int(apart)
    if higher == lower == 0:
        return f"{a} and {b} did the same by {words.noun} in all of {starts} {stretches}."
    if horizon is None:
        tail = "they all share their last years"
    elif separate <= 1:
        tail = "they all overlap"
    else:
        tail = f"only {separate} of them do not overlap"
    return f"By {words.noun} {first} did better than {second} in {wins} of {starts} {stretches}; {tail}."


def fan_sentence(
    words: Words, low: float | None, high: float | None, offsets: int, tranches: int, tranched: float | None
) -> str:
    """How much the day of the look alone was worth, and where the same policy in parts stands.

    >>> from keel.units import pct2
    >>> fan_sentence(Words("yearly return", "beat {b} by {x} a year", pct2), 0.061, 0.0652, 63, 4, 0.0631)
    'The day of the look alone moved the yearly return from 6.10% to 6.52% (63 days tried); in 4 tranches it is 6.31%.'
    """
    if offsets <= 1:
        return "This policy has one day to look on, so there is no timing luck in it."
    if low is None or high is None:
        return f"The {words.noun} is undefined on every day tried."
    span, split = (words.form(low), words.form(high)), MISSING if tranched is None else words.form(tranched)
    if span[0] == span[1]:
        return f"The day of the look made no difference to the {words.noun}: {span[0]} on each of {offsets} days tried."
    parts = "" if tranched is None else f"; in {tranches} tranches it is {split}"
    return (
        f"The day of the look alone moved the {words.noun} from {span[0]} to {span[1]} ({offsets} days tried){parts}."
    )


def skill_sentence(
    best: str, reference: str, lead: float, p_value: float, of: int, tested: int, undistinguished: int, better: int
) -> str:
    """What the lead of the best of many is worth once one knows how many there were.

    ``lead`` a year; ``p_value`` above 10%: no evidence of skill; above 5%: weak; else hard to put down to luck alone.
    ``better``: how many lead the reference steadily, by more than luck explains, whatever their size.

    >>> skill_sentence("±5 pp band", "Yearly", 0.005, 0.43, 10_000, 200, 143, 0).replace(SPACE, " ")[:94]
    'The best of 10,000, ±5 pp band, beat Yearly by 0.5 pp a year, but so large a lead comes by luc'
    """
    among = f"{number(of, 0)} {_plural('policy', of)}"
    if not tested:
        return f"All of {among} follow the very path of {reference}."
    if lead <= 0.0:
        return f"None of {among} beat {reference}."
    claim = f"The best of {number(of, 0)}, {best}, beat {reference} by {_points(lead)} a year"
    times = number(100 * p_value, 0) if p_value >= 0.01 or p_value == 0.0 else "fewer than 1"
    by_luck = f"so large a lead comes by luck {times} {'time' if times == '1' else 'times'} in 100 among so many"
    if p_value > LUCK:
        verdict = f"{claim}, but {by_luck}: this is no evidence of skill"
    elif p_value > WEAK:
        verdict = f"{claim}; {by_luck}: weak evidence of skill"
    else:
        verdict = f"{claim}; {by_luck}: hard to put down to luck alone"
    if better and p_value > WEAK:
        verdict += f", though {number(better, 0)} {'leads' if better == 1 else 'lead'} {reference} steadily"
    alike = f"{number(undistinguished, 0)} of the {number(tested + 1, 0)} compared cannot be told from the best"
    return f"{verdict}. {alike}."


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


def decision_sentence(effects: Sequence[AxisEffect], words: Words, policies: int) -> str:
    """Which choice decides, and which do not.

    The largest effect decides when it is at least twice every other; the others then "do not". When not even the
    largest can be seen at the figure's digits, nothing decides.

    >>> from keel.units import pct2
    >>> cagr = Words("yearly return", "beat {b} by {x} a year", pct2)
    >>> decision_sentence([AxisEffect("cost_bps", 0.005, 10.0), AxisEffect("band.width_bps", 0.001)], cagr, 114)
    '10\\xa0bps of cost decides this; the bands do not.'
    """
    named: dict[str, AxisEffect] = {}
    for effect in sorted(effects, key=lambda e: -e.effect):
        named.setdefault(_axis(effect)[0], effect)  # a band's kind and width are both "the bands"
    ranked = list(named.values())
    if not ranked:
        return "Only one choice was tried, so nothing can decide."
    if words.amount(ranked[0].effect) == words.amount(0.0):
        return (
            f"Nothing here decides: {number(policies, 0)} policies do not differ in {words.noun} by what one could see."
        )
    first, others = ranked[0], ranked[1:]
    subject, many = _axis(first)
    if not others:
        return f"{_upper(subject)} {'decide' if many else 'decides'} this: {words.amount(first.effect)}."
    if first.effect >= DECIDES * others[0].effect:
        rest = [_axis(other) for other in others]
        names = _joined([name for name, _ in rest])
        verb = "do not" if len(rest) > 1 or rest[0][1] else "does not"
        return f"{_upper(subject)} {'decide' if many else 'decides'} this; {names} {verb}."
    close = [e for e in ranked if first.effect < DECIDES * e.effect]
    amounts = _joined([words.amount(e.effect) for e in close])
    return f"{_upper(_joined([_axis(e)[0] for e in close]))} matter alike: {amounts}."


_AXES: Mapping[str, tuple[str, bool]] = {
    "trigger": ("the trigger", False),
    "look": ("how often one looks", False),
    "offset": ("the day of the look", False),
    "destination": ("where one trades to", False),
    "scope": ("how much of the book one trades", False),
    "cooldown_days": ("the wait between trades", False),
    "tranches": ("the tranches", True),
    "lag": ("the lag", False),
    "min_trade": ("the smallest trade", False),
    "annual_fee_bps": ("the advisory fee", False),
    "fixed_fee": ("the fee an order", False),
    "cost_bps": ("the cost", False),
}


def _axis(effect: AxisEffect) -> tuple[str, bool]:
    """What an axis is called in a sentence, and whether that is plural."""
    if effect.axis == "cost_bps" and effect.span:
        return f"{number(effect.span, 0 if effect.span >= 1 else 1)}{SPACE}bps of cost", False
    if effect.axis.split(".")[0] == "band":
        return "the bands", True
    return _AXES.get(effect.axis, (effect.axis.replace("_", " "), False))


def _claim(a: str, b: str, words: Words, seen: float) -> str:
    better = (seen > 0.0) is words.higher
    first, second = (a, b) if better else (b, a)
    return f"{first} {words.phrase.format(b=second, x=words.amount(seen))}"


def _points(lead: float) -> str:
    """A lead in percentage points; one that rounds to nothing is said to be small, not nothing."""
    return f"less than {points(0.001)}" if points(lead) == points(0.0) else points(lead)


def _of_hundred(count: int, total: int) -> str:
    """A count as so many of 100; as it stands below a hundred, or where hundredths would hide it."""
    if total < 100:
        return f"{number(count, 0)} of {number(total, 0)}"
    if count == 0:
        return f"none of {number(total, 0)}"
    shown = round(100 * count / total)
    return f"{shown} of 100" if 0 < shown < 100 else f"{number(count, 0)} of {number(total, 0)}"


def _span(entries: Sequence[object]) -> float | None:
    figures = [float(e) for e in entries if isinstance(e, int | float) and not isinstance(e, bool)]
    return max(figures) - min(figures) if len(figures) == len(entries) and figures else None


def _joined(parts: Sequence[str]) -> str:
    """
    >>> _joined(["a", "b", "c"])
    'a, b and c'
    """
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def _plural(word: str, count: int) -> str:
    if count == 1:
        return word
    return f"{word[:-1]}ies" if word.endswith("y") else f"{word}s"


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
