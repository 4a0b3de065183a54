"""The policy statement: targets, products, when it is rebalanced, what that costs, and the limits it keeps."""

from __future__ import annotations

import math
from collections.abc import Iterator

from keel import units
from keel.domain.constraints.evaluation import Status, Verdict, in_full
from keel.domain.drift.measure import leaf_widths
from keel.domain.framework.records import Bucket, Framework
from keel.domain.framework.tree import leaves, ordered, segments
from keel.domain.market.choice import Source
from keel.domain.market.prices import CASH
from keel.domain.policy.kinds import TRIGGERS
from keel.domain.policy.settings import SETTINGS
from keel.domain.policy.words import PRESET_LABELS, describe, preset_name
from keel.domain.portfolio.book import Book
from keel.pack.material import Material
from keel.pack.paper.document import Block, Bullets, Facts, Row, Section, Table, Text, Title

PURPOSE = "How the portfolio is divided, within which limits, and when it is brought back to its targets."
VERDICTS = {Status.passed: "met", Status.failed: "broken", Status.unknown: "not known"}
PAID = ("cost_bps", "fixed_fee", "min_trade", "annual_fee_bps")


def policy_section(material: Material) -> Section:
    """The chapter of what was agreed."""
    framework = material.framework
    blocks: list[Block] = [
        Text(framework.description or PURPOSE),
        Title("Targets"),
        _targets(framework, widths(framework, material.results[0].book)),
        *_products(material),
        Title("Rebalancing"),
        *_rebalancing(material),
        Title("Costs"),
        Facts(costs(material)),
        *_limits(material.limits),
    ]
    return Section("Investment policy", tuple(blocks))


def widths(framework: Framework, book: Book) -> dict[str, tuple[float, float]]:
    """The half-widths of the band of each leaf by path; none where the policy trades by the calendar or never."""
    if not TRIGGERS[framework.rebalancing.trigger].banded:
        return {}
    below, above = leaf_widths(book, framework.rebalancing)
    return dict(zip(book.paths, zip(below.tolist(), above.tolist(), strict=True), strict=True))


def _targets(framework: Framework, bands: dict[str, tuple[float, float]]) -> Table:
    bounded = any(b.min_weight is not None or b.max_weight is not None for b in framework.buckets)
    head = ("Target", *(("Least", "Most") if bounded else ()), *(("Band",) if bands else ()))
    ends = {leaf.path for leaf in leaves(framework)}
    rows = [_target(bucket, bounded, bands, bucket.path not in ends) for bucket in ordered(framework)]
    total = math.fsum(leaf.target_weight for leaf in leaves(framework))
    empty = ("",) * (len(head) - 1)
    return Table(("Bucket", *head), (*rows, Row(("Whole", units.weight(total), *empty), strong=True)))


def _target(bucket: Bucket, bounded: bool, bands: dict[str, tuple[float, float]], inner: bool) -> Row:
    limits = (units.weight(bucket.min_weight), units.weight(bucket.max_weight)) if bounded else ()
    band = (units.band(*bands.get(bucket.path, (None, None))) if not inner else "",) if bands else ()
    depth = len(segments(bucket.path)) - 2
    return Row((bucket.label, units.weight(bucket.target_weight), *limits, *band), depth, strong=inner)


def _products(material: Material) -> Iterator[Block]:
    """What fills the buckets, each product with its part of the whole and its own cost."""
    book, known = material.results[0].book, {s.instrument.symbol: s for s in material.sources}
    rows = []
    for leaf, symbol, share in zip(book.leaf.tolist(), book.symbols, book.shares.tolist(), strict=True):
        part = units.weight(float(book.targets[leaf]) * share)
        rows.append(Row((*_named(symbol, known.get(symbol)), book.labels[leaf], part, _fee(symbol, known))))
    yield Title("Products")
    yield Table(("Product", "Name", "Bucket", "Of the whole", "Own cost a year"), tuple(rows), left=3, wide=1)
    if any(_fee(symbol, known) == units.MISSING for symbol in book.symbols):
        yield Text(f"{units.MISSING} means not known.", quiet=True)


def _named(symbol: str, source: Source | None) -> tuple[str, str]:
    if symbol == CASH:
        return "Cash", "No product: held in cash"
    return symbol, source.instrument.name if source else ""


def _fee(symbol: str, known: dict[str, Source]) -> str:
    source = known.get(symbol)
    return units.pct2(source.instrument.expense_ratio if source else 0.0 if symbol == CASH else None)


def _rebalancing(material: Material) -> Iterator[Block]:
    """The framework's own policy in words, and those that are tested beside it."""
    own = material.framework.rebalancing
    preset = preset_name(own)
    name = f"{PRESET_LABELS[preset]}. " if preset else ""
    yield Text(f"{name}{describe(own)}.")
    tested = tuple(f"{r.name}: {describe(r.policy)}." for r in material.results if r.policy != own)
    if tested:
        yield Text("Tested beside it in this paper:")
        yield Bullets(tested)


def costs(material: Material) -> tuple[tuple[str, str], ...]:
    """What trading and holding cost in the backtest."""
    settings, ccy = material.results[0].settings, material.framework.base_ccy
    given = [n for n in PAID if n == "cost_bps" or getattr(settings, n)]
    trading = tuple((SETTINGS[n].label, SETTINGS[n].words(getattr(settings, n), ccy)) for n in given)
    fees = products_fee(material)
    return (
        *trading,
        ("Products' own costs", units.MISSING if fees is None else f"{units.pct2(fees)} a year, in their prices"),
    )


def products_fee(material: Material) -> float | None:
    """The products' own costs a year by their targets, a fraction; None where one is not known."""
    book, known = material.results[0].book, {s.instrument.symbol: s.instrument.expense_ratio for s in material.sources}
    fees = [0.0 if symbol == CASH else known.get(symbol) for symbol in book.symbols]
    parts = (book.targets[book.leaf] * book.shares).tolist()
    if any(fee is None for fee in fees):
        return None
    return math.fsum(part * (fee or 0.0) for part, fee in zip(parts, fees, strict=True))


def _limits(verdicts: tuple[Verdict, ...]) -> Iterator[Block]:
    if verdicts:
        yield Title("Limits")
        yield Table(("Limit", "Status"), tuple(Row((in_full(v), VERDICTS[v.status])) for v in verdicts), left=2)


def in_short(material: Material) -> Facts:
    """The framework at a glance."""
    framework = material.framework
    rows = (
        ("Framework", f"{framework.name}, version {framework.version}"),
        ("Risk band", framework.risk_band.capitalize()),
        ("Base currency", framework.base_ccy),
        ("Rebalancing", describe(framework.rebalancing)),
        ("Benchmark", material.benchmark.result.name if material.benchmark else ""),
    )
    return Facts(tuple((name, text) for name, text in rows if text))
