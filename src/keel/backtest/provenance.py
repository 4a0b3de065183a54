"""What a file of results rests on: one record, made once from a study or a sweep, said alike in every format."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import keel
from keel import units
from keel.backtest.fingerprint import fingerprint
from keel.backtest.result import BacktestResult
from keel.backtest.run import default_lag
from keel.backtest.window import Window, to_date
from keel.domain.framework.records import Framework
from keel.domain.market.lines.likeness import in_words
from keel.domain.market.prices import PriceMatrix, kind_words, stand_ins
from keel.domain.policy.as_json import policy_json
from keel.domain.policy.settings import SETTINGS, parse_run_settings, settings_json
from keel.domain.study.grid import Grid, grid_json
from keel.vocabulary import HYPOTHETICAL

VARIES = "one a row"
NOT_KNOWN = "not known"


@dataclass(frozen=True, slots=True)
class Provenance:
    """What results rest on, enough to judge them and to get them again; what is empty does not apply.

    ``asked`` is JSON: the policies and settings of a study, the grid of a sweep. ``fingerprint`` changes when any price
    does. ``lag`` are sessions from decision to fill.
    """

    framework: str = ""
    framework_id: str = ""
    framework_version: int = 0
    window: str = ""
    frequency: str = ""
    prices: str = ""
    proxies: tuple[str, ...] = ()
    measured: tuple[str, ...] = ()
    survivors: tuple[str, ...] = ()
    lag: str = ""
    cost: str = ""
    asked: Mapping[str, object] = field(default_factory=dict)
    fingerprint: str = ""
    notes: tuple[str, ...] = ()

    def facts(self) -> dict[str, str]:
        """What it says by name, as text, in the order to read it; first the notice."""
        said = {
            "notice": HYPOTHETICAL,
            "keel": keel.__version__,
            "framework": self.framework,
            "framework id": self.framework_id,
            "version": str(self.framework_version or ""),
            "window": self.window,
            "frequency": self.frequency,
            "prices": self.prices,
            "proxies": "; ".join(self.proxies) or "none",
            "proxies measured": " ".join(self.measured),
            "survivors": ", ".join(self.survivors) or "none known",
            "lag": self.lag,
            "cost": self.cost,
            **{name: json.dumps(value, ensure_ascii=False) for name, value in self.asked.items()},
            "prices fingerprint": self.fingerprint,
            "notes": " ".join(self.notes),
        }
        return {name: text for name, text in said.items() if text}


def of_study(results: Sequence[BacktestResult], notes: Sequence[str] = ()) -> Provenance:
    """What results of one study rest on, with the ``notes`` that stand beside them."""
    if not results:
        return Provenance()
    meta, settings = results[0].meta, results[0].settings
    return Provenance(
        framework=meta.framework_name,
        framework_id=meta.framework_id,
        framework_version=meta.framework_version,
        window=f"{meta.first} to {meta.last}",
        frequency=meta.frequency,
        prices=meta.prices or NOT_KNOWN,
        proxies=meta.proxies,
        measured=tuple(map(in_words, meta.likenesses)),
        survivors=meta.survivors,
        lag=str(meta.lag),
        cost=_in_words(settings.cost_bps),
        asked={
            "policies": {result.name: policy_json(result.policy) for result in results},
            "settings": settings_json(settings),
        },
        fingerprint=meta.fingerprint,
        notes=tuple(dict.fromkeys((*notes, *meta.notes))),
    )


def rests_on(result: BacktestResult, prices: PriceMatrix, ccy: str) -> dict[str, str]:
    """What a person reads of what a result rests on: its window, its prices, its settings, and their fingerprint."""
    meta, settings = result.meta, result.settings
    dates = f"{units.day(meta.first)} – {units.day(meta.last)}"
    fill = "The close of the decision (lag 0)" if meta.lag == 0 else f"{meta.lag} close after the decision"
    return {
        "Window": f"{dates}, {meta.frequency}, {len(result.dates):,} closes",
        "Prices": kind_words(prices, result.book.symbols).capitalize(),
        "Trades at": fill,
        **{row.label: row.words(getattr(settings, name), ccy) for name, row in SETTINGS.items() if name != "lag"},
        "Data fingerprint": f"{meta.fingerprint} (same prices, same fingerprint)",
    }


def of_sweep(
    grid: Grid, windows: Sequence[Window], prices: PriceMatrix, framework: Framework | None = None
) -> Provenance:
    """What the table of a sweep rests on: its grid on the ``windows`` of its scenarios.

    Where the grid names frameworks each row has its own. Over several windows the fingerprint is that of all of theirs.
    """
    windows = list({id(window): window for window in windows}.values())  # scenarios share theirs
    one = None if any(axis.name == "framework" for axis in grid.scenarios) else framework
    symbols = tuple(dict.fromkeys(symbol for window in windows for symbol in window.symbols))
    spans = dict.fromkeys(f"{to_date(w.dates[0])} to {to_date(w.dates[-1])}" for w in windows)
    frequencies = dict.fromkeys(w.frequency for w in windows)
    return Provenance(
        framework=one.name if one else VARIES,
        framework_id=one.id if one else "",
        framework_version=one.version if one else 0,
        window=next(iter(spans)) if len(spans) == 1 else VARIES,
        frequency=", ".join(frequencies),
        prices=kind_words(prices, symbols) or NOT_KNOWN,
        proxies=stand_ins(prices, symbols),
        measured=tuple(in_words(found) for found in prices.likenesses if found.symbol in symbols),
        survivors=tuple(symbol for symbol in prices.survivors if symbol in symbols),
        lag=_lag(grid, frequencies),
        cost=_cost(grid),
        asked={"grid": grid_json(grid)},
        fingerprint=_of_all([fingerprint(window) for window in windows]),
        notes=tuple(dict.fromkeys((*prices.notes, *(note for window in windows for note in window.notes)))),
    )


def _lag(grid: Grid, frequencies: Iterable[str]) -> str:
    """The lag of all rows: as set, else the usual one of each frequency."""
    lag = _setting(grid, "lag")
    if lag == VARIES:
        return VARIES
    return ", ".join(str(default_lag(frequency)) for frequency in frequencies) if lag is None else str(lag)


def _cost(grid: Grid) -> str:
    cost: Any = _setting(grid, "cost_bps")
    return VARIES if cost == VARIES else _in_words(cost)


def _in_words(cost: float | Mapping[str, float]) -> str:
    """The cost in words, with blanks that any program takes for blanks."""
    return SETTINGS["cost_bps"].words(cost, "").replace("\u00a0", " ")


def _setting(grid: Grid, name: str) -> object:
    """A run setting that all rows have, or the word that each has its own."""
    if any(axis.name == name for axis in grid.axes):
        return VARIES
    return getattr(parse_run_settings({name: grid.base[name]} if name in grid.base else {}), name)


def _of_all(fingerprints: Sequence[str]) -> str:
    """The one fingerprint there is, else one of all."""
    distinct = list(dict.fromkeys(fingerprints))
    return distinct[0] if len(distinct) == 1 else sha256("\n".join(distinct).encode()).hexdigest()[:16]
