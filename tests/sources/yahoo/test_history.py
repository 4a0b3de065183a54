"""Days of a symbol, read by the unpatched library from a stand-in on this machine."""

from __future__ import annotations

import datetime as dt

import pytest
from tests.sources.yahoo.stand_in import Listing, Yahoo, weekdays

from keel.domain.market.public.bars import Bars, Failure
from keel.sources.yahoo.gate import Gate, Pace
from keel.sources.yahoo.history import ask_history, open_day

NOW = dt.datetime(2024, 3, 14, 15, tzinfo=dt.UTC)  # in the session of a Thursday in New York
DAYS = weekdays(dt.date(2024, 1, 2), 8)
CLOSES = [100.0 + n for n in range(8)]


def asked(symbol: str, since: dt.date | None = None) -> Bars | Failure:
    gate = Gate(Pace(sleep=lambda _: None))
    return gate.ask(symbol, lambda: ask_history(symbol, since, NOW), tries=2)


def bars(symbol: str, since: dt.date | None = None) -> Bars:
    answer = asked(symbol, since)
    assert isinstance(answer, Bars), answer
    return answer


def failed(symbol: str) -> tuple[str, str]:
    answer = asked(symbol)
    assert isinstance(answer, Failure), answer
    return answer.kind.value, answer.message


def test_good_days_come_with_both_closes_volumes_dividends_and_what_the_symbol_is(yahoo: Yahoo) -> None:
    adjusted = [close - 0.5 for close in CLOSES[:4]] + CLOSES[4:]
    yahoo.listings["SPY"] = Listing(DAYS, CLOSES, adjusted, dividends={DAYS[4]: 0.5})
    good = bars("SPY")
    assert good.dates.tolist() == DAYS
    assert good.closes.tolist() == CLOSES
    assert good.adjusted.tolist() == pytest.approx(adjusted)
    assert good.volumes.tolist() == [1000.0] * 8
    assert good.dividends.tolist() == [0, 0, 0, 0, 0.5, 0, 0, 0]
    assert good.about == {"currency": "USD", "name": "SPY Fund", "type": "ETF"}
    assert bars("SPY", DAYS[5]).dates.tolist() == DAYS[5:]


def test_raw_closes_and_volumes_are_those_of_the_day_before_a_split(yahoo: Yahoo) -> None:
    closes = [50.0] * 5 + [51.0] * 3
    yahoo.listings["SPLIT"] = Listing(DAYS, closes, splits={DAYS[5]: (2, 1)})
    good = bars("SPLIT")
    assert good.closes.tolist() == [100.0] * 5 + [51.0] * 3
    assert good.adjusted.tolist() == closes
    assert good.volumes.tolist() == [500.0] * 5 + [1000.0] * 3
    assert good.splits.tolist() == [0, 0, 0, 0, 0, 2.0, 0, 0]


def test_pence_are_pounds(yahoo: Yahoo) -> None:
    yahoo.listings["VUSA.L"] = Listing(DAYS, CLOSES, currency="GBp")
    good = bars("VUSA.L")
    assert good.currency == "GBP"
    assert good.closes.tolist() == pytest.approx([close / 100 for close in CLOSES])


def test_a_day_half_written_and_one_that_is_not_over_are_left_out(yahoo: Yahoo) -> None:
    yahoo.listings["HALF"] = Listing(DAYS, [*CLOSES[:7], 107.0], [*CLOSES[:7], None])
    assert bars("HALF").dates.tolist() == DAYS[:7]
    yahoo.listings["NONE"] = Listing(DAYS, [*CLOSES[:7], None])
    assert bars("NONE").dates.tolist() == DAYS[:7]
    days = weekdays(NOW.date() - dt.timedelta(days=3), 4)
    yahoo.listings["OPEN"] = Listing(days, CLOSES[:4], opened=NOW - dt.timedelta(minutes=1))
    assert bars("OPEN").dates.tolist() == days[:3]


def test_every_failure_has_its_class_and_a_sentence(yahoo: Yahoo) -> None:
    yahoo.listings["HOLES"] = Listing(DAYS, [None] * 8)
    yahoo.listings["BELOW"] = Listing(DAYS, [*CLOSES[:3], -1.0, *CLOSES[4:]])
    nothing = b'{"chart":{"result":[],"error":null}}'
    yahoo.odd |= {
        "LATE": (0, "", b""),
        "BUSY": (429, "text/plain", b"Too Many Requests"),
        "HTML": (200, "text/html", b"<html>oops</html>"),
        "VOID": (200, "application/json", nothing),
        "LIST": (200, "application/json", b"[1, 2]"),
        "CUT": (200, "application/json", b'{"chart":{"result":[{"meta":{"exchangeTimezoneName":"America/New_York"'),
    }
    assert failed("GONE") == (
        "delisted",
        "Yahoo has no prices of GONE: it is delisted, or has another symbol there.",
    )
    assert failed("HOLES") == ("empty", "Yahoo's answer for HOLES has no price in it.")
    assert failed("LATE") == ("timeout", "Yahoo did not answer for LATE in time.")
    assert failed("BUSY")[0] == "rate_limited"
    assert failed("BELOW") == ("malformed", "Yahoo's answer for BELOW cannot be used: the price of 2024-01-05 is -1.")
    for symbol in ("HTML", "VOID", "LIST", "CUT"):
        assert failed(symbol) == (
            "malformed",
            f"Yahoo's answer for {symbol} cannot be used: it is not what Yahoo usually sends.",
        )


def test_a_bad_answer_is_not_remembered(yahoo: Yahoo) -> None:
    yahoo.odd["HEALED"] = (200, "text/html", b"<html>oops</html>")
    assert failed("HEALED")[0] == "malformed"
    yahoo.odd.clear()
    yahoo.listings["HEALED"] = Listing(DAYS, CLOSES)
    assert len(bars("HEALED")) == 8


def test_without_a_network_every_symbol_says_so(yahoo: Yahoo, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTPS_PROXY", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    kind, message = failed("SPY")
    assert kind == "timeout"
    assert message == "Yahoo cannot be reached: there is no network here, or it is blocked."


def test_the_day_that_is_not_over_follows_the_exchange() -> None:
    begins = dt.datetime(2024, 1, 2, 14, 30, tzinfo=dt.UTC)
    hours = {"currentTradingPeriod": {"regular": {"start": begins, "end": begins + dt.timedelta(hours=6.5)}}}
    assert open_day(hours, begins + dt.timedelta(hours=1)) == dt.date(2024, 1, 2)
    assert open_day(hours, begins + dt.timedelta(hours=6.75)) == dt.date(2024, 1, 2)
    assert open_day(hours, begins + dt.timedelta(hours=8)) is None
    assert open_day({}, begins) == dt.date(2024, 1, 2)
