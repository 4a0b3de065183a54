"""A bundle is read as what it was written from, and anything else is refused in one sentence."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable

import numpy as np
import pytest
from tests.pack.materials import material

from keel.errors import KeelError
from keel.pack.bundle.contents import ABOUT, EVENTS, FRAMEWORK, PARTS, PRICES, STUDY, WEALTH
from keel.pack.bundle.read import read_bundle
from keel.pack.bundle.replay import replay
from keel.pack.bundle.write import bundle

Change = Callable[[dict[str, bytes]], None]


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(content: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in content.items():
            archive.writestr(name, data)
    return out.getvalue()


def put(name: str, data: bytes) -> Change:
    return lambda content: content.update({name: data})


def edited(name: str, **changes: object) -> Change:
    def change(content: dict[str, bytes]) -> None:
        content[name] = json.dumps(json.loads(content[name]) | changes).encode()

    return change


def test_what_was_written_is_read() -> None:
    made = material()
    read = read_bundle(bundle(made), "a.keel.zip")
    assert read.framework == made.framework
    assert dict(read.question.policies) == dict(made.question.policies)
    assert read.question.settings == made.question.settings
    assert np.array_equal(read.prices.closes, made.prices.closes)
    assert read.prices.notes == made.prices.notes
    assert [a.name for a in read.answers] == [r.name for r in made.results]
    assert np.array_equal(read.answers[0].wealth, made.results[0].wealth)
    assert len(read.answers[0].events) == len(made.results[0].events)
    assert read.about.altered == ()
    assert (read.about.run_id, read.about.made) == ("run_1", "2026-11-21")


def test_a_part_that_was_changed_is_named() -> None:
    content = parts(bundle(material()))
    content[FRAMEWORK] += b" "
    assert read_bundle(packed(content), "a").about.altered == (FRAMEWORK,)


@pytest.mark.parametrize(
    "change",
    [
        put("../../etc/passwd", b"x"),
        put("more.json", b"{}"),
        put(ABOUT, b"{}"),
        put(ABOUT, b"x" * (PARTS[ABOUT] + 1)),
        put(STUDY, b"[" * 100_000),
        put(STUDY, b"{}"),
        put(STUDY, b"\xff\xfe\x00"),
        put(FRAMEWORK, b"[]"),
        put(PRICES, b""),
        put(PRICES, b"date,AAA\n2020-01-31,x\n"),
        put(PRICES, b"date,AAA,AAA\n2020-01-31,1,2\n"),
        put(PRICES, b"date,AAA\n2020-01-31,1\n2020-01-31,2\n"),
        put(PRICES, b"date,AAA\n2020-01-31,-1\n"),
        put(WEALTH, b"result,date,wealth\n9,2020-01-31,1\n"),
        put(WEALTH, b"result,date,wealth\n0,2020-01-31\n"),
        put(EVENTS, b"result,date,turnover,cost\n0,soon,1,1\n"),
        edited(STUDY, results=[]),
        edited(STUDY, filling=[]),
        edited(STUDY, question={"policies": {"a": {"trigger": "sometimes"}}}),
        edited(STUDY, question={"policies": {}}),
        edited(STUDY, benchmark={"frequency": "monthly"}),
        edited(STUDY, prices={"kinds": [], "notes": [], "survivors": [], "proxied": [["A"]]}),
        edited(STUDY, portfolio_id=7),
        edited(ABOUT, keel_bundle=2),
        edited(ABOUT, sha256=None),
        lambda content: content.pop(PRICES),
    ],
)
def test_what_is_no_bundle_is_refused_in_one_sentence(change: Change) -> None:
    content = parts(bundle(material()))
    change(content)
    with pytest.raises(KeelError) as refused:
        replay(read_bundle(packed(content), "a.keel.zip"))
    assert refused.value.message
    assert "\n" not in refused.value.message


@pytest.mark.parametrize("data", [b"", b"PK", b"%PDF-1.7", bundle(material())[:-40]])
def test_a_damaged_file_is_no_bundle(data: bytes) -> None:
    with pytest.raises(KeelError, match="not a bundle"):
        read_bundle(data, "a.keel.zip")


def test_a_part_that_lies_about_its_size_is_not_unpacked_whole() -> None:
    content = parts(bundle(material()))
    content[ABOUT] = b" " * 30_000_000
    data = packed(content)
    assert len(data) < 1_000_000
    with pytest.raises(KeelError, match="in it is larger"):
        read_bundle(data, "a.keel.zip")
