"""The X-ray: a portfolio by asset class, region, sector, bucket and company, as targeted and through its products."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from keel.domain.arrays import Floats, Ints, Mask
from keel.domain.constraints.exposures import BROAD, NO_COMPANY, NO_SECTOR, UNKNOWN, Exposure, of_targets
from keel.domain.framework.choices import in_words
from keel.domain.framework.groups import MEMBERS
from keel.domain.framework.records import Framework
from keel.domain.framework.rules import kind
from keel.domain.framework.tree import leaf_rules, leaves
from keel.domain.lookthrough.members import DIMENSIONS, TITLES
from keel.domain.market.prices import CASH
from keel.units import WEIGHT_TOLERANCE

IN_CASH, ELSEWHERE = "cash", "elsewhere"
LAST = (ELSEWHERE, IN_CASH, NO_SECTOR, NO_COMPANY, UNKNOWN)  # below what has a name, in this order
WORDS = {
    IN_CASH: "Cash",
    ELSEWHERE: "In no bucket",
    NO_SECTOR: "No sector (not shares)",
    NO_COMPANY: "Not shares",
    UNKNOWN: "Not known",
}
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


def xray_of(product: Exposure, framework: Framework | None = None) -> XRay:
    """What one product is made of, and of which buckets of a framework that says what they hold."""
    cuts = [_untargeted(name, TITLES[name], _sums([product], name)) for name in DIMENSIONS]
    if framework is None:
        return tuple(cuts)
    through = _through(product, _asked(framework))
    labels = {leaf.path: leaf.label for leaf in leaves(framework)}
    return (*cuts[:-1], _untargeted("bucket", "Bucket", through, labels), cuts[-1])


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
    return _untargeted("company", TITLES["company"], _sums(held, "company"))


def _untargeted(name: str, title: str, sums: Mapping[str, float], labels: Mapping[str, str] = WORDS) -> Dimension:
    """A dimension of which targets say nothing; companies are called by their symbols."""

    def label(member: str) -> str:
        return labels.get(member) or (member if name == "company" and member not in WORDS else _label(member))

    return Dimension(name, title, tuple(Slice(m, label(m), None, sums[m]) for m in _ordered(sums)))


def _buckets(framework: Framework, held: Sequence[Exposure]) -> Dimension:
    """What is held of each last bucket, wherever it is held: a world fund counts in every region it is in."""
    asked = _asked(framework)
    sums: dict[str, list[float]] = {leaf.path: [] for leaf in leaves(framework)}
    for line in (line for line in held if line.weight > 0):
        for member, part in _through(line, asked).items():
            sums.setdefault(member, []).append(part)
    slices = [Slice(b.path, b.label, b.target_weight, math.fsum(sums[b.path])) for b in leaves(framework)]
    others = [m for m in LAST if m in sums]
    slices += [Slice(m, WORDS[m], 0.0, math.fsum(sums[m])) for m in others]
    return Dimension("bucket", "Bucket", tuple(slices))


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the leaves (m,) ask of products: by kind which leaves ask for it, and by tag their places.

    ``others`` are the distinct sets of other tags, ``of`` the place of each leaf's own among them.
    """

    paths: tuple[str, ...]
    asks: Mapping[str, Mask]
    places: Mapping[str, Ints]
    others: tuple[frozenset[str], ...]
    of: Ints
    cash: frozenset[str]


def _asked(framework: Framework) -> _Asked:
    tags = {path: rules.include_tags for path, rules in leaf_rules(framework).items()}
    wanted = [{name: _wanted(own, name) for name in ASKED} for own in tags.values()]
    places: dict[str, list[int]] = defaultdict(list)
    for leaf, each in enumerate(wanted):
        for tag in frozenset().union(*each.values()):
            places[tag].append(leaf)
    others = [frozenset(t for t in own if kind(t) not in (*ASKED, "contents", "slice")) for own in tags.values()]
    distinct = tuple(dict.fromkeys(others))
    index = {own: n for n, own in enumerate(distinct)}
    return _Asked(
        paths=tuple(tags),
        asks={name: np.array([bool(each[name]) for each in wanted], dtype=bool) for name in ASKED},
        places={tag: np.array(leaves, dtype=np.int64) for tag, leaves in places.items()},
        others=distinct,
        of=np.array([index[own] for own in others], dtype=np.int64),
        cash=frozenset(path for path, own in tags.items() if "asset_class:cash" in own),
    )


def _wanted(tags: Sequence[str], name: str) -> frozenset[str]:
    """The tags of a kind that a bucket asks for, a group by its members; none where it asks for no part of it."""
    asked = [tag for tag in tags if kind(tag) == name]
    groups = [tag for own in asked for member in MEMBERS.get(own, ()) for tag in member]
    return frozenset([*(tag for tag in asked if tag not in BROAD), *groups])


@dataclass(frozen=True, slots=True)
class _Fit:
    """The fraction of a product that each leaf (m,) would hold: what is sure, what may be, and how much of that is in
    doubt though its parts are known, as of how much they are the same.
    """

    sure: Floats
    most: Floats
    doubt: Floats


def _through(line: Exposure, asked: _Asked) -> Mapping[str, float]:
    """A line's weight by the path of the buckets its parts belong to.

    Its own bucket comes first. Where the others overlap, so that a part could belong to several, it is not known.
    """
    if line.symbol == CASH:
        return {line.path if line.path in asked.cash else IN_CASH: line.weight}
    own = asked.paths.index(line.path) if line.path in asked.paths else None
    fit = _fit(line, asked, own)
    sure = fit.sure.copy()
    first = 0.0 if own is None else float(sure[own])
    others = math.fsum(sure) - first
    rest = 1.0 - first
    if others > rest + WEIGHT_TOLERANCE:
        sure[[n for n in range(len(sure)) if n != own]] = 0.0
        unknown = rest
    else:
        rest -= others
        unknown = max(0.0, min(rest, _possible(line, asked, fit)))
    held = np.flatnonzero(sure > WEIGHT_TOLERANCE).tolist()
    fractions = {asked.paths[n]: float(sure[n]) for n in held} | {UNKNOWN: unknown, ELSEWHERE: rest - unknown}
    return {member: line.weight * f for member, f in fractions.items() if f > WEIGHT_TOLERANCE}


def _possible(line: Exposure, asked: _Asked, fit: _Fit) -> float:
    """The fraction that may belong to some bucket; a part that is not known counts once, whichever it may be of."""
    names = [name for name in ASKED if asked.asks[name].any()]
    unknown = math.fsum(line.parts(name).get(UNKNOWN, 0.0) for name in names) / line.weight
    return min(math.fsum(fit.most - fit.sure), unknown + math.fsum(fit.doubt))


def _fit(line: Exposure, asked: _Asked, own: int | None) -> _Fit:
    """How much of a product is of all the kinds that each leaf asks for.

    Of two kinds that are both known in part it is not known how much is of both: at least what they cannot avoid. What
    else a bucket asks for, such as a style, the product carries as a whole or not; its own bucket chose it.
    """
    known = {name: _known(line, asked, name) for name in ASKED}
    unknown = {name: line.parts(name).get(UNKNOWN, 0.0) / line.weight for name in ASKED}
    least = np.min(list(known.values()), axis=0)
    most = np.min([np.where(asked.asks[n], known[n] + unknown[n], 1.0) for n in ASKED], axis=0)
    carried = np.array([tags <= line.tags for tags in asked.others], dtype=bool)[asked.of]
    if own is not None:
        carried[own] = True
    sure = np.where(carried, np.maximum(0.0, sum(known.values()) - (len(ASKED) - 1)), 0.0)
    return _Fit(sure, np.maximum(sure, np.minimum(most, 1.0)), np.maximum(0.0, least - sure))


def _known(line: Exposure, asked: _Asked, name: str) -> Floats:
    """The fraction known to be of what each leaf asks for by one kind; all of it where nothing is asked."""
    known = np.where(asked.asks[name], 0.0, 1.0)
    for tag, part in line.parts(name).items():
        places = asked.places.get(tag)
        if places is not None:
            known[places] += part / line.weight
    return known
