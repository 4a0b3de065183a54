"""What buckets hold, where their rules do not say: guessed from their names by the word list that is installed."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from keel import settings
from keel.domain.framework import contents, editing
from keel.domain.framework.labels import Words
from keel.domain.framework.records import Framework
from keel.domain.framework.word_list import read_words
from keel.sources.embedded.labels import FILE, label_file


def understood(framework: Framework) -> Framework:
    """The framework in which each bucket without tags of its own has those that its name means."""
    return contents.understood(framework, words())


def renamed(framework: Framework, path: str, label: str) -> Framework:
    """The framework with a bucket's new name, and with what that name means in the place of what the old one meant."""
    return contents.renamed(editing.rename_bucket(framework, path, label), path, words())


def words() -> Words:
    """The word list, read once."""
    return _words(settings.load().data_dir)


@cache
def _words(folder: Path) -> Words:
    return read_words(label_file(folder), FILE)
