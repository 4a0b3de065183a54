"""The whole way for every template, through the services on the embedded sample: adopt, map, backtest, drift."""

from __future__ import annotations

import time

import numpy as np
import pytest

from keel import backtest, settings
from keel.domain.framework.records import Framework
from keel.domain.mapping.matching import BucketSuggestions
from keel.domain.policy.presets import PRESETS
from keel.domain.policy.records import RunSettings
from keel.domain.portfolio.records import Pick, Portfolio
from keel.domain.study.question import Question
from keel.services import design, history, mapping, study
from keel.store.connection import Database

TEMPLATES = [t.id for t in design.templates(settings.load()) if t.framework.buckets]
POLICIES = {name: PRESETS[name] for name in ("never", "annual", "five_twenty_five", "edge_5pp")}
AIM_SECONDS = 5.0


def test_all_templates_but_the_empty_one_take_the_walk() -> None:
    assert {"conservative", "balanced", "growth", "core_satellite", "geographic", "sector_risk_band", "factor"} <= set(
        TEMPLATES
    )


def mapped(db: Database, framework: Framework) -> tuple[Framework, Portfolio, tuple[BucketSuggestions, ...]]:
    """The best usable pick of every bucket; a bucket without one first takes its first remedy of the rules."""
    found = mapping.suggest(db, framework)
    for bucket in found:
        remedy = next((r for r in bucket.remedies if r.rules is not None), None)
        if not any(s.usable for s in bucket.suggestions) and remedy:
            framework = mapping.widen(db, framework, remedy)
    found = mapping.suggest(db, framework)
    picks = {
        bucket.path: [Pick(bucket.path, best.instrument.id, best.instrument.symbol, 1.0)]
        for bucket in found
        if (best := next((s for s in bucket.suggestions if s.usable), None))
    }
    return framework, mapping.accept(db, framework.id, framework.version, picks, "Walk"), found


@pytest.mark.parametrize("template", TEMPLATES)
def test_the_walk(db: Database, template: str) -> None:
    framework = design.adopt_template(db, settings.load(), template)
    framework, portfolio, found = mapped(db, framework)
    assert (portfolio.framework_id, portfolio.framework_version) == (framework.id, framework.version)
    for bucket in found:
        held = any(pick.path == bucket.path for pick in portfolio.picks)
        assert held or bucket.gaps, f"{bucket.label} is neither filled nor a gap"

    done = study.run_backtest(db, Question(portfolio.id, POLICIES, RunSettings(cost_bps=10.0)))
    assert [result.name for result in done.results] == list(POLICIES)
    for result in done.results:
        assert len(result.dates) > 36
        assert np.isfinite(result.wealth).all()
        assert result.weights.sum(axis=1) == pytest.approx(1.0)
        assert result.meta.framework_version == framework.version
    gaps = {bucket.label for bucket in found if not any(s.usable for s in bucket.suggestions)}
    for label in gaps:
        assert any(label in note for note in done.notes), f"the gap {label} is not said"

    grid = history.drift(done, "five_twenty_five")
    assert grid.drift.shape == (len(framework_leaves(framework)), len(done.results[2].dates))
    assert np.abs(grid.drift.sum(axis=0)).max() < 1e-9
    assert grid.breach.any(axis=0).sum() >= len(done.results[2].events) - (done.results[2].pending is not None)

    again = study.get_run(db, done.run_id)
    assert not again.changed
    assert [r.metrics for r in again.results] == [r.metrics for r in done.results]


def framework_leaves(framework: Framework) -> list[str]:
    return [b.path for b in framework.buckets if not any(o.path.startswith(b.path + "/") for o in framework.buckets)]


@pytest.mark.speed
def test_every_walk_together_takes_little_time(db: Database) -> None:
    backtest.warm()
    began = time.perf_counter()
    for template in TEMPLATES:
        _, portfolio, _ = mapped(db, design.adopt_template(db, settings.load(), template))
        done = study.run_backtest(db, Question(portfolio.id, POLICIES, RunSettings(cost_bps=10.0)))
        history.drift(done, "annual")
    seconds = time.perf_counter() - began
    print(f"\n{len(TEMPLATES)} walks in {seconds:.2f} s")
    assert seconds < 4 * AIM_SECONDS  # the aim holds on a quiet machine; tests share theirs
