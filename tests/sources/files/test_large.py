"""Files that are streamed: told from their beginning, and only those whose text is UTF-8."""

from __future__ import annotations

from pathlib import Path

import pytest

from keel.errors import ImportFormatError
from keel.sources.files import large
from keel.sources.files.columns import Columns
from keel.sources.files.large import find_large


def write(folder: Path, data: bytes) -> Path:
    path = folder / "spy.csv"
    path.write_bytes(data)
    return path


def test_a_large_file_is_described_by_its_first_rows(tmp_path: Path) -> None:
    file = find_large(write(tmp_path, b"# note\nDate;Close\n\n31.01.2020;1,5\n"), "spy.csv", 1)
    assert file is not None
    assert (file.separator, file.above, file.names, file.symbols) == (";", 2, ("Date", "Close"), ("SPY",))
    assert (file.columns, file.first_date) == (Columns(0, None, 1), "31.01.2020")
    assert find_large(write(tmp_path, b"date,A\n2020-01-31,1\n"), "spy.csv") is None


def test_what_is_not_plain_text_is_read_whole(tmp_path: Path) -> None:
    for data in (
        b"PAR1" * 9,
        b"PK\x03\x04" * 9,
        "date,A\n2020-01-31,1\n".encode("utf-16"),
        "date,Ä\n".encode("cp1252"),
        b"\n\n",
    ):
        assert find_large(write(tmp_path, data), "spy.csv", 1) is None
    assert find_large(tmp_path, "folder", 1) is None


def test_a_header_that_cannot_be_used_and_a_file_without_end_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ImportFormatError, match="the column is there twice"):
        find_large(write(tmp_path, b"date,A,A\n"), "spy.csv", 1)
    monkeypatch.setattr(large, "LARGEST", 5)
    with pytest.raises(ImportFormatError, match="more than the 0 MB that can be read"):
        find_large(write(tmp_path, b"date,A\n2020-01-31,1\n"), "spy.csv", 1)
