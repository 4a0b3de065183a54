"""The word list is read, or refused with the place of what is wrong."""

from __future__ import annotations

import pytest

from keel.domain.framework.labels import Guess
from keel.domain.framework.word_list import read_words
from keel.errors import ImportFormatError

TEXT = b"""
[[words]]
means = ["asset_class:bonds"]
de = ["Anleihe"]
alone = ["B"]

[fillers]
en = ["fund"]

[compounds]
de = ["anleihen"]
"""


def test_phrases_mean_what_their_entry_says() -> None:
    words = read_words(TEXT, "words.toml")
    assert words.guess("Anleihen") == words.guess("b") == Guess(("asset_class:bonds",))
    assert words.guess("B fund") == Guess()
    assert words.heads == ("anleihen",)


@pytest.mark.parametrize("data", [b"words = 3", b"[[words]]\nmeans = 'x'\n", b"["])
def test_what_cannot_be_read_is_named(data: bytes) -> None:
    with pytest.raises(ImportFormatError, match=r"words\.toml"):
        read_words(data, "words.toml")
