"""Ghostfolio's export as JSON and its CSV."""

from __future__ import annotations

import json

import pytest
from tests.sources.brokers.samples import AS_OF, content, sample, shorts

from keel.domain.portfolio.held.ledger import add_up
from keel.errors import ImportFormatError
from keel.sources.brokers import detect


def test_the_export_is_read_and_cash_comes_to_its_balance() -> None:
    reading = sample("ghostfolio-export.json")
    assert [line.removesuffix(" (Trading account)") for line in shorts(reading)] == [
        "fee 49 CASH -49.00 USD",
        "buy 5 MSFT -1511.90 USD",
        "dividend 0 MSFT +3.10 USD",
        "adjustment 3557.8 CASH +3557.80 USD",
    ]
    held = add_up([reading.activities]).positions
    assert [(p.symbol, p.quantity) for p in held] == [("MSFT", 5.0), ("CASH", pytest.approx(2000.0))]
    assert [(c.code, c.subject) for c in reading.complaints] == [
        ("not_taken", "activities[3]"),
        ("planned", "activities[4]"),
    ]


def test_the_csv_is_read_with_days_in_several_forms() -> None:
    assert shorts(sample("ghostfolio-import.csv")) == [
        "fee 49 CASH -49.00 USD (Main)",
        "buy 5 MSFT -1511.90 USD (Main)",
        "dividend 0 MSFT +3.10 USD (Main)",
        "buy 1 US5949181045 -320.00 USD (Main)",
    ]


@pytest.mark.parametrize(
    ("field", "value", "match"),
    [
        ("quantity", "five", r'field activities\[1\].quantity: "five" is not a number'),
        ("date", None, r"field activities\[1\].date: there is no date"),
        ("symbol", 5, r"field activities\[1\].symbol: must be text"),
    ],
)
def test_a_wrong_field_is_refused_with_its_place(field: str, value: object, match: str) -> None:
    whole = json.loads(content("ghostfolio-export.json"))
    whole["activities"][1][field] = value
    with pytest.raises(ImportFormatError, match=match):
        detect.read(json.dumps(whole).encode(), "g.json", AS_OF)


def test_a_list_of_other_things_is_refused() -> None:
    for body in (b'{"activities": [1]}', b'{"activities": [], "accounts": {}}', b'{"activities": []}'):
        with pytest.raises(ImportFormatError):
            detect.read(body, "g.json", AS_OF)
