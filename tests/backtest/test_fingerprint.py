"""By what a window of prices is known again."""

from __future__ import annotations

from tests.backtest.closes import daily

from keel.backtest.fingerprint import fingerprint
from keel.backtest.window import align


def test_the_fingerprint_follows_dates_symbols_and_closes() -> None:
    first = fingerprint(align(daily([1, 2, 3]), ["A"]))
    assert first == fingerprint(align(daily([1, 2, 3]), ["A"]))
    others = [daily([1, 2, 4]), daily([1, 2, 3], start="2024-01-02")]
    assert first not in [fingerprint(align(other, ["A"])) for other in others]
    assert first != fingerprint(align(daily([1, 2, 3], names=("B",)), ["B"]))
    assert len(first) == 16
