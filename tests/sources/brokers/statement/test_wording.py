"""Portfolio Performance's words."""

from __future__ import annotations

import pytest

from keel.sources.brokers.statement.wording import effect_of_kind, goes_out, in_english, in_english_one


@pytest.mark.parametrize(
    ("german", "english", "effect", "out"),
    [
        ("Kauf", "Buy", "buy", False),
        ("Verkauf", "Sell", "sell", False),
        ("Dividende", "Dividend", "dividend", False),
        ("Zinsen", "Interest", "interest", False),
        ("Zinsbelastung", "Interest Charge", "interest", True),
        ("Gebühren", "Fees", "fee", True),
        ("Gebührenerstattung", "Fees Refund", "fee", False),
        ("Steuern", "Taxes", "tax", True),
        ("Steuerrückerstattung", "Tax Refund", "tax", False),
        ("Einlage", "Deposit", "cash", False),
        ("Entnahme", "Removal", "cash", True),
        ("Einlieferung", "Delivery (Inbound)", "delivered", False),
        ("Auslieferung", "Delivery (Outbound)", "delivered", True),
        ("Umbuchung (Eingang)", "Transfer (Inbound)", "moved", False),
        ("Umbuchung (Ausgang)", "Transfer (Outbound)", "moved", True),
    ],
)
def test_a_kind_says_the_same_in_both_languages(german: str, english: str, effect: str, out: bool) -> None:
    for kind in (german, english):
        assert (effect_of_kind(kind), goes_out(kind)) == (effect, out)


@pytest.mark.parametrize(
    ("kind", "effect", "out"),
    [
        ("Verkoop", "sell", False),
        ("Rentelasten", "interest", True),
        ("Terugbetaling van belastingen", "tax", False),
        ("Frais d'Intérêts", "interest", True),
        ("Remboursement de Frais", "fee", False),
        ("Impôts / Taxes", "tax", True),
        ("Transfert (Sortant)", "moved", True),
        ("Interessi passivi", "interest", True),
        ("Rimborso tasse", "tax", False),
        ("Retirada", "cash", True),
        ("Traspaso (entrada)", "moved", False),
    ],
)
def test_other_languages_are_known(kind: str, effect: str, out: bool) -> None:
    assert (effect_of_kind(kind), goes_out(kind)) == (effect, out)


def test_columns_have_english_words() -> None:
    assert in_english(["datum", "stück", "gegenkonto"]) == {"date", "shares", "offset account"}
    assert in_english_one("isin") == "isin"
