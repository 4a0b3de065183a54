"""``keel replay``: the same, a difference, and what is no bundle."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.commands.conftest import Keel, refused
from tests.pack.bundle.test_read import packed, parts
from tests.pack.materials import material

from keel.pack.bundle.contents import PRICES
from keel.pack.bundle.write import bundle


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "calm.keel.zip"
    path.write_bytes(bundle(material()))
    return path


def test_a_bundle_is_the_same_again_without_a_database(
    keel: Keel, file: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("KEEL_DB", str(tmp_path / "none.duckdb"))
    done = keel("replay", file)
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("Computed again: 2 policies on 73 closes")
    assert keel("replay", file, "--json").data["same"] is True
    assert not (tmp_path / "none.duckdb").exists()


def test_what_differs_is_one_line_and_all_of_it_with_json(keel: Keel, file: Path) -> None:
    content = parts(file.read_bytes())
    content[PRICES] = content[PRICES].replace(b"2018-01-31,100.0", b"2018-01-31,101.0")
    file.write_bytes(packed(content))
    refused(keel("replay", file), "differ", "The part prices.csv", "The fingerprint of the prices")
    done = keel("replay", file, "--json")
    assert done.code == 2
    assert done.err.count("\n") == 1
    assert len(done.data["differences"]) > 10
    assert done.data["differences"][0]["where"] == "The part prices.csv"


def test_what_is_no_bundle_is_one_line(keel: Keel, file: Path, tmp_path: Path) -> None:
    file.write_bytes(b"%PDF-1.7")
    refused(keel("replay", file), "calm.keel.zip", "not a bundle")
    refused(keel("replay", tmp_path / "none.zip"), "none.zip", "was not found")
