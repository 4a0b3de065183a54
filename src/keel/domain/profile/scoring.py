"""What the answers of a profile come to: points on two sides, and the risk band. A start for a talk, not advice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from keel.domain.profile.questions import BANDS, HIGH, LOW, MEDIUM, QUESTIONS, Answer, Question, Side

MEDIUM_FROM, HIGH_FROM = 0.35, 0.70  # share of the points that can be had
# From it: ability (time horizon, need for liquidity, capacity) and loss tolerance, both scored by points, and that
# ability limits what is taken. The points of each answer and the two thresholds are our own.
SOURCE = "CFA Institute, Investment Risk Profiling: A Guide for Financial Advisors (2020), ISBN 978-1-942713-92-0"


@dataclass(frozen=True, slots=True)
class Score:
    """The points of some questions, of those that can be had, and the band they alone would lead to."""

    points: int
    possible: int
    band: str


@dataclass(frozen=True, slots=True)
class Assessment:
    """The result: the band, the scores behind it, what held it down, and the worst year one can bear (≤ 0).

    ``whole`` is the score of all answers; ``held_by`` the answers that allow no more than ``risk_band``, as words,
    empty when the points alone lead to it. ``source`` is where this way of scoring is published.
    """

    risk_band: str
    whole: Score
    ability: Score
    tolerance: Score
    held_by: tuple[str, ...]
    worst_year: float
    source: str = SOURCE


def assess(answers: Mapping[str, str]) -> Assessment | None:
    """What complete answers (question id → answer id) come to; None while one is missing or unknown.

    The most careful answer decides: a worst year of −5% is never high risk, however bold the others are.

    >>> bold = {q.id: q.answers[-1].id for q in QUESTIONS}
    >>> assess(bold).risk_band
    'high'
    >>> held = assess({**bold, "loss": "minus_5"})
    >>> held.risk_band, held.whole.band, held.ability.band, held.tolerance.band, held.held_by
    ('low', 'high', 'high', 'medium', ('Worst year: −5%',))
    >>> assess({"horizon": "later"}) is None
    True
    """
    chosen = list(_chosen(answers))
    if len(chosen) < len(QUESTIONS):
        return None
    whole = _score(chosen)
    allowed = min((answer.most for _, answer in chosen), key=BANDS.index)
    band = min(whole.band, allowed, key=BANDS.index)
    held_by = tuple(f"{question.short}: {answer.words}" for question, answer in chosen if answer.most == band)
    return Assessment(
        risk_band=band,
        whole=whole,
        ability=_score([pair for pair in chosen if pair[0].side is Side.ability]),
        tolerance=_score([pair for pair in chosen if pair[0].side is Side.tolerance]),
        held_by=held_by if band != whole.band else (),
        worst_year=min(answer.worst for _, answer in chosen if answer.worst is not None),
    )


def _chosen(answers: Mapping[str, str]) -> Iterator[tuple[Question, Answer]]:
    for question in QUESTIONS:
        for answer in question.answers:
            if answer.id == answers.get(question.id):
                yield question, answer


def _score(chosen: list[tuple[Question, Answer]]) -> Score:
    points = sum(answer.points for _, answer in chosen)
    possible = sum(question.answers[-1].points for question, _ in chosen)
    return Score(points, possible, band_of(points / possible))


def band_of(share: float) -> str:
    """The risk band for a share of the points.

    >>> band_of(0.2), band_of(0.5), band_of(0.9)
    ('low', 'medium', 'high')
    """
    return HIGH if share >= HIGH_FROM else MEDIUM if share >= MEDIUM_FROM else LOW
