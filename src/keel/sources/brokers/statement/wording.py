"""Portfolio Performance's words for columns and kinds in six languages, which other programs write too."""

from __future__ import annotations

from collections.abc import Iterable

from keel.sources.brokers.statement.actions import Actions, effect_of
from keel.sources.brokers.statement.journal import Effect

_WORDS = {
    "date": "datum|buchungsdatum|data|fecha",
    "time": "zeit|uhrzeit|tijd|heure|ora|hora",
    "type": "typ|transactietype|tipo",
    "value": "wert|waarde (netto)|valeur|valore|valor",
    "note": "notiz|opmerking|nota",
    "shares": "stück|bestand|shares held|aantal|parts|azioni|cantidad",
    "fees": "gebühren|kosten|frais|commissioni|comisiones",
    "taxes": "steuern|belasting|impôts / taxes|tasse|impuestos",
    "isin2": "isin2",
    "shares2": "stück2|aantal2|parts2|azioni2",
    "security": "wertpapier|wertpapiername|security name|name|effect|nom du titre|nome titolo|nombre del valor",
    "quote": "kurs|koers|cotation|quotazione|cotización",
    "amount": "betrag",
    "gross amount": "bruttobetrag|waarde (bruto)|montant brut|importo lordo|valor bruto",
    "net transaction value": "gesamtpreis",
    "account": "konto|cash account|depot|portfolio",
    "offset account": "gegenkonto",
    "source": "quelle",
    "currency": "buchungswährung|transaction currency|währung|transactievaluta|devise de l'opération"
    "|valuta operazione|moneda de la transacción",
    "symbol": "ticker-symbol|ticker symbol|tickersymbool|symbole boursier|simbolo titolo|símbolo del ticker",
    "market value": "marktwert",
    "share in %": "anteil in %",
    "purchase value": "kaufwert",
    "purchase price": "einstandskurs",
}
COLUMNS = {other: english for english, others in _WORDS.items() for other in others.split("|")}
KINDS: Actions = (
    (r"kauf\b|buy|purchase|aankoop|achat|compra", Effect.buy),
    (r"verkauf|sell|sale|verkoop|vente|vendi|venta", Effect.sell),
    (r"dividend", Effect.dividend),
    (r"zins|interest|rente|intérêt|frais d'int|interess|interes", Effect.interest),
    (r"tax|.*(steuer|belasting|impôt|tasse|impuesto)", Effect.tax),
    (r"fee|.*(gebühr|kosten|frais|commissioni|comision)", Effect.fee),
    (r"einlieferung|auslieferung|deliver|livraison|consegna|entrega|.*levering", Effect.delivered),
    (
        r"umbuchung|transfer|wertpapierübertrag|security transfer|transfert|trasferimento|traspaso|.*overboeking",
        Effect.moved,
    ),
    (r"einlage|entnahme|deposit|removal|withdrawal|einzahlung|auszahlung|storting|onttrekking", Effect.cash),
    (r"dépôt|retrait|deposito|prelievo|depósito|retirada", Effect.cash),
    (r"split|aktiensplit|stock split", Effect.stock_split),
    (r"spinoff|spin-off|swap|abspaltung|umtausch", Effect.changed),
)
OUT = (
    *("entnahme", "auszahlung", "removal", "withdrawal", "onttrekking", "retrait", "prelievo", "retirada"),
    *("zinsbelastung", "interest charge", "rentelasten", "frais", "interessi passivi"),
    *("umbuchung (ausgang)", "transfer (outbound)", "uitgaande", "transfert (sortant)", "trasferimento (in uscita)"),
    *("traspaso (salida)", "auslieferung", "delivery (outbound)", "gebühren", "fees", "kosten", "commissioni"),
    *("comisiones", "steuern", "taxes", "belasting", "impôts", "tasse", "impuestos"),
)
AWAY = ("(outbound)", "(ausgang)", "(sortant)", "(in uscita)", "(salida)")
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


def effect_of_kind(kind: str) -> Effect:
    """What a kind of transaction does.

    >>> effect_of_kind("Kauf").value, effect_of_kind("Umbuchung (Ausgang)").value
    ('buy', 'moved')
    """
    return effect_of(kind.lower(), KINDS)


def goes_out(kind: str) -> bool:
    """Whether a kind of transaction takes cash or units away where its numbers have no sign.

    >>> goes_out("Gebühren"), goes_out("Gebührenerstattung"), goes_out("Security Transfer (Outbound)")
    (True, False, True)
    """
    word = kind.lower()
    return (word.startswith(OUT) or word.endswith(AWAY)) and not word.endswith(BACK)
