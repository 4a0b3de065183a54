"""A bucket as one row: its pick, fee, prices, score and health at a glance; a click opens what stands behind them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

import streamlit as st

from keel import units
from keel.domain.framework.records import Framework
from keel.domain.framework.tree import find, parent
from keel.domain.issue import Finding, Severity
from keel.domain.mapping.matching import BucketSuggestions
from keel.domain.market.health import LEVELS
from keel.domain.portfolio.records import Pick
from keel.ui.frame import session, widgets
from keel.ui.mapping import draft as mapping_draft
from keel.ui.mapping.desk import Desk

OPEN = "mapping-open"  # by framework and path, whether somebody opened or closed the row
DOTS = 5
LABEL, PICK = 184, 222  # px; with the cells after them less than the 910 px of a page on a window of 1280
MOST_LETTERS = 26
HEALTH = {
    "bad": ":red-badge[:material/error: {}]",
    "doubtful": ":orange-badge[:material/warning: {}]",
    "note": ":gray-badge[:material/info: {}]",
}
WORDS = {"bad": "Unusable", "doubtful": "Doubtful", "note": "Notes"}


def groups(framework: Framework, buckets: Sequence[BucketSuggestions]) -> Iterator[tuple[str, list[BucketSuggestions]]]:
    """The buckets under the label of the one they are parts of, with its target; those at the top under a plain one."""
    for path, parts in groupby(buckets, key=lambda bucket: parent(bucket.path)):
        above = find(framework, path) if path is not None else None
        words = "Buckets" if above is None else f"{above.label} {units.weight(above.target_weight)}"
        yield words, list(parts)


def row(bucket: BucketSuggestions, desk: Desk, behind: Callable[[BucketSuggestions, Desk], None]) -> None:
    """Draws the row, and ``behind`` it where it is open; one that lacks something is, until somebody closes it."""
    picks = desk.draft.get(bucket.path, ())
    open_now = st.session_state.get(OPEN, {}).get(_own(bucket.path), not picks or bool(desk.notes(bucket)))
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        with st.container(width=LABEL):
            st.button(
                widgets.plain(short(bucket.label)),
                key=f"open-{bucket.path}",
                icon=":material/expand_more:" if open_now else ":material/chevron_right:",
                type="tertiary",
                on_click=turn,
                args=(bucket.path, not open_now),
            )
        st.markdown(units.weight(bucket.target), width=52)
        _cells(bucket, picks, desk)
    if open_now:
        with st.container(border=True):
            behind(bucket, desk)


def turn(path: str, open_now: bool) -> None:
    """Opens or closes a row."""
    st.session_state[OPEN] = {**st.session_state.get(OPEN, {}), _own(path): open_now}


def _own(path: str) -> tuple[str, str]:
    return session.ids().framework, path


def _cells(bucket: BucketSuggestions, picks: Sequence[Pick], desk: Desk) -> None:
    if not picks:
        st.markdown(":orange-badge[:material/warning: Stays in cash]", width=PICK)
        return
    prices = [p for pick in picks if (p := desk.prices(bucket, pick)) is not None]
    findings = tuple(finding for each in prices for finding in each.health)
    scores = [s.score for pick in picks for s in bucket.suggestions if s.instrument.id == pick.instrument_id]
    st.markdown(products(picks, desk), width=PICK)
    st.markdown(f":small[fee {units.pct2(fee(picks, desk))}]", width=64)
    st.markdown(f":small[{series(findings, all(p.usable for p in prices))}]", width=68)
    st.markdown(f":small[{mark(scores)}]", width=86)
    st.markdown(health(findings), width=88)
    _status(bucket.path, picks, desk)


def products(picks: Sequence[Pick], desk: Desk) -> str:
    """The symbols, those of a split with their shares, the name of a single one."""
    if len(picks) > 1:
        each = [f"**{widgets.plain(pick.symbol)}** {units.weight(pick.share)}" for pick in picks[:3]]
        return ", ".join(each) + (f" and {len(picks) - 3} more" if len(picks) > 3 else "")
    known = desk.universe.get(picks[0].instrument_id)
    name = "" if known is None else f" :small[{widgets.plain(short(known.name))}]"
    return f"**{widgets.plain(picks[0].symbol)}**{name}"


def short(name: str) -> str:
    """A long name without its middle, as its end says what it is.

    >>> short("Vanguard Total Stock Market Index Fund ETF Shares")
    'Vanguard Tota…ETF Shares'
    """
    return name if len(name) <= MOST_LETTERS else f"{name[:13]}…{name[-10:]}"


def fee(picks: Sequence[Pick], desk: Desk) -> float | None:
    """The fee of the bucket by the shares of its products; None where one is not known."""
    known = [desk.universe.get(pick.instrument_id) for pick in picks]
    fees = [None if i is None else i.expense_ratio for i in known]
    if any(each is None for each in fees):
        return None
    return math.fsum(pick.share * (each or 0.0) for pick, each in zip(picks, fees, strict=True))


def series(findings: Sequence[Finding], usable: bool) -> str:
    """Whose prices a study takes.

    >>> series((), True), series((Finding("proxied", Severity.note, "", ""),), True), series((), False)
    ('own prices', 'proxy', 'no prices')
    """
    if not usable:
        return "no prices"
    return "proxy" if any(finding.code == "proxied" for finding in findings) else "own prices"


def mark(scores: Sequence[float]) -> str:
    """The least of some scores, of 100, with as many of five dots; a product that is no suggestion has none.

    >>> mark([0.84, 0.9]), mark([])
    ('84 ●●●●○', 'your choice')
    """
    if not scores:
        return "your choice"
    full = round(DOTS * min(scores))
    return f"{units.number(100 * min(scores), 0)} {'●' * full}{'○' * (DOTS - full)}"


def health(findings: Sequence[Finding]) -> str:
    """The gravest of some findings as a badge.

    >>> health(())
    ':green-badge[:material/check: Sound]'
    """
    grades = sorted(findings, key=lambda finding: list(Severity).index(finding.severity))
    if not grades:
        return ":green-badge[:material/check: Sound]"
    level = LEVELS[grades[0].severity]
    return HEALTH[level].format(WORDS[level])


def _status(path: str, picks: Sequence[Pick], desk: Desk) -> None:
    """What is stored, what will be with the next acceptance, or the button that accepts."""
    saved = path in desk.saved
    if mapping_draft.is_locked(picks):
        st.badge("Locked" if saved else "Will lock", icon=":material/lock:", color="gray")
    elif saved:
        st.badge("Accepted", icon=":material/check:", color="green")
    elif path in desk.accepted:
        st.badge("Checked", icon=":material/check:", color="gray")
    else:
        st.button(
            "Accept", key=f"accept-{path}", icon=":material/check:", type="tertiary", on_click=desk.accept, args=(path,)
        )
