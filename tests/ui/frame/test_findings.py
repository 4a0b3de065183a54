"""The titles of pages, and lists as a person says them."""

from __future__ import annotations

from keel.ui.frame.findings import listed, mapping_finding


def test_other_titles() -> None:
    assert mapping_finding(1, 3) == "1 of 3 buckets has a product"
    assert listed(["Equity", "Bonds", "Gold"]) == "Equity, Bonds and Gold"
