"""JSON values of policies and settings, each complaint by its field."""

from __future__ import annotations

import pytest

from keel.domain.policy.records import Cadence
from keel.domain.policy.values import choice, flag, json_object, number, require_known, shown, whole
from keel.errors import InvalidPolicyError


def test_what_is_right_is_read() -> None:
    assert (whole(3.0, "n"), number(2, "n"), flag(True, "n")) == (3, 2.0, True)
    assert choice("annual", Cadence, "look") is Cadence.annual
    assert json_object({"a": 1}, "The policy") == {"a": 1}


@pytest.mark.parametrize(
    ("read", "value", "words"),
    [
        (whole, 1.5, "n must be a whole number, not 1.5"),
        (whole, True, "n must be a whole number"),
        (number, "x", "n must be a number"),
        (number, 10**400, "n must be a finite number"),
        (flag, 1, "n must be true or false"),
    ],
)
def test_what_is_wrong_names_its_field(read: object, value: object, words: str) -> None:
    with pytest.raises(InvalidPolicyError, match=words) as caught:
        read(value, "n")  # type: ignore[operator]
    assert caught.value.subject == "n"


def test_an_unknown_field_is_quoted_with_those_there_are() -> None:
    with pytest.raises(InvalidPolicyError, match="is not a field of the policy; it has a, b"):
        require_known({"c": 1}, ("a", "b"), "policy")
    assert shown(10**20) == "a number that large"
