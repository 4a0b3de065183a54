"""The tree of a file made whole: inner buckets, open targets, sums within a thousandth."""

from __future__ import annotations

import json

import pytest
from tests.domain.exchange.files import buckets, refused

from keel.domain.exchange.framework_file import read_framework
from keel.domain.exchange.framework_json import read_edit
from keel.domain.framework.validation import check
from keel.domain.issue import Severity, errors
from keel.domain.reading.place import Place
from keel.errors import ImportFormatError


def named(name: str, *rows: dict[str, object]) -> bytes:
    return json.dumps({"name": name, "buckets": rows}).encode()


def test_missing_inner_buckets_are_the_sum_of_their_parts() -> None:
    rows = [{"path": p, "target_weight": w} for p, w in (("A/B/C/D", 0.25), ("A/B/E", "35%"), ("A/F", 0.4))]
    made, notes = read_framework(buckets(*rows).encode(), "mix.json")
    assert [(b.path, b.target_weight) for b in made.buckets] == [
        ("A/B", 0.6),
        ("A/B/C", 0.25),
        ("A/B/C/D", 0.25),
        ("A/B/E", 0.35),
        ("A/F", 0.4),
    ]
    assert (notes, check(made)) == ((), ())


def test_a_blank_target_of_an_inner_bucket_is_the_sum_and_of_a_leaf_an_error() -> None:
    made, _ = read_framework(b"path,target_weight\nA/B,\nA/B/C,60%\nA/D,40%\n", "mix.csv")
    assert made.buckets[0].target_weight == 0.6
    error = refused("path,target_weight\nA/B,\nA/D,40%\n", "mix.csv")
    assert (error.row, error.column) == (2, "target_weight")


def test_sums_within_a_thousandth_are_scaled_top_down_with_a_warning() -> None:
    rows = [("A/B", 0.4995), ("A/C", 0.5), ("A/C/D", 0.2), ("A/C/E", 0.2995)]
    made, notes = read_framework(buckets(*[{"path": p, "target_weight": w} for p, w in rows]).encode(), "mix.json")
    assert [(n.code, n.severity, n.subject) for n in notes] == [
        ("scaled", Severity.warning, "A"),
        ("scaled", Severity.warning, "A/C"),
    ]
    assert notes[0].message == "The parts made 99.95%, not 100.0%, and were scaled."
    by = {b.path: b.target_weight for b in made.buckets}
    assert by["A/B"] == pytest.approx(0.4995 / 0.9995, abs=1e-15)
    assert by["A/C/D"] == pytest.approx(by["A/C"] * 0.2 / 0.4995, abs=1e-15)
    assert errors(check(made)) == ()


def test_three_thirds_of_33_3_percent_are_accepted() -> None:
    made, notes = read_framework(b"path,target_weight,max_weight\nA/B,33.3%,33.3%\nA/C,33.3%,\nA/D,33.3%,\n", "mix.csv")
    assert [n.code for n in notes] == ["scaled"]
    assert errors(check(made)) == ()


def test_a_sum_further_off_is_left_for_validation() -> None:
    made, notes = read_framework(b"path,target_weight\nA/B,60%\nA/C,39%\n", "mix.csv")
    assert (notes, [i.code for i in check(made)]) == ((), ["sum"])
    assert made.buckets[1].target_weight == 0.39


def test_shares_within_a_thousandth_are_scaled_too() -> None:
    made, notes = read_framework(b"path,target_weight,holdings\nA/B,1,X:0.333;Y:0.333;Z:0.333\n", "mix.csv")
    assert [n.code for n in notes] == ["scaled"]
    assert check(made) == ()


def test_too_many_buckets_are_refused_by_their_number() -> None:
    text = "path,target_weight\n" + "".join(f"A/B{n},0\n" for n in range(2_001))
    assert "more than 2,000 buckets" in refused(text, "mix.csv").message
    rows = [{"path": f"A/B{n}", "target_weight": 0} for n in range(2_001)]
    assert "more than 2,000 buckets" in refused(buckets(*rows)).message
    assert "301 columns" in refused("path" + "," * 300, "mix.csv").message
    deep = "path,target_weight\n" + "".join(f"A/B{n}/C/D,0\n" for n in range(700))
    assert "more than 2,000 buckets" in refused(deep, "mix.csv").message


def test_a_path_too_deep_is_an_issue_and_not_a_flood_of_buckets() -> None:
    made, _ = read_framework(buckets({"path": "A/" * 400 + "B", "target_weight": 1}).encode(), "mix.json")
    assert [i.code for i in check(made) if i.code == "bad_path"] == ["bad_path"]
    assert all(i.message.isprintable() and len(i.subject) < 200 for i in check(made))


def test_an_edit_stays_as_it_is() -> None:
    rows = [{"path": p, "target_weight": w} for p, w in (("A/B/C", 0.2), ("A/D", 0.7995))]
    edit, notes = read_edit(named("Mix", *rows), Place("the body"))
    assert [(b.path, b.target_weight) for b in edit.buckets] == [("A/B/C", 0.2), ("A/D", 0.7995)]
    assert (edit.name, edit.method, notes) == ("Mix", "custom", ())
    assert {issue.code for issue in errors(check(edit))} == {"missing_parent", "sum"}


@pytest.mark.parametrize(
    ("data", "column"),
    [
        (named("", {"path": "A/B", "target_weight": 1}), "name"),
        (named("Mix", {"path": "A/B"}), "buckets[0].target_weight"),
    ],
)
def test_an_edit_lacks_nothing(data: bytes, column: str) -> None:
    with pytest.raises(ImportFormatError) as caught:
        read_edit(data, Place("the body"))
    assert caught.value.column == column
