from __future__ import annotations

from keel.domain.market.instrument import Instrument, InstrumentType
from keel.domain.market.search import search

FUNDS = [
    Instrument(symbol, symbol, name, InstrumentType.etf)
    for symbol, name in [
        ("AAXJ", "Asia ex Japan"),
        ("EWJ", "Japan"),
        ("KO", "Coca-Cola"),
        ("EWY", "South Korea"),
        ("KOL", "Coal"),
        ("IEMG", "Core Emerging Markets"),
        ("PDBC", "Commodity, hemerged"),
    ]
]


def symbols(text: str) -> list[str]:
    return [fund.symbol for fund in search(FUNDS, text)]


def test_the_exact_symbol_is_first_then_beginnings_then_the_rest() -> None:
    assert symbols("ko") == ["KO", "KOL", "EWY"]
    assert symbols("emerg") == ["IEMG", "PDBC"]


def test_every_word_must_be_there_and_nothing_is_guessed() -> None:
    assert symbols("japan asia") == ["AAXJ"]
    assert symbols("VWCE") == []
    assert symbols("  ") == []
