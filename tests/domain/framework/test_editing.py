"""Changing the tree: nothing is changed in place, and every refusal says why."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.domain.trees import frameworks, six

from keel.domain.framework import editing, tree
from keel.domain.framework.records import Bucket, Constraint, Framework
from keel.domain.framework.validation import check
from keel.domain.issue import Edit
from keel.errors import InputError, InvalidFrameworkError, LockedHoldingError


def code(caught: pytest.ExceptionInfo[InvalidFrameworkError]) -> str:
    return caught.value.issues[0].code


def test_edits_make_a_new_framework_and_leave_the_old_one() -> None:
    before = six()
    after = editing.revise(
        before, [Edit("AssetClass/Bonds", "max_weight", 0.4), Edit("AssetClass/Bonds", "min_weight", 0)]
    )
    assert (tree.get(after, "AssetClass/Bonds").min_weight, tree.get(after, "AssetClass/Bonds").max_weight) == (0, 0.4)
    assert before == six()


def test_a_limit_is_removed_by_none_and_a_target_is_not() -> None:
    limited = editing.revise(six(), [Edit("AssetClass/Bonds", "max_weight", 0.4)])
    assert editing.revise(limited, [Edit("AssetClass/Bonds", "max_weight", None)]) == six()
    with pytest.raises(InputError, match="needs a target"):
        editing.revise(six(), [Edit("AssetClass/Bonds", "target_weight", None)])


def test_the_rest_of_a_bucket_is_kept_as_a_part_once() -> None:
    bonds = Bucket("A/Bonds", "Bonds", 1.0)
    alone = Framework("One", (bonds,))
    nested = Framework("Nested", (bonds, Bucket("A/Bonds/Cash", "Cash", 0.05)))
    assert (editing.rest(alone, bonds.path), editing.rest(nested, bonds.path)) == (0.0, 0.95)
    kept = editing.keep_rest(nested, bonds.path)
    assert (check(kept), editing.rest(kept, bonds.path), editing.keep_rest(kept, bonds.path)) == ((), 0.0, kept)


def test_the_target_of_a_locked_bucket_stays() -> None:
    locked = editing.replace_bucket(six(), replace(tree.get(six(), "AssetClass/Bonds"), locked=True))
    with pytest.raises(LockedHoldingError, match="Bonds is locked"):
        editing.revise(locked, [Edit("AssetClass/Bonds", "target_weight", 0.4)])
    with pytest.raises(LockedHoldingError, match="Bonds is locked"):
        editing.remove_bucket(locked, "AssetClass/Bonds")


def test_an_edit_of_a_bucket_that_does_not_exist_is_refused() -> None:
    with pytest.raises(InvalidFrameworkError) as caught:
        editing.revise(six(), [Edit("AssetClass/Gold", "target_weight", 0.4)])
    assert code(caught) == "unknown_bucket"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("AssetClass/Cash/Bills", "missing_parent"),
        ("AssetClass/Bonds", "duplicate_path"),
        ("Bonds", "bad_path"),
        ("AssetClass//Bonds", "bad_path"),
        ("AssetClass/ Bonds", "bad_path"),
        ("AssetClass/Bo\x1bnds", "bad_path"),
        ("AssetClass" + "/x" * 20, "bad_path"),
    ],
)
def test_a_bucket_is_added_only_on_a_free_sound_path_under_an_existing_parent(path: str, expected: str) -> None:
    with pytest.raises(InvalidFrameworkError) as caught:
        editing.add_bucket(six(), Bucket(path, "New", 0.0))
    assert code(caught) == expected


def test_a_bucket_is_added_among_its_siblings() -> None:
    made = editing.add_bucket(six(), Bucket("AssetClass/Equity/Japan", " Japan ", 0.0), position=1)
    assert [b.label for b in tree.children(made, "AssetClass/Equity")] == [
        "US equity",
        "Japan",
        "World equity",
        "Emerging equity",
    ]


def test_removing_takes_the_parts_and_scoped_constraints_along() -> None:
    scoped = replace(
        six(), constraints=(Constraint("max_sector", 20, scope="AssetClass/Equity/US"), Constraint("min_bonds", 20))
    )
    made = editing.remove_bucket(scoped, "AssetClass/Equity")
    assert [b.label for b in tree.top(made)] == ["Bonds", "Alternatives"]
    assert [c.type for c in made.constraints] == ["min_bonds"]


def test_renaming_a_path_takes_everything_under_it_along() -> None:
    scoped = replace(six(), constraints=(Constraint("max_sector", 20, scope="AssetClass/Equity/US"),))
    made = editing.rename_bucket(scoped, "AssetClass/Equity", "Stocks", "Stocks")
    assert tree.get(made, "AssetClass/Stocks/US").label == "US equity"
    assert made.constraints[0].scope == "AssetClass/Stocks/US"
    assert editing.rename_bucket(six(), "AssetClass/Equity", " World  stocks ").buckets[0].label == "World stocks"
    with pytest.raises(InputError, match="needs a name"):
        editing.rename_bucket(six(), "AssetClass/Equity", "  ")


def test_a_bucket_moves_with_its_parts_but_not_under_itself() -> None:
    made = editing.move_bucket(six(), "AssetClass/Bonds", "AssetClass/Equity", position=0)
    assert [b.path for b in tree.ordered(made)][:4] == [
        "AssetClass/Equity",
        "AssetClass/Equity/Bonds",
        "AssetClass/Equity/Bonds/Global",
        "AssetClass/Equity/Bonds/Linkers",
    ]
    back = editing.move_bucket(made, "AssetClass/Equity/Bonds", None, position=1)
    assert [b.label for b in tree.top(back)] == ["Equity", "Bonds", "Alternatives"]
    with pytest.raises(InvalidFrameworkError) as caught:
        editing.move_bucket(six(), "AssetClass/Equity", "AssetClass/Equity/US")
    assert code(caught) == "bad_parent"


def test_a_bucket_moves_among_its_siblings() -> None:
    made = editing.move_bucket(six(), "AssetClass/Alternatives", None, position=0)
    assert [b.label for b in tree.top(made)] == ["Alternatives", "Equity", "Bonds"]
    assert not [i for i in check(made) if i.code == "sum"]


def test_a_copy_has_no_weight_so_that_sums_hold() -> None:
    made = editing.duplicate_bucket(editing.duplicate_bucket(six(), "AssetClass/Bonds"), "AssetClass/Bonds")
    assert [b.path for b in tree.top(made)] == [
        "AssetClass/Equity",
        "AssetClass/Bonds",
        "AssetClass/Bonds copy 2",
        "AssetClass/Bonds copy",
        "AssetClass/Alternatives",
    ]
    assert check(made) == ()


def test_a_new_bucket_gets_a_free_path() -> None:
    assert editing.path_for(six(), "AssetClass/Equity", "US") == "AssetClass/Equity/US 2"
    assert editing.path_for(six(), None, "Cash / bills") == "AssetClass/Cash - bills"


@given(frameworks(), st.floats(0.0, 1.0))
def test_resizing_keeps_every_sum_below(made: object, target: float) -> None:
    from keel.domain.framework.records import Framework

    assert isinstance(made, Framework)
    free = replace(made, buckets=tuple(replace(b, locked=False) for b in made.buckets))
    path = free.buckets[0].path
    after = editing.revise(free, editing.resized(free, path, target))
    for bucket in after.buckets:
        below = tree.children(after, bucket.path)
        if below:
            assert math.isclose(math.fsum(b.target_weight for b in below), bucket.target_weight, abs_tol=1e-12)
