"""Splitting a bucket over several products: a list of products, a share each, 100 % in all."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

import streamlit as st

from keel import units
from keel.domain.market.instrument import Instrument
from keel.domain.portfolio.records import Pick
from keel.ui.frame import widgets
from keel.ui.mapping import draft, filling, products
from keel.ui.mapping.filling import Ask

NEAR = 0.05  # percent of the bucket: shares are typed with two decimals


def named(universe: Mapping[str, Instrument]) -> Callable[[str], str]:
    """How a product reads in a list."""
    return lambda id: f"{universe[id].symbol} · {universe[id].name}"


def split(
    path: str,
    picks: Sequence[Pick],
    universe: Mapping[str, Instrument],
    choose: Callable[[str, tuple[Pick, ...]], None],
    ask: Ask,
) -> None:
    """Draws a share for each product of the bucket, ways to add one and to fill it, and the button that uses the split.

    ``ask`` begins the work that fills it by a method.
    """
    chosen = _products(path, picks, universe)
    symbols = {id: universe[id].symbol for id in chosen}
    if len(set(symbols.values())) == len(chosen) > 1:
        filling.fill(path, symbols, ask, partial(_fill, path))
    shares = {id: _share(path, id, universe[id], picks, len(chosen)) for id in chosen}
    products.search(f"split-add-{path}", partial(_add, path, chosen), without=chosen)
    total = sum(shares.values())
    done = abs(total - 100) < NEAR
    rest = "" if done else f", {units.number(abs(100 - total), 1)}% {'to go' if total < 100 else 'too much'}"
    st.caption(f"{units.number(total, 1)}% placed{rest}. A share of 0 leaves a product out.")
    use = tuple(draft.pick(path, universe[id], s / total) for id, s in shares.items() if s > 0) if done else ()
    st.button("Use this split", key=f"split-use-{path}", disabled=not done, on_click=choose, args=(path, use))


def _products(path: str, picks: Sequence[Pick], universe: Mapping[str, Instrument]) -> list[str]:
    """The ids in the split: those picked now, then those added."""
    held = [p.instrument_id for p in picks if p.instrument_id in universe]
    added = st.session_state.get(f"split-of-{path}", ())
    return list(dict.fromkeys([*held, *added]))


def _add(path: str, chosen: Sequence[str], instrument: Instrument) -> None:
    """Adds a product of the search to the split and empties the search."""
    st.session_state[f"split-of-{path}"] = (*chosen, instrument.id)
    st.session_state[f"split-add-{path}"] = ""


def _fill(path: str, shares: Mapping[str, float]) -> None:
    """Writes the shares, by id, into their fields; what rounding leaves goes to the largest."""
    percent = {id: round(100 * share, 2) for id, share in shares.items()}
    percent[max(percent, key=percent.__getitem__)] += 100 - sum(percent.values())
    for id, value in percent.items():
        st.session_state[f"share-{path}-{id}-{len(shares)}"] = round(value, 2)


def _share(path: str, id: str, instrument: Instrument, picks: Sequence[Pick], count: int) -> float:
    """The typed share in percent; it starts from the pick's, or even when a product has been added."""
    before = {p.instrument_id: 100 * p.share for p in picks}
    start = before[id] if id in before and len(before) == count else 100 / count
    label = f"{widgets.plain(instrument.symbol)}, % of the bucket"
    return st.number_input(label, 0.0, 100.0, value=round(start, 2), step=5.0, key=f"share-{path}-{id}-{count}")
