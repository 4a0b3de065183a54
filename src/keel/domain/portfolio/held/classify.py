"""A framework out of what is held: its buckets are asset classes and regions, its targets what they weigh today."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from keel.domain.framework.records import Bucket, Framework, Holding
from keel.domain.market.prices import CASH
from keel.domain.text import tidy

UNKNOWN = "Unclassified"
PERCENT = 100


@dataclass(frozen=True, slots=True)
class Fact:
    """What is held of a product, in one currency, and its asset class and region as far as they are known."""

    symbol: str
    value: float
    asset_class: str = ""
    region: str = ""


def classified(held: Iterable[Fact], name: str, base_ccy: str) -> Framework:
    """The framework that the holdings already meet, to the percent: what weighs less has one percent.

    A class with products of several regions has a bucket for each. What nobody knows the class of has a bucket of its
    own. Cash stays cash.

    >>> made = classified([Fact("VTI", 60, "Equity", "US"), Fact("BND", 40, "Bonds", "US")], "Mine", "USD")
    >>> [(b.path, b.target_weight) for b in made.buckets]
    [('AssetClass/Equity', 0.6), ('AssetClass/Bonds', 0.4)]
    """
    places: dict[tuple[str, str], dict[str, float]] = {}
    for fact in held:
        if fact.value > 0:
            products = places.setdefault(_place(fact), {})
            products[fact.symbol] = products.get(fact.symbol, 0.0) + fact.value
    keys = list(places)
    weights = dict(zip(keys, percents([sum(places[key].values()) for key in keys]), strict=True))
    buckets = [bucket for name_ in dict.fromkeys(key[0] for key in keys) for bucket in _class(name_, places, weights)]
    return Framework(name, tuple(buckets), base_ccy=base_ccy)


def percents(values: Sequence[float]) -> list[int]:
    """Whole percents that sum to 100, each at least 1, as near to the values' weights as they can be.

    >>> percents([2.0, 1.0]), percents([1000.0, 1.0])
    ([67, 33], [99, 1])
    """
    total, least = sum(values), 1 if len(values) <= PERCENT else 0
    exact = [PERCENT * value / total for value in values]
    whole = [max(least, int(part)) for part in exact]
    while values and (rest := PERCENT - sum(whole)) != 0:
        step = 1 if rest > 0 else -1
        best = max(
            range(len(whole)), key=lambda n: step * (exact[n] - whole[n]) if whole[n] + step >= least else -PERCENT
        )
        whole[best] += step
    return whole


def _place(fact: Fact) -> tuple[str, str]:
    if fact.symbol == CASH:
        return "Cash", ""
    name = tidy(fact.asset_class).replace("/", "-")
    return (name, tidy(fact.region).replace("/", "-")) if name else (UNKNOWN, "")


def _class(
    name: str, places: Mapping[tuple[str, str], Mapping[str, float]], weights: Mapping[tuple[str, str], int]
) -> list[Bucket]:
    """The bucket of a class, and where its products are of several regions those of the regions."""
    own = [key for key in places if key[0] == name]
    path, target = f"AssetClass/{name}", sum(weights[key] for key in own) / PERCENT
    if len(own) == 1:
        return [Bucket(path, name, target, holdings=_holdings(places[own[0]]))]
    parts = [
        Bucket(f"{path}/{region or 'Other'}", f"{name} {region or 'Other'}", weights[key] / PERCENT,
               holdings=_holdings(places[key]))
        for key in own
        for region in [key[1]]
    ]  # fmt: skip
    return [Bucket(path, name, target), *parts]


def _holdings(products: Mapping[str, float]) -> tuple[Holding, ...]:
    """The products with their shares, to twelve decimals that sum to 1; none for cash."""
    if set(products) == {CASH}:
        return ()
    total = sum(products.values())
    shares = {symbol: round(value / total, 12) for symbol, value in products.items()}
    last = next(reversed(shares))
    shares[last] = round(1.0 - sum(share for symbol, share in shares.items() if symbol != last), 12)
    return tuple(Holding(symbol, share) for symbol, share in shares.items() if share > 0)
