"""The choices fit together: what a class offers is asked of it, and everything has a name."""

from __future__ import annotations

from keel.domain.framework.choices import ASKED, CHOICES, CLASS, KINDS, NARROW, OFFERED, SLICES, answer, in_words
from keel.domain.mapping.screening import SLICED
from keel.domain.mapping.screening import SLICES as SLICED_BY_KIND


def test_each_class_asks_for_what_it_offers_and_names_it() -> None:
    classes = next(choice.answers for choice in CHOICES if choice.kind == CLASS)
    assert set(classes) == set(ASKED) == set(OFFERED) == set(SLICES)
    for name, offered in OFFERED.items():
        assert set(offered) <= ASKED[name] <= set(KINDS)
    assert set(KINDS) >= NARROW


def test_every_way_to_be_a_slice_is_one_that_products_have() -> None:
    slices = {*SLICED_BY_KIND.values(), *SLICED.values(), "region"}
    assert {name for by in SLICES.values() for name in by} == slices


def test_contents_read_as_words() -> None:
    assert in_words(("asset_class:alternatives", "sector:real_estate", "what:real_estate")) == "Real estate"
    assert (
        in_words(("asset_class:equity", "region:international", "area:japan", "size:small")) == "Shares, Japan, small"
    )
    assert in_words(("esg",)) == ""
    assert answer("area", "global_ex_switzerland") == "Global ex switzerland"
