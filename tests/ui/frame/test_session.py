"""The ids in the link."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from keel.journey import Need
from keel.ui.frame.session import Ids, parse, query

NAMES = st.text("abcdef0123456789_", max_size=12)


@given(NAMES, st.none() | st.integers(1, 10**6), NAMES, NAMES, st.sampled_from(["", "low", "high"]), st.booleans())
def test_ids_survive_the_link(
    framework: str, version: int | None, portfolio: str, run: str, risk: str, present: bool
) -> None:
    ids = Ids(framework, version, portfolio, run, risk, present)
    assert parse(query(ids)) == ids


def test_a_version_that_is_no_number_means_the_latest() -> None:
    assert parse({"framework": "x", "version": "two"}).version is None


def test_what_there_is_to_work_on_follows_from_the_ids() -> None:
    assert Ids(framework="f", run="r").have() == {Need.framework, Need.run}
