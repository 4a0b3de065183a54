"""Verdicts: what resampling, other starts and other days say of a difference, in plain words and without a trophy.

The numbers decide the sentence by the rules stated at each function; the same rules stand in ``docs/luck.md``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from keel.units import SPACE, number

LUCK = 0.10  # more of the histories than this say otherwise: it may be luck
WEAK = 0.05  # a p-value above this is weak evidence
LEANS = 0.025  # more than this: it leans one way; a two-sided test at 5% draws the line here
ENOUGH, CERTAIN = 100, 0.5  # so many histories, and so much of what was seen in most of them, make it certain
SMALL = 0.0005  # 0.05 pp: a smaller difference is said in basis points


def points(x: float, digits: int = 1) -> str:
    """A difference of two percentages, its sign left to the sentence: points, and basis points below 0.05 of one.

    >>> [points(x).replace(SPACE, " ") for x in (-0.003, 0.00035, 0.0000001)]
    ['0.3 pp', '3.5 bp', '0.0 pp']
    """
    if 0.05 <= 10_000 * abs(x) < 10_000 * SMALL:
        return f"{number(10_000 * abs(x), 1)}{SPACE}bp"
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
class Spread:
    """What resampled histories say of a difference that was ``seen``.

    ``otherwise`` of the ``defined`` ones say the opposite or nothing; [``low``, ``high``] holds most of them.
    """

    seen: float | None
    otherwise: int
    defined: int
    low: float | None
    high: float | None

    @property
    def certain(self) -> bool:
        """Whether each of them says the same, and most of them by half of what was seen or more."""
        if self.seen is None or self.low is None or self.high is None or not self.seen:
            return False
        nearest = self.low if self.seen > 0.0 else -self.high
        return self.otherwise == 0 and self.defined >= ENOUGH and nearest >= CERTAIN * abs(self.seen)


def difference_sentence(a: str, b: str, words: Words, found: Spread) -> str:
    """What was seen between two policies, and how many resampled histories say otherwise.

    More than 10% of them: it may be luck. More than 2.5%: it leans that way. Else: hard to put down to luck alone, or
    certain. A difference that rounds to nothing is none; one outside of what most of them hold owes itself to the order
    of returns.

    >>> from keel.units import pct2
    >>> cagr = Words("yearly return", "beat {b} by {x} a year", pct2)
    >>> difference_sentence("Quarterly", "Never", cagr, Spread(0.003, 205, 500, -0.001, 0.004)).replace(SPACE, " ")
    'Quarterly beat Never by 0.3 pp a year here; in 41 of 100 reshuffled histories it was the opposite: it may be luck.'
    """
    seen = found.seen
    if seen is None or not found.defined:
        return f"Nothing can be said of the {words.noun} of {a} and {b}: it is undefined here or in the histories."
    if words.amount(seen) == words.amount(0.0):
        same = found.low == 0.0 == found.high and seen == 0.0
        more = ", nor in the reshuffled histories" if same else ""
        return f"{a} and {b} do not differ in {words.noun} by anything one could see here{more}."
    opposite = f"in {_of_hundred(found.otherwise, found.defined)} reshuffled histories it was the opposite"
    sentence = f"{_claim(a, b, words, seen)} here; {opposite}: {_verdict(found)}."
    if found.low is not None and found.high is not None and not found.low <= seen <= found.high:
        sentence += " So large a difference is rare in them: it came from the order of returns in this one history."
    return sentence


def ruin_sentence(a: str, b: str, ruined: tuple[int, int], lost: int, draws: int) -> str:
    """How many histories took everything from which of two policies; empty when none did.

    ``ruined`` histories of a and of b; in ``lost`` of the ``draws`` it was either.

    >>> ruin_sentence("Never", "Yearly", (329, 310), 331, 500)[:66]
    'Never ran out of money in 329 of 500 reshuffled histories and Year'
    """
    if not lost:
        return ""
    first = f"{a} ran out of money in {number(ruined[0], 0)} of {number(draws, 0)} reshuffled histories"
    rest = f"{number(draws - lost, 0)} others are" if draws - lost != 1 else "1 other is"
    return f"{first} and {b} in {number(ruined[1], 0)}; only the {rest} compared."


def _verdict(found: Spread) -> str:
    share = found.otherwise / found.defined
    if share > LUCK:
        return "it may be luck"
    if share > LEANS:
        return "it leans that way, no more"
    if not found.certain:
        return "hard to put down to luck alone"
    return "certain, but small" if abs(found.seen or 0.0) < SMALL else "certain"


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


@dataclass(frozen=True, slots=True)
class Tried:
    """How a figure varied over ``count`` days of one ``noun`` (session, month), from ``low`` to ``high``."""

    count: int
    noun: str
    low: float | None
    high: float | None

    @property
    def days(self) -> str:
        """The days in words."""
        return f"{number(self.count, 0)} {_plural(self.noun, self.count)}"


def fan_sentence(words: Words, looks: Tried, tranches: int, tranched: float | None) -> str:
    """How much the day of the check alone was worth, and where the same policy in parts stands.

    >>> from keel.units import pct2
    >>> days = Tried(63, "session", 0.061, 0.0652)
    >>> fan_sentence(Words("yearly return", "beat {b} by {x} a year", pct2), days, 4, 0.0631)[:90]
    'The day of the check alone moved the yearly return from 6.10% to 6.52% (63 sessions tried)'
    """
    if looks.low is None or looks.high is None:
        return f"The {words.noun} is undefined on every day tried."
    low, high = words.form(looks.low), words.form(looks.high)
    if low == high:
        return f"The day of the check made no difference to the {words.noun}: {low} on each of {looks.days} tried."
    parts = "" if tranched is None else f"; in {tranches} tranches it is {words.form(tranched)}"
    return f"The day of the check alone moved the {words.noun} from {low} to {high} ({looks.days} tried){parts}."


def purchase_sentence(words: Words, bought: Tried, widths: tuple[float, float] | None) -> str:
    """How much the day of the purchase was worth to a policy with no other day to check on, and a little of its width.

    >>> from keel.units import pct2
    >>> words = Words("yearly return", "beat {b} by {x} a year", pct2)
    >>> purchase_sentence(words, Tried(51, "session", 0.0737, 0.0748), None)
    'Bought on any of 51 sessions the yearly return was 7.37% to 7.48%: there is no other day to check on.'
    """
    if bought.low is None or bought.high is None:
        return f"The {words.noun} is undefined on every day tried."
    reach = _reach(words, bought.low, bought.high)
    bands = f" With bands a tenth narrower to a tenth wider: {_reach(words, *widths)}." if widths else ""
    return f"Bought on any of {bought.days} the {words.noun} was {reach}: there is no other day to check on.{bands}"


def _reach(words: Words, low: float, high: float) -> str:
    """From the one to the other, once where they look the same."""
    ends = words.form(low), words.form(high)
    return ends[0] if ends[0] == ends[1] else f"{ends[0]} to {ends[1]}"


@dataclass(frozen=True, slots=True)
class Chance:
    """How often luck alone does as much: a p-value from so many ``draws``."""

    p_value: float
    draws: int

    @property
    def words(self) -> str:
        """The count as it can be known from so many draws.

        >>> [Chance(p, 1000).words for p in (0.43, 0.01, 0.004, 0.0)]
        ['43 times in 100', '1 time in 100', '4 times in 1,000', 'fewer than 1 time in 1,000']
        """
        if self.p_value < 1 / self.draws:
            return f"fewer than 1 time in {number(self.draws, 0)}"
        of = 100 if self.p_value >= 0.01 else self.draws
        times = round(self.p_value * of)
        return f"{number(times, 0)} {_plural('time', times)} in {number(of, 0)}"


def skill_sentence(
    best: str, reference: str, lead: float, chance: Chance, of: int, tested: int, undistinguished: int, better: int
) -> str:
    """What the lead of the best of many is worth once one knows how many there were.

    ``lead`` a year; a ``chance`` above 10%: no evidence of skill; above 5%: weak; else hard to put down to luck alone.
    ``better``: how many lead the reference steadily, by more than luck explains, whatever their size.

    >>> skill_sentence("±5 pp band", "Yearly", 0.005, Chance(0.43, 1000), 10_000, 200, 143, 0).replace(SPACE, " ")[:94]
    'The best of 10,000, ±5 pp band, beat Yearly by 0.5 pp a year, but so large a lead comes by luc'
    """
    among = f"{number(of, 0)} {_plural('policy', of)}"
    if not tested:
        return f"All of {among} follow the very path of {reference}."
    if lead <= 0.0:
        return f"None of {among} beat {reference}."
    claim = f"The best of {number(of, 0)}, {best}, beat {reference} by {_points(lead)} a year"
    p_value = chance.p_value
    by_luck = f"so large a lead comes by luck {chance.words} among so many"
    if p_value > LUCK:
        verdict = f"{claim}, but {by_luck}: this is no evidence of skill"
    elif p_value > WEAK:
        verdict = f"{claim}; {by_luck}: weak evidence of skill"
    else:
        verdict = f"{claim}; {by_luck}: hard to put down to luck alone"
    if better and p_value > WEAK:
        verdict += f", though {number(better, 0)} {'is' if better == 1 else 'are'} reliably ahead of {reference}"
    compared = f"{number(tested, 0)} {_plural('policy', tested)} and {reference}"
    alike = f"Of {compared}, {number(undistinguished, 0)} cannot be told from the best"
    return f"{verdict}. {alike}."


def _claim(a: str, b: str, words: Words, seen: float) -> str:
    better = (seen > 0.0) is words.higher
    first, second = (a, b) if better else (b, a)
    return f"{first} {words.phrase.format(b=second, x=words.amount(seen))}"


def _points(lead: float) -> str:
    """A lead in percentage points; one that rounds to nothing is said to be small, not nothing."""
    return f"less than 0.1{SPACE}bp" if points(lead) == points(0.0) else points(lead)


def _of_hundred(count: int, total: int) -> str:
    """A count as so many of 100; as it stands below a hundred, or where hundredths would hide it."""
    if total < 100:
        return f"{number(count, 0)} of {number(total, 0)}"
    if count == 0:
        return f"none of {number(total, 0)}"
    shown = round(100 * count / total)
    return f"{shown} of 100" if 0 < shown < 100 else f"{number(count, 0)} of {number(total, 0)}"


def _plural(word: str, count: int) -> str:
    if count == 1:
        return word
    return f"{word[:-1]}ies" if word.endswith("y") else f"{word}s"
