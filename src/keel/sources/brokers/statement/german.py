"""Portfolio Performance's words for columns and kinds, German and English, which other programs write too."""

from __future__ import annotations

from collections.abc import Iterable

from keel.sources.brokers.statement.actions import Actions, effect_of
from keel.sources.brokers.statement.journal import Effect

COLUMNS = {
    "datum": "date",
    "buchungsdatum": "date",
    "zeit": "time",
    "uhrzeit": "time",
    "typ": "type",
    "wert": "value",
    "notiz": "note",
    "stück": "shares",
    "bestand": "shares",
    "shares held": "shares",
    "gebühren": "fees",
    "steuern": "taxes",
    "stück2": "shares2",
    "wertpapier": "security",
    "wertpapiername": "security",
    "security name": "security",
    "name": "security",
    "kurs": "quote",
    "betrag": "amount",
    "gesamtpreis": "net transaction value",
    "konto": "account",
    "cash account": "account",
    "depot": "account",
    "portfolio": "account",
    "gegenkonto": "offset account",
    "quelle": "source",
    "buchungswährung": "currency",
    "transaction currency": "currency",
    "währung": "currency",
    "ticker-symbol": "symbol",
    "ticker symbol": "symbol",
    "marktwert": "market value",
    "anteil in %": "share in %",
    "share in %": "share in %",
    "kaufwert": "purchase value",
    "einstandskurs": "purchase price",
}
KINDS: Actions = (
    (r"kauf\b|buy|purchase", Effect.buy),
    (r"verkauf|sell|sale", Effect.sell),
    (r"dividende|dividend", Effect.dividend),
    (r"zins|interest", Effect.interest),
    (r"steuer|tax", Effect.tax),
    (r"gebühr|fee", Effect.fee),
    (r"einlieferung|auslieferung|deliver", Effect.delivered),
    (r"umbuchung|transfer|wertpapierübertrag|security transfer", Effect.moved),
    (r"einlage|entnahme|deposit|removal|withdrawal|einzahlung|auszahlung", Effect.cash),
    (r"split|aktiensplit|stock split", Effect.stock_split),
    (r"spinoff|spin-off|swap|abspaltung|umtausch", Effect.changed),
)
OUT = (
    *("entnahme", "auszahlung", "removal", "withdrawal", "zinsbelastung", "interest charge", "umbuchung (ausgang)"),
    *("transfer (outbound)", "auslieferung", "delivery (outbound)", "gebühren", "fees", "steuern", "taxes"),
)
BACK = ("erstattung", "refund", "rückerstattung")


def in_english_one(column: str) -> str:
    """The English word for a column."""
    return COLUMNS.get(column, column)


def in_english(columns: Iterable[str]) -> frozenset[str]:
    """The English words for columns.

    >>> sorted(in_english(["datum", "stück", "isin"]))
    ['date', 'isin', 'shares']
    """
    return frozenset(map(in_english_one, columns))


def german_effect(kind: str) -> Effect:
    """What a kind of transaction does.

    >>> german_effect("Kauf").value, german_effect("Umbuchung (Ausgang)").value
    ('buy', 'moved')
    """
    return effect_of(kind.lower(), KINDS)


def goes_out(kind: str) -> bool:
    """Whether a kind of transaction takes cash or units away where its numbers have no sign.

    >>> goes_out("Gebühren"), goes_out("Gebührenerstattung"), goes_out("Dividende")
    (True, False, False)
    """
    word = kind.lower()
    return word.startswith(OUT) and not word.endswith(BACK)
