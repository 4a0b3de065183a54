"""Every word has a meaning and a unit, and every metric is explained."""

from __future__ import annotations

from keel import vocabulary
from keel.vocabulary import TERMS


def test_every_term_has_a_meaning_a_unit_and_a_known_group() -> None:
    for term in TERMS:
        assert term.meaning.endswith("."), term.word
        assert term.unit, term.word
        assert term.group in vocabulary.GROUPS


def test_no_word_or_key_means_two_things() -> None:
    names = [name for term in TERMS for name in dict.fromkeys((term.word.casefold(), term.key)) if name]
    assert len(names) == len(set(names))


def test_a_tip_is_empty_for_an_unknown_word() -> None:
    assert vocabulary.tip("flux capacitor") == ""
    assert vocabulary.tip("CAGR").startswith("The steady yearly return")


def test_a_figure_of_the_sample_says_of_when_it_is() -> None:
    assert "The sample's figures are of March 2024" in vocabulary.tip("average daily volume")


def test_every_convention_is_a_sentence() -> None:
    for words, meaning in vocabulary.CONVENTIONS:
        assert words
        assert meaning.endswith(".")
