"""Frameworks judged: one bucket changed, the one finding of a code, the framework after one of its fixes."""

from __future__ import annotations

from dataclasses import replace

from keel.domain.framework import editing, tree
from keel.domain.framework.records import Framework
from keel.domain.framework.validation import check
from keel.domain.issue import Finding

EQUITY = "AssetClass/Equity"
KNOWN = {f"asset_class:{name}" for name in ("equity", "bonds", "alternatives")} | {
    f"region:{name}" for name in ("us", "global", "emerging")
}


def with_bucket(framework: Framework, path: str, **fields: object) -> Framework:
    bucket = replace(tree.get(framework, path), **fields)  # type: ignore[arg-type]
    return editing.replace_bucket(framework, bucket)


def the(framework: Framework, code: str, **facts: object) -> Finding:
    found = [i for i in check(framework, **facts) if i.code == code]  # type: ignore[arg-type]
    assert len(found) == 1, check(framework)
    return found[0]


def after(framework: Framework, issue: Finding, label: str) -> Framework:
    return editing.revise(framework, next(f for f in issue.fixes if f.label == label).edits)
