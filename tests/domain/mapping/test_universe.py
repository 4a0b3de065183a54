"""The market as one framework sees it, and the dataset a study of its products stands on."""

from __future__ import annotations

from datetime import date

from keel.domain.framework.records import Bucket, Framework
from keel.domain.framework.rules import Rules
from keel.domain.mapping.universe import fits, market_of, study_dataset
from keel.domain.market.choice import ANY_DATASET, UNUSABLE, choose_dataset
from keel.domain.market.instrument import Coverage, Instrument, InstrumentType


def fund(symbol: str, region: str, **facts: object) -> Instrument:
    about = {"asset_class": "Equity", "region": region, "tags": (f"region:{region.lower()}",)} | facts
    return Instrument(symbol, symbol, symbol, InstrumentType.etf, **about)  # type: ignore[arg-type]


def series(symbol: str, dataset: str, begins: int = 2016) -> Coverage:
    return Coverage(symbol, date(begins, 1, 4), date(2026, 1, 2), 2500, "daily", "total_return", dataset)


def bucket(region: str, weight: float) -> Bucket:
    return Bucket(f"Region/{region}", region, weight, rules=Rules(include_tags=(f"region:{region.lower()}",)))


TWO = Framework("Two", (bucket("US", 0.7), bucket("Emerging", 0.3)))
SPY, EEM, YEN = fund("SPY", "US"), fund("EEM", "Emerging"), fund("YEN", "US", currency="JPY")
COVERAGE = (series("SPY", "long", 1990), series("SPY", "both"), series("EEM", "both"), series("EEM", "short", 2020))
MARKET = market_of(TWO, (SPY, EEM, YEN), COVERAGE)


def test_mapping_judges_by_the_dataset_that_serves_every_bucket() -> None:
    assert [(fit.span.dataset, fit.lacking, fit.weight) for fit in fits(TWO, MARKET)] == [
        ("long", ("Emerging",), 0.7),
        ("both", (), 1.0),
        ("short", ("US",), 0.3),
    ]
    assert choose_dataset(fits(TWO, MARKET)) == "both"


def test_a_study_stands_on_what_mapping_judged_by_even_where_a_bucket_stays_in_cash() -> None:
    assert study_dataset(TWO, MARKET, {"Region/US": [(SPY, 1.0)], "Region/Emerging": [(EEM, 1.0)]}) == "both"
    assert study_dataset(TWO, MARKET, {"Region/US": [(SPY, 1.0)]}) == "both"


def test_a_product_it_has_no_prices_for_is_studied_where_most_of_the_weight_is_served() -> None:
    gold = fund("GLD", "Other")
    market = market_of(TWO, (SPY, EEM), (*COVERAGE, series("GLD", "gold"), series("SPY", "gold")))
    assert study_dataset(TWO, market, {"Region/US": [(SPY, 1.0)], "Region/Emerging": [(gold, 1.0)]}) == "gold"


def test_a_series_in_another_currency_is_not_usable() -> None:
    found = MARKET.prices(YEN, ANY_DATASET)
    assert not found.usable
    assert found.note == "Prices in JPY, the framework is in USD, and there is no exchange rate JPYUSD."


def test_with_an_exchange_rate_it_is_usable_and_that_is_said() -> None:
    rate = Coverage("USDJPY", date(2000, 1, 3), date(2026, 1, 2), 6000, "daily", "rate", "currencies", "user")
    market = market_of(TWO, (SPY, YEN), (*COVERAGE, series("YEN", "both"), rate))
    assert market.prices(YEN, ANY_DATASET).usable
    assert market.usable("both").tolist() == [True, True]
    assert [finding.code for finding in market.priced(1, "both").health][:1] == ["converted"]
    assert "Prices are converted from JPY by USDJPY." in [f.message for f in market.priced(1, "both").health]


def test_what_stands_in_is_to_be_reached_too() -> None:
    lent = fund("LENT", "US", proxy="YEN")
    priced = (*COVERAGE, series("YEN", "both"))
    market = market_of(TWO, (SPY, YEN, lent), priced)
    assert (
        market.prices(lent, "both").note
        == "Prices in JPY, the framework is in USD, and there is no exchange rate JPYUSD."
    )
    assert market.usable("both").tolist() == [True, False, False]
    assert (market.unreached(lent), market.unreached(YEN), market.unreached(SPY)) == (
        ("YEN", "JPY"), ("YEN", "JPY"), ("", "")
    )  # fmt: skip
    rate = Coverage("USDJPY", date(2000, 1, 3), date(2026, 1, 2), 6000, "daily", "rate", "currencies", "user")
    assert market_of(TWO, (SPY, YEN, lent), (*priced, rate)).usable("both").tolist() == [True, True, True]
    unknown = market_of(TWO, (SPY, lent), priced)  # of what is no product the currency is taken as the product's
    assert unknown.usable("both").tolist() == [True, True]


def test_histories_count_to_the_newest_price_unless_a_date_is_given() -> None:
    assert MARKET.columns.as_of == date(2026, 1, 2)
    assert market_of(TWO, (SPY,), (), as_of=date(2020, 6, 30)).columns.as_of == date(2020, 6, 30)
    assert MARKET.newest(MARKET.prices(SPY, "long")) == date(2026, 1, 2)
    assert MARKET.frequency("both") == "daily "
    assert MARKET.frequency(ANY_DATASET) == ""


def test_filters_narrow_what_passes_a_buckets_rules() -> None:
    rules = Rules(include_tags=("region:us",))
    assert MARKET.passing(rules).tolist() == [True, False, True]
    narrow = market_of(TWO, (SPY, EEM, YEN), COVERAGE, Rules(currencies=("USD",)))
    assert narrow.passing(rules).tolist() == [True, False, False]


def test_what_is_usable_and_how_a_dataset_serves_is_said_of_all_products_at_once() -> None:
    assert MARKET.usable("long").tolist() == [True, False, False]
    assert MARKET.usable(ANY_DATASET).tolist() == [True, True, False]
    assert MARKET.service(Rules(include_tags=("region:emerging",)), "both") == (0, True)
    assert MARKET.service(Rules(include_tags=("region:emerging",)), "long") == (UNUSABLE, False)


def test_the_prices_of_a_place_are_those_of_its_product() -> None:
    priced = MARKET.priced(1, "short")
    assert (priced.usable, priced.price_note) == (True, MARKET.prices(EEM, "short").note)
    assert MARKET.priced(1, "short") is priced
