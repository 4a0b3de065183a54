"""``keel prices status``: every stored series, where it came from and what is wrong with it."""

from __future__ import annotations

import datetime as dt

from tests.commands.conftest import Keel
from tests.sources.yahoo.stand_in import Listing, Yahoo, weekdays

DAYS = weekdays(dt.date(2024, 1, 2), 6)
CLOSES = [100.0 + n for n in range(6)]


def test_status_lists_every_series_with_its_source_and_what_is_wrong(keel: Keel, yahoo: Yahoo) -> None:
    yahoo.listings["SPY"] = Listing(DAYS, CLOSES)
    assert "New prices: SPY" in keel("prices", "refresh", "--symbols", "SPY").out
    datasets = {dataset["id"]: dataset for dataset in keel("prices", "status", "--json").data["datasets"]}
    assert set(datasets) == {"monthly", "stocks_daily", "etf_daily", "public"}
    assert {d["owner"] for name, d in datasets.items() if name != "public"} == {"sample"}
    public = datasets["public"]
    assert (public["owner"], public["frequency"], public["price_kind"]) == ("user", "daily", "total_return")
    (series,) = public["symbols"]
    fetched_at = dt.datetime.fromisoformat(series.pop("fetched_at"))
    assert dt.timedelta(0) <= dt.datetime.now(dt.UTC) - fetched_at < dt.timedelta(minutes=5)
    assert [finding["code"] for finding in series.pop("findings")] == ["stale", "short_history"]
    assert series == {"symbol": "SPY", "first": "2024-01-02", "last": "2024-01-09", "rows": 6, "source": "Yahoo"}
    text = keel("prices", "status").out
    assert "public (user, daily, total_return)" in text
    assert "SPY     2024-01-02  2024-01-09     6   Yahoo         2" in text
