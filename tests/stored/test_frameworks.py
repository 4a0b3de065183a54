"""Stored frameworks from Python: listed, made, edited, compared and restored."""

from __future__ import annotations

from dataclasses import replace

import pytest

import keel
from keel.errors import EditConflictError, FrameworkNotFoundError


@pytest.mark.usefixtures("here")
def test_a_framework_is_adopted_edited_compared_and_restored() -> None:
    assert "balanced" in [template.id for template in keel.list_templates()]
    first = keel.adopt_template("balanced", "Mine")
    second = keel.save_framework(replace(first, name="Ours"))
    assert [(f.id, f.name, f.version) for f in keel.list_frameworks()] == [(first.id, "Ours", 2)]
    assert keel.get_framework(first.id, 1).name == "Mine"
    assert [(c.before, c.after) for c in keel.diff_framework(first.id, 1, 2)] == [("Mine", "Ours")]
    with pytest.raises(EditConflictError):
        keel.save_framework(first)
    assert keel.restore_framework(first.id, 1).name == "Mine"
    assert [f.version for f in keel.framework_versions(second.id)] == [1, 2, 3]
    copy = keel.save_framework(replace(first, id="", version=0, name="Another"))
    assert (copy.version, copy.id == first.id) == (1, False)


@pytest.mark.usefixtures("here")
def test_targets_and_products_are_set_and_taken_away() -> None:
    id = keel.adopt_template("balanced").id
    buckets = keel.get_framework(id).buckets
    paths = [b.path for b in buckets if "/" not in b.path] or [b.path for b in buckets if b.path.count("/") == 1]
    even = dict(zip(paths, (0.5, 0.25, 0.25), strict=True))
    assert {b.path: b.target_weight for b in keel.set_targets(id, even).buckets}.items() >= even.items()
    with pytest.raises(FrameworkNotFoundError):
        keel.set_targets("fw_none", even)
    leaf = next(b.path for b in buckets if not any(other.path.startswith(f"{b.path}/") for other in buckets))
    named = keel.set_products(id, {leaf: {"VTI": 0.5, "SPY": 0.5}})
    assert [h.symbol for b in named.buckets if b.path == leaf for h in b.holdings] == ["VTI", "SPY"]
    left = keel.remove_product(id, leaf, "SPY")
    assert [(h.symbol, h.share) for b in left.buckets if b.path == leaf for h in b.holdings] == [("VTI", 1.0)]
    assert leaf not in [b.path for b in keel.remove_bucket(id, leaf).buckets]
