"""Frameworks as CSV: the tree without loss, and whatever is wrong is named with its row and column."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.domain.exchange.files import refused, survives
from tests.domain.trees import frameworks

from keel.domain.exchange.framework_csv import framework_csv
from keel.domain.exchange.framework_file import read_framework
from keel.domain.framework.records import Bucket, Framework, Holding
from keel.domain.framework.rules import Rules
from keel.domain.policy.kinds import Absolute


@given(frameworks())
def test_csv_is_lossless_for_the_tree(made: Framework) -> None:
    found, notes = read_framework(framework_csv(made).encode(), "any.csv")
    assert (found.buckets, notes) == (made.buckets, ())


@given(st.sampled_from(["=1+1", "+A1", "-1", "@SUM(A1)", "'quoted", "''", "'=x"]), st.sampled_from(["", "x"]))
def test_no_cell_begins_like_a_formula_and_none_is_changed_by_that(start: str, rest: str) -> None:
    word = start + rest
    made = Framework("F", (Bucket(f"{word}/{word}", word, 1.0, holdings=(Holding(word, 1.0),)),))
    text = framework_csv(made)
    assert not any(cell.strip('"').startswith(("=", "+", "-", "@")) for cell in text.replace("\n", ",").split(","))
    assert read_framework(text.encode(), "f.csv")[0].buckets == made.buckets


def test_symbols_with_any_punctuation_survive_a_csv_cell() -> None:
    held = (Holding("LSE:VUSA", 0.5), Holding("A;B", 0.25), Holding("[x]", 0.25))
    made = Framework("F", (Bucket("A/B", "B", 1.0, holdings=held),))
    assert read_framework(framework_csv(made).encode(), "f.csv")[0].buckets[0].holdings == held


@pytest.mark.parametrize(
    "text",
    [
        "path;target_weight\nA/B;60,5%\nA/C;0,395\n",
        "path\ttarget_weight\nA/B\t60.5 %\nA/C\t.395\n",
        "\n\nPath, Target Weight\n\nA / B , 60.5%\n A/C/,39.5%\n,,\n",
    ],
)
def test_spreadsheets_of_several_countries_are_read(text: str) -> None:
    made, _ = read_framework(text.encode(), "mix.csv")
    assert [(b.path, b.label, b.target_weight) for b in made.buckets] == [("A/B", "B", 0.605), ("A/C", "C", 0.395)]


def test_cells_hold_rules_bands_and_products() -> None:
    text = (
        "path,target_weight,min_weight,band,rules,holdings,locked\n"
        'A/B,60%,10%,"{""kind"": ""absolute"", ""width_bps"": 300}",'
        '"{""include_tags"": [""Region:US""], ""min_liquidity"": 5e6}",VTI:60%;BND:0.4,yes\n'
        "A/C,40%,,,,SPY,\n"
    )
    made, notes = read_framework(text.encode(), "mix.csv")
    assert notes == ()
    first, second = made.buckets
    assert first.band == Absolute(300)
    assert first.rules == Rules(include_tags=("region:us",), min_adv_usd=5e6)
    assert first.holdings == (Holding("VTI", 0.6), Holding("BND", 0.4))
    assert (first.min_weight, first.locked, second.locked) == (0.1, True, False)
    assert second.holdings == (Holding("SPY", 1.0),)


@pytest.mark.parametrize(
    ("text", "row", "column"),
    [
        ("path,target_weight\nA/B,60%\nA/C,abc\n", 3, "target_weight"),
        ('path,label,target_weight\nA/B,"two\nlines",60%\nA/C,C,abc\n', 4, "target_weight"),
        ("path,target_weight\nA/B,1 000\n", 2, "target_weight"),
        ("path,target_weight\nA/B,nan\n", 2, "target_weight"),
        ("path,target_weight\nA/B,60%%\n", 2, "target_weight"),
        ("path,target_weight\nA/B,1_0\n", 2, "target_weight"),
        ("path,target_weight\n,60%\n", 2, "path"),
        ("path,target_weight,max_weight\nA/B,60%,high\n", 2, "max_weight"),
        ("path,target_weight,rules\nA/B,1,{x\n", 2, "rules"),
        ('path,target_weight,rules\nA/B,1,"{""include_tags"": 5}"\n', 2, "rules.include_tags"),
        ("path,target_weight,band\nA/B,1,wide\n", 2, "band"),
        ("path,target_weight,holdings\nA/B,1,VTI;BND\n", 2, "holdings"),
        ("path,target_weight,holdings\nA/B,1,VTI:most\n", 2, "holdings[0].share"),
        ("path,target_weight,locked\nA/B,1,perhaps\n", 2, "locked"),
        ("path,target_weight\nA/B,1,2\n", 2, None),
        ('path,target_weight\nA/B,"1\n', 2, None),
        ("path,weight\nA/B,1\n", 1, None),
        ("path,target_weight,path\nA/B,1,A/C\n", 1, None),
        ("path,target_weight\n", 1, None),
        ("hello", 1, None),
    ],
)
def test_a_csv_complaint_names_row_and_column(text: str, row: int, column: str | None) -> None:
    error = refused(text, "mix.csv")
    assert (error.row, error.column) == (row, column)
    assert f"row {row}" in error.message


@given(st.lists(st.lists(st.text(max_size=6), max_size=4).map(",".join), max_size=4).map("\n".join))
def test_any_rows_are_read_or_refused(rows: str) -> None:
    survives(f"path,target_weight,holdings\n{rows}".encode("utf-8", "replace"), "f.csv")
