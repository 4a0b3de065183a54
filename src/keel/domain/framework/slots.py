"""The colour slot of every bucket, the same on every page and for every framework that knows the word."""

from __future__ import annotations

from keel.domain.framework.records import Framework

KNOWN = {
    "equity": 0, "bonds": 1, "alternatives": 2, "cash": 6,
    "core": 0, "satellite": 3, "hedge": 2,
    "us": 0, "international": 7, "emerging": 9,
    "defensive": 5, "cyclical": 4, "growth": 9,
    "value": 0, "momentum": 3, "quality": 2, "minvol": 5,
}  # fmt: skip
KIN = {0: (0, 7, 9), 1: (1, 8), 5: (5, 9)}  # a class and shades for its parts
FREE = (0, 1, 2, 3, 4, 5, 7, 8, 9)


def slots(framework: Framework) -> dict[str, int]:
    """A slot per bucket path: a known word keeps its own, others take the next free one; parts are kin of their class.

    >>> from keel.domain.framework.records import Bucket
    >>> tree = ("A/Equity", "A/Equity/US", "A/Equity/World", "A/Gold")
    >>> slots(Framework("x", tuple(Bucket(p, p, 0.5) for p in tree)))
    {'A/Equity': 0, 'A/Equity/US': 0, 'A/Equity/World': 7, 'A/Gold': 1}
    """
    paths = [bucket.path for bucket in framework.buckets]
    tops = [p for p in paths if p.count("/") <= 1]
    given = {p: KNOWN[word(p)] for p in tops if word(p) in KNOWN}
    free = [s for s in FREE if s not in given.values()]
    for i, path in enumerate(p for p in tops if p not in given):
        given[path] = free[i % len(free)] if free else FREE[i % len(FREE)]
    out: dict[str, int] = {}
    used: dict[str, int] = {}
    ends = set(paths) - {p.rpartition("/")[0] for p in paths}
    for path in paths:
        top = "/".join(path.split("/")[:2])
        slot = given.get(top, 0)
        kin = KIN.get(slot, (slot,))
        if path in ends and path != top:
            out[path] = kin[used.get(top, 0) % len(kin)]
            used[top] = used.get(top, 0) + 1
        else:
            out[path] = slot
    return out


def word(path: str) -> str:
    """The last segment in small letters.

    >>> word("AssetClass/Fixed Income/TIPS")
    'tips'
    """
    return path.rpartition("/")[2].casefold()
