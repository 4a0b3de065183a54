"""``keel fill``: a bucket split over its products by a method."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import click

from keel.commands import inputs
from keel.commands.output import Reply, busy, json_option, reply, table

if TYPE_CHECKING:
    from keel.domain.framework.records import Framework
    from keel.domain.portfolio.split import Split
    from keel.domain.reading.place import Place
    from keel.services.fill import Asked


@click.command("fill")
@click.argument("framework_path", metavar="FRAMEWORK")
@click.option("--bucket", "path", required=True, metavar="PATH", help="The bucket, such as AssetClass/Equity.")
@click.option("--method", required=True, metavar="METHOD", help="equal, inverse_volatility, minimum_variance, …")
@click.option("--products", metavar="A,B", help="Symbols; without it those that the bucket names.")
@click.option("--bounds", "bounds_json", metavar="JSON", help='Least and most shares: {"SPY": [0, 0.5]}.')
@click.option("--prices", "prices_path", metavar="FILE", help="Prices from a file, not from the database.")
@click.option("--dataset", metavar="NAME", default="", help="Stored prices of this dataset.")
@click.option("--start", type=inputs.DAY, help="First date.")
@click.option("--end", type=inputs.DAY, help="Last date.")
@json_option
def fill_bucket(
    framework_path: str,
    path: str,
    method: str,
    products: str | None,
    bounds_json: str | None,
    prices_path: str | None,
    dataset: str,
    start: date | None,
    end: date | None,
    as_json: bool,
) -> Reply:
    """Split a bucket over its products, inside its limits; the answer is a draft, nothing is stored.

    Methods: equal, inverse_volatility, minimum_variance, risk_parity, hrp, maximum_diversification. All but the first
    two need skfolio: pip install 'keel[optimise]'.
    """
    from keel.domain.portfolio.split import read_bounds, read_method, split_json
    from keel.domain.reading.place import Place
    from keel.services.fill import Asked, named

    inputs.require_order(start, end)
    framework, _ = inputs.framework(framework_path)
    own = named(framework, path)
    symbols = tuple(s.strip() for s in products.split(",") if s.strip()) if products else own
    bounds = read_bounds(*_json(bounds_json)) if bounds_json else {}
    asked = Asked(read_method(method, Place("--method")), symbols, bounds, path, start, end, dataset)
    with busy("Filling the bucket"):
        split = _from_file(prices_path, framework, asked) if prices_path else _stored(framework, asked)
    return reply(split_json(split), text(split), as_json)


def _json(given: str) -> tuple[object, Place]:
    from keel.domain.reading.place import Place

    value, name = inputs.json_argument(given, "--bounds")
    return value, Place(name)


def _stored(framework: Framework, asked: Asked) -> Split:
    from keel.commands.database import opened
    from keel.services import fill

    with opened() as db:
        return fill.fill_bucket(db, framework, asked)


def _from_file(path: str, framework: Framework, asked: Asked) -> Split:
    from keel.services import fill

    prices = inputs.prices(path)
    with inputs.about(path):
        return fill.fill_priced(prices, framework, asked)


def text(split: Split) -> str:
    """The shares with what each risks, then the reasons and the limits that cannot be met."""
    from keel import units

    rows = [["", "share", "volatility", "of the risk"]]
    rows += [[p.symbol, units.weight(p.share), units.pct(p.volatility), units.pct(p.risk)] for p in split.parts]
    unmet = [f"{finding.message} {finding.fix}" for finding in split.findings]
    return "\n".join([table(rows), "", *split.reasons, *unmet])
