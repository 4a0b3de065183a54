"""The compiled kernel equals a plain simulation built on the domain's rules."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from tests.domain.policy.test_destination import BANDS
from tests.oracles import Story, book_of
from tests.oracles import simulate as plain

from keel.backtest.path import Path, simulate
from keel.backtest.window import Window, to_dates
from keel.domain.arrays import Floats
from keel.domain.policy.kinds import Absolute, TrackingError, Trigger
from keel.domain.policy.records import (
    Cadence,
    Contributions,
    EverySessions,
    FlowMode,
    Policy,
    RunSettings,
    Scope,
)
from keel.domain.portfolio.book import Book
from keel.errors import PortfolioDepletedError


@dataclass(frozen=True)
class Case:
    """One simulation."""

    window: Window
    book: Book
    policy: Policy
    settings: RunSettings
    lag: int


def window_of(closes: Floats, start: str = "2023-11-27", step: int = 1) -> Window:
    """Closes on weekdays, each ``step`` apart."""
    days = np.busday_offset(np.datetime64(start, "D"), step * np.arange(len(closes)), roll="forward")
    symbols = tuple(f"s{i}" for i in range(closes.shape[1]))
    return Window(days, symbols, closes, "daily", 252, ())


@st.composite
def books(draw: st.DrawFn) -> Book:
    m = draw(st.integers(1, 4))
    parts = draw(st.lists(st.integers(0, 20), min_size=m, max_size=m).filter(lambda numbers: sum(numbers) > 0))
    fills = [draw(st.lists(st.integers(1, 9), min_size=1, max_size=3)) for _ in range(m)]
    bands = tuple(draw(st.one_of(st.none(), BANDS)) for _ in range(m))
    lines = [(f"leaf{j}", part / sum(fill)) for j, fill in enumerate(fills) for part in fill]
    targets = {f"leaf{j}": part / sum(parts) for j, part in enumerate(parts)}
    return book_of(targets, lines, bands, tuple(f"s{i}" for i in range(len(lines))))


@st.composite
def shared_books(draw: st.DrawFn) -> Book:
    """Books whose leaves may hold the same instruments and be frozen."""
    book = draw(books())
    symbols = tuple(f"s{draw(st.integers(0, i))}" for i in range(len(book.symbols)))
    frozen = tuple(draw(st.booleans()) and draw(st.booleans()) for _ in book.paths)
    return dataclasses.replace(book, symbols=symbols, frozen=frozen)


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    look = draw(st.one_of(st.sampled_from(list(Cadence)), st.builds(EverySessions, st.integers(1, 9))))
    common = {"look": look, "offset": draw(st.integers(0, 4)), "cooldown_days": draw(st.sampled_from([0, 0, 3, 40]))}
    trigger = draw(st.sampled_from(list(Trigger)))
    if trigger is not Trigger.band:
        return Policy(trigger, **common)
    destination = draw(st.sampled_from([0.0, 0.0, 0.25, 0.5, 1.0]))
    scope = draw(st.sampled_from([None, Scope.breached_only]))
    return Policy(trigger, band=draw(BANDS), destination=destination, scope=scope, **common)


@st.composite
def settings_of(draw: st.DrawFn, book: Book) -> RunSettings:
    bps = st.sampled_from([0.0, 1.0, 10.0, 250.0])
    return RunSettings(
        cost_bps=draw(st.one_of(bps, st.fixed_dictionaries(dict.fromkeys(book.symbols, bps)))),
        fixed_fee=draw(st.sampled_from([0.0, 0.0, 3.0])),
        min_trade=draw(st.sampled_from([0.0, 0.0, 20.0, 300.0])),
        charge_initial=draw(st.booleans()),
        annual_fee_bps=draw(st.sampled_from([0.0, 50.0])),
    )


@st.composite
def cases(draw: st.DrawFn) -> Case:
    book = draw(books())
    n, k = draw(st.integers(2, 30)), len(book.symbols)
    noise = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    steps = np.exp(noise.normal(0.0, draw(st.sampled_from([0.01, 0.1])), (n, k)))
    closes = np.cumprod(steps, axis=0) * noise.uniform(0.1, 500.0, k)
    window = window_of(closes, step=draw(st.sampled_from([1, 3, 11])))
    return Case(window, book, draw(policies()), draw(settings_of(book)), draw(st.integers(0, 3)))


@st.composite
def rich_cases(draw: st.DrawFn) -> Case:
    """Cases with shared instruments, frozen leaves and flows."""
    case = draw(cases())
    book = draw(shared_books())
    k = len(book.symbols)
    noise = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    closes = np.cumprod(np.exp(noise.normal(0.0, 0.05, (len(case.window.dates), k))), axis=0) * 50.0
    window = window_of(closes, step=draw(st.sampled_from([1, 3, 11, 30])))
    flows = st.builds(
        Contributions,
        st.sampled_from([-1500.0, -400.0, 250.0, 4000.0]),
        st.sampled_from(list(Cadence)),
        st.sampled_from([0.0, 0.5]),
        st.sampled_from(list(FlowMode)),
    )
    free = book.targets[~np.array(book.frozen)].sum() > 0.0
    settings = dataclasses.replace(draw(settings_of(book)), contributions=draw(st.none() | flows) if free else None)
    return Case(window, book, case.policy, settings, case.lag)


def closes_of(case: Case) -> Floats:
    return case.window.closes[:, [case.window.symbols.index(symbol) for symbol in case.book.symbols]]


def both(case: Case) -> tuple[Path, Story]:
    found = simulate(case.window, case.book, case.policy, case.settings, case.lag)
    dates = to_dates(case.window.dates)
    story = plain(dates, closes_of(case), case.book, case.policy, case.settings, case.lag, 252)
    return found, story


@given(cases())
def test_kernel_equals_the_plain_simulation(case: Case) -> None:
    assert_same(*both(case))


@given(rich_cases())
def test_kernel_equals_the_plain_simulation_with_flows_frozen_leaves_and_shared_instruments(case: Case) -> None:
    dates = to_dates(case.window.dates)
    story = plain(dates, closes_of(case), case.book, case.policy, case.settings, case.lag, 252)
    if story.depleted is not None:
        with pytest.raises(PortfolioDepletedError, match=dates[story.depleted].isoformat()):
            simulate(case.window, case.book, case.policy, case.settings, case.lag)
        return
    found = simulate(case.window, case.book, case.policy, case.settings, case.lag)
    assert_same(found, story)


@pytest.mark.parametrize("frozen", [(), (False, True, False)])
@pytest.mark.parametrize(("look", "lag"), [(Cadence.daily, 0), (Cadence.weekly, 1), (EverySessions(7), 0)])
def test_kernel_equals_the_plain_simulation_with_a_tracking_error(
    look: Cadence | EverySessions, lag: int, frozen: tuple[bool, ...]
) -> None:
    noise = np.random.default_rng(11)
    closes = np.cumprod(np.exp(noise.normal(0.0, 0.02, (420, 4)) * [1.0, 2.0, 0.3, 0.0]), axis=0)
    lines = [("leaf0", 0.5), ("leaf0", 0.5), ("leaf1", 1.0), ("leaf2", 1.0)]
    book = book_of({"leaf0": 0.5, "leaf1": 0.3, "leaf2": 0.2}, lines, symbols=("s0", "s1", "s2", "s3"))
    book = dataclasses.replace(book, frozen=frozen)
    policy = Policy(Trigger.band, look, band=TrackingError(150))
    found, story = both(Case(window_of(closes), book, policy, RunSettings(cost_bps=10), lag))
    assert_same(found, story)
    assert len(found.sessions) >= 1
    assert found.decided.min() >= 252


def test_a_tracking_error_fires_just_beyond_its_limit() -> None:
    steps = np.tile([1.02, 1.0 / 1.02], 150)  # leaf 0 swings by 2%, leaf 1 is cash
    closes = np.column_stack([np.cumprod(np.append(1.0, steps)) * np.linspace(1.0, 1.6, 301), np.ones(301)])
    window, book = window_of(closes), book_of({"s0": 0.5, "s1": 0.5})
    returns = closes[1:, 0] / closes[:-1, 0] - 1.0
    weight = closes[260, 0] / (closes[260, 0] + 1.0)
    error = abs(weight - 0.5) * returns[260 - 252 : 260].std(ddof=1) * np.sqrt(252)
    for limit, fires in ((error * 1e4 - 1e-4, True), (error * 1e4 + 1e-4, False)):
        policy = Policy(Trigger.band, EverySessions(260), band=TrackingError(limit))
        found = simulate(window, book, policy, RunSettings(), 0)
        assert found.sessions.tolist() == ([260] if fires else [])


def assert_same(found: Path, story: Story) -> None:
    assert found.value == pytest.approx(story.wealth, rel=1e-11)
    assert found.wealth == pytest.approx(story.index, rel=1e-10)
    if found.flows is not None:
        assert found.flows.sessions.tolist() == [t for t, _, _ in story.flows]
        for trades, (_, _, bought) in zip(found.flows.trades, story.flows, strict=True):
            assert trades == pytest.approx(bought * 10_000.0, abs=1e-6)
    assert found.sessions.tolist() == [event.session for event in story.events]
    assert found.decided.tolist() == [event.decided for event in story.events]
    assert found.turnover == pytest.approx([event.turnover for event in story.events], abs=1e-11)
    assert found.cost == pytest.approx([event.cost for event in story.events], abs=1e-11)
    weights = found.values / found.values.sum(axis=1, keepdims=True)
    assert weights == pytest.approx(np.array(story.holdings), abs=1e-11)
    for goal, event in zip(found.goals, story.events, strict=True):
        assert goal == pytest.approx(event.goal, abs=1e-11)
    assert found.pending == (story.pending[0] if story.pending else None)
    if story.pending:
        assert found.pending_goal == pytest.approx(story.pending[1], abs=1e-11)


@given(cases())
def test_goals_sum_to_one(case: Case) -> None:
    found = simulate(case.window, case.book, case.policy, case.settings, case.lag)
    assert found.goals.sum(axis=1) == pytest.approx(np.ones(len(found.goals)), abs=1e-11)


@given(cases())
def test_every_rebalance_pays_for_itself(case: Case) -> None:
    found = simulate(case.window, case.book, case.policy, case.settings, case.lag)
    before = found.values[found.sessions].sum(axis=1)
    assert found.wealth[found.sessions] == pytest.approx(before * (1.0 - found.cost), rel=1e-13)
    assert (found.cost >= 0.0).all()


@given(cases(), st.floats(0.5, 2.0))
def test_an_empty_bucket_without_target_changes_no_number(case: Case, price: float) -> None:
    window, book = case.window, case.book
    more = dataclasses.replace(
        window,
        symbols=(*window.symbols, "empty"),
        closes=np.column_stack([window.closes, price ** np.arange(len(window.dates))]),
    )
    wider = dataclasses.replace(
        book,
        paths=(*book.paths, "empty"),
        labels=(*book.labels, "empty"),
        targets=np.append(book.targets, 0.0),
        symbols=(*book.symbols, "empty"),
        leaf=np.append(book.leaf, len(book.targets)),
        shares=np.append(book.shares, 1.0),
        bands=(*book.bands, None),
    )
    try:
        straight = simulate(window, book, case.policy, case.settings, case.lag)
    except PortfolioDepletedError:
        assume(False)
    beside = simulate(more, wider, case.policy, case.settings, case.lag)
    assert beside.sessions.tolist() == straight.sessions.tolist()
    assert beside.wealth == pytest.approx(straight.wealth, rel=1e-12)
    assert beside.turnover == pytest.approx(straight.turnover, abs=1e-12)
    assert beside.cost == pytest.approx(straight.cost, abs=1e-12)
    assert beside.values[:, :-1] == pytest.approx(straight.values, abs=1e-12)
    assert not beside.values[:, -1].any()


@given(cases(), st.integers(1, 28))
def test_later_prices_change_nothing_earlier(case: Case, after: int) -> None:
    n = len(case.window.dates)
    assume(after < n - 2)
    closes = case.window.closes.copy()
    closes[after + 1 :] *= np.linspace(0.5, 2.0, closes.shape[1])
    other = dataclasses.replace(case, window=dataclasses.replace(case.window, closes=closes))
    first = simulate(case.window, case.book, case.policy, case.settings, case.lag)
    second = simulate(other.window, other.book, other.policy, other.settings, other.lag)
    assert first.wealth[: after + 1].tolist() == second.wealth[: after + 1].tolist()
    assert first.sessions[first.sessions <= after].tolist() == second.sessions[second.sessions <= after].tolist()


@given(cases(), st.floats(0.01, 1000.0))
def test_the_scale_of_prices_does_not_matter(case: Case, scale: float) -> None:
    assume(case.policy.trigger is not Trigger.band)  # at the very edge of a band rounding may decide either way
    scaled = dataclasses.replace(case.window, closes=case.window.closes * scale)
    first = simulate(case.window, case.book, case.policy, case.settings, case.lag)
    second = simulate(scaled, case.book, case.policy, case.settings, case.lag)
    assert second.wealth == pytest.approx(first.wealth, rel=1e-12)


@given(cases())
@example(Case(window_of(np.ones((3, 2))), book_of({"a": 1.0, "b": 0.0}), Policy(Trigger.never), RunSettings(), 0))
def test_never_is_buy_and_hold(case: Case) -> None:
    book = dataclasses.replace(case.book, symbols=case.window.symbols)
    found = simulate(case.window, book, Policy(Trigger.never), RunSettings(), case.lag)
    held = (case.window.closes / case.window.closes[0]) @ (book.targets[book.leaf] * book.shares)
    assert found.wealth == pytest.approx(held, rel=1e-12)
    assert len(found.sessions) == 0
    assert found.pending is None


def test_costs_that_take_everything_are_an_error_with_the_date() -> None:
    window = window_of(np.array([[1.0, 1.0], [2.0, 1.0], [2.0, 1.0]]))
    policy = Policy(Trigger.band, band=Absolute(100))
    with pytest.raises(PortfolioDepletedError, match="28 Nov 2023"):
        simulate(window, book_of({"s0": 0.5, "s1": 0.5}), policy, RunSettings(fixed_fee=9_000.0), 0)
    settings = RunSettings(fixed_fee=5_000.0, charge_initial=True)
    with pytest.raises(PortfolioDepletedError, match="27 Nov 2023"):
        simulate(window, book_of({"s0": 0.5, "s1": 0.5}), policy, settings, 0)
