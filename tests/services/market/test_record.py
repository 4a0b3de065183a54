"""How templates would have done on the sample."""

from __future__ import annotations

import pytest

from keel import settings
from keel.domain.exchange.templates import Template, read_templates
from keel.services.market.record import template_record
from keel.services.shared.held.worth import quoted
from keel.sources.embedded.templates import template_files
from keel.store import prices
from keel.store.connection import Database

TEMPLATES = read_templates(template_files(settings.load().data_dir / "templates"))


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda t: t.id)
def test_every_template_has_a_record_on_the_sample(db: Database, template: Template) -> None:
    record = template_record(db, template)
    assert template_record(db, template) is record
    if not template.framework.buckets:
        assert (record.metrics, record.first, record.last, record.series) == ({}, None, None, {})
        return
    assert record.first is not None
    assert record.last is not None
    assert (record.last - record.first).days > 3 * 365
    assert isinstance(record.metrics["cagr"], float)
    assert set(record.series) | set(record.gaps)
    named = set(record.series.values())
    own = {series.instrument_id: series.symbol for series in prices.coverage(db) if series.symbol in named}
    quotes = quoted(db, own)
    assert {id: quote.series.symbol for id, quote in quotes.items()} == own  # valued by their own series, by no proxy
    assert bool(record.gaps) == ("In cash for want of prices" in record.note)
    lone = {"core_satellite": "Active Satellites", "sector_risk_band": "Defensive Sectors"}.get(template.id, "")
    assert not lone or f"{lone} is {record.series[lone]} alone" in record.note
