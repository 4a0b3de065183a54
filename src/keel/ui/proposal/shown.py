"""A proposal as a person reads it: who it is by, what it consists of, why, and what it would change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import streamlit as st

from keel import units
from keel.domain.constraints.types import TYPES
from keel.domain.framework.slots import slots
from keel.domain.framework.tree import find, ordered
from keel.domain.policy.words import describe
from keel.domain.proposal.records import BENCHMARK, REBALANCING, RULES
from keel.ui.allocation import tree_rows
from keel.ui.charts.strip import allocation_strip
from keel.ui.frame import widgets

if TYPE_CHECKING:
    from keel.domain.framework.diff import Change
    from keel.domain.framework.records import Bucket, Framework
    from keel.domain.proposal.picks import ProposedPicks
    from keel.services.guided.proposals import Proposed

SILENT = ("description", "method", "profile", "risk band")  # what is ours to write, and no part of the proposal


def head(proposed: Proposed, title: str) -> None:
    """Draws the heading, who proposes, the policy, and the targets as a strip."""
    framework = proposed.proposal.framework
    widgets.header(title)
    widgets.context(_from(proposed), "Nothing is saved yet", f"Policy: {describe(framework.rebalancing)}")
    _picture(framework)


def reasons(proposed: Proposed) -> None:
    """Draws each bucket with its size and why, what is not met, and what was found wrong."""
    st.markdown("\n".join(_lines(proposed)))
    rest(proposed)


def rest(proposed: Proposed) -> None:
    """Draws the wishes that are not met, and what was found wrong."""
    if proposed.proposal.notes:
        st.markdown("**Not met**\n\n" + "\n".join(f"- {widgets.plain(note)}" for note in proposed.proposal.notes))
    widgets.issues(proposed.findings, "proposed")


def _from(proposed: Proposed) -> str:
    source = proposed.proposal.source
    return "By rules" if source == RULES else f"By {source}, checked here"


def _picture(framework: Framework) -> None:
    labels, weights, colours = tree_rows.strip(framework, slots(framework))
    alt = "Proposed: " + ", ".join(f"{n} {units.weight(w, 0)}" for n, w in zip(labels, weights, strict=True))
    widgets.chart(allocation_strip(labels, weights, colours), alt=alt, key="strip-proposed")


def _why(proposed: Proposed) -> Mapping[str, str]:
    return {reason.about: reason.words for reason in proposed.proposal.reasons}


def _lines(proposed: Proposed) -> Iterator[str]:
    """A line a bucket, its parts below it: what it is, how large, and why."""
    why = _why(proposed)
    for bucket in ordered(proposed.proposal.framework):
        indent = "  " * (bucket.path.count("/") - 1)
        yield f"{indent}- {_named(bucket)}  \n{indent}  {widgets.plain(why.get(bucket.path, ''))}"


def _named(bucket: Bucket) -> str:
    return f"**{widgets.plain(bucket.label)} {units.weight(bucket.target_weight, 0)}**"


def others(proposed: Proposed) -> Iterator[str]:
    """How the targets meet each limit, then why the policy and the benchmark."""
    why = _why(proposed)
    framework = proposed.proposal.framework
    for verdict in proposed.limits:
        yield f"- {widgets.plain(verdict.message)} {widgets.plain(why.get(verdict.constraint.type, ''))}"
    yield f"- **{widgets.plain(describe(framework.rebalancing))}**: {widgets.plain(why.get(REBALANCING, ''))}"
    if framework.benchmark:
        yield f"- Compared with **{widgets.plain(framework.benchmark)}**: {widgets.plain(why.get(BENCHMARK, ''))}"


def changes(proposed: Proposed) -> Iterator[str]:
    """A line a bucket or other part that would change, with all that changes of it and why."""
    why = _why(proposed)
    together: dict[str, list[Change]] = {}
    for change in sorted(proposed.changes, key=lambda change: not change.path):  # the whole behind its buckets
        if change.field not in SILENT or change.path:
            together.setdefault(change.path or _about(change), []).append(change)
    for about, found in together.items():
        reason = why.get(about, "")
        yield f"- {_said(found)}" + (f"  \n  {widgets.plain(reason)}" if reason else "")


def _about(change: Change) -> str:
    """What the reason of a change to the whole framework is about."""
    kinds = {kind.name: name for name, kind in TYPES.items()}
    return {"policy": REBALANCING, BENCHMARK: BENCHMARK}.get(change.field) or kinds.get(change.field, change.field)


def _said(found: Sequence[Change]) -> str:
    """Changes of one thing in one line, its name first."""
    first, label = found[0], widgets.plain(found[0].label)
    if not first.field:
        return f"**{label}** {widgets.plain(str(first).removeprefix(first.label).strip())}"
    moves = "; ".join(f"{change.field} {_or_none(change.before)} → {_or_none(change.after)}" for change in found)
    return f"**{label}** {widgets.plain(moves)}"


def _or_none(words: str) -> str:
    return "none" if words == units.MISSING else words


def products(framework: Framework, picks: ProposedPicks) -> Iterator[str]:
    """A line a bucket: what fills it and why, then what stays in cash."""
    why = {reason.about: reason.words for reason in picks.reasons}
    for path, chosen in picks.picks.items():
        bucket = find(framework, path)
        names = [p.symbol if len(chosen) == 1 else f"{p.symbol} {units.weight(p.share, 0)}" for p in chosen]
        label = widgets.plain(bucket.label if bucket else path)
        yield f"- **{label}: {widgets.plain(', '.join(names))}**  \n  {widgets.plain(why.get(path, ''))}"
    yield from (f"- {widgets.plain(note)}" for note in picks.notes)
