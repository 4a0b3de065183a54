"""``keel benchmark``: blends under a name, to stand beside any study."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from keel.commands.output import Reply, json_option, reply, table

if TYPE_CHECKING:
    from keel.store.market.benchmarks import NamedBenchmark


@click.group("benchmark")
def benchmark_group() -> None:
    """Keep blends of products under a name, such as 60% VT and 40% BND brought back to that every year."""


@benchmark_group.command("save")
@click.argument("name", metavar="NAME")
@click.argument("parts", metavar="PARTS")
@click.option("--look", default="annual", show_default=True, metavar="CADENCE", help="When to rebalance, or never.")
@json_option
def save_benchmark(name: str, parts: str, look: str, as_json: bool) -> Reply:
    """Keep a blend, in place of the one of that name: keel benchmark save 60/40 "VT:60%, BND:40%"."""
    from keel.commands.database import opened
    from keel.domain.reading.place import Place
    from keel.domain.study.blend import parse_blend, parse_parts
    from keel.services.market import benchmarks

    place = Place("the benchmark")
    blend = parse_blend({"name": name, "parts": parse_parts(parts, place.field("parts")), "look": look}, place)
    with opened() as db:
        named = benchmarks.save(db, blend)
    return reply(benchmarks.document(named), in_words(named), as_json)


@benchmark_group.command("list")
@json_option
def list_benchmarks(as_json: bool) -> Reply:
    """List the blends there are."""
    from keel.commands.database import opened
    from keel.services.market import benchmarks

    with opened() as db:
        known = benchmarks.listed(db)
    rows = [[named.blend.name, in_words(named).partition(": ")[2]] for named in known]
    return reply(
        [benchmarks.document(named) for named in known], table(rows, left=2) if rows else "There are none yet.", as_json
    )


@benchmark_group.command("delete")
@click.argument("name", metavar="NAME")
@json_option
def delete_benchmark(name: str, as_json: bool) -> Reply:
    """Delete the blend of that name or id; runs keep what they were compared with."""
    from keel.commands.database import opened
    from keel.services.market import benchmarks

    with opened() as db:
        named = benchmarks.delete(db, name)
    return reply(benchmarks.document(named), f"{named.blend.name} is deleted.", as_json)


def in_words(named: NamedBenchmark) -> str:
    """A stored blend in a line."""
    from keel.domain.study.blend import describe_blend

    return f"{named.blend.name}: {describe_blend(named.blend)}"
