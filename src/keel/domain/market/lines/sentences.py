"""The sentences about what the series of a study are, to stand beside its result."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from keel.domain.market.choice import Basis, Source
from keel.domain.market.instrument import Coverage, Instrument

PERIOD_ENDS = {"weekly": "week", "monthly": "month", "quarterly": "quarter", "annual": "year"}


def of_series(sources: Sequence[Source], basis: Basis, frequency: str) -> tuple[str, ...]:
    """The sentences about what the series are; how proxies stand in is said when they are filled in."""
    mains = [(source.instrument, source.main) for source in sources if source.main]
    outside = [(i, main) for i, main in mains if basis.dataset and main.dataset != basis.dataset]
    yours = [f"{i.symbol} ({main.dataset})" for i, main in outside if basis.takes(main)]
    elsewhere = [f"{i.symbol} ({main.dataset})" for i, main in outside if not basis.takes(main)]
    finer = [i.symbol for i, main in mains if main.frequency != frequency]
    without = [i.symbol for i, main in mains if main.price_kind == "price_return"]
    own = own_series(sources)
    survivors = [i.symbol for i, _ in own if i.survivor]
    derived = [i.symbol for i, _ in own if i.derived]
    notes = []
    if yours:
        notes.append(f"Your own prices come before others: {', '.join(yours)}.")
    if elsewhere:
        notes.append(f"Not in the dataset {basis.dataset} and taken from another: {', '.join(elsewhere)}.")
    if finer:
        notes.append(
            f"Series of different frequency are brought to {PERIOD_ENDS.get(frequency, 'period')} ends: "
            f"{', '.join(finer)}."
        )
    if without:
        some = len(without) < len(mains)
        what = f"{len(without)} of {len(mains)} series without dividends" if some else "Dividends excluded"
        notes.append(f"{what}: {', '.join(without)}.")
    if survivors:
        until = max(main.last for i, main in own if i.survivor).year
        notes.append(f"Stocks that survived to {until}: {', '.join(survivors)}.")
    if derived:
        notes.append(f"Derived, not traded: {', '.join(derived)}.")
    return tuple(notes)


def of_caveats(sources: Sequence[Source], stand_ins: Mapping[str, Instrument]) -> tuple[str, ...]:
    """What is to be said of the series themselves, each sentence once; of derived ones that is said elsewhere."""
    return tuple(dict.fromkeys(i.caveat for i in _used(sources, stand_ins) if i.caveat and not i.derived))


def _used(sources: Sequence[Source], stand_ins: Mapping[str, Instrument]) -> Iterator[Instrument]:
    """The instruments whose own series are in the study, as themselves or in place of another."""
    for source in sources:
        for series in (source.own, source.proxy):
            if series is not None and series.symbol == source.instrument.symbol:
                yield source.instrument
            elif series is not None and series.symbol in stand_ins:
                yield stand_ins[series.symbol]


def of_regions(sources: Sequence[Source], stand_ins: Mapping[str, Instrument]) -> tuple[str, ...]:
    """A sentence when a series stands in for what is of another region."""
    pairs = [(s.instrument, stand_ins.get(s.proxy.symbol)) for s in sources if s.proxy]
    words = [f"{i.symbol} ({i.region}) through {p.symbol} ({p.region})" for i, p in pairs if p and _apart(i, p)]
    return (f"Represented by a series of another region: {', '.join(words)}.",) if words else ()


def _apart(instrument: Instrument, proxy: Instrument) -> bool:
    return bool(instrument.region and proxy.region and instrument.region != proxy.region)


def own_series(sources: Sequence[Source]) -> list[tuple[Instrument, Coverage]]:
    """The instruments whose own series fills them."""
    return [(s.instrument, s.main) for s in sources if s.main and s.main.symbol == s.instrument.symbol]
