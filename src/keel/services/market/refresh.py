"""Public prices brought up to date: each symbol in a transaction of its own, and every failure with its class."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any

from keel.domain.market.choice import CURRENCIES_DATASET, PUBLIC_DATASET
from keel.domain.market.currencies import CURRENCIES, is_pair
from keel.domain.market.instrument import InstrumentType, derive_tags
from keel.domain.market.public.bars import VOLUME_SESSIONS as QUARTER
from keel.domain.market.public.bars import Bars, Failure, FailureClass, dollar_volume, restated
from keel.domain.market.public.report import Report, report_json
from keel.errors import InputError, SourceUnavailableError
from keel.services.shared import jobs
from keel.services.shared.job import Job, Kind, Passed, Request
from keel.sources.yahoo.facts import Product
from keel.sources.yahoo.gate import Gate, Pace
from keel.sources.yahoo.source import NAME, Source
from keel.store import frameworks, instruments, portfolios, prices
from keel.store.connection import Database
from keel.store.market import bars as stored_bars
from keel.store.market import facts as stored_facts
from keel.store.market.bars import Home
from keel.store.market.facts import Part, Said

PRICES = Home(PUBLIC_DATASET, "daily", "total_return", NAME)
RATES = Home(CURRENCIES_DATASET, "daily", "rate", NAME)
WORKERS = 4  # who wait for answers; the gate says how many questions there are a second
OVERLAP = 10  # stored sessions that are asked for again
LEAST_KEPT = 0.5  # of a stored history: what comes back shorter does not take its place
FACTS_DAYS = 30  # that facts are good for
FACT_REQUESTS = 4  # that the library makes for the facts of one fund
MOST_SILENT = 12  # symbols in a row without facts, until nobody is asked for theirs
MOST = 500  # products asked for when nobody named any
LOOK = 0.2  # s after which one that waits looks whether it was stopped
DOLLAR = "USD"
VOLUME_SOURCE = "Yahoo, median of close × volume over 63 sessions"
KINDS = ("Equity", "Bonds", "Cash")  # asset classes that a fund can be mostly in
SYMBOL = re.compile(r"[A-Z0-9^][A-Z0-9.^=&_-]{0,23}")
TYPES = {
    "ETF": InstrumentType.etf,
    "MUTUALFUND": InstrumentType.fund,
    "EQUITY": InstrumentType.stock,
    "INDEX": InstrumentType.index,
}
MOSTLY = 0.8  # of a fund in one asset class, to be of that class


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came for one symbol: ``bars`` to be stored from ``since`` on (None: as the whole), or why nothing did.

    ``how`` is the list of the report it goes into.
    """

    symbol: str
    home: Home
    how: str
    bars: Bars | None = None
    since: Any = None
    failure: Failure | None = None


def symbols_of(text: str | Iterable[str]) -> tuple[str, ...]:
    """The symbols a person gave, in capitals, each once. Raises InputError for one that no exchange would have.

    >>> symbols_of("spy, BND,spy")
    ('SPY', 'BND')
    """
    parts = re.split(r"[\s,;]+", text) if isinstance(text, str) else text
    symbols = tuple(dict.fromkeys(part.strip().upper() for part in parts if part.strip()))
    for symbol in symbols:
        if not SYMBOL.fullmatch(symbol):
            raise InputError(f"{symbol[:40]!r} is not a symbol.", hint="Use Yahoo's, such as SPY or VWCE.DE.")
    if not symbols:
        raise InputError("No symbol is named.", hint="Name some, such as SPY,BND.")
    return symbols


def usual_symbols(db: Database) -> tuple[str, ...]:
    """What is refreshed when nobody names symbols: what portfolios hold and what was fetched, else every product.

    Raises InputError when those are too many.
    """
    bought = {i.symbol for i in instruments.universe(db) if i.type is not InstrumentType.index}
    fetched = {s.symbol for s in prices.coverage(db) if s.dataset in (PUBLIC_DATASET, CURRENCIES_DATASET)}
    wanted = (portfolios.symbols_held(db) & bought) | fetched or bought
    symbols = tuple(sorted(symbol for symbol in wanted if SYMBOL.fullmatch(symbol)))
    if len(symbols) > MOST and not fetched:
        raise InputError(f"There are {len(symbols):,} products, too many to ask for.", hint="Name some symbols.")
    return symbols


def ask_refresh(db: Database, symbols: Sequence[str] = ()) -> Job[Report]:
    """The refresh of these symbols, of the usual ones without any, as background work: under way, or begun."""
    return jobs.anew(db, REFRESH, {"symbols": list(symbols)})


def finish_refresh(db: Database, symbols: Sequence[str] = ()) -> Report:
    """What became of a refresh, waited for; who interrupts it keeps what is stored. Raises what ended it."""
    job = ask_refresh(db, symbols)
    try:
        while not job.finished(within=1.0):
            pass
    finally:
        jobs.close(db)
    if job.error is not None:
        raise job.error
    if job.answer is None:
        raise SourceUnavailableError("The refresh was interrupted.", hint="Run it again: what came is stored.")
    return job.answer


def last_refresh(db: Database) -> Job[Report] | None:
    """The refresh that was asked for last: under way, ended or interrupted; None where nothing of it is known."""
    return jobs.find_last(db, REFRESH)


def refresh(db: Database, symbols: Sequence[str], source: Source, report: Passed) -> Report:
    """What became of the symbols, and of the exchange rates that they need; ``report`` is told how many are done.

    What is stored when it is stopped, or dies, stays: asked again, the same comes out as at once.
    """
    gate = Gate(source.pace)
    rates = [symbol for symbol in symbols if _is_rate(symbol)]
    wanted = [(symbol, PRICES) for symbol in symbols if symbol not in rates]
    outcomes = list(_stored(db, [*wanted, *((_pair(s), RATES) for s in rates)], gate, source, report))
    needed = [pair for pair in _rates_needed(db, outcomes) if pair not in {o.symbol for o in outcomes}]
    asked = len(outcomes)
    outcomes += _stored(db, [(p, RATES) for p in needed], gate, source, lambda n, of: report(asked + n, asked + of))
    summary = _report(outcomes)
    for home in (PRICES, RATES):
        same = [o.symbol for o in outcomes if o.home is home and o.how == "unchanged"]
        stored_bars.seen(db, home.dataset, same)
    priced = [o for o in outcomes if o.home is PRICES and o.bars is not None]
    done = len(outcomes)
    without = _learn(db, priced, gate, source, lambda n, of: report(done + n, done + of))
    return replace(summary, without_facts=tuple(without))


def _stored(
    db: Database,
    wanted: Sequence[tuple[str, Home]],
    gate: Gate,
    source: Source,
    report: Passed,
) -> Iterator[Outcome]:
    """What came for each, stored as it comes; those that nobody asked for because it was stopped are left out."""
    report(0, len(wanted))
    with ThreadPoolExecutor(WORKERS) as pool:
        for done, outcome in enumerate(pool.map(lambda w: _fetch(db, w[0], w[1], gate, source), wanted), 1):
            if outcome is not None:
                if outcome.bars is not None and outcome.how != "unchanged":
                    stored_bars.write(db, outcome.home, outcome.bars, outcome.since)
                yield outcome
            report(done, len(wanted))


def _fetch(db: Database, symbol: str, home: Home, gate: Gate, source: Source) -> Outcome | None:
    """What Yahoo says of a symbol since its last stored days; all of it when it tells those otherwise."""
    if source.pace.stopped():
        return None
    answers = partial(_ask, gate, source, symbol, home)
    stored = stored_bars.tail(db, home.dataset, symbol, OVERLAP)
    fresh = answers(stored.dates[0] if len(stored) else None)
    if isinstance(fresh, Failure):
        return None if source.pace.stopped() else Outcome(symbol, home, "failed", failure=fresh)
    if not len(stored):
        return Outcome(symbol, home, "fetched", fresh)
    if not restated(stored, fresh):
        how = "fetched" if fresh.dates[-1] > stored.dates[-1] else "unchanged"
        return Outcome(symbol, home, how, fresh, stored.dates[0])
    whole = answers(None)
    if source.pace.stopped():
        return None
    if isinstance(whole, Failure) or _lost(whole, stored_bars.sessions(db, home.dataset, symbol)):
        return Outcome(symbol, home, "failed", failure=_kept(symbol, whole))
    return Outcome(symbol, home, "restated", whole)


def _ask(gate: Gate, source: Source, symbol: str, home: Home, since: Any) -> Bars | Failure:
    asked = f"{symbol}=X" if home is RATES else symbol
    day = None if since is None else since.item()
    answer = gate.ask(symbol, lambda: source.history(asked, day, source.now()))
    return answer if isinstance(answer, Failure) else replace(answer, symbol=symbol)


def _lost(whole: Bars, sessions: int) -> bool:
    """Whether too little came back of a history that is told otherwise now, to take the place of the stored one."""
    return len(whole) < LEAST_KEPT * sessions


def _kept(symbol: str, whole: Bars | Failure) -> Failure:
    """Why the stored prices stay although their past is told otherwise now."""
    why = whole.message if isinstance(whole, Failure) else f"its whole history has only {len(whole):,} days."
    message = f"Yahoo tells past prices of {symbol} otherwise now, and the stored ones stay: {why}"
    return Failure(symbol, FailureClass.restated, message)


def _report(outcomes: Iterable[Outcome]) -> Report:
    listed: dict[str, list[str]] = {"fetched": [], "unchanged": [], "restated": []}
    failed = []
    for outcome in outcomes:
        if outcome.failure is not None:
            failed.append(outcome.failure)
        else:
            listed[outcome.how].append(outcome.symbol)
    return Report(tuple(listed["fetched"]), tuple(listed["unchanged"]), tuple(listed["restated"]), tuple(failed))


def _is_rate(symbol: str) -> bool:
    return is_pair(_pair(symbol))


def _pair(symbol: str) -> str:
    return symbol.removesuffix("=X")


def _rates_needed(db: Database, outcomes: Iterable[Outcome]) -> tuple[str, ...]:
    """The exchange rates from the currencies of what came to the base currencies of the frameworks."""
    bases = {framework.base_ccy for framework in frameworks.list_latest(db)} or {DOLLAR}
    currencies = {o.bars.currency for o in outcomes if o.bars is not None and o.home is PRICES} & CURRENCIES
    return tuple(sorted(f"{own}{base}" for own in currencies for base in bases if own != base))


def _learn(db: Database, outcomes: Sequence[Outcome], gate: Gate, source: Source, report: Passed) -> list[str]:
    """Stores the facts of what came, all at once; the symbols of which Yahoo says nothing now."""
    today = source.now().date()
    said_on = stored_facts.said_on(db, "quote_type", NAME)
    due = [o for o in outcomes if o.symbol not in said_on or (today - said_on[o.symbol]).days > FACTS_DAYS]
    products: dict[str, Product | None] = {}
    with ThreadPoolExecutor(WORKERS) as pool:
        silent = Silence()
        for outcome, product in zip(due, pool.map(lambda o: _product(o, gate, source, silent), due), strict=True):
            products[outcome.symbol] = product
            report(len(products), len(due))
    volumes_on = stored_facts.said_on(db, "adv_usd", VOLUME_SOURCE)
    with db.write():
        for outcome in outcomes:
            for said in (
                _said(db, outcome, products.get(outcome.symbol), today),
                _volume(db, outcome, volumes_on.get(outcome.symbol)),
            ):
                if said is not None:
                    stored_facts.write(db, said)
    return [symbol for symbol, product in products.items() if product is None]


def _said(db: Database, outcome: Outcome, product: Product | None, today: date) -> Said | None:
    """What is new about a symbol: all that Yahoo says where it was asked, else what makes it a product."""
    about = outcome.bars.about if outcome.bars is not None else {}
    known = stored_facts.known(db, outcome.symbol)
    facts = {name: value for name, value in _introduction(about, product).items() if name not in known}
    if product is not None:
        own = dict(product.facts)
        assets = own.pop("assets", None)
        if assets is not None and about.get("currency") == DOLLAR:
            own["aum_usd"] = assets
        facts |= {name: value for name, value in own.items() if name != "sector"}
        facts |= {"quote_type": about.get("type", ""), "currency": about.get("currency", "")}
    facts = {name: value for name, value in facts.items() if value}  # a 0 is what Yahoo says where it knows nothing
    parts = () if product is None else _parts(product)
    return Said(outcome.symbol, NAME, today, facts, parts) if facts or parts else None


def _introduction(about: Mapping[str, str], product: Product | None) -> dict[str, Any]:
    """What is said of a product that nobody knew before: its name, type and currency, and the class it is mostly in."""
    if about.get("type") not in TYPES:
        return {}
    kind = TYPES[about["type"]]
    classes = product.classes if product is not None else {}
    asset_class = next((name for name in KINDS if classes.get(name, 0.0) >= MOSTLY), "")
    if kind is InstrumentType.stock:
        asset_class = "Equity"
    sector = str(product.facts.get("sector", "")) if product is not None else ""
    return {
        "name": about.get("name", ""),
        "type": kind.value,
        "currency": about.get("currency", ""),
        "asset_class": asset_class,
        "sector": sector,
        "tags": list(derive_tags(asset_class=asset_class, sector=sector)),
    }


def _parts(product: Product) -> tuple[Part, ...]:
    weights = {"sector": product.sectors, "asset_class": product.classes}
    return tuple(Part(kind, name, weight) for kind, of in weights.items() for name, weight in of.items())


def _volume(db: Database, outcome: Outcome, said_on: date | None) -> Said | None:
    """The daily dollar volume of the last quarter that is stored; None where that is said already, or not known."""
    quarter = stored_bars.tail(db, outcome.home.dataset, outcome.symbol, QUARTER)
    if not len(quarter) or quarter.dates[-1].item() == said_on:
        return None
    volume = dollar_volume(quarter.closes, quarter.volumes)
    rate = _dollars(db, outcome.bars.currency if outcome.bars is not None else "")
    if volume is None or rate is None:
        return None
    return Said(outcome.symbol, VOLUME_SOURCE, quarter.dates[-1].item(), {"adv_usd": volume * rate})


def _dollars(db: Database, currency: str) -> float | None:
    """What one unit of a currency is in dollars by the last stored rate; None when that is not known."""
    if currency == DOLLAR:
        return 1.0
    rate = stored_bars.tail(db, CURRENCIES_DATASET, f"{currency}{DOLLAR}", 1)
    return float(rate.closes[-1]) if len(rate) else None


@dataclass(slots=True)
class Silence:
    """How many symbols in a row Yahoo said nothing of."""

    symbols: int = 0


def _product(outcome: Outcome, gate: Gate, source: Source, silent: Silence) -> Product | None:
    """What Yahoo says of a symbol beside its prices, asked once; None when it says nothing now.

    Where it says nothing of anybody it is not asked any more; the next refresh asks again.
    """
    if silent.symbols >= MOST_SILENT:
        return None
    quote_type = outcome.bars.about.get("type", "") if outcome.bars is not None else ""
    answer = gate.ask(outcome.symbol, lambda: source.facts(outcome.symbol, quote_type), 1, requests=FACT_REQUESTS)
    silent.symbols = silent.symbols + 1 if isinstance(answer, Failure) else 0
    return None if isinstance(answer, Failure) else answer


def _run(db: Database, request: Request, job: Job[Report]) -> Report:
    """What became of a request: its symbols, or the usual ones."""
    symbols = tuple(request["symbols"]) or usual_symbols(db)
    pace = Pace(sleep=partial(_rest, job), stopped=job.stopped)
    return refresh(db, symbols, Source(pace), job.report)


def _rest(job: Job[Report], seconds: float) -> None:
    """Waits so many seconds, or until the job is stopped."""
    until = time.monotonic() + seconds
    while not job.stopped() and (left := until - time.monotonic()) > 0:
        time.sleep(min(left, LOOK))


REFRESH = Kind("refresh", "symbols", _run, report_json, alone=True, lasting=True)
JOBS: Mapping[str, Kind[Report]] = {REFRESH.name: REFRESH}
