"""Which picks go along to a newer version of a framework."""

from __future__ import annotations

from dataclasses import replace

from keel.domain.framework.records import Bucket, Framework, Holding
from keel.domain.mapping.moving import Moved, moved
from keel.domain.market.instrument import Instrument, InstrumentType
from keel.domain.portfolio.records import Pick, Portfolio

OLDER = Framework("F", (Bucket("A/Equity", "Equity", 0.6), Bucket("A/Bonds", "Bonds", 0.4)), id="fw", version=1)
KNOWN = [Instrument(n, s, s, InstrumentType.etf) for n, s in (("1", "VTI"), ("2", "BND"), ("3", "VXUS"), ("4", "GLD"))]
PICKS = (Pick("A/Equity", "1", "VTI", 1.0), Pick("A/Bonds", "2", "BND", 1.0))
EQUITY, BONDS = OLDER.buckets


def to(*buckets: Bucket, picks: tuple[Pick, ...] = PICKS, older: Framework = OLDER) -> Moved:
    return moved(Portfolio("P", "fw", 1, picks), older, replace(OLDER, buckets=buckets, version=2), KNOWN)


def test_a_bucket_that_stays_keeps_its_picks() -> None:
    found = to(replace(EQUITY, target_weight=0.7), replace(BONDS, target_weight=0.3))
    assert found == Moved({"A/Equity": PICKS[:1], "A/Bonds": PICKS[1:]}, (), ())


def test_a_bucket_that_is_gone_drops_them_and_a_new_one_is_open() -> None:
    gold = Bucket("A/Gold", "Gold", 0.4)
    assert to(EQUITY, gold) == Moved({"A/Equity": PICKS[:1]}, PICKS[1:], (gold,))


def test_products_that_the_framework_names_anew_come_in_their_place() -> None:
    named = replace(EQUITY, holdings=(Holding("VTI", 0.7), Holding("VXUS", 0.3)))
    found = to(named, BONDS)
    assert [(p.symbol, p.share) for p in found.picks["A/Equity"]] == [("VTI", 0.7), ("VXUS", 0.3)]
    assert found.dropped == ()
    other = to(replace(EQUITY, holdings=(Holding("VXUS", 1.0),)), BONDS)
    assert other.dropped == PICKS[:1]


def test_products_it_named_before_do_not() -> None:
    named = replace(EQUITY, holdings=(Holding("VXUS", 1.0),))
    assert to(named, BONDS, older=replace(OLDER, buckets=(named, BONDS))).picks["A/Equity"] == PICKS[:1]


def test_a_lock_is_stronger_than_what_is_named_anew() -> None:
    locked = replace(PICKS[0], locked=True)
    named = replace(EQUITY, holdings=(Holding("VXUS", 1.0),))
    assert to(named, BONDS, picks=(locked, PICKS[1])).picks["A/Equity"] == (locked,)


def test_a_new_bucket_takes_the_products_it_names() -> None:
    gold = Bucket("A/Gold", "Gold", 0.4, holdings=(Holding("GLD", 1.0),))
    assert to(EQUITY, gold).picks["A/Gold"] == (Pick("A/Gold", "4", "GLD", 1.0),)


def test_what_is_not_known_any_more_is_not_carried_and_its_bucket_is_open() -> None:
    gone = (Pick("A/Equity", "1", "VTI", 0.5), Pick("A/Equity", "9", "GONE", 0.5), PICKS[1])
    found = to(EQUITY, BONDS, picks=gone)
    assert list(found.picks) == ["A/Bonds"]
    assert (found.dropped, found.open) == (gone[:2], (EQUITY,))


def test_a_bucket_that_names_what_nobody_knows_is_filled_by_the_framework_and_not_open() -> None:
    named = replace(EQUITY, holdings=(Holding("NEW", 1.0),))
    found = to(named, BONDS, picks=PICKS[1:])
    assert (list(found.picks), found.open) == (["A/Bonds"], ())
