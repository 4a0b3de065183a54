"""The word list is there."""

from __future__ import annotations

from pathlib import Path

import pytest

from keel import settings
from keel.errors import ImportFormatError
from keel.sources.embedded.labels import label_file


def test_the_word_list_is_read_and_a_missing_one_is_named(tmp_path: Path) -> None:
    assert b"[[words]]" in label_file(settings.load({}).data_dir)
    with pytest.raises(ImportFormatError, match=r"labels\.toml"):
        label_file(tmp_path)
