"""Questions: two sides, answers from careful to bold, ids that name each once."""

from __future__ import annotations

from keel.domain.profile.questions import BANDS, QUESTIONS, Side, limits


def test_points_grow_with_every_question_and_every_question_counts() -> None:
    for question in QUESTIONS:
        points = [answer.points for answer in question.answers]
        assert points == sorted(points)
        assert points[0] == 0 < points[-1]


def test_ids_name_each_question_and_each_of_its_answers_once() -> None:
    assert len({question.id for question in QUESTIONS}) == len(QUESTIONS)
    for question in QUESTIONS:
        assert len({answer.id for answer in question.answers}) == len(question.answers)


def test_both_sides_are_asked_and_every_limit_is_said() -> None:
    assert {question.side for question in QUESTIONS} == set(Side)
    assert len(limits()) == sum(answer.most != BANDS[-1] for q in QUESTIONS for answer in q.answers)
