"""Issues of the tree's shape: paths, parents, dimensions, names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from keel.domain.framework.editing import MAX_PATH, path_fault
from keel.domain.framework.records import Bucket, Framework
from keel.domain.framework.tree import dimension, families, parent
from keel.domain.issue import Finding, Severity
from keel.domain.text import plain, shown


def issues(framework: Framework) -> Iterator[Finding]:
    """Malformed and repeated paths, parents that do not exist, mixed dimensions, names given twice."""
    counts = Counter(b.path for b in framework.buckets)
    for path, count in counts.items():
        fault = path_fault(path)
        if fault:
            message = f"The path {shown(path)} cannot be used: {fault}."
            yield Finding("bad_path", Severity.error, plain(path, 80), message, "Correct the path.")
        elif count > 1:
            message = f"{count} buckets have the path {plain(path)}."
            yield Finding(
                "duplicate_path", Severity.error, plain(path, MAX_PATH), message, "Rename or remove all but one."
            )
    missing = {above: None for path in counts if (above := parent(path)) is not None and above not in counts}
    for path in missing:
        message = f"There are buckets under {plain(path, 80)}, which does not exist."
        yield Finding("missing_parent", Severity.error, plain(path, 80), message, f"Add {plain(path, 80)}.")
    dimensions = list(dict.fromkeys(dimension(path) for path in counts if "/" in path))
    if len(dimensions) > 1:
        message = (
            f"The top level mixes {len(dimensions)} dimensions: {', '.join(plain(d, 30) for d in dimensions[:5])}."
        )
        fix = f"Start every path with {plain(dimensions[0], 30)}/, or put the others under its buckets."
        yield Finding("mixed_dimensions", Severity.error, plain(dimensions[0], 80), message, fix)
    yield from _name_issues(framework)


def _name_issues(framework: Framework) -> Iterator[Finding]:
    """A warning where buckets beside each other have one name: a person could not tell them apart."""
    for parts in families(framework).values():
        named: dict[str, list[Bucket]] = {}
        for bucket in {b.path: b for b in parts}.values():
            named.setdefault(bucket.label.casefold(), []).append(bucket)
        for alike in named.values():
            if len(alike) > 1:
                first = alike[0]
                message = f"{len(alike)} buckets beside each other are called {plain(first.label)}."
                yield Finding(
                    "same_name", Severity.warning, plain(first.path, MAX_PATH), message, "Rename one of them."
                )
