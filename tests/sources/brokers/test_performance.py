"""Portfolio Performance's CSV files, German and English."""

from __future__ import annotations

from tests.sources.brokers.samples import AS_OF, sample, shorts, text

ALL = "Datum;Typ;Wertpapier;Stück;Kurs;Betrag;Gebühren;Steuern;Gesamtpreis;Konto;Gegenkonto;Notiz;Quelle\n"


def test_all_transactions_are_read_and_a_depot_has_the_cash_that_serves_it() -> None:
    assert shorts(sample("Alle_Buchungen.csv")) == [
        "deposit 10000 CASH +10000.00 (Depot)",
        "buy 10 Nordwind Industrie AG -1502.50 (Depot)",
        "dividend 0 Nordwind Industrie AG +9.13 (Depot)",
        "sell 4 Nordwind Industrie AG +711.30 (Depot)",
        "buy 2 Apple Inc -360.00 USD (Depot)",
        "interest 4.55 CASH +4.55 (Tagesgeld)",
        "transfer_out 500 CASH -500.00 (Depot)",
        "transfer_in 500 CASH +500.00 (Tagesgeld)",
        "transfer_in 5 Südwind AG -100.00 (Depot)",
        "transfer_out 2 Südwind AG (Depot)",
        "transfer_in 2 Südwind AG (Zweitdepot)",
        "fee 9.9 CASH -9.90 (Depot)",
        "tax 3 CASH +3.00 (Depot)",
    ]


def test_cash_that_two_depots_share_stays_an_account_of_its_own() -> None:
    rows = (
        "2024-01-15;Kauf;A;1;150,00;150,00;;;150,00;Eins;Giro;;\n2024-01-16;Kauf;B;1;50,00;50,00;;;50,00;Zwei;Giro;;\n"
    )
    assert shorts(text(ALL + rows))[:3] == [
        "transfer_out 150 CASH -150.00 (Giro)",
        "transfer_in 150 CASH +150.00 (Eins)",
        "buy 1 A -150.00 (Eins)",
    ]


def test_both_rows_of_one_transfer_are_one() -> None:
    rows = (
        "2024-01-15;Umbuchung (Ausgang);;;;150,00;;;150,00;A;B;;\n"
        "2024-01-15;Umbuchung (Eingang);;;;150,00;;;150,00;B;A;;\n"
    )
    assert shorts(text(ALL + rows)) == ["transfer_out 150 CASH -150.00 (A)", "transfer_in 150 CASH +150.00 (B)"]


def test_the_file_of_one_account_is_named_after_it() -> None:
    reading = sample("Depot.csv")
    assert shorts(reading) == [
        "buy 6 BCO.F -835.26 EUR (Depot)",
        "buy 20 SOBA.F -1549.60 EUR (Depot)",
        "sell 3 BCO.F +421.70 EUR (Depot)",
        "transfer_in 20 LHA.F -549.60 EUR (Depot)",
    ]
    assert reading.activities[0].isin == "US0970231058"


def test_the_statement_of_assets_is_read_without_its_sums() -> None:
    reading = sample("Vermoegensaufstellung.csv")
    assert shorts(reading) == ["opening 10 NWI.DE (Main)", "opening 5 AAPL (Main)", "opening 2000 CASH (Main)"]
    assert [(a.price, a.currency, a.date) for a in reading.activities[:2]] == [
        (200.0, "", AS_OF),
        (220.0, "USD", AS_OF),
    ]


def test_the_file_of_an_account_of_cash_in_german_is_read() -> None:
    german = (
        "Datum;Typ;Wert;Buchungswährung;Bruttobetrag;Währung Bruttobetrag;Wechselkurs;Gebühren;Steuern;Stück;ISIN;WKN;"
        "Ticker-Symbol;Wertpapiername;Notiz\n"
        "2020-05-20T00:00;Kauf;-1.835,26;EUR;;;;1,00;0,00;6;US0970231058;850471;BCO.F;BOEING CO.;\n"
        "2020-05-21T00:00;Einlage;2.000,00;EUR;;;;;;;;;;;\n"
        "2020-05-22T00:00;Umbuchung (Ausgang);-100,00;EUR;;;;;;;;;;;\n"
    )
    assert shorts(text(german, "Giro.csv")) == [
        "buy 6 BCO.F -1835.26 EUR (Giro)",
        "deposit 2000 CASH +2000.00 EUR (Giro)",
        "transfer_out 100 CASH -100.00 EUR (Giro)",
    ]


def test_an_account_of_older_editions_has_no_gross_amounts() -> None:
    reading = text(
        "Date,Type,Value,Transaction Currency,Taxes,Shares,ISIN,WKN,Ticker Symbol,Security Name,Note\n"
        "2020-01-02T00:00,Buy,-5.00,EUR,0.00,1,BE0974258874,,BEKB,share-1,\n"
    )
    assert (reading.format, shorts(reading)) == ("Portfolio Performance", ["buy 1 BEKB -5.00 EUR (file)"])
