"""Files with columns of their own: guessed by their names, or said."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.sources.brokers.samples import AS_OF, content, sample, shorts, text

from keel.domain.reading.day import DayForm
from keel.errors import AmbiguousDatesError, ImportFormatError
from keel.sources.brokers import detect
from keel.sources.brokers.columns import Columns, fingerprint, guess


def test_a_german_bank_is_read_by_the_names_of_its_columns() -> None:
    assert shorts(sample("other.csv")) == [
        "buy 12.5 IE00B4L5Y983 -1235.00 EUR (Main)",
        "dividend 0 IE00B4L5Y983 +12.30 EUR (Main)",
        "sell 2.5 IE00B4L5Y983 +247.75 EUR (Main)",
        "deposit 500 CASH +500.00 EUR (Main)",
        "withdrawal 100 CASH -100.00 EUR (Main)",
    ]


def test_columns_that_nobody_could_guess_are_said() -> None:
    body = b"wann,was,wieviel,wozu\n01/02/2026,VTI,3,10.50\n"
    said = Columns(date="wann", symbol="was", quantity="wieviel", price="wozu", dates=DayForm.month_first)
    (bought,) = detect.read(body, "x.csv", AS_OF, said).activities
    assert (bought.kind, bought.symbol, bought.quantity, bought.amount) == ("buy", "VTI", 3.0, -31.5)
    assert (bought.date.month, bought.currency) == (1, "")
    with pytest.raises(ImportFormatError, match="no known format has these columns"):
        detect.read(body, "x.csv", AS_OF)
    with pytest.raises(AmbiguousDatesError):
        detect.read(body, "x.csv", AS_OF, Columns(date="wann", symbol="was", quantity="wieviel", price="wozu"))
    with pytest.raises(ImportFormatError, match='there is no column "units"'):
        detect.read(body, "x.csv", AS_OF, Columns(symbol="was", quantity="units"))


def test_a_list_without_days_is_what_is_held() -> None:
    reading = text("Ticker;Anzahl;Kurs\nVTI;1,5;300,25\nCASH;200;\n")
    assert shorts(reading) == ["opening 1.5 VTI (Main)", "opening 200 CASH (Main)"]
    assert reading.activities[0].date == AS_OF


def test_rows_that_add_up_others_are_passed_over() -> None:
    held = "Name;Anzahl;Kurs;Wert\nFund A;1,5;300,25;450,38\nSumme;;;450,38\n"
    assert shorts(text(held)) == ["opening 1.5 Fund A (Main)"]
    done = "Date,Type,Symbol,Quantity,Price\n2026-01-05,Buy,VTI,1,10.00\nTotal,,,1,10.00\n"
    assert shorts(text(done)) == ["buy 1 VTI -10.00 (Main)"]
    odd = text("Name;Anzahl;Wert\nFund A;1,5;450,38\nAn insurance;;100,00\n")
    assert [(c.code, c.subject) for c in odd.complaints] == [("no_quantity", "row 3, Anzahl")]


def test_signs_tell_where_no_kind_does() -> None:
    body = "Date,Symbol,Quantity,Amount\n2026-01-05,VTI,3,-900\n2026-01-06,VTI,-1,310\n2026-01-07,,,500\n"
    assert shorts(text(body)) == [
        "buy 3 VTI -900.00 (Main)",
        "sell 1 VTI +310.00 (Main)",
        "deposit 500 CASH +500.00 (Main)",
    ]


def test_the_first_rows_of_a_file_are_shown_with_a_guess() -> None:
    header = detect.header_of(content("other.csv"), "other.csv")
    assert header is not None
    assert header.columns[0] == "Handelsdatum"
    assert header.head[0][2] == "IE00B4L5Y983"
    assert (header.guess.date, header.guess.amount, header.guess.fee) == ("Handelsdatum", "Betrag", "Gebühr")
    assert detect.header_of(b"<client/>", "x.xml") is None


@settings(max_examples=25)
@given(st.permutations(["Date", "Action", "Symbol", "Quantity", "Price"]))
def test_the_order_of_columns_says_nothing(names: list[str]) -> None:
    row = {"Date": "2026-01-05", "Action": "Buy", "Symbol": "VTI", "Quantity": "3", "Price": "10.25"}
    body = ",".join(names) + "\n" + ",".join(row[name] for name in names) + "\n"
    assert shorts(text(body)) == ["buy 3 VTI -30.75 (Main)"]
    assert fingerprint(names) == fingerprint(sorted(names))
    assert guess(names) == guess(sorted(names))


def test_words_without_their_accents_and_a_preamble_are_read() -> None:
    french = (
        "Releve de compte\nCompte: FR76 XXXX\nDate d'operation;Date de valeur;Operation;ISIN;Libelle;Quantite;Cours;"
        'Montant;Frais;Devise\n15/01/2024;17/01/2024;Achat;US0378331005;Apple Inc.;25;172,50;"4.312,50";0,99;EUR\n'
        '05/03/2024;07/03/2024;Prelevement;;;;;"-1.200,00";;EUR\nTotal mouvements: "13.754,20"\n*** Fin du releve ***\n'
    )
    assert shorts(text(french)) == [
        "buy 25 US0378331005 -4312.50 EUR (Main)",
        "withdrawal 1200 CASH -1200.00 EUR (Main)",
    ]


def test_an_order_that_was_not_carried_out_is_left_out_and_said() -> None:
    body = "date;status;type;isin;shares;price;amount\n2025-08-01;Cancelled;Buy;IE00B1W57M07;3,505;21,39;-74,98\n"
    assert [(c.code, c.subject) for c in text(body).complaints] == [("not_done", "row 2, status")]


def test_money_of_a_total_is_that_of_its_own_column() -> None:
    body = (
        "Action,Time,Ticker,No. of shares,Price / share,Currency (Price / share),Total,Currency (Total)\n"
        "Market buy,2024-05-02 14:30:05.123,ACME,10.0000000000,150.00,USD,1201.80,GBP\n"
    )
    assert shorts(text(body)) == ["buy 10 ACME -1201.80 GBP (Main)"]
