"""Trade Republic's own export, and what pytr writes."""

from __future__ import annotations

from tests.sources.brokers.samples import content, rows, sample, shorts, text


def test_the_own_export_is_read_with_fees_and_taxes_beside_amounts() -> None:
    reading = sample("transaction_export.csv")
    assert [line.removesuffix(" (Trade Republic)") for line in shorts(reading)] == [
        "deposit 200 CASH +200.00 EUR",
        "deposit 350 CASH +350.00 EUR",
        "buy 2.24313 IE00B4L5Y983 -201.00 EUR",
        "sell 35 NO0010890304 +80.03 EUR",
        "dividend 0 LU0496786574 +9.21 EUR",
        "interest 0.26 CASH +0.26 EUR",
        "tax 15.33 CASH +15.33 EUR",
        "transfer_in 17 IE00BK5BQT80",
        "withdrawal 12.5 CASH -12.50 EUR",
        "buy 20.03 CASH -20.03 EUR",
    ]
    assert reading.activities[2].name == "Core MSCI World USD (Acc)"
    assert rows(reading) == ["row 11, type"]


def test_semicolons_between_cells_say_the_same() -> None:
    commas = content("transaction_export.csv").decode()
    assert shorts(text(commas.replace('","', '";"'))) == shorts(sample("transaction_export.csv"))


def test_what_pytr_writes_is_read_with_decimal_commas() -> None:
    reading = sample("account_transactions.csv")
    assert [line.removesuffix(" (Trade Republic)") for line in shorts(reading)] == [
        "buy 60 IE00B4K6B022 -3002.80 EUR",
        "deposit 200 CASH +200.00 EUR",
        "split 49 US1696561059",
        "sell 17 US26740W1099 +94.76 EUR",
        "dividend 0 US20030N1019 +2.24 EUR",
        "adjustment 0.7 US92556V1061",
    ]


def test_pytr_in_english_is_read_with_points() -> None:
    body = "Date;Type;Value;Note;ISIN;Shares;Fees;Taxes\n2024-02-20;Buy;-3002.8;Fund;IE00B4K6B022;60;1;\n"
    assert shorts(text(body)) == ["buy 60 IE00B4K6B022 -3002.80 EUR (Trade Republic)"]


def test_another_account_and_a_kind_of_trade_that_is_new_are_read() -> None:
    head, *_ = content("transaction_export.csv").decode().splitlines(keepends=True)
    rows = (
        '"2026-09-18T08:29:13Z","2026-09-18","PEA","CASH","PEA_MARKETING","","","","","","1.000000","","","EUR"'
        + ',""' * 9
        + "\n"
        + '"2026-05-06T09:00:00Z","2026-05-06","DEFAULT","TRADING","SOMETHING_NEW","STOCK","Some AG","DE0007236101",'
        + '"2.000000","41.000000","-82.00","","","EUR"'
        + ',""' * 9
        + "\n"
    )
    assert shorts(text(head + rows)) == [
        "deposit 1 CASH +1.00 EUR (Trade Republic PEA)",
        "buy 2 DE0007236101 -82.00 EUR (Trade Republic)",
    ]


def test_what_pytr_writes_in_another_language_is_read() -> None:
    dutch = (
        "Datum;Transactietype;Waarde (netto);Opmerking;ISIN;Aantal;Kosten;Belasting\n"
        "2024-11-30;Onttrekking;-10,84;Naam;;;;\n2024-07-23;Aankoop;-5;Fund;IE00BKX55T58;0,052361;;\n"
        "2024-07-24;Uitgaande overboeking;0;Fund;IE00BKX55T58;0,05;;\n"
    )
    assert [line.removesuffix(" (Trade Republic)") for line in shorts(text(dutch))] == [
        "withdrawal 10.84 CASH -10.84 EUR",
        "buy 0.052361 IE00BKX55T58 -5.00 EUR",
        "transfer_out 0.05 IE00BKX55T58",
    ]
