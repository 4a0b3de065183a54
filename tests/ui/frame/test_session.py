"""The ids in the link."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from keel.journey import Need
from keel.ui.frame.session import Ids, parse, query

NAMES = st.text("abcdef0123456789_", max_size=12)


IDS = st.builds(
    Ids,
    framework=NAMES,
    version=st.none() | st.integers(1, 10**6),
    portfolio=NAMES,
    run=NAMES,
    risk=st.sampled_from(["", "low", "high"]),
    present=st.booleans(),
    profile=NAMES,
    guide=NAMES,
    share=NAMES,
)


@given(IDS)
def test_ids_survive_the_link(ids: Ids) -> None:
    assert parse(query(ids)) == ids


def test_a_version_that_is_no_number_means_the_latest() -> None:
    assert parse({"framework": "x", "version": "two"}).version is None


def test_what_there_is_to_work_on_follows_from_the_ids() -> None:
    assert Ids(framework="f", run="r").have() == {Need.framework, Need.run}
