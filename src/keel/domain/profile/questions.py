"""The investor's profile: a few questions, and the risk band they lead to. A start for a talk, not advice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

BANDS = ("low", "medium", "high")
LOW, MEDIUM, HIGH = BANDS
MEDIUM_FROM, HIGH_FROM = 0.35, 0.70  # share of the points that can be had


@dataclass(frozen=True, slots=True)
class Answer:
    """One choice, the points it gives, and the most risk that goes with it, whatever the other answers are.

    ``worst`` is the worst year it can bear (≤ 0), where the question asks for one.
    """

    words: str
    points: int
    most: str = HIGH
    worst: float | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """One question; answers go from careful to bold. ``short`` is what a sentence calls it."""

    id: str
    words: str
    short: str
    answers: tuple[Answer, ...]


QUESTIONS = (
    Question(
        "horizon",
        "When will most of the money be needed?",
        "Money needed",
        (
            Answer("Within 3 years", 0, LOW),
            Answer("In 3 to 7 years", 1, MEDIUM),
            Answer("In 7 to 15 years", 3),
            Answer("Later, or never", 4),
        ),
    ),
    Question(
        "fall",
        "The portfolio falls by a third within a year. What would you do?",
        "After a fall by a third",
        (
            Answer("Sell everything", 0, LOW),
            Answer("Sell some", 1, MEDIUM),
            Answer("Wait", 3),
            Answer("Buy more", 4),
        ),
    ),
    Question(
        "loss",
        "Which worst year could you live with?",
        "Worst year",
        (
            Answer("−5%", 0, LOW, -0.05),
            Answer("−15%", 1, LOW, -0.15),
            Answer("−25%", 3, MEDIUM, -0.25),
            Answer("−40%", 4, HIGH, -0.40),
        ),
    ),
    Question(
        "income",
        "How much of it do you live on each year?",
        "Lived on each year",
        (
            Answer("More than 5%", 0, MEDIUM),
            Answer("2 to 5%", 1),
            Answer("Less than 2%", 2),
            Answer("None", 3),
        ),
    ),
    Question(
        "reserve",
        "How many months of spending lie in cash elsewhere?",
        "Cash elsewhere",
        (
            Answer("None", 0, MEDIUM),
            Answer("Up to 6 months", 1),
            Answer("More than 6 months", 2),
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Profile:
    """The result: the band, the points behind it, which answers held it down, and the worst year one can bear (≤ 0).

    ``earned`` is the band of the points alone; ``held_by`` the answers that allow no more than ``risk_band``, as words,
    empty when the points alone lead to it.
    """

    risk_band: str
    earned: str
    points: int
    possible: int
    held_by: tuple[str, ...]
    worst_year: float


def assess(answers: Mapping[str, int]) -> Profile | None:
    """The profile of complete answers (question id → index of the answer); None while one is missing.

    The most careful answer decides: a worst year of −5% is never high risk, however bold the others are.

    >>> bold = {q.id: len(q.answers) - 1 for q in QUESTIONS}
    >>> assess(bold).risk_band
    'high'
    >>> held = assess({**bold, "loss": 0})
    >>> held.risk_band, held.earned, held.held_by
    ('low', 'high', ('Worst year: −5%',))
    >>> assess({"horizon": 1}) is None
    True
    """
    chosen: list[tuple[Question, Answer]] = []
    for question in QUESTIONS:
        index = answers.get(question.id)
        if index is None or not 0 <= index < len(question.answers):
            return None
        chosen.append((question, question.answers[index]))
    points = sum(answer.points for _, answer in chosen)
    possible = sum(question.answers[-1].points for question in QUESTIONS)
    earned = band_of(points / possible)
    allowed = min((answer.most for _, answer in chosen), key=BANDS.index)
    band = min(earned, allowed, key=BANDS.index)
    held_by = tuple(f"{question.short}: {answer.words}" for question, answer in chosen if answer.most == band)
    worst = min(answer.worst for _, answer in chosen if answer.worst is not None)
    return Profile(band, earned, points, possible, held_by if band != earned else (), worst)


def band_of(share: float) -> str:
    """The risk band for a share of the points.

    >>> band_of(0.2), band_of(0.5), band_of(0.9)
    ('low', 'medium', 'high')
    """
    return "high" if share >= HIGH_FROM else "medium" if share >= MEDIUM_FROM else "low"


def limits() -> tuple[str, ...]:
    """Each answer that allows less than high risk, and what it allows, in words.

    >>> limits()[0]
    'Money needed: Within 3 years: at most low risk'
    """
    return tuple(
        f"{question.short}: {answer.words}: at most {answer.most} risk"
        for question in QUESTIONS
        for answer in question.answers
        if answer.most != HIGH
    )
