"""The members of a dimension: what a source calls a part of a product, as the tag that buckets ask for."""

from __future__ import annotations

import math
from collections.abc import Mapping

from keel.domain.framework.rules import word_tags
from keel.domain.text import slug

LEAST_OFF, MOST_OFF = 0.99 - 1e-9, 1.01 + 1e-9  # what providers' sums may be off the whole
DIMENSIONS = ("asset_class", "region", "sector", "company")
TITLES = {"asset_class": "Asset class", "region": "Region", "sector": "Sector", "company": "Company"}

# Countries by the region that products have (MSCI, June 2025).
DEVELOPED = (
    "australia austria belgium canada denmark finland france germany hong_kong ireland israel italy japan netherlands"
    " new_zealand norway portugal singapore spain sweden switzerland united_kingdom uk"
)
EMERGING = (
    "brazil chile china colombia czech_republic czechia egypt greece hungary india indonesia korea south_korea kuwait"
    " malaysia mexico peru philippines poland qatar saudi_arabia south_africa taiwan thailand turkey turkiye"
    " united_arab_emirates"
)
COUNTRIES = dict.fromkeys(DEVELOPED.split(), "region:international") | dict.fromkeys(
    EMERGING.split(), "region:emerging"
)


def member(dimension: str, name: str) -> str:
    """The tag of a part by its name, a company's symbol as it is.

    >>> member("region", "United States"), member("region", "Japan"), member("sector", "Technology")
    ('region:us', 'region:international', 'sector:information_technology')
    >>> member("asset_class", "Fixed income"), member("sector", "Lotteries"), member("company", "aapl")
    ('asset_class:bonds', 'sector:lotteries', 'AAPL')
    """
    if dimension == "company":
        return name.upper()
    known, word = word_tags(f"{dimension}/{name.replace('/', ' ')}"), slug(name)
    own = f"{dimension}:{word}"
    if known:
        return known[0]
    return COUNTRIES.get(word, own) if dimension == "region" else own


def whole(weights: Mapping[str, float]) -> Mapping[str, float] | None:
    """Weights as parts of one whole; None where they are none.

    What adds up to 99 to 101 % is the whole and scaled to it, what adds up to less has a rest that is not known.

    >>> whole({"a": 0.505, "b": 0.505}), whole({"a": 0.5}), whole({"a": 0.9, "b": 0.2})
    ({'a': 0.5, 'b': 0.5}, {'a': 0.5}, None)
    """
    total = math.fsum(weights.values())
    if not 0 < total <= MOST_OFF or min(weights.values()) < 0:
        return None
    scale = 1 / total if total >= LEAST_OFF else 1.0
    return {name: weight * scale for name, weight in weights.items()}
