"""Products for buckets, each with a reason: by the score of the mapping, or by a model among what that offers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from keel.domain.mapping.matching import BucketSuggestions, Suggestion
from keel.domain.portfolio.records import Pick
from keel.domain.portfolio.score_weights import PARTS
from keel.domain.proposal.records import RULES, Reason
from keel.units import pct2

GOOD = 0.5  # a part of the score from which it speaks for a product
WORDS: Mapping[str, str] = {
    "cost": "cheap",
    "liquidity": "much traded",
    "history": "long on the market",
    "fit": "close to what the bucket asks",
    "size": "large",
}


@dataclass(frozen=True, slots=True)
class ProposedPicks:
    """Products by bucket, to be accepted, changed or left; ``notes`` name the buckets that stay in cash."""

    picks: Mapping[str, tuple[Pick, ...]]
    reasons: tuple[Reason, ...]
    notes: tuple[str, ...] = ()
    source: str = RULES


def offered(buckets: Sequence[BucketSuggestions]) -> Mapping[str, Mapping[str, Suggestion]]:
    """The products that a proposal may take, those with prices, by path and symbol."""
    return {b.path: {s.instrument.symbol: s for s in b.suggestions if s.usable} for b in buckets}


def best(buckets: Sequence[BucketSuggestions]) -> ProposedPicks:
    """The product with the best score for each bucket, and what speaks for it."""
    first = {path: next(iter(usable.values())) for path, usable in offered(buckets).items() if usable}
    picks = {p: (Pick(p, s.instrument.id, s.instrument.symbol, 1.0),) for p, s in first.items()}
    reasons = tuple(Reason(path, _words(found)) for path, found in first.items())
    return ProposedPicks(picks, reasons, tuple(_in_cash(buckets, picks)))


def picks_json(proposed: ProposedPicks) -> dict[str, object]:
    """The picks as the command line prints them and REST answers them."""
    reasons = {reason.about: reason.words for reason in proposed.reasons}
    picks = [
        {
            "path": path,
            "products": [{"symbol": pick.symbol, "share": pick.share} for pick in chosen],
            "reason": reasons.get(path, ""),
        }
        for path, chosen in proposed.picks.items()
    ]
    return {"source": proposed.source, "picks": picks, "notes": list(proposed.notes)}


def _words(found: Suggestion) -> str:
    """What speaks for a product, the parts of its score that are good, the best first.

    The cost stands as a number where it is known.
    """
    good = [name for name in PARTS if (found.parts[name] or 0.0) >= GOOD]
    words = ", ".join(WORDS[name] for name in sorted(good, key=lambda name: -(found.parts[name] or 0.0)))
    cost = found.instrument.expense_ratio
    fee = "" if cost is None else f" It costs {pct2(cost)} a year."
    return f"The best score: {words or 'nothing else fits better'}.{fee}"


def _in_cash(buckets: Sequence[BucketSuggestions], picks: Mapping[str, object]) -> Iterator[str]:
    for bucket in buckets:
        if bucket.path not in picks:
            yield f"{bucket.label} stays in cash: no product with prices fits."
