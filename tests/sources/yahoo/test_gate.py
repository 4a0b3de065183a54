"""The gate: so many questions a second, waits that double, one that is told to wait holds up all, and an end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from keel.domain.market.public.bars import Failure, FailureClass
from keel.sources.yahoo import trouble
from keel.sources.yahoo.gate import MOST_IN_VAIN, Gate, Pace
from keel.sources.yahoo.trouble import Trouble


@dataclass
class Clock:
    """A clock that moves when somebody sleeps."""

    time: float = 0.0
    slept: list[float] = field(default_factory=list)

    def now(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += seconds

    def pace(self) -> Pace:
        return Pace(self.now, self.sleep, lambda: 1.0)


def test_there_are_eight_questions_a_second() -> None:
    clock = Clock()
    gate = Gate(clock.pace())
    assert [gate.ask("A", lambda: 1) for _ in range(17)] == [1] * 17
    assert clock.time == pytest.approx(2.0)


def test_a_question_of_several_requests_takes_as_many_turns() -> None:
    clock = Clock()
    gate = Gate(clock.pace())
    assert [gate.ask("A", lambda: 1, requests=4) for _ in range(5)] == [1] * 5
    assert clock.time == pytest.approx(2.0)


def test_waits_double_and_the_last_failure_is_told() -> None:
    clock = Clock()
    answer = Gate(clock.pace()).ask("A", lambda: trouble.SILENT)
    assert answer == Failure("A", FailureClass.timeout, "Yahoo did not answer for A in time.")
    assert clock.slept == [1.0, 2.0, 4.0]


def test_half_of_a_wait_is_random() -> None:
    clock = Clock()
    Gate(Pace(clock.now, clock.sleep, lambda: 0.0)).ask("A", lambda: trouble.SILENT, tries=2)
    assert clock.slept == [0.5]


def test_one_that_is_told_to_wait_holds_up_all() -> None:
    clock = Clock()
    gate = Gate(clock.pace())
    answers: Iterator[Trouble | int] = iter([trouble.ASKED_TOO_OFTEN, 1, 2])
    assert gate.ask("A", lambda: next(answers)) == 1
    assert clock.time == pytest.approx(4.0)
    assert gate.ask("B", lambda: next(answers)) == 2
    assert clock.time == pytest.approx(4.125)


def test_what_will_not_be_better_is_asked_once() -> None:
    clock, asked = Clock(), []

    def unknown() -> Trouble:
        asked.append(1)
        return trouble.UNKNOWN

    answer = Gate(clock.pace()).ask("A", unknown)
    assert isinstance(answer, Failure)
    assert (answer.kind, len(asked), clock.slept) == (FailureClass.delisted, 1, [])


def test_nobody_is_asked_any_more_when_all_is_in_vain() -> None:
    clock, asked = Clock(), []

    def offline() -> Trouble:
        asked.append(1)
        return trouble.UNREACHABLE

    gate = Gate(clock.pace())
    answers = [gate.ask(str(n), offline) for n in range(50)]
    assert len(asked) == MOST_IN_VAIN
    assert {a.message for a in answers if isinstance(a, Failure)} == {trouble.NO_NETWORK}
    assert len(answers) == 50


def test_an_answer_about_one_symbol_ends_the_count() -> None:
    gate, asked = Gate(Clock().pace()), []

    def mixed() -> Trouble | int:
        asked.append(1)
        return trouble.ASKED_TOO_OFTEN if len(asked) % 4 else 1

    assert [gate.ask(str(n), mixed) for n in range(20)] == [1] * 20


def test_where_asking_again_helps_nobody_it_is_given_up_until_it_helps() -> None:
    clock, asked = Clock(), []

    def never() -> Trouble:
        asked.append(1)
        return trouble.SILENT

    gate = Gate(clock.pace())
    tries = []
    for n in range(5):
        before = len(asked)
        gate.ask(str(n), never)
        tries.append(len(asked) - before)
    assert tries == [4, 4, 1, 1, 1]
    answers: Iterator[Trouble | int] = iter([trouble.malformed("it is cut"), 1])
    assert gate.ask("B", lambda: next(answers)) == 1  # of another kind, and it helps
    before = len(asked)
    gate.ask("C", never)
    assert len(asked) - before == 4


def test_one_that_is_stopped_asks_nobody() -> None:
    clock = Clock()
    answer = Gate(Pace(clock.now, clock.sleep, lambda: 1.0, lambda: True)).ask("A", lambda: 1)
    assert isinstance(answer, Failure)
    assert "stopped" in answer.message
