"""The X-ray: a portfolio by asset class, region, sector, bucket and company, as targeted and through its products."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from keel.domain.constraints.exposures import BROAD, NO_SECTOR, UNKNOWN, Exposure, of_targets
from keel.domain.framework.choices import in_words
from keel.domain.framework.groups import MEMBERS
from keel.domain.framework.records import Framework
from keel.domain.framework.rules import kind
from keel.domain.framework.tree import leaf_rules, leaves
from keel.domain.lookthrough.members import DIMENSIONS, TITLES
from keel.domain.market.prices import CASH
from keel.units import WEIGHT_TOLERANCE

IN_CASH, ELSEWHERE = "cash", "elsewhere"
LAST = (ELSEWHERE, IN_CASH, NO_SECTOR, UNKNOWN)  # below what has a name, in this order
WORDS = {IN_CASH: "Cash", ELSEWHERE: "In no bucket", NO_SECTOR: "No sector (not shares)", UNKNOWN: "Not known"}
ASKED = ("asset_class", "region", "sector")  # what a bucket asks that a part of a product can answer


@dataclass(frozen=True, slots=True)
class Slice:
    """A part of the whole: its tag, path or company, what it is called, the target and what is held (fractions).

    ``target`` is None where targets say nothing.
    """

    member: str
    label: str
    target: float | None
    held: float


@dataclass(frozen=True, slots=True)
class Dimension:
    """One way to cut the portfolio; the slices sum to the whole, the largest first, what is not known last."""

    name: str
    title: str
    slices: tuple[Slice, ...]

    @property
    def unknown(self) -> float:
        """What is held of which this is not known."""
        return next((s.held for s in self.slices if s.member == UNKNOWN), 0.0)


XRay = tuple[Dimension, ...]


def xray(framework: Framework, held: Sequence[Exposure]) -> XRay:
    """What is held against the targets of a framework that says what its buckets hold.

    A product counts by its parts; what of it is not known stands apart, and nothing is spread over the rest.
    """
    targets = of_targets(framework)
    cuts = [_dimension(name, _sums(targets, name), _sums(held, name)) for name in DIMENSIONS[:-1]]
    return (*cuts, _buckets(framework, held), _companies(held))


def _sums(lines: Sequence[Exposure], name: str) -> Mapping[str, float]:
    sums: dict[str, list[float]] = defaultdict(list)
    for line in lines:
        for member, part in _parts(line, name).items():
            sums[member].append(part)
    return {member: math.fsum(parts) for member, parts in sums.items()}


def _parts(line: Exposure, name: str) -> Mapping[str, float]:
    """The line's parts, with cash as a part of its own."""
    if line.symbol != CASH:
        return line.parts(name)
    return {"asset_class:cash" if name == "asset_class" else IN_CASH: line.weight}


def _dimension(name: str, targets: Mapping[str, float], held: Mapping[str, float]) -> Dimension:
    members = _ordered({m: max(targets.get(m, 0.0), held.get(m, 0.0)) for m in {*targets, *held}})
    slices = [Slice(m, _label(m), targets.get(m, 0.0), held.get(m, 0.0)) for m in members]
    return Dimension(name, TITLES[name], tuple(slices))


def _ordered(sizes: Mapping[str, float]) -> list[str]:
    """The members by size; what is no member of the dimension comes last."""
    return sorted(sizes, key=lambda m: (LAST.index(m) if m in LAST else -1, -sizes[m], m))


def _label(member: str) -> str:
    return WORDS.get(member) or in_words((member,)) or member


def _companies(held: Sequence[Exposure]) -> Dimension:
    sums = _sums(held, "company")
    slices = [Slice(m, WORDS.get(m, m), None, sums[m]) for m in _ordered(sums)]
    return Dimension("company", TITLES["company"], tuple(slices))


def _buckets(framework: Framework, held: Sequence[Exposure]) -> Dimension:
    """What is held of each last bucket, wherever it is held: a world fund counts in every region it is in."""
    asked = {path: rules.include_tags for path, rules in leaf_rules(framework).items()}
    sums: dict[str, list[float]] = {leaf.path: [] for leaf in leaves(framework)}
    for line in held:
        for member, part in _through(line, asked).items():
            sums.setdefault(member, []).append(part)
    slices = [Slice(b.path, b.label, b.target_weight, math.fsum(sums[b.path])) for b in leaves(framework)]
    others = [m for m in LAST if m in sums]
    slices += [Slice(m, WORDS[m], 0.0, math.fsum(sums[m])) for m in others]
    return Dimension("bucket", "Bucket", tuple(slices))


@dataclass(frozen=True, slots=True)
class _Fit:
    """The fraction of a product that a bucket would hold: what is sure, what may be, and how much of that is in doubt
    though its parts are known, as of how much they are the same.
    """

    sure: float
    most: float
    doubt: float = 0.0


def _through(line: Exposure, asked: Mapping[str, Sequence[str]]) -> Mapping[str, float]:
    """A line's weight by the path of the buckets its parts belong to.

    Its own bucket comes first. Where the others overlap, so that a part could belong to several, it is not known.
    """
    if line.symbol == CASH:
        wanted = "asset_class:cash" in asked.get(line.path, ())
        return {line.path if wanted else IN_CASH: line.weight}
    fits = {path: _fit(line, tags, own=path == line.path) for path, tags in asked.items()}
    own = fits.pop(line.path, _Fit(0.0, 0.0))
    rest = 1.0 - own.sure
    others = {path: fit.sure for path, fit in fits.items() if fit.sure > WEIGHT_TOLERANCE}
    if math.fsum(others.values()) > rest + WEIGHT_TOLERANCE:
        others, possible = {}, rest
    else:
        rest -= math.fsum(others.values())
        asks = {name for tags in asked.values() for name in ASKED if _wanted(tags, name)}
        possible = _possible(line, (own, *fits.values()), asks)
    unknown = max(0.0, min(rest, possible))
    fractions = {line.path: own.sure, **others, UNKNOWN: unknown, ELSEWHERE: rest - unknown}
    return {member: line.weight * f for member, f in fractions.items() if f > WEIGHT_TOLERANCE}


def _possible(line: Exposure, fits: Iterable[_Fit], asks: Iterable[str]) -> float:
    """The fraction that may belong to some bucket; a part that is not known counts once, whichever it may be of."""
    each = list(fits)
    unknown = math.fsum(line.parts(name).get(UNKNOWN, 0.0) for name in asks) / line.weight
    return min(math.fsum(fit.most - fit.sure for fit in each), unknown + math.fsum(fit.doubt for fit in each))


def _fit(line: Exposure, tags: Sequence[str], *, own: bool) -> _Fit:
    """How much of a product is of all the kinds that a bucket asks for.

    Of two kinds that are both known in part it is not known how much is of both: at least what they cannot avoid. What
    else a bucket asks for, such as a style, the product carries as a whole or not; its own bucket chose it.
    """
    known, possible = [1.0], [1.0]
    for name in ASKED:
        wanted = _wanted(tags, name)
        if wanted:
            parts = line.parts(name)
            sure = math.fsum(parts.get(tag, 0.0) for tag in wanted) / line.weight
            known.append(sure)
            possible.append(min(1.0, sure + parts.get(UNKNOWN, 0.0) / line.weight))
    others = [tag for tag in tags if kind(tag) not in ASKED and kind(tag) not in ("contents", "slice")]
    carried = own or all(tag in line.tags for tag in others)
    sure = max(0.0, math.fsum(known) - (len(known) - 1)) if carried else 0.0
    return _Fit(sure, max(sure, min(possible)), max(0.0, min(known) - sure))


def _wanted(tags: Sequence[str], name: str) -> frozenset[str]:
    """The tags of a kind that a bucket asks for, a group by its members; none where it asks for no part of it."""
    asked = [tag for tag in tags if kind(tag) == name]
    groups = [tag for own in asked for member in MEMBERS.get(own, ()) for tag in member]
    return frozenset([*(tag for tag in asked if tag not in BROAD), *groups])
