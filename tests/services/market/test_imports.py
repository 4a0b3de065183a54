"""Prices of one's own: previewed, stored all or nothing, known by their content, and undone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from tests.patience import PATIENCE
from tests.services.portfolios import YEARLY, portfolio

from keel import settings
from keel.domain.market.choice import by_symbol, source_of
from keel.domain.market.instrument import InstrumentType
from keel.domain.market.prices import PriceMatrix
from keel.domain.reading.day import DayForm
from keel.domain.study.question import Question
from keel.errors import AmbiguousDatesError, ImportFormatError, ImportNotFoundError, InputError, MarketDataError
from keel.services import design, mapping, study
from keel.services.market import imports, record
from keel.services.market.imports import DATASET, Incoming
from keel.services.shared.held.worth import quoted
from keel.services.shared.job import Job
from keel.services.shared.subject import subject
from keel.sources.files import large
from keel.sources.files.prices import read_prices
from keel.store import frameworks, instruments, portfolios, prices
from keel.store.connection import Database
from keel.store.integrity import integrity
from keel.store.work.jobs import JobRow

WIDE = "date,NEW,SPY\n2020-01-31,1.5,300\n2020-02-28,1.6,310\n2020-03-31,,320\n"
LONG = "date,symbol,close,adj close,volume\n2020-01-31,NEW,3,1.5,10\n2020-02-28,NEW,3.2,1.6,\n"
MINE = Incoming()


def write(folder: Path, text: str, name: str = "p.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def stored(db: Database) -> tuple[object, ...]:
    """All that an import may change."""
    with db.cursor() as cursor:
        tables = ("prices", "price_series", "instruments", "instrument_names", "instrument_facts", "replaced_prices")
        rows = [cursor.execute(f"select count(*), sum(hash(t)) from {t} t").fetchall() for t in tables]
    return (*rows, prices.coverage(db), instruments.universe(db))


def test_a_preview_matches_symbols_and_stores_nothing(db: Database, tmp_path: Path) -> None:
    before = stored(db)
    seen = imports.preview(db, write(tmp_path, WIDE), "p.csv", MINE)
    assert stored(db) == before
    assert [(line.series.symbol, line.instrument is not None) for line in seen.lines] == [("NEW", False), ("SPY", True)]
    assert [line.series.frequency for line in seen.lines] == ["monthly", "monthly"]
    assert (seen.rows, seen.head[0].symbol, seen.head[0].adjusted_close) == (5, "NEW", 1.5)
    assert "Not known before, will be added as ETF in USD: NEW." in seen.notes
    assert imports.preview_document(seen)["series"][1]["replaces"] is False  # type: ignore[index]


def test_what_is_imported_is_what_the_command_line_reads(db: Database, tmp_path: Path) -> None:
    for text in (WIDE, LONG):
        path = write(tmp_path, text)
        made = imports.commit(db, path, "p.csv", MINE)
        read, held = read_prices(path), prices.series(db, made.symbols, DATASET)
        np.testing.assert_array_equal(held.dates, read.dates)
        for symbol in made.symbols:
            np.testing.assert_array_equal(held.line(symbol)[1], read.line(symbol)[1])
    assert integrity(db) == ()
    new = instruments.find(db, "NEW")
    assert new is not None
    assert (new.type, new.currency) == (InstrumentType.etf, "USD")


def test_closes_and_volumes_are_kept_beside_the_adjusted_closes(db: Database, tmp_path: Path) -> None:
    imports.commit(db, write(tmp_path, LONG), "p.csv", MINE)
    with db.cursor() as cursor:
        question = "select close, adjusted_close, volume from prices where dataset = $d order by date"
        rows = cursor.execute(question, {"d": DATASET}).fetchall()
    assert rows == [(3.0, 1.5, 10.0), (3.2, 1.6, None)]
    assert prices.coverage(db)[0].price_kind == "total_return"


@pytest.mark.parametrize(("step", "name"), [("B", "daily"), ("W", "weekly"), ("ME", "monthly"), ("YE", "annual")])
def test_series_are_called_by_how_often_there_is_a_price(db: Database, tmp_path: Path, step: str, name: str) -> None:
    days = pd.date_range("2000-01-03", periods=2_600 if step == "B" else 20, freq=step)
    text = "date,NEW\n" + "".join(f"{day:%Y-%m-%d},1.5\n" for day in days)
    seen = imports.preview(db, write(tmp_path, text), "p.csv", MINE)
    assert [line.series.frequency for line in seen.lines] == [name]


def test_a_users_series_comes_before_the_samples(db: Database, tmp_path: Path) -> None:
    imports.commit(db, write(tmp_path, WIDE), "p.csv", MINE)
    spy = instruments.find(db, "SPY")
    assert spy is not None
    own = source_of(spy, by_symbol(prices.coverage(db))).own
    assert own is not None
    assert (own.dataset, own.instrument_id) == (DATASET, spy.id)


def test_the_same_content_twice_changes_nothing(db: Database, tmp_path: Path) -> None:
    path = write(tmp_path, WIDE)
    first = imports.commit(db, path, "p.csv", MINE)
    after = stored(db)
    again = imports.commit(db, path, "again.csv", MINE)
    assert again.id == first.id
    assert "nothing changed" in again.notes[0]
    assert stored(db) == after
    same = imports.preview(db, path, "p.csv", MINE).same
    assert same is not None
    assert same.id == first.id


def test_undoing_an_import_brings_back_what_was_there(db: Database, tmp_path: Path) -> None:
    before = stored(db)
    first = imports.commit(db, write(tmp_path, WIDE), "p.csv", MINE)
    between = stored(db)
    second = imports.commit(db, write(tmp_path, WIDE.replace("310", "311")), "p.csv", MINE)
    assert second.replaced == 2
    with pytest.raises(InputError, match=f"was followed by {second.id}"):
        imports.undo(db, first.id)
    assert imports.undo(db, second.id).undone_at is not None
    assert stored(db) == between
    imports.undo(db, first.id)
    assert stored(db) == before
    imports.undo(db, first.id)
    assert (stored(db), integrity(db), imports.history(db)) == (before, (), ())
    assert imports.commit(db, write(tmp_path, WIDE), "p.csv", MINE).id != first.id
    with pytest.raises(ImportNotFoundError):
        imports.undo(db, "imp_none")


def test_content_that_was_replaced_since_is_imported_again(db: Database, tmp_path: Path) -> None:
    path = write(tmp_path, WIDE)
    first = imports.commit(db, path, "p.csv", MINE)
    imports.commit(db, write(tmp_path, WIDE.replace("310", "311"), "q.csv"), "q.csv", MINE)
    assert imports.commit(db, path, "p.csv", MINE).id != first.id
    assert prices.series(db, ["SPY"], DATASET).closes[1, 0] == 310


@pytest.mark.parametrize(
    ("text", "incoming", "words"),
    [
        (WIDE.replace("310", "x"), MINE, 'row 3, column SPY: "x" is not a price'),
        (WIDE.replace("NEW", "SPY"), MINE, "column SPY: the column is there twice"),
        (WIDE, Incoming("monthly"), "The dataset monthly does not hold imports"),
        (WIDE, Incoming(" "), "cannot be the name of a dataset"),
        (WIDE, Incoming("*"), "cannot be the name of a dataset"),
        (WIDE, Incoming(currency="dollars"), "dollars is no currency"),
        (WIDE.replace("2020-03-31,,", "9999-12-31,1,"), MINE, "NEW has a price on 9999-12-31, which is still to come"),
    ],
)
def test_what_is_refused_changes_nothing(
    db: Database, tmp_path: Path, text: str, incoming: Incoming, words: str
) -> None:
    before = stored(db)
    with pytest.raises(InputError, match=words):
        imports.commit(db, write(tmp_path, text), "p.csv", incoming)
    assert stored(db) == before


def test_a_large_file_is_streamed_and_comes_to_the_same(
    db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path, LONG, "[l].csv")
    small = imports.commit(db, path, "l.csv", MINE)
    whole = stored(db)[0]
    imports.undo(db, small.id)
    monkeypatch.setattr(large.find_large, "__defaults__", (0,))
    made = imports.commit(db, path, "l.csv", MINE)
    assert (made.rows, made.symbols, made.notes) == (small.rows, small.symbols, small.notes)
    assert stored(db)[0] == whole
    before = stored(db)
    with pytest.raises(ImportFormatError, match="NEW has a price on 2020-01-31 already"):
        imports.commit(db, write(tmp_path, LONG + "2020-01-31,NEW,3,1.5,10\n"), "l.csv", MINE)
    assert stored(db) == before


def test_prices_are_stored_in_the_order_of_their_ids(
    db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A block of rows is read only where it may hold an id that is asked for."""
    symbols = [f"N{n:02d}" for n in range(40)] + ["SPY"]
    text = f"date,{','.join(symbols)}\n" + "".join(f"2020-01-{day:02d}{',1.5' * 41}\n" for day in range(1, 29))
    for least in (large.LARGE, 0):
        monkeypatch.setattr(large.find_large, "__defaults__", (least,))
        made = imports.commit(db, write(tmp_path, text), "p.csv", MINE)
        assert made.symbols == tuple(symbols)
        with db.cursor() as cursor:
            ids = cursor.execute("select instrument_id from prices where dataset = $d", {"d": DATASET}).fetchall()
        assert ids == sorted(ids)
        assert len(set(ids)) == 41
        imports.undo(db, made.id)


@pytest.mark.parametrize(("form", "months"), [(DayForm.day_first, (4, 5)), (DayForm.month_first, (3, 3))])
def test_dates_that_may_be_either_are_asked_for_in_small_and_large_files(
    db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: DayForm, months: tuple[int, int]
) -> None:
    path = write(tmp_path, "date,symbol,close\n03/04/2020,NEW,1\n03/05/2020,NEW,2\n")
    for least in (large.LARGE, 0):
        monkeypatch.setattr(large.find_large, "__defaults__", (least,))
        with pytest.raises(AmbiguousDatesError, match="may begin with the day or with the month"):
            imports.preview(db, path, "p.csv", MINE)
        made = imports.commit(db, path, "p.csv", Incoming(dates=form))
        assert (made.first.month, made.last.month) == months
        imports.undo(db, made.id)


def test_large_files_are_imported_as_work_that_tells_how_far_it_is(db: Database) -> None:
    files = [("a.csv", WIDE.encode()), ("a.csv", LONG.encode())]
    job = imports.ask_import(db, files, MINE)
    assert job.finished(PATIENCE)
    assert job.answer is not None
    assert [one.rows for one in job.answer] == [5, 2]
    assert (job.done, job.total) == (7, 7)
    assert imports.last_import(db) is job
    with pytest.raises(InputError, match="cannot be the name"):
        imports.ask_import(db, files, Incoming(dataset=" "))
    assert [one.id for one in imports.history(db)] == [one.id for one in reversed(job.answer)]


def test_work_that_is_stopped_leaves_what_was_stored_as_it_was(db: Database, tmp_path: Path) -> None:
    request = {"folder": str(tmp_path), "files": ["p.csv"], "dataset": DATASET, "currency": "USD", "type": "ETF"}
    (tmp_path / "0").write_text(WIDE)
    before = stored(db)
    job: Job[tuple[imports.Import, ...]] = Job(JobRow("import", request), "prices")
    job.stop()
    assert imports.IMPORT.run(db, request | {"dates": None}, job) == ()
    assert stored(db) == before
    with pytest.raises(InputError, match="no longer here"):
        imports.IMPORT.run(db, request | {"dates": None}, job)


def test_with_the_same_symbols_twice_everything_names_the_same_series(db: Database, tmp_path: Path) -> None:
    """Mapping, study, record and valuation agree, template by template, on whose series serves a product."""
    symbols = [series.symbol for series in prices.coverage(db) if series.dataset == "monthly"]
    held = prices.series(db, symbols, "monthly")
    lines = [",".join(["date", *symbols])]
    for day, row in zip(held.dates, held.closes, strict=True):
        lines.append(",".join([str(day), *("" if np.isnan(x) else repr(float(x)) for x in row)]))
    imports.commit(db, write(tmp_path, "\n".join(lines)), "p.csv", MINE)
    for template in design.templates(settings.load()):
        if not template.framework.buckets:
            continue
        framework = design.adopt_template(db, settings.load(), template.id)
        suggested = mapping.suggest(db, framework)
        chosen = mapping.portfolio_of(db, framework.id)
        studied = subject(db, Question(chosen.id, {}))
        assert {bucket.dataset for bucket in suggested} == {studied.dataset}, template.id
        best = {bucket.label: bucket.suggestions[0].instrument.symbol for bucket in suggested}
        assert record.template_record(db, template).series == best
        assert {pick.symbol for pick in chosen.picks} == set(best.values())
    balanced = design.adopt_template(db, settings.load(), "balanced")
    assert {bucket.dataset for bucket in mapping.suggest(db, balanced)} == {DATASET}
    own = portfolio(db, dict.fromkeys(sorted({*symbols} - {"MSCI Japan"})[:4], 0.25))  # that one is in yen
    assert {s.own.dataset for s in subject(db, Question(own.id, {})).sources if s.own} == {DATASET}
    valued = quoted(db, [product.id for product in instruments.find_many(db, symbols)])
    assert {quote.series.dataset for quote in valued.values()} == {DATASET}


MONTHS = pd.date_range("2007-12-31", "2016-06-30", freq="ME").date
RATES = "date,EURUSD\n" + "".join(f"{month},{1.1 + 0.01 * n:.2f}\n" for n, month in enumerate(MONTHS))


def test_exchange_rates_come_in_as_a_dataset_of_their_own_and_a_study_in_euro_uses_them(
    db: Database, tmp_path: Path
) -> None:
    dollars = portfolio(db, {"SPY": 0.6, "BND": 0.4})
    euro = frameworks.save_version(db, replace(frameworks.get(db, dollars.framework_id), base_ccy="EUR"), 1)
    asked = Question(replace(dollars, framework_version=euro.version).id, YEARLY, dataset="etf_daily")
    held = portfolios.save(db, replace(dollars, framework_version=euro.version))
    with pytest.raises(MarketDataError, match="SPY is in USD, the study in EUR") as caught:
        study.run_backtest(db, replace(asked, portfolio_id=held.id))
    assert caught.value.hint == "Refresh USDEUR, or import it into the dataset currencies."
    before = instruments.universe(db)
    made = imports.commit(db, write(tmp_path, RATES), "fx.csv", Incoming("currencies"))
    assert instruments.universe(db) == before  # a rate is no product
    assert not integrity(db)
    found = study.run_backtest(db, replace(asked, portfolio_id=held.id))
    assert found.results[0].meta.frequency == "monthly"  # the rates are
    assert "Converted from USD by EURUSD: SPY, BND." in found.notes
    rate = prices.series(db, ["EURUSD"], "currencies").line("EURUSD")[1]
    prices_usd = subject(db, Question(dollars.id, YEARLY, dataset="etf_daily", portfolio_version=1)).prices
    assert found.prices.closes[0, 0] == pytest.approx(_month_end(prices_usd, "SPY", found.prices.dates[0]) / rate[1])
    imports.undo(db, made.id)


def _month_end(matrix: PriceMatrix, symbol: str, day: np.datetime64) -> float:
    dates, closes = matrix.line(symbol)
    return float(closes[dates <= day][-1])


def test_what_is_no_exchange_rate_does_not_come_in_as_one(db: Database, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="NEW is no exchange rate") as caught:
        imports.commit(db, write(tmp_path, WIDE), "p.csv", Incoming("currencies"))
    assert "EURUSD" in caught.value.hint
