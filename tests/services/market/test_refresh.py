"""A refresh of public prices: what is stored, what is reported, and that nothing is lost, doubled or overwritten."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from tests.attack.test_commands import ROUNDS
from tests.patience import PATIENCE
from tests.sources.yahoo.stand_in import Listing, Yahoo, weekdays

from keel.domain.framework.records import Framework
from keel.domain.market.choice import by_symbol, source_of, spans
from keel.domain.market.public.report import Report
from keel.errors import InputError
from keel.services.market import refresh
from keel.sources.yahoo.gate import Pace
from keel.sources.yahoo.source import Source
from keel.store import frameworks, instruments, prices
from keel.store.connection import Database
from keel.store.integrity import integrity

DAYS = weekdays(dt.date(2024, 1, 2), 80)
CLOSES = [100.0 + n for n in range(80)]
MANY = 32 if ROUNDS == 1 else 500  # every kind of answer once


def refreshed(db: Database, symbols: Sequence[str], pace: Pace | None = None) -> Report:
    return refresh.refresh(db, symbols, Source(pace or Pace(sleep=lambda _: None)), lambda _done, _of: None)


def rows(db: Database, symbol: str = "", table: str = "prices") -> list[tuple[object, ...]]:
    """What is stored of a symbol, of all without one, apart from the sample."""
    question = (
        f"select s.symbol, t.* exclude (instrument_id) from {table} t join instrument_symbols s"
        " on s.instrument_id = t.instrument_id where t.dataset in ('public', 'currencies')"
        " and ($symbol = '' or s.symbol = $symbol) order by all"
    )
    with db.cursor() as cursor:
        return cursor.execute(question, {"symbol": symbol}).fetchall()


def test_what_comes_is_stored_once_and_asked_again_changes_nothing(db: Database, yahoo: Yahoo) -> None:
    yahoo.listings["SPY"] = Listing(DAYS[:70], CLOSES[:70], dividends={DAYS[3]: 0.5}, splits={DAYS[9]: (2, 1)})
    assert refreshed(db, ["SPY"]) == Report(fetched=("SPY",))
    stored = rows(db, "SPY")
    assert len(stored) == 70
    assert stored[0] == ("SPY", "public", DAYS[0], 200.0, 100.0, 500.0)
    assert rows(db, "SPY", "price_events") == [
        ("SPY", "public", DAYS[3], "dividend", 1.0),
        ("SPY", "public", DAYS[9], "split", 2.0),
    ]
    revision = prices.revision(db)
    assert refreshed(db, ["SPY"]) == Report(unchanged=("SPY",))
    assert rows(db, "SPY") == stored
    assert prices.revision(db) == revision
    assert integrity(db) == ()


def test_later_only_the_last_days_are_asked_for(db: Database, yahoo: Yahoo) -> None:
    yahoo.listings["SPY"] = Listing(DAYS[:70], CLOSES[:70])
    refreshed(db, ["SPY"])
    yahoo.listings["SPY"] = Listing(DAYS, CLOSES)
    yahoo.asked.clear()
    assert refreshed(db, ["SPY"]) == Report(fetched=("SPY",))
    asked = [address for address in yahoo.asked if "/chart/SPY" in address and "period1" in address]
    begin = int(dt.datetime(*DAYS[60].timetuple()[:3], 4, tzinfo=dt.UTC).timestamp())
    assert len(asked) == 1
    assert f"period1={begin}" in asked[0]
    assert [row[2] for row in rows(db, "SPY")] == DAYS
    assert len(rows(db, "SPY", "price_events")) == 0


def test_a_restated_history_is_fetched_whole_again_and_said(db: Database, yahoo: Yahoo) -> None:
    yahoo.listings["BND"] = Listing(DAYS[:70], CLOSES[:70])
    refreshed(db, ["BND"])
    adjusted = [close * 0.99 for close in CLOSES[:75]] + CLOSES[75:]
    yahoo.listings["BND"] = Listing(DAYS, CLOSES, adjusted, dividends={DAYS[75]: 1.0})
    assert refreshed(db, ["BND"]) == Report(restated=("BND",))
    assert [row[4] for row in rows(db, "BND")] == pytest.approx(adjusted)
    assert [row[3] for row in rows(db, "BND")] == CLOSES
    assert integrity(db) == ()


def test_a_restated_history_that_cannot_be_had_whole_leaves_the_stored_one(db: Database, yahoo: Yahoo) -> None:
    yahoo.listings["BND"] = Listing(DAYS[:70], CLOSES[:70])
    refreshed(db, ["BND"])
    before = rows(db, "BND")
    yahoo.listings["BND"] = Listing(DAYS[60:], [2 * close for close in CLOSES[60:]])
    report = refreshed(db, ["BND"])
    assert [(f.symbol, f.kind.value) for f in report.failed] == [("BND", "restated")]
    assert report.failed[0].message == (
        "Yahoo tells past prices of BND otherwise now, and the stored ones stay: its whole history has only 20 days."
    )
    assert rows(db, "BND") == before


def test_the_sample_stays_as_it_is_and_the_fetched_series_wins(db: Database, yahoo: Yahoo) -> None:
    sample = [series for series in prices.coverage(db) if series.owner == "sample"]
    spy = instruments.find(db, "SPY")
    yahoo.listings["SPY"] = Listing(DAYS, CLOSES)
    refreshed(db, ["SPY"])
    covered = prices.coverage(db)
    assert [series for series in covered if series.owner == "sample"] == sample
    fetched = instruments.find(db, "SPY")
    assert spy is not None
    assert fetched is not None
    assert (fetched.id, fetched.name, fetched.tags) == (spy.id, spy.name, spy.tags)
    own = source_of(fetched, by_symbol(covered)).own
    assert own is not None
    assert (own.dataset, own.price_kind, own.instrument_id) == ("public", "total_return", spy.id)
    assert spans(covered)[0].dataset == "public"


def test_facts_come_with_their_source_and_day(db: Database, yahoo: Yahoo) -> None:
    yahoo.listings["NEWF"] = Listing(DAYS, CLOSES, volume=1000.0)
    refreshed(db, ["NEWF"])
    known = instruments.find(db, "NEWF")
    assert known is not None
    assert (known.name, known.type.value, known.asset_class, known.currency) == ("NEWF Fund", "ETF", "Equity", "USD")
    assert (known.expense_ratio, known.aum_usd, known.tags) == (0.0009, 5e9, ("asset_class:equity",))
    assert known.adv_usd == float(np.median([1000.0 * close for close in CLOSES[-63:]]))
    sources = {fact: (source, as_of) for fact, source, as_of in known.sources}
    assert sources["adv_usd"] == ("Yahoo, median of close × volume over 63 sessions", DAYS[-1])
    assert sources["expense_ratio"][0] == sources["category"][0] == sources["quote_type"][0] == "Yahoo"
    with db.cursor() as cursor:
        parts = cursor.execute("select kind, name, weight, source from instrument_exposures order by all").fetchall()
    assert parts == [
        ("asset_class", "Cash", 0.01, "Yahoo"),
        ("asset_class", "Equity", 0.99, "Yahoo"),
        ("sector", "Energy", 0.495, "Yahoo"),
        ("sector", "Information Technology", 0.495, "Yahoo"),
    ]
    asked = len([address for address in yahoo.asked if "quoteSummary" in address])
    refreshed(db, ["NEWF"])
    assert len([address for address in yahoo.asked if "quoteSummary" in address]) == asked  # good for a month
    assert integrity(db) == ()


def test_where_yahoo_says_nothing_but_prices_it_is_not_asked_for_every_symbol(db: Database, yahoo: Yahoo) -> None:
    yahoo.listings |= {f"S{n}": Listing(DAYS[:5], CLOSES[:5]) for n in range(30)}
    yahoo.without = "/v10/"
    report = refreshed(db, [f"S{n}" for n in range(30)])
    assert len(report.fetched) == len(report.without_facts) == 30
    asked = {address.partition("?")[0] for address in yahoo.asked if "quoteSummary" in address}
    assert refresh.MOST_SILENT <= len(asked) <= refresh.MOST_SILENT + refresh.WORKERS
    assert instruments.find(db, "S29") is not None  # known by its name and type all the same


def test_a_currency_that_is_not_the_base_brings_its_rate_in_a_dataset_of_its_own(db: Database, yahoo: Yahoo) -> None:
    frameworks.save_version(db, Framework("Mine", base_ccy="CHF"))
    yahoo.listings["VWCE.DE"] = Listing(DAYS, CLOSES, currency="EUR")
    yahoo.listings["EURCHF=X"] = Listing(DAYS, [0.95] * 80, volume=0.0, kind="CURRENCY")
    assert refreshed(db, ["VWCE.DE"]) == Report(fetched=("VWCE.DE", "EURCHF"))
    rate = [row for row in rows(db, "EURCHF") if row[1] == "currencies"]
    assert len(rate) == 80
    assert "currencies" not in [span.dataset for span in spans(prices.coverage(db))]
    assert refreshed(db, ["EURCHF=X"]) == Report(unchanged=("EURCHF",))


def test_nobody_is_asked_once_it_is_stopped(db: Database, yahoo: Yahoo) -> None:
    yahoo.listings |= {f"S{n}": Listing(DAYS[:5], CLOSES[:5]) for n in range(20)}
    answers = itertools.chain([False] * 12, itertools.repeat(True))
    report = refreshed(db, [f"S{n}" for n in range(20)], Pace(sleep=lambda _: None, stopped=lambda: next(answers)))
    assert report.failed == ()
    assert 0 < len(report.fetched) < 20
    assert {row[0] for row in rows(db)} == set(report.fetched)


def test_without_names_it_is_what_portfolios_hold_and_what_was_fetched_else_every_product(
    db: Database, yahoo: Yahoo
) -> None:
    every = refresh.usual_symbols(db)
    assert {"SPY", "BND", "AAPL"} <= set(every)
    assert "MSCI World" not in every
    yahoo.listings["SPY"] = Listing(DAYS, CLOSES)
    refreshed(db, ["SPY"])
    assert refresh.usual_symbols(db) == ("SPY",)


@pytest.mark.parametrize("text", ["", " , ", "SPY,<script>", "../x", "A" * 40])
def test_what_is_no_symbol_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        refresh.symbols_of(text)


def test_as_a_job_it_is_found_again_and_begun_anew(db: Database, yahoo: Yahoo) -> None:
    yahoo.listings["SPY"] = Listing(DAYS, CLOSES)
    job = refresh.ask_refresh(db, ("SPY",))
    assert job.finished(PATIENCE)
    assert job.answer == Report(fetched=("SPY",))
    again = refresh.ask_refresh(db, ("SPY",))
    assert again.row.id != job.row.id
    assert again.finished(PATIENCE)
    assert again.row.result == {"fetched": [], "unchanged": ["SPY"], "restated": [], "failed": []}


@pytest.mark.slow
def test_of_many_symbols_with_every_failure_every_good_row_is_stored_and_every_failure_named(
    db: Database, yahoo: Yahoo
) -> None:
    good = Listing(DAYS, CLOSES, kind="INDEX")
    halved = [close / 2 for close in CLOSES[:40]] + CLOSES[40:]
    kinds: list[Listing | tuple[int, str, bytes] | None] = [
        None,
        Listing(DAYS, [None] * 80),
        (0, "", b""),
        (429, "text/plain", b"Too Many Requests"),
        (200, "text/html", b"<html>oops</html>"),
        replace(good, closes=[*CLOSES[:9], -1.0, *CLOSES[10:]]),
        replace(good, closes=halved, splits={DAYS[40]: (2, 1)}),
        replace(good, adjusted=[*CLOSES[:79], None]),
    ]
    classes = ["delisted", "empty", "timeout", "rate_limited", "malformed", "malformed"]
    symbols = [f"S{n}" for n in range(MANY)]
    expected: dict[str, list[float]] = {}
    failing: dict[str, str] = {}
    for n, symbol in enumerate(symbols):
        kind = kinds[n // 4 % 8] if n % 4 == 0 else good
        if isinstance(kind, Listing):
            yahoo.listings[symbol] = kind
        elif kind is not None:
            yahoo.odd[symbol] = kind
        if n % 4 == 0 and n // 4 % 8 < len(classes):
            failing[symbol] = classes[n // 4 % 8]
        else:
            expected[symbol] = CLOSES[:79] if kind is kinds[7] else CLOSES
    report = refreshed(db, symbols)
    assert {f.symbol: f.kind.value for f in report.failed} == failing
    assert sorted(report.fetched) == sorted(expected)
    stored: dict[str, list[object]] = {}
    for symbol, _, _, close, *_ in rows(db):
        stored.setdefault(str(symbol), []).append(close)
    assert stored == expected
    assert integrity(db) == ()
    again = refreshed(db, symbols)
    assert sorted(again.unchanged) == sorted(expected)
    assert len(rows(db)) == sum(map(len, expected.values()))
