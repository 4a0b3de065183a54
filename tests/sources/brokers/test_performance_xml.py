"""Portfolio Performance's own file: references, nested accounts, and what is no such file."""

from __future__ import annotations

import re

import pytest
from tests.sources.brokers.samples import AS_OF, content, sample, shorts

from keel.errors import ImportFormatError
from keel.sources.brokers import detect, performance_xml

SMALL = """<client>
  <version>{version}</version><baseCurrency>USD</baseCurrency>
  <securities><security><name>A fund</name><tickerSymbol>VTI</tickerSymbol></security></securities>
  <accounts/>
  <portfolios><portfolio><name>D</name><transactions><portfolio-transaction>
    <date>2020-05-05</date><amount>10000</amount><security reference="{reference}"/>
    <shares>{shares}</shares><type>{kind}</type>
  </portfolio-transaction></transactions></portfolio></portfolios>
</client>"""
HOME = "../../../../../securities/security"


def read(version: int = 66, reference: str = HOME, shares: str = "500000000", kind: str = "BUY") -> list[str]:
    body = SMALL.format(version=version, reference=reference, shares=shares, kind=kind)
    return shorts(detect.read(body.encode(), "p.xml", AS_OF))


def test_transactions_are_found_wherever_they_stand_first() -> None:
    reading = sample("portfolio.xml")
    assert shorts(reading) == [
        "buy 55 NWI.DE -6737.15 EUR (Depot 1)",
        "transfer_out 20 NWI.DE (Depot 1)",
        "transfer_in 20 NWI.DE (Depot 2)",
        "transfer_in 4.5 Südwind & Söhne -100.00 EUR (Depot 2)",
        "deposit 10000 CASH +10000.00 EUR (Depot 1)",
        "dividend 0 NWI.DE +79.00 EUR (Depot 1)",
        "deposit 5377 CASH +5377.00 EUR (Depot 2)",
    ]
    assert reading.activities[0].fee == 27.15


@pytest.mark.parametrize(("version", "shares"), [(25, "500000"), (48, "5000000"), (49, "500000000")])
def test_shares_are_counted_as_in_their_version(version: int, shares: str) -> None:
    assert read(version, shares=shares) == ["buy 5 VTI -100.00 USD (D)"]


def test_references_by_number_are_followed() -> None:
    body = SMALL.format(version=66, reference="7", shares="500000000", kind="SELL")
    body = body.replace("<security><name>", '<security id="7"><name>')
    assert shorts(detect.read(body.encode(), "p.xml", AS_OF)) == ["sell 5 VTI +100.00 USD (D)"]


def test_a_kind_that_nobody_knows_is_said() -> None:
    body = SMALL.format(version=66, reference=HOME, shares="5", kind="GIFT")
    assert [c.code for c in detect.read(body.encode(), "p.xml", AS_OF).complaints] == ["unknown_kind"]


@pytest.mark.parametrize("reference", ["../../nowhere", "9", "../../../../../../../..", "a[x]", "."])
def test_a_reference_that_leads_nowhere_is_refused(reference: str) -> None:
    with pytest.raises(ImportFormatError, match="leads nowhere"):
        read(reference=reference)


def test_entities_and_damage_are_refused_in_one_sentence() -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE client [<!ENTITY a "aaaa">]><client>&a;</client>'
    with pytest.raises(ImportFormatError, match="declares entities"):
        detect.read(bomb, "p.xml", AS_OF)
    whole = content("portfolio.xml")
    for part in (whole[: len(whole) // 2], whole[:300], whole.replace(b"</securities>", b"</security>")):
        with pytest.raises(ImportFormatError, match="the XML is damaged here"):
            detect.read(part, "p.xml", AS_OF)
    with pytest.raises(ImportFormatError, match="not a whole number"):
        read(shares="many")
    deep = b"<client>" + b"<a>" * 5_000 + b"</a>" * 5_000 + b"</client>"
    with pytest.raises(ImportFormatError, match="nested too deeply"):
        detect.read(deep, "p.xml", AS_OF)


def test_more_entries_than_can_be_used_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(performance_xml, "MOST_ELEMENTS", 50)
    with pytest.raises(ImportFormatError, match="more than 50 entries"):
        detect.read(content("portfolio.xml"), "p.xml", AS_OF)


def test_prices_are_not_kept() -> None:
    prices = "".join(f'<price t="2020-01-{n % 28 + 1:02}" v="1"/>' for n in range(2_000))
    body = re.sub(r"<prices/>", f"<prices>{prices}</prices>", content("portfolio.xml").decode())
    assert shorts(detect.read(body.encode("utf-16"), "p.xml", AS_OF)) == shorts(sample("portfolio.xml"))
