"""The committed sample is what its documentation says, and the derivation of each derived series is right."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from keel.domain.market.instrument import InstrumentType
from keel.domain.market.series import Line, period_ends, to_coarsest
from keel.sources.embedded.sample import Sample, load

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / "data"
SOURCES = (DATA / "SOURCES.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def sample() -> Sample:
    """What is committed."""
    return load(DATA)


@pytest.fixture(scope="module")
def script() -> Iterator[ModuleType]:
    """The build script as a module."""
    spec = importlib.util.spec_from_file_location("build_sample", DATA / "build.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(__import__("sys").modules, "build_sample", module)
        spec.loader.exec_module(module)
        yield module


def returns(line: Line) -> Line:
    return line[0][1:], line[1][1:] / line[1][:-1] - 1


def year(line: Line, which: int) -> float:
    """The return of one calendar year."""
    years = line[0].astype("datetime64[Y]").astype(int) + 1970
    before, end = np.flatnonzero(years == which - 1)[-1], np.flatnonzero(years == which)[-1]
    return float(line[1][end] / line[1][before] - 1)


def monthly_correlation(one: Line, other: Line, frequencies: tuple[str, str]) -> tuple[float, int]:
    """Correlation of the monthly returns both have, and their number."""
    lines = [period_ends(*one, "monthly", frequencies[0]), period_ends(*other, "monthly", frequencies[1])]
    _, closes = to_coarsest(lines, ["monthly", "monthly"])
    both = closes[~np.isnan(closes).any(axis=1)]
    moves = both[1:] / both[:-1] - 1
    return float(np.corrcoef(moves.T)[0, 1]), len(moves)


def test_the_documented_size_of_each_set_is_its_size(sample: Sample) -> None:
    rows = re.findall(r"^\| `sample/\S+` \| `(\w+)` \| (\d+) \| (\d+) \| (\S+) \| (\S+) \| ([\w ]+) \|$", SOURCES, re.M)
    assert len(rows) == len(sample.series) == 3
    for name, n, k, first, last, kind in rows:
        prices = sample.prices(name)
        assert prices.closes.shape == (int(n), int(k))
        assert (str(prices.dates[0]), str(prices.dates[-1])) == (first, last)
        assert set(prices.kinds) == {kind.replace(" ", "_")}


def test_every_pinned_member_is_documented_with_its_checksum(script: ModuleType) -> None:
    members = [value for value in vars(script).values() if isinstance(value, script.Member)]
    assert len(members) == 7
    for member in members:
        assert re.search(rf"`{re.escape(member.requirement)}`.*`{re.escape(member.path)}`.*`{member.sha256}`", SOURCES)


def test_the_files_together_are_small() -> None:
    assert sum(path.stat().st_size for path in DATA.rglob("*.*") if path.suffix in (".parquet", ".csv")) < 6_000_000


def test_series_are_positive_sorted_and_without_holes(sample: Sample) -> None:
    for series in sample.series:
        prices = series.prices
        assert (np.diff(prices.dates) > np.timedelta64(0)).all()
        for symbol in prices.symbols:
            dates, closes = prices.line(symbol)
            inside = (prices.dates >= dates[0]) & (prices.dates <= dates[-1])
            assert inside.sum() == len(dates), symbol
            assert (closes > 0).all(), symbol


def test_monthly_levels_start_at_one_on_the_month_end_before_their_first_return(sample: Sample) -> None:
    prices = sample.prices("monthly")
    late = {"MSCI Asia Ex-Japan": "2000-12-31", "Asia Ex-Japan": "2000-12-31", "Insurance-Linked": "2002-01-31"}
    for symbol in prices.symbols:
        dates, closes = prices.line(symbol)
        assert (str(dates[0]), closes[0]) == (late.get(symbol, "1999-12-31"), 1.0)
    np.testing.assert_allclose(returns(prices.line("MSCI US"))[1][:3], [-0.054011, -0.023908, 0.099633], atol=1e-15)
    np.testing.assert_allclose(returns(prices.line("MSCI Asia Ex-Japan"))[1][0], 0.1068, atol=1e-15)


def test_every_series_is_a_product_and_every_proxy_a_series(sample: Sample) -> None:
    products = {i.symbol: i for i in sample.instruments}
    assert len(products) == len(sample.instruments) == len({i.id for i in sample.instruments})
    for series in sample.series:
        for symbol in series.prices.symbols:
            assert products[symbol].dataset == series.dataset.id
            assert products[symbol].price_kind == series.dataset.price_kind
    assert {i.proxy for i in sample.instruments} - {""} <= set(sample.prices("monthly").symbols)
    assert sum(i.proxy != "" for i in sample.instruments) == 21


def test_every_product_can_be_mapped_and_is_labelled_honestly(sample: Sample) -> None:
    products = {i.symbol: i for i in sample.instruments}
    for instrument in sample.instruments:
        assert any(tag.startswith("asset_class:") for tag in instrument.tags), instrument.symbol
        assert any(tag.startswith("region:") for tag in instrument.tags), instrument.symbol
    assert {i.symbol for i in sample.instruments if i.currency != "USD"} == {"MSCI Japan"}
    assert {i.type for i in sample.instruments if i.survivor} == {InstrumentType.stock}
    assert sum(i.survivor for i in sample.instruments) == 20
    assert {i.symbol for i in sample.instruments if i.derived} == {"SPX_TR", "UST2", "UST5", "UST10", "UST30", "TBILL"}
    assert {i.symbol for i in sample.instruments if i.leverage != 1} == {
        i.symbol for i in sample.instruments if {"leveraged", "inverse"} & set(i.tags)
    }
    assert products["QUAL"].expense_ratio is not None  # the universe's facts and the sample's series on one product
    assert products["VLUE"].expense_ratio is None  # not known stays not known
    assert {tag for i in sample.instruments for tag in i.tags if tag.startswith("factor:")} == {
        *("factor:value", "factor:momentum", "factor:quality", "factor:minvol", "factor:growth", "factor:dividend"),
        *("factor:equal_weight", "factor:size"),
    }


@pytest.mark.parametrize(
    ("symbol", "words"),
    [
        ("MSCI US", "net of the 30% tax"),
        ("MSCI World USD", "MSCI ACWI"),
        *((symbol, "smoothed and backfilled") for symbol in ("Hedge Funds", "HF Equity Hedge", "HF Macro/CTA")),
    ],
)
def test_what_a_series_is_not_is_said_wherever_it_serves(sample: Sample, symbol: str, words: str) -> None:
    (series,) = [i for i in sample.instruments if i.symbol == symbol]
    assert words in series.caveat


def test_what_was_measured_of_the_labels_still_holds(sample: Sample) -> None:
    monthly, daily = sample.prices("monthly"), sample.prices("stocks_daily")
    for symbol, which, expected in (
        ("MSCI World USD", 2013, 0.2280),
        ("MSCI World USD", 2021, 0.1854),
        ("MSCI Japan", 2013, 0.5458),
        ("MSCI Japan", 2022, -0.0449),
        ("Cash", 2008, 0.0412),
        ("Cash", 2022, 0.0029),
    ):
        assert year(monthly.line(symbol), which) == pytest.approx(expected, abs=5e-5)
    assert year(daily.line("TBILL"), 2008) == pytest.approx(0.0141, abs=5e-5)
    assert year(daily.line("SPX_TR"), 2008) == pytest.approx(-0.3698, abs=5e-5)


@pytest.mark.parametrize(
    ("derived", "dataset", "seen", "expected", "months"),
    [
        ("SPX_TR", "monthly", "MSCI US", 0.9990, 275),
        ("UST10", "monthly", "US Treasuries", 0.981, 206),
        ("UST10", "etf_daily", "IEF", 0.987, 101),
        ("UST30", "etf_daily", "TLT", 0.994, 101),
    ],
)
def test_derived_series_move_with_what_was_seen(
    sample: Sample, derived: str, dataset: str, seen: str, expected: float, months: int
) -> None:
    frequency = "monthly" if dataset == "monthly" else "daily"
    one, other = sample.prices("stocks_daily").line(derived), sample.prices(dataset).line(seen)
    found, n = monthly_correlation(one, other, ("daily", frequency))
    assert found == pytest.approx(expected, abs=6e-4)
    assert n == months


def test_a_change_of_maturity_in_the_source_is_no_gain_or_loss(sample: Sample) -> None:
    dates, moves = returns(sample.prices("stocks_daily").line("UST30"))
    for day, expected in (("2002-02-19", -0.0034), ("2006-02-09", 0.0045)):
        assert moves[dates == np.datetime64(day)][0] == pytest.approx(expected, abs=5e-5)


def test_a_par_bond_at_an_unchanged_yield_earns_its_yield(script: ModuleType) -> None:
    yields, days = np.array([0.05]), np.array([30.0])
    for years in (2, 10, 25):
        earned = script.par_bond(yields, yields, days, years)[0]
        assert earned == pytest.approx(1.025 ** (2 * 30 / 365.25) - 1, rel=1e-12)


def test_a_par_bond_loses_about_its_duration_when_its_yield_rises(script: ModuleType) -> None:
    moved = script.par_bond(np.array([0.04]), np.array([0.0401]), np.array([0.0]), 10)[0]
    duration = (1 - 1.02**-20) / 0.04  # modified duration of a par bond
    assert moved == pytest.approx(-duration * 0.0001, rel=1e-2)
