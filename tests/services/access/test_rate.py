"""So many questions a minute for each who asks."""

from __future__ import annotations

import pytest
from limits import parse

from keel.errors import TooManyRequestsError
from keel.services.access.rate import Rate, failing, usual


def test_each_has_a_limit_of_their_own_and_is_told_how_long_to_wait() -> None:
    rate = Rate(parse("2/minute"))
    assert not rate.exceeded("ann")
    assert [rate.allows("ann") for _ in range(3)] == [True, True, False]
    assert (rate.exceeded("ann"), rate.exceeded("bob"), rate.allows("bob")) == (True, False, True)
    assert 1 <= rate.error("ann").wait <= 60
    with pytest.raises(TooManyRequestsError):
        rate.require("ann")
    rate.require("bob")


def test_what_fails_may_be_tried_less_often_than_what_is_let_in() -> None:
    assert failing().limit.amount < usual().limit.amount
