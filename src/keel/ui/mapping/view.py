"""What stands behind a row of the mapping page, what is missing, and the choices of its buttons."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from keel import units, vocabulary
from keel.domain.framework.records import Framework
from keel.domain.issue import Finding, Severity
from keel.domain.mapping.duplicates import Swap
from keel.domain.mapping.matching import BucketSuggestions, Suggestion, even_split
from keel.domain.mapping.universe import Priced
from keel.domain.market.instrument import Instrument, InstrumentType
from keel.domain.portfolio.records import Pick
from keel.ui.charts.returns import score_bars
from keel.ui.frame import widgets
from keel.ui.frame.findings import listed, shortened
from keel.ui.mapping import draft as mapping_draft
from keel.ui.mapping import products, rules, split
from keel.ui.mapping.desk import Desk

WIDE = 440  # px, of a popover
NEAREST = 3  # near misses that are offered
COLOURS = {Severity.error: "red", Severity.warning: "orange", Severity.note: "gray"}


def behind(bucket: BucketSuggestions, desk: Desk) -> None:
    """Draws what stands behind a row: the products with their facts and scores, or what is lacking, and the choices."""
    picks = desk.draft.get(bucket.path, ())
    if picks:
        _picked(bucket, picks, desk)
    else:
        _missing(bucket, desk)
    for words in desk.notes(bucket):
        st.markdown(f":orange-badge[:material/warning: Note] {widgets.plain(words)}")
    _even_split(bucket, picks, desk)
    _near(bucket, desk)
    _buttons(bucket, picks, desk)


def _near(bucket: BucketSuggestions, desk: Desk) -> None:
    """What would admit a product that just misses, a button each."""
    remedies = [miss.remedy for miss in bucket.near_misses if miss.remedy is not None][:NEAREST]
    if remedies:
        with st.container(horizontal=True):
            for remedy in remedies:
                st.button(
                    widgets.plain(remedy.label),
                    key=f"near-{bucket.path}-{remedy.label}",
                    type="tertiary",
                    icon=":material/add:",
                    help="Asks for less in a new version of the allocation.",
                    on_click=desk.remedy,
                    args=(remedy,),
                )


def _even_split(bucket: BucketSuggestions, picks: Sequence[Pick], desk: Desk) -> None:
    """Offers equal parts of the members of a group, unless that is what there is."""
    even = even_split(bucket)
    if even and {pick.symbol for pick in even} != {pick.symbol for pick in picks}:
        unpriced = [s.instrument.symbol for s in bucket.members if not s.usable]
        lacking = f", of which {listed(unpriced)} without prices here" if unpriced else ""
        st.button(
            widgets.plain(f"Split evenly over {listed([pick.symbol for pick in even])}{lacking}"),
            key=f"even-{bucket.path}",
            icon=":material/call_split:",
            disabled=mapping_draft.is_locked(picks),
            on_click=desk.choose,
            args=(bucket.path, even),
        )


def _picked(bucket: BucketSuggestions, picks: Sequence[Pick], desk: Desk) -> None:
    """The pick with its facts at the left, its score at the right; a split shows one line a product."""
    by_id = {s.instrument.id: s for s in bucket.suggestions}
    for pick in picks:
        found, instrument = by_id.get(pick.instrument_id), desk.universe.get(pick.instrument_id)
        left, right = st.columns([6, 4], gap="large")
        with left:
            share = f" · {units.weight(pick.share)} of the bucket" if len(picks) > 1 else ""
            name = instrument.name if instrument is not None else "not in the universe any more"
            st.markdown(f"**{widgets.plain(pick.symbol)}** {widgets.plain(name)}{share}")
            if instrument is not None:
                st.caption(widgets.plain(facts(instrument)))
            _prices(desk.prices(bucket, pick))
        with right:
            _score(found, bucket)


def facts(instrument: Instrument) -> str:
    """Fee, age and size in one line; what is not known is named once, and a series has none of them.

    >>> facts(Instrument("1", "VTI", "Total market", InstrumentType.etf, expense_ratio=0.0003, adv_usd=310e6))
    'ETF · fee 0.03% a year · $310M a day · not known: since, size'
    >>> facts(Instrument("2", "MSCI US", "US equities", InstrumentType.index))
    'Index series: it has no fee and cannot be bought'
    """
    if instrument.type is InstrumentType.index:
        return "Index series: it has no fee and cannot be bought"
    known = {
        "fee": f"fee {units.pct2(instrument.expense_ratio)} a year" if instrument.expense_ratio is not None else "",
        "since": f"since {units.month(instrument.inception)}" if instrument.inception else "",
        "size": f"size {large(instrument.aum_usd)}" if instrument.aum_usd is not None else "",
        "daily volume": f"{large(instrument.adv_usd)} a day{_as_of(instrument, 'adv_usd')}"
        if instrument.adv_usd is not None
        else "",
    }
    missing = [name for name, words in known.items() if not words]
    gap = [f"not known: {', '.join(missing)}"] if missing else []
    return " · ".join([str(instrument.type), *filter(None, known.values()), *gap])


def _as_of(instrument: Instrument, fact: str) -> str:
    """When a fact held, as an aside; nothing when its source does not say."""
    day = next((as_of for name, _, as_of in instrument.sources if name == fact), None)
    return f" in {units.month(day)}" if day else ""


def large(x: float | None) -> str:
    """A large amount of dollars in three figures or so.

    >>> large(1.53e12), large(2.4e9), large(310e6), large(None)
    ('$1.5T', '$2.4B', '$310M', '–')
    """
    if x is None:
        return units.MISSING
    for size, letter, digits in ((1e12, "T", 1), (1e9, "B", 1), (1e6, "M", 0)):
        if x >= size:
            return units.money(x / size, digits=digits) + letter
    return units.money(x)


def _prices(found: Suggestion | Priced | None) -> None:
    """The price note and the badges of data health."""
    if found is None:
        return
    colour = "gray" if found.usable else "orange"
    icon = "database" if found.usable else "warning"
    badges = " ".join(f":{COLOURS[f.severity]}-badge[{label(f)}]" for f in found.health)
    meaning = "  \n".join(f"{label(f)}: {widgets.plain(f'{f.message} {f.affects}')}" for f in found.health)
    words = f":{colour}-badge[:material/{icon}: Prices] {widgets.plain(found.price_note)} {badges}"
    st.markdown(words, help=meaning or None)


def label(finding: Finding) -> str:
    """A finding's code as words.

    >>> label(Finding("dividends_excluded", Severity.note, "", ""))
    'Dividends excluded'
    """
    return finding.code.replace("_", " ").capitalize()


def _score(found: Suggestion | None, bucket: BucketSuggestions) -> None:
    """The score and its parts, which are ranks; a part that no candidate has is left out, and named."""
    if found is None:
        st.markdown(":small[Your choice: not among the five best for this bucket]")
        return
    if bucket.eligible == 1:
        st.markdown(":small[The only one that fits]")
        return
    known = {n for s in bucket.suggestions for n, value in s.parts.items() if value is not None}
    parts = {name: value for name, value in found.parts.items() if name in known}
    words = ", ".join(f"{n} {units.MISSING if v is None else units.number(100 * v, 0)}" for n, v in parts.items())
    score = f"Score {units.number(100 * found.score, 0)} of 100. The bars are ranks among those that fit."
    st.markdown(
        f":small[**{place(bucket.suggestions.index(found))}** of {bucket.eligible} that fit]",
        help=f"{score} {vocabulary.tip('score')}",
    )
    bars = score_bars({name.capitalize(): value for name, value in parts.items()})
    key = f"score-{bucket.path}-{found.instrument.id}"
    widgets.chart(bars, alt=f"Rank of {found.instrument.symbol} among those that fit: {words}", key=key)
    if unknown := [name for name in found.parts if name not in known]:
        st.markdown(f":small[Not known of any, so not counted: {', '.join(unknown)}]")


def place(index: int) -> str:
    """A place in an order, counted from 0.

    >>> [place(n) for n in range(5)]
    ['Best', 'Second', 'Third', 'Fourth', 'Fifth']
    """
    return ("Best", "Second", "Third", "Fourth", "Fifth")[index]


def _missing(bucket: BucketSuggestions, desk: Desk) -> None:
    """What the bucket lacks, and the single clicks that help."""
    own = [desk.unknown[bucket.path]] if bucket.path in desk.unknown else []
    messages = (
        own or [gap.message for gap in bucket.gaps] or [f"Nothing chosen: {units.weight(bucket.target)} stays in cash."]
    )
    for message in messages:
        st.markdown(widgets.plain(message))
    remedies = bucket.remedies[:3]
    if remedies:
        with st.container(horizontal=True):
            for i, remedy in enumerate(remedies):
                admits = f"{remedy.admits} {'product' if remedy.admits == 1 else 'products'}"
                st.button(
                    widgets.plain(remedy.label),
                    key=f"remedy-{bucket.path}-{i}",
                    help=f"{'Other prices' if remedy.dataset else 'Widens the rule'}: gives this bucket {admits}.",
                    on_click=desk.remedy,
                    args=(remedy,),
                )


def _buttons(bucket: BucketSuggestions, picks: tuple[Pick, ...], desk: Desk) -> None:
    """Replace, Split, Lock and, behind "Why", the rules."""
    path, locked = bucket.path, mapping_draft.is_locked(picks)
    with st.container(horizontal=True):
        words = "Replace" if picks else "Choose"
        with _popover(words, "swap_horiz", f"replace-{path}", disabled=locked) as opened:
            if opened:
                _replace(bucket, picks, desk)
        with _popover("Split", "call_split", f"split-{path}", disabled=locked) as opened:
            if opened:
                split.split(bucket.path, picks, desk.universe, desk.choose, desk.fill)
        if picks:
            st.button(
                "Unlock" if locked else "Lock",
                key=f"lock-{path}",
                icon=":material/lock_open:" if locked else ":material/lock:",
                help="A locked pick is not replaced until it is unlocked.",
                on_click=desk.choose,
                args=(path, mapping_draft.lock(picks, not locked)),
            )
        with _popover("Why", "rule", f"why-{path}") as opened:
            if opened:
                _why(bucket, picks)


class _popover:
    """A popover whose content is drawn only while it is open: ``with _popover(…) as opened``."""

    def __init__(self, words: str, icon: str, key: str, *, disabled: bool = False) -> None:
        self._box = st.popover(words, icon=f":material/{icon}:", key=key, disabled=disabled, on_change="rerun")

    def __enter__(self) -> bool:
        self._inner = self._box.container(width=WIDE)
        self._inner.__enter__()
        return bool(self._box.open)

    def __exit__(self, *exc: object) -> None:
        self._inner.__exit__(None, None, None)


def _replace(bucket: BucketSuggestions, picks: Sequence[Pick], desk: Desk) -> None:
    """The five best side by side, any other product by search, or cash."""
    path = bucket.path
    if bucket.suggestions:
        st.markdown("**The best for this bucket**")
        for s in bucket.suggestions:
            current = any(p.instrument_id == s.instrument.id for p in picks)
            fee = units.pct2(s.instrument.expense_ratio)
            lacking = "" if s.usable else " · no prices here"
            score = units.number(100 * s.score, 0)
            words = f"{split.named(desk.universe)(s.instrument.id)} · score {score} · fee {fee}{lacking}"
            st.button(
                widgets.plain(words + (" · chosen" if current else "")),
                key=f"take-{path}-{s.instrument.id}",
                help=widgets.plain(s.price_note),
                disabled=current,
                width="stretch",
                on_click=desk.choose,
                args=(path, (mapping_draft.pick(path, s.instrument, 1.0),)),
            )
    use = partial(_use, path, desk)
    if products.search(f"search-{path}", use):
        st.caption("Your choice; it is not checked against the bucket's rules.")
    if picks:
        st.button("Leave in cash", key=f"cash-{path}", type="tertiary", on_click=desk.choose, args=(path, ()))


def _use(path: str, desk: Desk, instrument: Instrument) -> None:
    """Fills the bucket with one product."""
    desk.choose(path, (mapping_draft.pick(path, instrument, 1.0),))


def _why(bucket: BucketSuggestions, picks: Sequence[Pick]) -> None:
    """Each rule with what was seen, and the state of the data."""
    by_id = {s.instrument.id: s for s in bucket.suggestions}
    for found in [by_id[p.instrument_id] for p in picks if p.instrument_id in by_id]:
        st.markdown(f"**{widgets.plain(found.instrument.symbol)}**")
        st.markdown("\n".join(f"- {rules.line_in_words(line)}" for line in found.rules))
        for finding in found.health:
            st.markdown(widgets.plain(f"{finding.message} {finding.affects} {finding.fix}"))
    if not bucket.suggestions:
        st.markdown("No product passes every rule of this bucket.")


def measured(framework: Framework, desk: Desk) -> tuple[str, ...]:
    """The grey line: framework and the size of the universe."""
    return (
        f"{framework.name} · version {framework.version}",
        f"{len(desk.universe)} products and series considered",
    )


def cash(buckets: Sequence[BucketSuggestions], desk: Desk) -> None:
    """Says how much stays in cash and where, when any does."""
    empty = [bucket.label for bucket in buckets if not desk.draft.get(bucket.path)]
    if empty:
        part, where = units.weight(mapping_draft.in_cash(buckets, desk.draft)), widgets.plain(listed(shortened(empty)))
        st.markdown(f":orange-badge[:material/warning: Cash] {part} stays in cash and earns nothing: {where}.")


def shared(findings: Sequence[Finding], desk: Desk) -> None:
    """Draws which products fill several buckets, with the other products that could take their place."""
    for finding in findings:
        st.markdown(f":orange-badge[:material/warning: Same product] {widgets.plain(finding.message)}")
        with st.container(horizontal=True):
            for swap in (fix for fix in finding.fixes if isinstance(fix, Swap)):
                use = partial(_use, swap.path, desk, swap.instrument)
                st.button(widgets.plain(swap.label), key=f"swap-{swap.path}", on_click=use)


def prices(desk: Desk, key: str) -> None:
    """Draws the choice of the price set that products are judged by."""
    st.selectbox(
        "Prices",
        ["", *desk.datasets],
        format_func=lambda name: desk.datasets.get(name, "Automatic: whichever serves most"),
        key=key,
        help=vocabulary.tip("dataset"),
        width=320,
    )
