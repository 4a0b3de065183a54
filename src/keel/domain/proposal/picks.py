"""Products for buckets, each with a reason: by the score of the mapping, or by a model among what that offers."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from keel.domain.issue import Finding, Severity
from keel.domain.mapping.matching import BucketSuggestions, Suggestion
from keel.domain.portfolio.records import Pick
from keel.domain.portfolio.score_weights import PARTS
from keel.domain.proposal.records import RULES, Reason
from keel.domain.proposal.schema import LONGEST_REASON, MOST_PRODUCTS
from keel.domain.reading.place import Place
from keel.domain.reading.values import read_list, read_number, read_object, read_text, require_few
from keel.domain.text import plain, shown, some
from keel.units import WEIGHT_TOLERANCE, pct2

SAID = Place("the proposal")
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


def read_picks(
    value: object, choices: Mapping[str, BucketSuggestions], buckets: Sequence[BucketSuggestions], source: str
) -> tuple[ProposedPicks, tuple[Finding, ...]]:
    """The picks that a generator said of ``choices``, buckets by the name it was told, and everything wrong with them.

    Only what is offered may be taken. ``buckets`` are all there are. Raises ImportFormatError for what cannot be read.
    """
    usable = offered(buckets)
    at = SAID.field("picks")
    rows = read_list(read_object(value, SAID).get("picks"), at)
    require_few(len(rows), len(choices), "picks", at)
    picks: dict[str, tuple[Pick, ...]] = {}
    reasons: list[Reason] = []
    findings: list[Finding] = []
    for n, row in enumerate(rows):
        given, spot = read_object(row, at.item(n)), at.item(n)
        bucket = _bucket(given, choices, spot)
        chosen = tuple(_pick(product, bucket, usable[bucket.path], spot) for product in _products(given, spot))
        findings += _wrong(bucket.path, chosen, seen=bucket.path in picks)
        picks[bucket.path] = chosen
        reasons.append(
            Reason(bucket.path, plain(read_text(given.get("reason", ""), spot.field("reason")), LONGEST_REASON))
        )
    return ProposedPicks(picks, tuple(reasons), tuple(_in_cash(buckets, picks)), source), tuple(findings)


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


def _bucket(given: Mapping[str, object], choices: Mapping[str, BucketSuggestions], place: Place) -> BucketSuggestions:
    name = read_text(given.get("bucket", ""), place.field("bucket"))
    if name not in choices:
        raise place.field("bucket").error(f"{shown(name)} is no bucket that can be filled.")
    return choices[name]


def _products(given: Mapping[str, object], place: Place) -> list[object]:
    products = read_list(given.get("products"), place.field("products"))
    require_few(len(products), MOST_PRODUCTS, "products", place)
    return products


def _pick(value: object, bucket: BucketSuggestions, usable: Mapping[str, Suggestion], place: Place) -> Pick:
    given = read_object(value, place)
    symbol = read_text(given.get("symbol"), place.field("symbol"))
    if symbol not in usable:
        raise place.error(f"{shown(symbol)} is not offered for it.", f"Offered are {some(list(usable))}.")
    return Pick(
        bucket.path, usable[symbol].instrument.id, symbol, read_number(given.get("share"), place.field("share"))
    )


def _wrong(path: str, picks: Sequence[Pick], *, seen: bool) -> Iterator[Finding]:
    """What is wrong with the picks of one bucket."""
    symbols = [pick.symbol for pick in picks]
    if seen or len(set(symbols)) < len(symbols):
        yield Finding("named_twice", Severity.error, path, f"{path} or one of its products is named twice.")
    total = math.fsum(pick.share for pick in picks)
    if any(pick.share <= 0 for pick in picks) or abs(total - 1.0) > WEIGHT_TOLERANCE:
        yield Finding("shares", Severity.error, path, f"The shares of {path} must be above 0 and sum to 1.")


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
