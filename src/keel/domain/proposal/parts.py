"""What each asset class of a proposal is made of, from what is preferred and what is excluded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from keel.domain.framework.choices import ALTERNATIVES, ASKED, CLASS, EQUITY, answer, class_of
from keel.domain.framework.rules import kind
from keel.domain.profile.record import Goal, Wishes
from keel.domain.proposal.shares import LEAST, divided

CORE, GOLD, LINKED, CORPORATE, SHORT = "sleeve:core", "what:gold", "inflation:linked", "issuer:corporate", "term:short"
# The weights of the world's listed equity, roughly, where its regions stand apart.
REGIONS: Mapping[str, tuple[str, float]] = {
    "region:us": ("US", 60.0),
    "region:international": ("International", 30.0),
    "region:emerging": ("Emerging", 10.0),
}
WORLD = "region:global"
MORE = 1.5  # what a preferred region's weight is multiplied by
TILTS_AT_MOST, TILT = 0.30, 0.10  # of the equity: all that is preferred, and one of it
OF_SHARES = frozenset({"what:gold_miners", "what:clean_energy"})  # kinds of companies, not of alternatives
BOND_KINDS = frozenset({"issuer", "credit", "term", "inflation", "hedge", "money"})
EQUITY_KINDS = frozenset({"area", "size", "factor", "sector"})
LABELS: Mapping[str, str] = {
    "size:large": "Large companies",
    "size:mid": "Medium-sized companies",
    "size:small": "Small companies",
    "factor:size": "Smaller companies",
    "issuer:government": "Government bonds",
    CORPORATE: "Corporate bonds",
    "issuer:municipal": "Municipal bonds",
    "issuer:securitised": "Mortgage bonds",
    "issuer:convertible": "Convertible bonds",
    "issuer:loans": "Bank loans",
    "credit:investment_grade": "Investment-grade bonds",
    "credit:high_yield": "High-yield bonds",
    "term:ultra_short": "Ultra-short bonds",
    SHORT: "Short bonds",
    "term:intermediate": "Medium-term bonds",
    "term:long": "Long bonds",
    LINKED: "Inflation-linked bonds",
    "hedge:hedged": "Currency-hedged bonds",
    "money:local": "Local-currency bonds",
}


@dataclass(frozen=True, slots=True)
class Part:
    """A part of an asset class: the last word of its path, its label, what its products carry, its size, and why.

    ``percent`` is of the whole portfolio. ``word`` is empty for the whole of the class, which then has no parts.
    """

    word: str
    label: str
    tags: tuple[str, ...]
    percent: int
    reason: str


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of an asset class, the largest ones its core, and the wishes for which there was no room."""

    parts: tuple[Part, ...]
    left_out: tuple[str, ...] = ()


def excluded_in(asset_class: str, wishes: Wishes) -> tuple[str, ...]:
    """The excluded tags that products of a class can carry.

    >>> excluded_in("bonds", Wishes(exclude=("sector:energy", "term:long", "asset_class:equity")))
    ('term:long',)
    """
    return tuple(tag for tag in wishes.exclude if kind(tag) in ASKED[asset_class] - {CLASS})


def no_equity(wishes: Wishes) -> bool:
    """Whether what is excluded leaves no equity: the class itself, or every region."""
    return f"{CLASS}:{EQUITY}" in wishes.exclude or set(REGIONS) <= set(wishes.exclude)


def equity_parts(percent: int, wishes: Wishes) -> Parts:
    """The parts of ``percent`` of equity: a core over the world or its regions, and what is preferred beside it."""
    asked = [tag for tag in wishes.prefer if kind(tag) in EQUITY_KINDS or tag in OF_SHARES]
    each = max(LEAST, round(percent * TILT))
    room = int(percent * TILTS_AT_MOST) // each
    tilts = [_part(tag, each, "Preferred: a tenth of the equity.") for tag in asked[:room]]
    core = _core(percent - each * len(tilts), wishes)
    seen = {tag for part in core for tag in part.tags}
    missing = () if WORLD in seen else tuple(r for r in REGIONS if r not in (*wishes.exclude, *seen))
    return Parts(_alone([*core, *tilts]), (*asked[room:], *missing))


def _core(percent: int, wishes: Wishes) -> list[Part]:
    apart = [region for region in wishes.prefer if region in REGIONS]
    out = {*wishes.exclude}
    if not apart and not out & {*REGIONS, WORLD}:
        return [Part("World", "World", _without((WORLD, CORE), wishes), percent, "The whole world, by market weight.")]
    weights = {r: weight * (MORE if r in apart else 1) for r, (_, weight) in REGIONS.items() if r not in out}
    return [
        Part(
            REGIONS[r][0],
            answer("region", r.partition(":")[2]),
            _without((r, CORE), wishes),
            share,
            _of_region(r, apart),
        )
        for r, share in divided(percent, weights).items()
    ]


def _of_region(region: str, preferred: Sequence[str]) -> str:
    return "Preferred: half as much again as its market weight." if region in preferred else "By market weight."


def bond_parts(percent: int, wishes: Wishes, *, soon: bool) -> Parts:
    """The parts of ``percent`` of bonds; ``soon``: the money is needed within three years, so they are short."""
    base = (SHORT,) if soon and SHORT not in wishes.exclude else (CORE,)
    reasons = {"": "Short: the money is needed soon." if base == (SHORT,) else "Broad and of good quality."}
    weights = {"": 60.0}
    for tag, weight, reason in _beside(wishes):
        if tag not in (*wishes.exclude, *base):
            weights[tag], reasons[tag] = weight, reason
    shares = divided(percent, weights)
    label = "Short bonds" if base == (SHORT,) else "Core bonds"
    core = Part(label.partition(" ")[0], label, _without(base, wishes), shares.pop(""), reasons[""])
    parts = [_part(tag, share, reasons[tag]) for tag, share in shares.items()]
    return Parts(_alone([core, *parts]), tuple(t for t in weights if t in wishes.prefer and t not in shares))


def _beside(wishes: Wishes) -> Iterable[tuple[str, float, str]]:
    if wishes.goal is Goal.preservation:
        yield LINKED, 40.0, "Keeps what the money buys when prices rise."
    if wishes.goal is Goal.income:
        yield CORPORATE, 30.0, "Pays more interest than governments do."
    yield from ((tag, 30.0, "Preferred.") for tag in wishes.prefer if kind(tag) in BOND_KINDS)


def alternative_parts(percent: int, wishes: Wishes) -> Parts:
    """The parts of ``percent`` of alternatives: what is preferred, gold where value is to be kept, else any kind."""
    asked = [tag for tag in wishes.prefer if of_alternatives(tag)]
    gold = wishes.goal is Goal.preservation and GOLD not in (*wishes.exclude, *asked)
    reasons = dict.fromkeys(asked, "Preferred.") | ({GOLD: "Has kept its worth when money lost it."} if gold else {})
    shares = divided(percent, dict.fromkeys(reasons, 1.0))
    if not shares:
        return Parts((Part("", "Alternatives", (), percent, ""),))
    parts = [_part(tag, share, reasons[tag]) for tag, share in shares.items()]
    return Parts(_alone(parts), tuple(tag for tag in asked if tag not in shares))


def of_alternatives(tag: str) -> bool:
    """Whether a preferred tag is a kind of alternatives.

    >>> of_alternatives("what:gold"), of_alternatives("what:gold_miners")
    (True, False)
    """
    return kind(tag) == "what" and tag not in OF_SHARES


def unheard(wishes: Wishes) -> tuple[str, ...]:
    """What is preferred and changes nothing: an asset class, whose size the answers decide, or a sleeve."""
    heard = {f"{CLASS}:{ALTERNATIVES}", f"{CLASS}:cash"}
    return tuple(t for t in wishes.prefer if (class_of((t,)) or kind(t) == "sleeve") and t not in heard)


def label_of(tag: str) -> str:
    """What a part that a tag asks for is called.

    >>> label_of("term:short"), label_of("sector:information_technology")
    ('Short bonds', 'Technology')
    """
    return LABELS.get(tag) or answer(kind(tag), tag.partition(":")[2])


def _part(tag: str, percent: int, reason: str) -> Part:
    label = label_of(tag)
    word = "".join(w[:1].upper() + w[1:] for w in label.replace("-", " ").replace(",", "").split())
    return Part(word, label, (tag,), percent, reason)


def _without(tags: Sequence[str], wishes: Wishes) -> tuple[str, ...]:
    return tuple(tag for tag in tags if tag not in wishes.exclude)


def _alone(parts: Sequence[Part]) -> tuple[Part, ...]:
    """The parts; one alone is the whole of its class."""
    if len(parts) > 1:
        return tuple(parts)
    return tuple(Part("", part.label, part.tags, part.percent, part.reason) for part in parts)
