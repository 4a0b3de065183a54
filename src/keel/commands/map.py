"""``keel map``: the best products for every bucket of a framework, from the embedded universe or a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from keel import units
from keel.commands import inputs
from keel.commands.output import Reply, busy, json_option, reply, table, verdict_block

if TYPE_CHECKING:
    from keel.domain.mapping.matching import BucketSuggestions, NearMiss, Suggestion
    from keel.domain.market.instrument import Coverage, Instrument
    from keel.sources.embedded.sample import Series

NEAREST = 2  # near misses shown as text
SIZES = ((1e9, "B"), (1e6, "M"), (1e3, "k"))


@click.command("map")
@click.argument("framework", metavar="FRAMEWORK")
@click.option("--universe", metavar="FILE", help="Products from this file instead of the embedded universe.")
@click.option("--filters", metavar="JSON", help="Rules that narrow every bucket: JSON or a file.")
@click.option("--weights", metavar="JSON", help="What counts in the score: cost, liquidity, history, fit, size.")
@json_option
def map_products(
    framework: str, universe: str | None, filters: str | None, weights: str | None, as_json: bool
) -> Reply:
    """Suggest products for every bucket, with what was rejected and why.

    Prices are those of the embedded sample. A bucket without an eligible product is a gap and is listed. A part of the
    score that --weights leaves out does not count; without --weights the usual ones hold.
    """
    from keel.domain.constraints.as_json import verdicts_json
    from keel.domain.mapping.as_json import matching_json
    from keel.domain.mapping.duplicates import shared
    from keel.domain.mapping.limits import verdicts
    from keel.domain.mapping.matching import best_picks, rank_in
    from keel.domain.mapping.named import issues
    from keel.domain.mapping.universe import market_of
    from keel.domain.portfolio.score_weights import USUAL
    from keel.services.shared.contents import understood

    found, _ = inputs.framework(framework)
    narrowed = inputs.rules(filters) if filters else None
    counted = inputs.score_weights(weights) if weights else USUAL
    with busy("Ranking products"):
        instruments, coverage = products(universe)
        asked = understood(found)
        market = market_of(asked, instruments, coverage, narrowed)
        buckets, named = rank_in(market, asked, counted), tuple(issues(found, market))
    said = [f"warning: {finding.message}" for finding in (*named, *shared(buckets, best_picks(buckets)))]
    limits = verdicts(found, buckets, instruments)
    data = matching_json(buckets, counted, named) | {"constraints": verdicts_json(limits)}
    return reply(data, "\n\n".join([*map(bucket_text, buckets), *said, *verdict_block(limits)]), as_json)


def products(universe: str | None) -> tuple[tuple[Instrument, ...], tuple[Coverage, ...]]:
    """The products of a file, or of the embedded universe, and the price series of the sample."""
    from keel import settings
    from keel.sources.embedded.sample import load
    from keel.sources.files.universe import read_universe

    sample = load(settings.load().data_dir)
    coverage = tuple(line for series in sample.series for line in covered(series))
    if not universe:
        return sample.instruments, coverage
    with inputs.about(universe):
        return read_universe(Path(universe)), coverage


def covered(series: Series) -> tuple[Coverage, ...]:
    """First and last date and the number of prices of each symbol of a dataset."""
    import numpy as np

    from keel.domain.market.instrument import Coverage

    lines = []
    for symbol, closes in zip(series.prices.symbols, series.prices.closes.T, strict=True):
        dates = series.prices.dates[~np.isnan(closes)].tolist()
        about = (series.dataset.frequency, series.dataset.price_kind, series.dataset.id)
        lines.append(Coverage(symbol, dates[0], dates[-1], len(dates), *about))
    return tuple(lines)


def bucket_text(bucket: BucketSuggestions) -> str:
    """One bucket as a heading, a table of suggestions, the rejections and the gaps."""
    lines = [f"{bucket.label}  {units.weight(bucket.target)}  {bucket.path}"]
    if bucket.suggestions:
        rows = [
            [f"  {found.instrument.symbol}", units.number(found.score), _parts(found), found.price_note]
            for found in bucket.suggestions
        ]
        lines.append(table(rows, left=4))
    lines += [f"  gap: {gap.message}" for gap in bucket.gaps]
    lines += [f"  near: {_near(miss)}" for miss in bucket.near_misses[:NEAREST]]
    counts = [f"{rule} {n}" for rule, n in bucket.rejected.items()]
    counts += [f"{rule} not known {n}" for rule, n in bucket.unknown.items()]
    lines.append(f"  {bucket.considered} considered" + (f"; rejected by {', '.join(counts)}" if counts else ""))
    return "\n".join(lines)


def _near(miss: NearMiss) -> str:
    """A product that just misses, and the limit that would admit it, or what it has instead."""
    symbol, rule = miss.instrument.symbol, miss.line.rule
    return f"{symbol} ({rule} {miss.line.seen})" if miss.limit is None else f"{symbol} at {rule} {_short(miss.limit)}"


def _short(amount: float) -> str:
    """A limit in a few digits: 4.1 M, 0.0013."""
    return next((f"{amount / size:g} {letter}" for size, letter in SIZES if amount >= size), f"{amount:g}")


def _parts(found: Suggestion) -> str:
    return " ".join(f"{name} {units.number(part)}" for name, part in found.parts.items())
