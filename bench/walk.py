"""How long the whole way takes through the services: template, mapping, backtest, drift, on the embedded sample."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from keel import backtest, settings
from keel.domain.mapping.matching import best_picks
from keel.domain.policy.presets import PRESETS
from keel.domain.policy.records import RunSettings
from keel.domain.study.question import Question
from keel.services import design, history, mapping, sample, study
from keel.store.connection import Database

POLICIES = {name: PRESETS[name] for name in ("never", "annual", "five_twenty_five", "edge_5pp")}


def main() -> None:
    """Print a markdown table of milliseconds by template and step; database and kernel are ready before."""
    limits = settings.load()
    db = Database.open(":memory:")
    sample.build(db, limits)
    backtest.warm()
    print("### The walk: four policies on the embedded sample, ms\n")
    print("| template | adopt | map | backtest | drift | in all |")
    print("|---|---:|---:|---:|---:|---:|")
    whole = 0.0
    for template in design.templates(limits):
        if template.framework.buckets:
            steps = walk(db, template.id)
            whole += sum(steps.values())
            cells = " | ".join(f"{1e3 * taken:.0f}" for taken in (*steps.values(), sum(steps.values())))
            print(f"| {template.id} | {cells} |")
    print(f"\nAll templates: {whole:.2f} s (aim 5 s).")
    db.close()


def walk(db: Database, template: str) -> dict[str, float]:
    """Seconds of each step."""
    steps: dict[str, float] = {}
    with timed(steps, "adopt"):
        framework = design.adopt_template(db, settings.load(), template)
    with timed(steps, "map"):
        picks = best_picks(mapping.suggest(db, framework))
        portfolio = mapping.accept(db, framework.id, framework.version, picks)
    with timed(steps, "backtest"):
        run = study.run_backtest(db, Question(portfolio.id, POLICIES, RunSettings(cost_bps=10.0)))
    with timed(steps, "drift"):
        history.drift(run, "five_twenty_five")
    return steps


@contextmanager
def timed(steps: dict[str, float], name: str) -> Iterator[None]:
    """The seconds of the block under ``name``."""
    started = time.perf_counter()
    yield
    steps[name] = time.perf_counter() - started


if __name__ == "__main__":
    main()
