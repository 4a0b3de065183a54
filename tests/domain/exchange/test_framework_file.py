"""Frameworks as files: what is written reads back equal, and whatever is wrong is named in one sentence."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.domain.trees import flat, frameworks, six

from keel.domain.exchange.framework_file import framework_csv, framework_json, read_framework
from keel.domain.framework.records import Bucket, Framework, Holding
from keel.domain.framework.rules import Rules
from keel.domain.framework.validation import check
from keel.domain.issue import Severity, errors
from keel.domain.policy.records import Absolute, Cadence, Policy, Trigger
from keel.errors import ImportFormatError, KeelError

EXAMPLE = Path(__file__).resolve().parents[3] / "data" / "examples" / "global6.json"
CSV = "path,label,target_weight\nA/Stocks,Stocks,60%\nA/Bonds,Bonds,0.4\n"


def refused(data: bytes | str, name: str = "mix.json") -> ImportFormatError:
    with pytest.raises(ImportFormatError) as caught:
        read_framework(data.encode() if isinstance(data, str) else data, name)
    error = caught.value
    assert error.message.startswith(name)
    assert error.message.isprintable()
    assert len(error.message) < 300
    return error


def buckets(*rows: object, **more: object) -> str:
    return json.dumps({"buckets": list(rows), **more})


# Both ways


@given(frameworks())
def test_json_is_lossless(made: Framework) -> None:
    assert read_framework(framework_json(made).encode(), "any.json") == (made, ())


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


def test_the_worked_example_is_global_6() -> None:
    made, notes = read_framework(EXAMPLE.read_bytes(), EXAMPLE.name)
    assert notes == ()
    assert errors(check(made)) == ()
    leaves = [(b.target_weight, b.holdings[0].symbol) for b in made.buckets if b.holdings]
    assert leaves == [
        (0.3, "MSCI US"),
        (0.2, "MSCI World USD"),
        (0.1, "MSCI Em ex-Asia"),
        (0.25, "Global Bonds"),
        (0.05, "US TIPs"),
        (0.1, "Commodities Precious"),
    ]


# What a file may look like


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_any_encoding_and_newline_is_read(encoding: str, newline: str) -> None:
    text = CSV.replace("Stocks,60", "Stöcks,60").replace("\n", newline)
    made, notes = read_framework(text.encode(encoding), "mix.csv")
    assert ([b.label for b in made.buckets], notes) == (["Stöcks", "Bonds"], ())
    whole = framework_json(replace(six(), name="Größe")).replace("\n", newline)
    assert read_framework(whole.encode(encoding), "six.json")[0].name == "Größe"


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


def test_json_is_known_by_its_content_whatever_its_name() -> None:
    assert read_framework(framework_json(six()).encode(), "upload")[0] == six()


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


def test_the_short_form_of_a_policy_is_read() -> None:
    row = {"path": "A/B", "target_weight": 1}
    made, _ = read_framework(buckets(row, rebalancing={"cadence": "Q", "drift_bps": 300}).encode(), "mix.json")
    assert made.rebalancing == Policy(Trigger.band, Cadence.quarterly, band=Absolute(300))


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


# Sums within 0.001


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


# What is worth saying


def test_unknown_fields_are_named_and_ignored() -> None:
    row = {"path": "A/B", "target_weight": 1, "colour": "red", "rules": {"min_age": 3}}
    _, notes = read_framework(
        buckets(row, note="x", constraints=[{"type": "min_bonds", "value": 0, "x": 1}]).encode(), "m"
    )
    assert [n.subject for n in notes] == ["note", "buckets[0].colour", "buckets[0].rules.min_age", "constraints[0].x"]
    _, notes = read_framework(b"path,target_weight,colour\nA/B,1,red\n", "mix.csv")
    assert (notes[0].code, notes[0].message) == ("unknown_field", 'The column "colour" is not known and was ignored.')


def test_a_policy_or_band_that_cannot_be_used_is_an_error_beside_the_others() -> None:
    row = {"path": "A/B", "target_weight": 0.9, "band": {"kind": "absolute", "width_bps": -3}}
    made, notes = read_framework(buckets(row, rebalancing={"trigger": "band"}).encode(), "mix.json")
    assert [(n.code, n.subject) for n in notes] == [("invalid_band", "A/B"), ("invalid_policy", "rebalancing.band")]
    assert all(n.severity is Severity.error for n in notes)
    assert [i.code for i in check(made)] == ["sum"]


# What cannot be read

B = {"path": "A/B", "target_weight": 1}


@pytest.mark.parametrize(
    ("text", "field"),
    [
        (buckets({"path": "A/B", "target_weight": "abc"}), "buckets[0].target_weight"),
        (buckets(B, {"path": "A/C", "target_weight": True}), "buckets[1].target_weight"),
        (buckets({"path": "A/B", "target_weight": [1]}), "buckets[0].target_weight"),
        (buckets({"path": "A/B"}), "buckets[0].target_weight"),
        ('{"buckets": [{"path": "A/B", "target_weight": NaN}]}', "buckets[0].target_weight"),
        ('{"buckets": [{"path": "A/B", "target_weight": -Infinity}]}', "buckets[0].target_weight"),
        ('{"buckets": [{"path": "A/B", "target_weight": 1e999}]}', "buckets[0].target_weight"),
        ('{"buckets": [{"path": "A/B", "target_weight": 1%s}]}' % ("0" * 400), "buckets[0].target_weight"),
        ('{"buckets": [{"path": "A/B", "target_weight": "1e9999"}]}', "buckets[0].target_weight"),
        ('{"buckets": [], "buckets": []}', "buckets"),
        ('{"buckets": [{"path": "A/B", "path": "A/C", "target_weight": 1}]}', "buckets[0].path"),
        ('{"buckets": [{"path": "A/B\\ud800", "target_weight": 1}]}', "buckets[0].path"),
        (buckets({"target_weight": 1}), "buckets[0].path"),
        (buckets({"path": 5, "target_weight": 1}), "buckets[0].path"),
        (buckets({"path": "A/B\x1b", "target_weight": 1}), "buckets[0].path"),
        (buckets({**B, "label": "\x00"}), "buckets[0].label"),
        (buckets({**B, "label": "x" * 1_001}), "buckets[0].label"),
        (buckets(B, description="x" * 20_001), "description"),
        (buckets({**B, "min_weight": "low"}), "buckets[0].min_weight"),
        (buckets({**B, "locked": "maybe"}), "buckets[0].locked"),
        (buckets({**B, "band": 5}), "buckets[0].band"),
        (buckets({**B, "rules": []}), "buckets[0].rules"),
        (buckets({**B, "rules": {"include_tags": [1]}}), "buckets[0].rules.include_tags[0]"),
        (buckets({**B, "rules": {"min_adv_usd": "lots"}}), "buckets[0].rules.min_adv_usd"),
        (buckets({**B, "rules": {"min_adv_usd": 1, "min_liquidity": 2}}), "buckets[0].rules.min_liquidity"),
        (buckets({**B, "holdings": {"VTI": 1}}), "buckets[0].holdings"),
        (buckets({**B, "holdings": [{"symbol": "", "share": 1}]}), "buckets[0].holdings[0].symbol"),
        (buckets({**B, "holdings": [{"symbol": "A"}, {"symbol": "B"}]}), "buckets[0].holdings[0].share"),
        (buckets("A/B"), "buckets[0]"),
        ('{"buckets": {}}', "buckets"),
        ("{}", "buckets"),
        (buckets(B, keel=2), "keel"),
        (buckets(B, name=["x"]), "name"),
        (buckets(B, method="magic"), "method"),
        (buckets(B, version=1.5), "version"),
        (buckets(B, created_at="yesterday"), "created_at"),
        (buckets(B, rebalancing=5), "rebalancing"),
        (buckets(B, constraints=[{"type": "min_bonds", "value": False}]), "constraints[0].value"),
        (buckets(B, constraints=[5]), "constraints[0]"),
    ],
)
def test_a_json_complaint_names_the_field(text: str, field: str) -> None:
    error = refused(text)
    assert error.column == field
    assert f"field {field}: " in error.message


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


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b" \n\t ", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (bytes(range(256)) * 9, "binary"),
        (b"PK\x03\x04" + bytes(200), "binary"),
        (b"\xff\xfeA", "binary"),
        (b"path,target_weight\nA/B,\x00\n", "binary"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"a":' * 100_000, "nested too deeply"),
        (b'{"buckets": ' + b"[" * 80 + b"]" * 80 + b"}", "nested too deeply"),
        (b'{"keel": ' + b"1" * 5_000 + b"}", "too long"),
        (b"[" + b"[]," * 200_001 + b"[]]", "far more values"),
        (b"[1, 2]", "a framework is a JSON object, not a list"),
        (b"5", "not a number"),
        (b"null", "not null"),
        (b'{"buckets": [', "line 1, column 14"),
        (b'{\n "buckets": [}\n', "line 2, column 14"),
        (b"x" * 20_000_001, "20.1 MB; a framework file may have at most 20 MB"),
    ],
)
def test_what_is_no_framework_is_refused_in_one_sentence(data: bytes, words: str) -> None:
    assert words in refused(data).message


def test_too_many_buckets_are_refused_by_their_number() -> None:
    text = "path,target_weight\n" + "".join(f"A/B{n},0\n" for n in range(2_001))
    assert "more than 2,000 buckets" in refused(text, "mix.csv").message
    rows = [{"path": f"A/B{n}", "target_weight": 0} for n in range(2_001)]
    assert "more than 2,000 buckets" in refused(buckets(*rows)).message
    assert "301 columns" in refused("path" + "," * 300, "mix.csv").message
    deep = "path,target_weight\n" + "".join(f"A/B{n}/C/D,0\n" for n in range(700))
    assert "more than 2,000 buckets" in refused(deep, "mix.csv").message


def test_bad_input_is_echoed_short_and_without_control_characters() -> None:
    error = refused(buckets({"path": "A/B", "target_weight": "\x1b[31m" + "x" * 500}))
    assert "\\x1b[31m" in error.message
    assert len(error.message) < 160


def test_a_path_too_deep_is_an_issue_and_not_a_flood_of_buckets() -> None:
    made, _ = read_framework(buckets({"path": "A/" * 400 + "B", "target_weight": 1}).encode(), "mix.json")
    assert [i.code for i in check(made) if i.code == "bad_path"] == ["bad_path"]
    assert all(i.message.isprintable() and len(i.subject) < 200 for i in check(made))


def test_what_is_not_finite_is_not_written() -> None:
    with pytest.raises(KeelError, match="not finite"):
        framework_json(flat(float("nan"), 0.5))


# Anything at all

json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["buckets", "path", "target_weight", "rules", "holdings", "band", "rebalancing", "keel"])
            | st.text(max_size=4),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


def survives(data: bytes, name: str) -> None:
    said: list[str] = []
    try:
        made, notes = read_framework(data, name)
        said += [issue.message for issue in (*notes, *check(made))]
    except KeelError as error:
        said.append(error.message)
    assert all(message.isprintable() for message in said)


@given(st.binary(max_size=200), st.sampled_from(["f.json", "f.csv"]))
def test_any_bytes_are_read_or_refused(data: bytes, name: str) -> None:
    survives(data, name)


@given(json_values)
def test_any_json_is_read_or_refused(value: object) -> None:
    survives(json.dumps(value).encode(), "f.json")


@given(st.lists(st.fixed_dictionaries({"path": st.text(max_size=8), "target_weight": json_values}), max_size=4))
def test_any_buckets_are_read_or_refused(rows: list[object]) -> None:
    survives(buckets(*rows).encode(), "f.json")


@given(st.lists(st.lists(st.text(max_size=6), max_size=4).map(",".join), max_size=4).map("\n".join))
def test_any_rows_are_read_or_refused(rows: str) -> None:
    survives(f"path,target_weight,holdings\n{rows}".encode("utf-8", "replace"), "f.csv")
