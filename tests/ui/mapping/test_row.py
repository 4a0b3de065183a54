"""A row says at a glance what stands behind it."""

from __future__ import annotations

from keel.domain.issue import Finding, Severity
from keel.ui.mapping.row import health, mark, series, short


def test_the_gravest_finding_is_the_badge() -> None:
    note, doubt = Finding("proxied", Severity.note, "", ""), Finding("stale", Severity.warning, "", "")
    assert health([note, doubt]) == ":orange-badge[:material/warning: Doubtful]"
    assert health([note]) == ":gray-badge[:material/info: Notes]"
    assert series([note], usable=True) == "proxy"


def test_a_split_is_marked_by_its_weakest_product() -> None:
    assert mark([1.0, 0.31]) == "31 ●●○○○"


def test_a_name_that_fits_stays_whole() -> None:
    assert short("SPDR Gold MiniShares Trust") == "SPDR Gold MiniShares Trust"
