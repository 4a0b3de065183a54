"""The colour slot of every bucket."""

from __future__ import annotations

from keel import settings
from keel.domain.framework.records import Bucket, Framework
from keel.domain.framework.slots import slots, word
from keel.services import design


def test_a_bucket_has_the_slot_its_template_gives_it() -> None:
    for template in design.templates(settings.load()):
        given = slots(template.framework)
        assert {path: given[path] for path in template.slots} == dict(template.slots)


def test_parts_are_kin_of_their_class_and_unknown_words_get_free_slots() -> None:
    tree = ("A/Equity", "A/Equity/US", "A/Equity/World", "A/Equity/EM", "A/Timber", "A/Art")
    given = slots(Framework("x", tuple(Bucket(path, path, 0.1) for path in tree)))
    assert [given[path] for path in tree] == [0, 0, 7, 9, 1, 2]


def test_more_classes_than_slots_begin_again() -> None:
    tree = tuple(f"A/Art {n}" for n in range(12))
    given = slots(Framework("x", tuple(Bucket(path, path, 0.05) for path in tree)))
    assert len(set(given.values())) == 9
    assert given["A/Art 9"] == given["A/Art 0"]


def test_capital_letters_do_not_matter() -> None:
    assert word("AssetClass/EQUITY") == word("equity") == "equity"
