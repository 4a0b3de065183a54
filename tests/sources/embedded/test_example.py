"""The worked example's file: there, or said to be missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from keel.errors import SourceUnavailableError
from keel.sources.embedded.example import FILE, example_file

DATA = Path(__file__).resolve().parents[3] / "data"


def test_the_example_is_a_framework_file() -> None:
    assert example_file(DATA) == (DATA / "examples" / FILE).read_bytes()


def test_a_missing_example_is_named_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(SourceUnavailableError, match=r"global6\.json is missing") as caught:
        example_file(tmp_path)
    assert "KEEL_DATA" in caught.value.hint
