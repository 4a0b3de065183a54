"""The tree as rows of text for an editor, and what was typed as edits of the tree."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Literal

from keel import units
from keel.domain.framework import editing, tree
from keel.domain.framework.records import Bucket, Framework
from keel.domain.issue import Edit
from keel.domain.policy.kinds import half_width
from keel.errors import InputError

Field = Literal["target_weight", "min_weight", "max_weight"]
NOTHING: Mapping[str, str] = {}
MOST_IN_STRIP = 24  # more parts than this are slivers
MOST_IN_NAME, MOST_IN_TITLE = 80, 120  # characters of a bucket's name, of a framework's
FIELDS: tuple[Field, ...] = ("target_weight", "min_weight", "max_weight")


@dataclass(frozen=True, slots=True)
class Row:
    """One bucket as text: percents without the sign, empty for none. ``amiss`` says when its parts do not fit.

    ``contents`` is what a leaf holds in words, empty where nobody said, None for what is no leaf.
    """

    path: str
    parent: str
    label: str
    level: int
    target_weight: str
    min_weight: str
    max_weight: str
    band: str
    amiss: str
    locked: bool
    slot: int
    contents: str | None = None

    def plain(self) -> dict[str, object]:
        """The row as JSON values."""
        return asdict(self)


def rows(
    framework: Framework, colours: dict[str, int], *, of_parent: bool = False, contents: Mapping[str, str] = NOTHING
) -> tuple[Row, ...]:
    """The tree in order; with ``of_parent`` every weight is a share of the bucket above. ``contents`` are by path.

    >>> pair = Framework("Pair", (Bucket("A/Eq", "Equity", 0.6), Bucket("A/Eq/US", "US", 0.45)))
    >>> [(r.label, r.level, r.target_weight, r.amiss) for r in rows(pair, {}, of_parent=True)]
    [('Equity', 1, '60.0', 'parts make 75.0% of it'), ('US', 2, '75.0', '')]
    """
    targets = {bucket.path: bucket.target_weight for bucket in framework.buckets}
    families = tree.families(framework)
    out = []
    for bucket in tree.ordered(framework):
        above = tree.parent(bucket.path)
        whole = targets.get(above, 1.0) if of_parent and above is not None else 1.0
        parts = families.get(bucket.path, ())
        total = math.fsum(part.target_weight for part in parts)
        shown = total / bucket.target_weight if of_parent and bucket.target_weight > 0 else total
        of = " of it" if of_parent and bucket.target_weight > 0 else ""
        fits = not parts or abs(total - bucket.target_weight) <= units.WEIGHT_TOLERANCE
        out.append(
            Row(
                path=bucket.path,
                parent=above if above in targets and above is not None else "",
                label=bucket.label,
                level=bucket.path.count("/"),
                target_weight=figure(bucket.target_weight, whole),
                min_weight=figure(bucket.min_weight, whole),
                max_weight=figure(bucket.max_weight, whole),
                band="" if parts else band_text(framework, bucket),
                amiss="" if fits else f"parts make {units.weight(shown, most=2)}{of}",
                locked=bucket.locked,
                slot=colours.get(bucket.path, 6),
                contents=contents.get(bucket.path),
            )
        )
    return tuple(out)


def figure(weight: float | None, whole: float = 1.0) -> str:
    """A weight as the editor writes it; empty for none, or when the whole is 0.

    >>> figure(0.3), figure(0.1, 0.3), figure(None)
    ('30.0', '33.33', '')
    """
    if weight is None or whole <= 0:
        return ""
    most = 4 if whole == 1.0 else 2  # a share of the parent is what it comes to: nobody typed its decimals
    return units.weight(weight / whole, most=most).removesuffix("%").replace(",", "")


def band_text(framework: Framework, bucket: Bucket) -> str:
    """The band that holds for a leaf; empty when there is none."""
    band = tree.effective_band(framework, bucket.path) or framework.rebalancing.band
    below, above = half_width(band, bucket.target_weight)
    return "" if math.isinf(below) else units.band(below, above)


def typed(framework: Framework, path: str, field: Field, text: str, *, of_parent: bool = False) -> Framework:
    """The framework after ``text`` was typed into a weight. Raises InputError for what is no weight of 0 to 100%.

    As a share of the parent, a new target takes the parts along, so that their shares stay.
    """
    value = units.read_percent(text)
    if value is not None and not 0.0 <= value <= 1.0:
        raise InputError(f"{units.weight(value)} is no weight.", hint="Write a number from 0 to 100.")
    above = tree.parent(path)
    if of_parent and value is not None and above is not None:
        value *= tree.get(framework, above).target_weight
    if field == "target_weight" and of_parent and value is not None:
        return editing.revise(framework, editing.resized(framework, path, value))
    return editing.revise(framework, (Edit(path, field, value),))


def placed(framework: Framework) -> float:
    """The sum of the leaves: what would be bought."""
    return math.fsum(leaf.target_weight for leaf in tree.leaves(framework))


def placed_words(framework: Framework) -> str:
    """What the bar says: exactly 100%, what is missing, or what is too much.

    >>> placed_words(Framework("x", (Bucket("A/B", "B", 0.98),)))
    '98.0% placed, 2.0% to go'
    """
    total = placed(framework)
    rest = 1.0 - total
    if abs(rest) <= units.WEIGHT_TOLERANCE:
        loose = sum(1 for row in rows(framework, {}) if row.amiss)
        if loose:
            return f"100% placed, but {loose} bucket{'s' if loose > 1 else ''} with parts that do not add up"
        return "100% placed"
    return f"{units.weight(total)} placed, {units.weight(abs(rest))} {'to go' if rest > 0 else 'too much'}"


def strip(framework: Framework, colours: dict[str, int]) -> tuple[tuple[str, ...], tuple[float, ...], tuple[int, ...]]:
    """Labels, weights and slots of the leaves with a weight, for the allocation strip; of their classes when many."""
    leaves = [leaf for leaf in tree.leaves(framework) if leaf.target_weight > 0]
    if len(leaves) <= MOST_IN_STRIP:
        shown = [(leaf, leaf.target_weight) for leaf in leaves]
    else:
        held: dict[str, float] = {}
        for leaf in leaves:
            above = tree.line(leaf.path)[0]
            held[above] = held.get(above, 0.0) + leaf.target_weight
        shown = [(top, held[top.path]) for top in tree.top(framework) if top.path in held]
    return (
        tuple(bucket.label for bucket, _ in shown),
        tuple(weight for _, weight in shown),
        tuple(colours.get(bucket.path, 6) for bucket, _ in shown),
    )


def require_text(text: str, what: str, most: int = MOST_IN_NAME) -> str:
    """The text without blanks around it. Raises InputError when nothing is left, or more than ``most`` characters."""
    words = " ".join(text.split())
    if not words:
        raise InputError(f"{what} needs a name.", hint="Write a name first.")
    if len(words) > most:
        raise InputError(f"The name has {len(words)} characters; {most} are the most.", hint="Shorten it.")
    return words
