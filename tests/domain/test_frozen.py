"""A mapping that never changes: equal by its items and their order, and the same key for the same."""

from __future__ import annotations

import pickle

import pytest

from keel.domain.frozen import Frozen


def test_the_same_items_are_the_same_key() -> None:
    answers = {Frozen({"a": 1, "b": 2}): "first"}
    assert answers[Frozen({"a": 1, "b": 2})] == "first"
    assert Frozen({"b": 2, "a": 1}) not in answers


def test_it_reads_like_the_mapping_it_was_made_of_and_no_longer_follows_it() -> None:
    source = {"a": 1, "b": 2}
    frozen = Frozen(source)
    source["a"] = 9
    assert frozen == {"a": 1, "b": 2}
    assert (list(frozen), len(frozen), frozen["a"]) == (["a", "b"], 2, 1)
    assert pickle.loads(pickle.dumps(frozen)) == frozen
    with pytest.raises(TypeError):
        frozen["a"] = 9  # type: ignore[index]
