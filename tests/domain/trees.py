"""Frameworks for tests: a small real one, and any valid one."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import strategies as st

from keel.domain.framework.records import ANNUAL, Bucket, Constraint, Framework, Holding
from keel.domain.framework.rules import Rules
from keel.domain.policy.kinds import (
    Absolute,
    Corridor,
    FiveTwentyFive,
    Hybrid,
    Relative,
)
from keel.domain.policy.presets import PRESETS


def six() -> Framework:
    """Three classes in six parts, exact to the last float."""
    rows = (
        ("AssetClass/Equity", "Equity", 0.6),
        ("AssetClass/Equity/US", "US equity", 0.3),
        ("AssetClass/Equity/World", "World equity", 0.2),
        ("AssetClass/Equity/Emerging", "Emerging equity", 0.1),
        ("AssetClass/Bonds", "Bonds", 0.3),
        ("AssetClass/Bonds/Global", "Global bonds", 0.25),
        ("AssetClass/Bonds/Linkers", "Inflation-linked", 0.05),
        ("AssetClass/Alternatives", "Alternatives", 0.1),
    )
    return Framework("Global 6", tuple(Bucket(*row) for row in rows))


def flat(*targets: float, **options: object) -> Framework:
    """One level of buckets A/B0, A/B1, …"""
    buckets = tuple(Bucket(f"A/B{n}", f"B{n}", target) for n, target in enumerate(targets))
    return Framework("Flat", buckets, **options)  # type: ignore[arg-type]


_LETTERS = st.characters(codec="utf-8", exclude_categories=("C", "Z"), exclude_characters="/")
words = st.text(_LETTERS, min_size=1, max_size=8)
labels = st.lists(words, min_size=1, max_size=3).map(" ".join)
shares = st.floats(0.0, 1.0)
widths = st.floats(0.0, 2_000.0)
bands = st.one_of(
    st.none(),
    st.builds(Absolute, widths),
    st.builds(Relative, widths),
    st.builds(FiveTwentyFive, widths, widths),
    st.builds(Hybrid, widths, widths),
    st.builds(Corridor, widths, widths),
)
tags = st.lists(words.map(str.lower).filter(lambda w: w == w.lower()), max_size=2, unique=True).map(tuple)
rules = st.builds(
    Rules,
    include_tags=tags,
    exclude_tags=tags,
    allowed_types=st.sampled_from([(), ("ETF",), ("Stock", "Fund")]),
    min_adv_usd=st.none() | st.floats(0, 1e12),
    max_expense_ratio=st.none() | st.floats(0, 1),
    min_history_years=st.none() | st.floats(0, 100),
    currencies=st.sampled_from([(), ("USD", "EUR")]),
    exclude_symbols=st.lists(words, max_size=2, unique=True).map(tuple),
)


def parts(total: float, count: int) -> list[float]:
    """``count`` equal parts that sum to the total."""
    return [total / count] * count


@st.composite
def holdings(draw: st.DrawFn) -> tuple[Holding, ...]:
    """Up to three products whose shares sum to 1."""
    symbols = draw(st.lists(labels, max_size=3, unique=True))
    return tuple(Holding(s, share) for s, share in zip(symbols, parts(1.0, max(1, len(symbols))), strict=False))


@st.composite
def frameworks(draw: st.DrawFn) -> Framework:
    """Any valid framework of up to two levels."""
    dimension = draw(words)
    names = draw(st.lists(words, min_size=1, max_size=4, unique=True))
    buckets: list[Bucket] = []
    for name, target in zip(names, parts(1.0, len(names)), strict=True):
        path = f"{dimension}/{name}"
        buckets.append(_bucket(draw, path, target))
        below = draw(st.lists(words, max_size=3, unique=True))
        for inner, weight in zip(below, parts(target, max(1, len(below))), strict=False):
            buckets.append(_bucket(draw, f"{path}/{inner}", weight))
    return Framework(
        name=draw(labels),
        buckets=tuple(buckets),
        description=draw(st.text(_LETTERS, max_size=20)),
        base_ccy=draw(st.sampled_from(["USD", "EUR"])),
        method=draw(st.sampled_from(["template", "custom", "imported", "generated"])),
        benchmark=draw(labels),
        risk_band=draw(st.sampled_from(["", "low", "high"])),
        rebalancing=draw(st.sampled_from([ANNUAL, *PRESETS.values()])),
        constraints=draw(st.sampled_from([(), (Constraint("max_leverage", 2.0, "fraction"),)])),
        id=draw(st.sampled_from(["", "fw_1"])),
        version=draw(st.integers(0, 5)),
        created_at=draw(st.none() | st.just(datetime(2026, 1, 2, 3, 4, 5, 6, tzinfo=UTC))),
    )


def _bucket(draw: st.DrawFn, path: str, target: float) -> Bucket:
    return Bucket(
        path=path,
        label=draw(labels),
        target_weight=target,
        min_weight=draw(st.none() | st.just(0.0) | st.just(target / 2)),
        max_weight=draw(st.none() | st.just(1.0) | st.just(target)),
        band=draw(bands),
        locked=draw(st.booleans()),
        rules=draw(rules),
        holdings=draw(holdings()),
    )
