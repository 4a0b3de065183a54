"""Portfolios to study: leaves that are the symbols themselves."""

from __future__ import annotations

from keel.domain.framework.records import Bucket, Framework, Holding
from keel.domain.policy.presets import PRESETS
from keel.domain.portfolio.records import Portfolio
from keel.store import frameworks, portfolios
from keel.store.connection import Database

YEARLY = {"Yearly": PRESETS["annual"]}
BOTH = {"Never": PRESETS["never"], "5/25 band": PRESETS["five_twenty_five"]}


def portfolio(db: Database, targets: dict[str, float], **holdings: tuple[Holding, ...]) -> Portfolio:
    """A portfolio whose leaves are the symbols themselves, unless a leaf is given other holdings."""
    buckets = tuple(
        Bucket(f"Part/{n}", symbol, weight, holdings=holdings.get(symbol, (Holding(symbol, 1.0),)))
        for n, (symbol, weight) in enumerate(targets.items())
    )
    framework = frameworks.save_version(db, Framework("Test", buckets))
    return portfolios.save(db, Portfolio("Test", framework.id, 1))
