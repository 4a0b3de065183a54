"""Drift by bucket and date: a run's leaves, or its classes, against their bands at every close."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from keel.domain.arrays import Days, Floats
from keel.domain.drift.measure import Flags, Status, judged_against, leaf_widths, measure, roll_up
from keel.domain.framework.records import Framework
from keel.domain.framework.tree import within
from keel.domain.policy.band import breached
from keel.domain.policy.records import Policy
from keel.domain.portfolio.book import Book


@dataclass(frozen=True, slots=True)
class DriftGrid:
    """Bucket × date: ``drift`` and ``breach`` (m, n) for m buckets and n ``dates``.

    ``targets``, ``below``, ``above`` and ``frozen`` are (m,). ``judged_against`` is empty when the bands are the
    policy's own, else the words for the bands that stand in.
    """

    dates: Days
    labels: tuple[str, ...]
    paths: tuple[str, ...]
    targets: Floats
    drift: Floats
    below: Floats
    above: Floats
    frozen: Flags
    breach: Flags
    judged_against: str = ""

    def status(self, column: int) -> tuple[Status, ...]:
        """What each bucket's weight is on one date in relation to its band."""
        weights = self.targets + self.drift[:, column]
        return tuple(row.status for row in measure(weights, self.targets, self.below, self.above, self.frozen))


def grid(dates: Days, weights: Floats, book: Book, policy: Policy, frozen: Flags | None = None) -> DriftGrid:
    """The drift of each leaf at each close and whether it is in breach; ``weights`` (n, m) before trading.

    A ``frozen`` (m,) leaf is never in breach.
    """
    below, above = leaf_widths(book, policy)
    breach = breached(weights, book.targets, below, above, frozen)
    return DriftGrid(
        dates=dates,
        labels=book.labels,
        paths=book.paths,
        targets=book.targets,
        drift=np.ascontiguousarray((weights - book.targets).T),
        below=below,
        above=above,
        frozen=np.zeros(len(book.targets), dtype=bool) if frozen is None else frozen,
        breach=np.ascontiguousarray(breach.T),
        judged_against=judged_against(policy),
    )


def classes(framework: Framework, paths: Sequence[str]) -> tuple[str, ...]:
    """The top buckets in tree order, when they are fewer than the leaves; else none: nothing to roll up."""
    tops = tuple(b.path for b in framework.buckets if b.path.count("/") == 1)
    return tops if len(tops) < len(paths) else ()


def by_class(leaves: DriftGrid, framework: Framework, policy: Policy) -> DriftGrid:
    """The grid by top bucket: drifts added up, each class judged by its own band on its own target.

    A class is frozen when all its leaves are.
    """
    rows = measure(
        leaves.targets,
        leaves.targets,
        leaves.below,
        leaves.above,
        leaves.frozen,
        paths=leaves.paths,
        labels=leaves.labels,
    )
    by_path = {row.path: row for row in roll_up(framework, rows, policy)}
    tops = [by_path[path] for path in classes(framework, leaves.paths) if path in by_path]
    member = np.array([[within(path, top.path) for path in leaves.paths] for top in tops], dtype=float)
    drift = member @ leaves.drift
    below, above = np.array([top.below for top in tops]), np.array([top.above for top in tops])
    targets = np.array([top.target for top in tops])
    frozen = np.array([top.status is Status.frozen for top in tops])
    breach = breached(drift.T + targets, targets, below, above, frozen)
    return replace(
        leaves,
        labels=tuple(top.label for top in tops),
        paths=tuple(top.path for top in tops),
        targets=targets,
        drift=drift,
        below=below,
        above=above,
        frozen=frozen,
        breach=np.ascontiguousarray(breach.T),
    )
