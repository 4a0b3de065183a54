"""An instrument: an id that stays, a caveat that goes along, and tags that follow from its facts."""

from __future__ import annotations

import pytest

from keel.domain.market.instrument import FactSource, Instrument, InstrumentType, derive_tags, new_id

FUND = Instrument("ins_a", "A", "Fund", InstrumentType.etf)


def test_the_id_of_a_symbol_first_seen_depends_on_what_kind_of_thing_it_is() -> None:
    ids = {new_id(kind, "VTI") for kind in InstrumentType}
    assert len(ids) == len(InstrumentType)
    assert new_id(InstrumentType.etf, "VTI") in ids
    assert all(id.startswith("ins_") for id in ids)


def test_a_caveat_is_found_among_the_sources() -> None:
    assert FUND.caveat == ""
    sources = (FactSource("prices", "somewhere"), FactSource("caveat", "Ends in 2017."))
    assert Instrument("i", "B", "B", InstrumentType.index, sources=sources).caveat == "Ends in 2017."


def test_a_computed_series_says_so_by_its_tag() -> None:
    assert not FUND.derived
    assert Instrument("i", "B", "B", InstrumentType.index, tags=("derived",)).derived


@pytest.mark.parametrize(
    ("leverage", "expected"),
    [(1.0, ()), (2.0, ("leveraged",)), (-1.0, ("inverse",)), (-3.0, ("inverse", "leveraged")), (0.0, ())],
)
def test_gearing_is_a_tag_and_so_is_betting_against(leverage: float, expected: tuple[str, ...]) -> None:
    assert derive_tags(leverage=leverage) == expected


def test_a_group_of_sectors_is_a_tag_beside_the_sector() -> None:
    assert derive_tags(sector="Health Care", sector_group="Defensive") == ("sector:defensive", "sector:health_care")
