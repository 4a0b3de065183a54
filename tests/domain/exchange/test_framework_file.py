"""Frameworks as files: known by their content, in any usual encoding, and refused in one sentence otherwise."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.domain.exchange.files import refused, survives
from tests.domain.trees import six

from keel.domain.exchange.framework_file import read_framework
from keel.domain.exchange.framework_json import framework_json
from keel.domain.framework.validation import check
from keel.domain.issue import errors

EXAMPLE = Path(__file__).resolve().parents[3] / "data" / "examples" / "global6.json"
CSV = "path,label,target_weight\nA/Stocks,Stocks,60%\nA/Bonds,Bonds,0.4\n"


def test_the_worked_example_is_global_6() -> None:
    made, notes = read_framework(EXAMPLE.read_bytes(), EXAMPLE.name)
    assert notes == ()
    assert errors(check(made)) == ()
    leaves = [(b.target_weight, b.holdings[0].symbol) for b in made.buckets if b.holdings]
    assert leaves == [
        (0.3, "VTI"),
        (0.2, "VT"),
        (0.1, "AAXJ"),
        (0.25, "BNDX"),
        (0.05, "SCHP"),
        (0.1, "GLDM"),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_any_encoding_and_newline_is_read(encoding: str, newline: str) -> None:
    text = CSV.replace("Stocks,60", "Stöcks,60").replace("\n", newline)
    made, notes = read_framework(text.encode(encoding), "mix.csv")
    assert ([b.label for b in made.buckets], notes) == (["Stöcks", "Bonds"], ())
    whole = framework_json(replace(six(), name="Größe")).replace("\n", newline)
    assert read_framework(whole.encode(encoding), "six.json")[0].name == "Größe"


def test_json_is_known_by_its_content_whatever_its_name() -> None:
    assert read_framework(framework_json(six()).encode(), "upload")[0] == six()


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


@given(st.binary(max_size=200), st.sampled_from(["f.json", "f.csv"]))
def test_any_bytes_are_read_or_refused(data: bytes, name: str) -> None:
    survives(data, name)


def test_of_many_unknown_fields_a_hundred_are_named_and_the_others_counted() -> None:
    given = json.loads(framework_json(six())) | {f"k{n}": n for n in range(5_000)}
    _, notes = read_framework(json.dumps(given).encode(), "mix.json")
    assert len(notes) == 101
    assert notes[99].subject == "k99"
    assert notes[100].message == "4,900 more fields are not known and were ignored."


def test_weights_too_large_to_be_summed_are_out_of_range() -> None:
    held = b'[{"symbol": "S", "share": 1e308}, {"symbol": "T", "share": 1e308}]'
    for data in (
        b"path,target_weight\nA/B,1e308\nA/C,1e308",
        b'{"buckets": [{"path": "A/B/C", "target_weight": 1e308}, {"path": "A/B/D", "target_weight": 1e308}]}',
        b'{"buckets": [{"path": "A/B", "target_weight": 1, "holdings": ' + held + b"}]}",
    ):
        assert errors(check(read_framework(data, "a file")[0]))
