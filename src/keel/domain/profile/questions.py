"""The questions of the investor's profile: a few about what one can bear, and a few about what one will bear."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

BANDS = ("low", "medium", "high")
LOW, MEDIUM, HIGH = BANDS


class Side(StrEnum):
    """What a question is about: the ability to take risk, or the loss one would live with."""

    ability = "ability"
    tolerance = "tolerance"


@dataclass(frozen=True, slots=True)
class Answer:
    """One choice, the points it gives, and the most risk that goes with it, whatever the other answers are.

    ``id`` stands in files and in the database, where ``words`` may change. ``worst`` is the worst year it can bear
    (≤ 0), where the question asks for one.
    """

    id: str
    words: str
    points: int
    most: str = HIGH
    worst: float | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """One question; answers go from careful to bold. ``short`` is what a sentence calls it."""

    id: str
    side: Side
    words: str
    short: str
    answers: tuple[Answer, ...]


QUESTIONS = (
    Question(
        "horizon",
        Side.ability,
        "When will most of the money be needed?",
        "Money needed",
        (
            Answer("within_3_years", "Within 3 years", 0, LOW),
            Answer("in_3_to_7_years", "In 3 to 7 years", 1, MEDIUM),
            Answer("in_7_to_15_years", "In 7 to 15 years", 3),
            Answer("later", "Later, or never", 4),
        ),
    ),
    Question(
        "fall",
        Side.tolerance,
        "The portfolio falls by a third within a year. What would you do?",
        "After a fall by a third",
        (
            Answer("sell_everything", "Sell everything", 0, LOW),
            Answer("sell_some", "Sell some", 1, MEDIUM),
            Answer("wait", "Wait", 3),
            Answer("buy_more", "Buy more", 4),
        ),
    ),
    Question(
        "loss",
        Side.tolerance,
        "Which worst year could you live with?",
        "Worst year",
        (
            Answer("minus_5", "−5%", 0, LOW, -0.05),
            Answer("minus_15", "−15%", 1, LOW, -0.15),
            Answer("minus_25", "−25%", 3, MEDIUM, -0.25),
            Answer("minus_40", "−40%", 4, HIGH, -0.40),
        ),
    ),
    Question(
        "income",
        Side.ability,
        "How much of it do you live on each year?",
        "Lived on each year",
        (
            Answer("more_than_5", "More than 5%", 0, MEDIUM),
            Answer("from_2_to_5", "2 to 5%", 1),
            Answer("less_than_2", "Less than 2%", 2),
            Answer("none", "None", 3),
        ),
    ),
    Question(
        "reserve",
        Side.ability,
        "How many months of spending lie in cash elsewhere?",
        "Cash elsewhere",
        (
            Answer("none", "None", 0, MEDIUM),
            Answer("up_to_6_months", "Up to 6 months", 1),
            Answer("more_than_6_months", "More than 6 months", 2),
        ),
    ),
)


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
