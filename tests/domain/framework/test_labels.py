"""Names mean the same however they are written, and 600 that people use mean what they say."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.domain import trees

from keel import settings
from keel.domain.framework.contents import settled
from keel.domain.framework.word_list import read_words

WORDS = read_words((settings.load({}).data_dir / "labels.toml").read_bytes(), "labels.toml")
FILE = Path(__file__).with_name("labels.csv")


def means(label: str) -> set[str]:
    """What a name means where nothing stands above the bucket."""
    return set(settled(WORDS.guess(label), ()))


def test_every_label_people_use_means_what_it_says() -> None:
    with FILE.open(encoding="utf-8", newline="") as file:
        rows = [(row["label"], set(row["means"].split())) for row in csv.DictReader(file)]
    assert len(rows) >= 300
    wrong = {label: (means(label), asked) for label, asked in rows if means(label) != asked}
    assert not wrong


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("US large-cap stocks", "Stocks (large cap, U.S.)"),
        ("Schwellenländer Aktien", "AKTIEN SCHWELLENLAENDER"),
        ("Matières premières", "matieres premieres"),
        ("World ex US", "Global excluding the United States"),
        ("SmallCapValue", "Value, small caps"),
        ("Bonos del Tesoro", "US Treasuries"),
        ("Staatsanleihen 7–10 Jahre", "7-10 year government bonds"),
        ("My Vanguard gold fund", "Gold"),
    ],
)
def test_case_accents_order_and_plurals_do_not_matter(one: str, other: str) -> None:
    assert means(one) == means(other) != set()


def test_a_word_nobody_knows_and_two_classes_at_once_are_no_guess() -> None:
    assert not WORDS.guess("Florentine")
    assert not WORDS.guess("Stocks and bonds")
    assert not WORDS.guess("")


@given(st.text(max_size=60) | trees.labels)
def test_any_text_has_a_guess_of_at_most_one_class(label: str) -> None:
    tags = WORDS.guess(label).tags
    assert sum(tag.startswith("asset_class:") for tag in tags) <= 1
    assert len(tags) == len(set(tags))


def test_a_long_name_is_read_in_time() -> None:
    assert WORDS.guess("gold " * 2_000).tags == ("asset_class:alternatives", "what:gold")
