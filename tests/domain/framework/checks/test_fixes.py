"""Remedies of weights: each makes the sums exact, and leaves locks and limits alone."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.domain.framework.judged import EQUITY, after, the, with_bucket
from tests.domain.trees import flat, six

from keel.domain.framework import editing, tree
from keel.domain.framework.validation import check
from keel.domain.issue import Severity


def test_too_much_is_taken_from_one_part() -> None:
    issue = the(flat(0.6, 0.43), "sum")
    assert (issue.subject, issue.message) == ("A", "The buckets make 103.0%, the whole is 100.0%.")
    assert [f.label for f in issue.fixes] == ["Take 3.0% from B1", "Scale the parts"]


@pytest.mark.parametrize("label", ["Add 0.1% to B2", "Scale the parts"])
def test_three_times_a_third_is_completed_by_one_click(label: str) -> None:
    thirds = flat(0.333, 0.333, 0.333)
    made = after(thirds, the(thirds, "sum"), label)
    assert abs(math.fsum(b.target_weight for b in made.buckets) - 1.0) <= 1e-9
    assert check(made) == ()


def test_a_remedy_leaves_locked_buckets_and_limits_alone() -> None:
    locked = with_bucket(flat(0.5, 0.3, 0.1), "A/B0", locked=True)
    capped = with_bucket(locked, "A/B2", max_weight=0.15)
    issue = the(capped, "sum")
    assert [f.label for f in issue.fixes] == ["Add 10.0% to B1", "Scale the parts"]
    assert after(capped, issue, "Add 10.0% to B1").buckets[0].target_weight == 0.5


def test_a_remedy_takes_the_parts_below_along() -> None:
    small = editing.revise(six(), editing.resized(six(), EQUITY, 0.5))
    made = after(small, the(small, "sum"), "Scale the parts")
    assert check(made) == ()
    assert tree.get(made, EQUITY + "/US").target_weight == pytest.approx(5 / 18)


def test_the_part_whose_own_parts_then_fit_is_proposed_first() -> None:
    typed = with_bucket(six(), EQUITY, target_weight=0.55)
    top = next(i for i in check(typed) if i.subject == "AssetClass")
    assert top.fixes[0].label == "Add 5.0% to Equity"
    assert check(after(typed, top, "Add 5.0% to Equity")) == ()


def test_buckets_of_zero_are_split_equally() -> None:
    zero = flat(0.0, 0.0)
    assert check(after(zero, the(zero, "sum"), "Split it equally")) == ()


def test_weights_meant_as_percent_are_read_so_by_one_click() -> None:
    made = with_bucket(flat(60.0, 40.0), "A/B0", min_weight=50.0)
    issue = next(i for i in check(made) if i.code == "weight_out_of_range")
    assert issue.fix == "Write 60% or 0.6 if percent was meant."
    assert check(after(made, issue, "Read all weights as percent")) == ()


def test_a_target_at_its_maximum_has_no_room() -> None:
    made = with_bucket(six(), "AssetClass/Alternatives", max_weight=0.1)
    issue = the(made, "at_maximum")
    assert issue.severity is Severity.warning
    assert issue.message == "The target is already at its maximum, 10.0%, so any rise breaks the limit."
    assert check(after(made, issue, "Raise the maximum to 12.5%")) == ()


@given(st.lists(st.floats(0.0, 1.0), min_size=2, max_size=6))
def test_every_remedy_of_a_sum_makes_it_exact(targets: list[float]) -> None:
    made = flat(*targets)
    for issue in check(made):
        for fix in issue.fixes if issue.code == "sum" else ():
            repaired = editing.revise(made, fix.edits)
            assert "sum" not in {i.code for i in check(repaired)}
