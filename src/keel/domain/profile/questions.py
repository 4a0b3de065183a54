"""The investor's profile: a few questions, and the risk band they lead to. A start for a talk, not advice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

BANDS = ("low", "medium", "high")
MEDIUM_FROM, HIGH_FROM = 0.35, 0.70  # share of the points that can be had
SHORT, MIDDLE = 3, 7  # years: below the first at most low, below the second at most medium


@dataclass(frozen=True, slots=True)
class Answer:
    """One choice and the points it gives; ``years`` is the horizon it stands for, where the question asks for one."""

    words: str
    points: int
    years: float | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """One question; answers go from careful to bold."""

    id: str
    words: str
    answers: tuple[Answer, ...]


QUESTIONS = (
    Question(
        "horizon",
        "When will most of the money be needed?",
        (
            Answer("Within 3 years", 0, 2),
            Answer("In 3 to 7 years", 1, 5),
            Answer("In 7 to 15 years", 3, 10),
            Answer("Later, or never", 4, 20),
        ),
    ),
    Question(
        "fall",
        "The portfolio falls by a third within a year. What would you do?",
        (
            Answer("Sell everything", 0),
            Answer("Sell some", 1),
            Answer("Wait", 3),
            Answer("Buy more", 4),
        ),
    ),
    Question(
        "loss",
        "Which worst year could you live with?",
        (
            Answer("−5%", 0),
            Answer("−15%", 1),
            Answer("−25%", 3),
            Answer("−40%", 4),
        ),
    ),
    Question(
        "income",
        "How much of it do you live on each year?",
        (
            Answer("More than 5%", 0),
            Answer("2 to 5%", 1),
            Answer("Less than 2%", 2),
            Answer("None", 3),
        ),
    ),
    Question(
        "reserve",
        "How many months of spending lie in cash elsewhere?",
        (
            Answer("None", 0),
            Answer("Up to 6 months", 1),
            Answer("More than 6 months", 2),
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Profile:
    """The result: the band, the points behind it, and why the horizon held it down (empty when it did not)."""

    risk_band: str
    points: int
    possible: int
    cap: str = ""


def assess(answers: Mapping[str, int]) -> Profile | None:
    """The profile of complete answers (question id → index of the answer); None while one is missing.

    >>> bold = {q.id: len(q.answers) - 1 for q in QUESTIONS}
    >>> assess(bold).risk_band
    'high'
    >>> assess({**bold, "horizon": 0}).risk_band
    'low'
    >>> assess({"horizon": 1}) is None
    True
    """
    chosen: list[Answer] = []
    for question in QUESTIONS:
        index = answers.get(question.id)
        if index is None or not 0 <= index < len(question.answers):
            return None
        chosen.append(question.answers[index])
    points = sum(answer.points for answer in chosen)
    possible = sum(question.answers[-1].points for question in QUESTIONS)
    earned = band_of(points / possible)
    years = min((answer.years for answer in chosen if answer.years is not None), default=float("inf"))
    limit = "low" if years < SHORT else "medium" if years < MIDDLE else "high"
    if BANDS.index(limit) < BANDS.index(earned):
        return Profile(limit, points, possible, f"The answers point to {earned} risk; the horizon allows {limit}.")
    return Profile(earned, points, possible)


def band_of(share: float) -> str:
    """The risk band for a share of the points.

    >>> band_of(0.2), band_of(0.5), band_of(0.9)
    ('low', 'medium', 'high')
    """
    return "high" if share >= HIGH_FROM else "medium" if share >= MEDIUM_FROM else "low"
