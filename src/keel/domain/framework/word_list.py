"""The word list's file, as what it means."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping

from keel.domain.framework.labels import Guess, Words, stem, tokens, unaccented
from keel.domain.reading.place import Place
from keel.domain.reading.text import decode
from keel.domain.reading.values import read_list, read_object, read_text

LANGUAGES = ("en", "de", "fr", "es")


def read_words(data: bytes, name: str) -> Words:
    """The word list of a TOML file. Raises ImportFormatError naming what cannot be read."""
    place = Place(name)
    try:
        given: Mapping[str, object] = tomllib.loads(decode(data, place))
    except tomllib.TOMLDecodeError as error:
        raise place.error(f"not valid TOML ({error}).") from None
    at = place.field("words")
    phrases: dict[tuple[str, ...], Guess] = {}
    alone: dict[tuple[str, ...], Guess] = {}
    for n, row in enumerate(read_list(given.get("words", []), at)):
        entry = read_object(row, at.item(n))
        guess = Guess(tuple(_texts(entry, "means", at)), tuple(_texts(entry, "assumes", at)))
        phrases |= {_stems(phrase): guess for language in LANGUAGES for phrase in _texts(entry, language, at)}
        alone |= {_stems(phrase): guess for phrase in _texts(entry, "alone", at)}
    return Words(
        phrases=phrases,
        alone=alone,
        fillers=frozenset(_stems(word) for word in _of_all(given, "fillers", place)),
        without=frozenset(_stems(word) for word in _of_all(given, "without", place)),
        heads=tuple(sorted((unaccented(head) for head in _of_all(given, "compounds", place)), key=len, reverse=True)),
    )


def _stems(phrase: str) -> tuple[str, ...]:
    return tuple(stem(token) for token in tokens(phrase))


def _texts(entry: Mapping[str, object], name: str, place: Place) -> Iterator[str]:
    for word in read_list(entry.get(name, []), place.field(name)):
        yield read_text(word, place.field(name))


def _of_all(given: Mapping[str, object], name: str, place: Place) -> Iterable[str]:
    entry = read_object(given.get(name, {}), place.field(name))
    return (word for language in LANGUAGES for word in _texts(entry, language, place.field(name)))
