"""``keel map``: the best products for every bucket of a framework, from the embedded universe or a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from keel import units
from keel.commands import inputs
from keel.commands.output import Reply, busy, json_option, reply, table, verdict_lines

if TYPE_CHECKING:
    from keel.domain.mapping.matching import BucketSuggestions, Suggestion
    from keel.domain.market.instrument import Coverage, Instrument
    from keel.sources.embedded.sample import Series


@click.command("map")
@click.argument("framework", metavar="FRAMEWORK")
@click.option("--universe", metavar="CSV", help="Products from this file instead of the embedded universe.")
@click.option("--filters", metavar="JSON", help="Rules that narrow every bucket: JSON or a file.")
@json_option
def map_products(framework: str, universe: str | None, filters: str | None, as_json: bool) -> Reply:
    """Suggest products for every bucket, with what was rejected and why.

    Prices are those of the embedded sample. A bucket without an eligible product is a gap and is listed.
    """
    from keel.domain.constraints.as_json import verdicts_json
    from keel.domain.mapping.as_json import matching_json
    from keel.domain.mapping.duplicates import shared
    from keel.domain.mapping.limits import verdicts
    from keel.domain.mapping.matching import best_picks, rank
    from keel.services.shared.contents import understood

    found, _ = inputs.framework(framework)
    narrowed = inputs.rules(filters) if filters else None
    with busy("Ranking products"):
        instruments, coverage = market(universe)
        buckets = rank(understood(found), instruments, coverage, narrowed)
    said = [f"warning: {finding.message}" for finding in shared(buckets, best_picks(buckets))]
    limits = verdicts(found, buckets)
    data = matching_json(buckets) | {"constraints": verdicts_json(limits)}
    return reply(data, "\n\n".join([*map(bucket_text, buckets), *said, *verdict_lines(limits)]), as_json)


def market(universe: str | None) -> tuple[tuple[Instrument, ...], tuple[Coverage, ...]]:
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
    counts = [f"{rule} {n}" for rule, n in bucket.rejected.items()]
    counts += [f"{rule} not known {n}" for rule, n in bucket.unknown.items()]
    lines.append(f"  {bucket.considered} considered" + (f"; rejected by {', '.join(counts)}" if counts else ""))
    return "\n".join(lines)


def _parts(found: Suggestion) -> str:
    return " ".join(f"{name} {units.number(part)}" for name, part in found.parts.items())
