"""Frameworks: every version is kept and none changes.

Weights are kept to 12 decimals; what comes back from ``save_version`` is what is stored.
"""

from __future__ import annotations

import json
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from keel.domain.framework.records import Bucket, Constraint, Framework, Holding
from keel.domain.policy.as_json import parse_policy, policy_json
from keel.domain.policy.records import require_band, require_policy
from keel.domain.reading.rows import repeated
from keel.errors import EditConflictError, FrameworkNotFoundError, InputError
from keel.store import names
from keel.store.archive import IS_ARCHIVED
from keel.store.connection import Cursor, Database, first_row, insert_rows
from keel.store.memory import Memory
from keel.store.values import (
    ELSEWHERE,
    Versions,
    band_document,
    document,
    moment,
    new_id,
    now,
    one_or_many,
    optional_float,
    optional_weight,
    read_band,
    read_rules,
    rules_document,
    stamp,
    weight,
)

Key = dict[str, str | int]


def save_version(db: Database, framework: Framework, expected_version: int | None = None) -> Framework:
    """The framework as stored: version 1 of a new one, or the version after the newest.

    ``expected_version`` is the version the edit began from (None: the framework's own). Of several who save from the
    same version one wins; the others get EditConflictError with the newest version in ``current``.
    """
    _require_storable(framework)
    began = framework.version if expected_version is None else expected_version
    if not framework.id:
        began = 0  # a new framework, whatever it was copied from
    return db.transact(lambda cursor: _save(db, cursor, framework, began))


def get(db: Database, id: str, version: int | None = None) -> Framework:
    """One version of a framework, the newest without ``version``; archived ones too. Raises FrameworkNotFoundError."""

    def read() -> Framework:
        with db.cursor() as cursor:
            return _get(cursor, id, version)

    return _kept.recall(db, _key(db, id, version), read)


def _key(db: Database, id: str, version: int | None) -> Hashable:
    """What an answer rests on: a version never changes, which is the newest does, and a symbol on display may."""
    return id, version, version or db.revision("frameworks"), db.revision("instruments")


_kept: Memory[Framework] = Memory(64)
_lists: Memory[tuple[Framework, ...]] = Memory(4)


def list_latest(db: Database, *, with_archived: bool = False) -> tuple[Framework, ...]:
    """The newest version of every framework, last edited first; archived ones only when asked for."""

    def read() -> tuple[Framework, ...]:
        with db.cursor() as cursor:
            rows = cursor.execute(
                f"{_SELECT} and {_IS_NEWEST} and ($all or not {_IS_ARCHIVED}) order by updated_at desc, id",
                {"all": with_archived},
            ).fetchall()
            return _frameworks(cursor, rows) if rows else ()

    rests_on = (db.revision(noun) for noun in ("frameworks", "instruments", "archived"))
    return _lists.recall(db, (with_archived, *rests_on), read)


def versions(db: Database, id: str) -> tuple[Framework, ...]:
    """Every version of a framework, oldest first. Raises FrameworkNotFoundError."""
    with db.cursor() as cursor:
        rows = cursor.execute(f"{_SELECT} and id = $id order by version", {"id": id}).fetchall()
        if not rows:
            raise _not_found(id)
        return _frameworks(cursor, rows)


def rename(db: Database, id: str, name: str) -> Framework:
    """The framework under its new name: a new version, since none ever changes. Raises FrameworkNotFoundError."""

    def work(cursor: Cursor) -> Framework:
        current = _get(cursor, id, None)
        return _save(db, cursor, replace(current, name=name), current.version)

    return db.transact(work)


_SELECT = (
    "select id, version, name, description, method, base_ccy, benchmark, risk_band, profile_id, rebalancing,"
    " created_at, updated_at from allocation_frameworks f where owner = getvariable('owner')"
)
_IS_NEWEST = (
    "not exists (select 1 from allocation_frameworks n"
    " where n.id = f.id and n.owner = f.owner and n.version > f.version)"
)
_IS_ARCHIVED = IS_ARCHIVED["framework"]


def _require_storable(framework: Framework) -> None:
    twice = repeated([bucket.path for bucket in framework.buckets])
    if twice:
        raise InputError(f"Two buckets have the path {twice}.", hint="Rename one of them.", subject=twice)
    require_policy(framework.rebalancing)
    for bucket in framework.buckets:
        if bucket.band is not None:
            require_band(bucket.band, f"The band of {bucket.path}")


def _not_found(id: str, version: int | None = None) -> FrameworkNotFoundError:
    if version is None:
        return FrameworkNotFoundError(f"There is no framework {id}.", hint=ELSEWHERE, subject=id)
    return FrameworkNotFoundError(f"Framework {id} has no version {version}.", subject=id)


def _newest(cursor: Cursor, id: str) -> tuple[int, datetime] | None:
    """The newest version of a framework, and when its first was stored; None where there is none."""
    newest = (
        "select version, created_at from allocation_frameworks where id = $id and owner = getvariable('owner')"
        " order by version desc limit 1"
    )
    row = first_row(cursor.execute(newest, {"id": id}))
    return None if row is None else (int(row[0]), row[1])


def _save(db: Database, cursor: Cursor, framework: Framework, began: int) -> Framework:
    db.touch("frameworks")
    at = stamp(now())
    newest = _newest(cursor, framework.id) if framework.id else None
    current, created = newest or (0, at)
    id = framework.id or new_id("fw")
    if began and not current:
        raise _not_found(id)
    if began != current:
        raise EditConflictError(
            f"{framework.name or 'The framework'} has been edited meanwhile: version {current} is newer than the"
            f" version {began} this edit began from."
            if current > began
            else f"{framework.name or 'The framework'} has no version {began}; the newest is {current}.",
            current=current,
            hint=f"Compare with version {current}, then save as {current + 1}.",
            subject=id,
        )
    times = {"created": created, "updated": at}
    stored = _insert(cursor, framework, {"id": id, "version": current + 1}, times)
    db.stored(lambda: _remember(db, stored), without="instruments")
    return stored


def _remember(db: Database, stored: Framework) -> None:
    """Takes note of the newest version."""
    for version in (stored.version, None):
        _kept.remember(db, _key(db, stored.id, version), stored)


def _insert(cursor: Cursor, framework: Framework, key: Key, times: dict[str, Any]) -> Framework:
    """Writes a version; what it will be read as."""
    columns = key | _columns(framework) | times
    cursor.execute(
        "insert into allocation_frameworks (id, version, name, description, method, base_ccy, benchmark, risk_band,"
        " profile_id, rebalancing, created_at, updated_at, owner) values ($id, $version, $name, $description, $method,"
        " $base_ccy, $benchmark, $risk_band, $profile_id, $rebalancing, $created, $updated, getvariable('owner'))",
        columns,
    )
    of = {"framework_id": key["id"], "framework_version": key["version"]}
    buckets = [_bucket_columns(b) for b in framework.buckets]
    insert_rows(cursor, "allocation_buckets", [of | {"ordinal": n} | row for n, row in enumerate(buckets)])
    held = _insert_holdings(cursor, framework.buckets, of)
    limits = [{"type": c.type, "value": c.value, "unit": c.unit, "scope": c.scope} for c in framework.constraints]
    insert_rows(cursor, "framework_constraints", [of | {"ordinal": n} | row for n, row in enumerate(limits)])
    return _framework(
        tuple(columns.values()),
        [_bucket(tuple(row.values()), held.get(row["path"], ())) for row in buckets],
        [Constraint(c.type, float(c.value), c.unit, c.scope) for c in framework.constraints],
    )


def _insert_holdings(cursor: Cursor, buckets: Sequence[Bucket], of: Key) -> dict[str, list[Holding]]:
    """Writes what the buckets of a version hold; path → what it will be read as."""
    held = [(b.path, n, h) for b in buckets for n, h in enumerate(b.holdings)]
    named = names.identify(cursor, [(h.instrument_id, h.symbol) for _, _, h in held])
    shares = [weight(h.share, h.symbol) for _, _, h in held]
    rows = [
        of | {"path": path, "ordinal": n, "instrument_id": id, "share": share}
        for (path, n, _), (id, _), share in zip(held, named, shares, strict=True)
    ]
    insert_rows(cursor, "bucket_holdings", rows)
    stored: dict[str, list[Holding]] = {}
    for (path, _, _), (id, symbol), share in zip(held, named, shares, strict=True):
        stored.setdefault(path, []).append(Holding(symbol, float(share), id))
    return stored


def _columns(framework: Framework) -> dict[str, Any]:
    return {
        "name": framework.name,
        "description": framework.description,
        "method": framework.method,
        "base_ccy": framework.base_ccy,
        "benchmark": framework.benchmark,
        "risk_band": framework.risk_band,
        "profile_id": framework.profile_id,
        "rebalancing": document(policy_json(framework.rebalancing)),
    }


def _bucket_columns(bucket: Bucket) -> dict[str, Any]:
    return {
        "path": bucket.path,
        "label": bucket.label,
        "target_weight": weight(bucket.target_weight, bucket.path),
        "min_weight": optional_weight(bucket.min_weight, bucket.path),
        "max_weight": optional_weight(bucket.max_weight, bucket.path),
        "band": band_document(bucket.band),
        "locked": bucket.locked,
        "rules": rules_document(bucket.rules),
    }


def _get(cursor: Cursor, id: str, version: int | None) -> Framework:
    newest = " order by version desc limit 1"
    one, asked = (newest, {}) if version is None else (" and version = $version", {"version": version})
    row = first_row(cursor.execute(f"{_SELECT} and id = $id{one}", {"id": id} | asked))
    if row is None:
        raise _not_found(id, version)
    return _frameworks(cursor, [row])[0]


def _frameworks(cursor: Cursor, rows: Sequence[tuple[Any, ...]]) -> tuple[Framework, ...]:
    keys = [(str(row[0]), int(row[1])) for row in rows]
    buckets = _buckets(cursor, keys)
    constraints = _constraints(cursor, keys)
    return tuple(
        _framework(row, buckets.get(key, ()), constraints.get(key, ())) for key, row in zip(keys, rows, strict=True)
    )


def _framework(row: tuple[Any, ...], buckets: Iterable[Bucket], constraints: Iterable[Constraint]) -> Framework:
    id, version, name, description, method, base_ccy, benchmark, risk_band, profile_id, rebalancing, *rest = row
    created, edited = rest
    return Framework(
        name=name,
        buckets=tuple(buckets),
        description=description,
        method=method,
        base_ccy=base_ccy,
        benchmark=benchmark,
        risk_band=risk_band,
        profile_id=profile_id,
        rebalancing=parse_policy(json.loads(rebalancing)),
        constraints=tuple(constraints),
        id=id,
        version=version,
        created_at=moment(created),
        updated_at=moment(edited),
    )


_HOLDINGS = (
    "select framework_id, framework_version, path, symbol, share, instrument_id from bucket_holdings h"
    " join instrument_symbols using (instrument_id)"
)
_CONSTRAINTS = "select framework_id, framework_version, type, value, unit, scope from framework_constraints"
_BUCKETS = (
    "select framework_id, framework_version, path, label, target_weight, min_weight, max_weight, band, locked, rules"
    " from allocation_buckets"
)


def _rows(cursor: Cursor, sql: str, keys: Versions) -> list[tuple[Any, ...]]:
    condition, asked = one_or_many("framework", keys)
    return cursor.execute(f"{sql} where {condition} order by ordinal", asked).fetchall()


def _buckets(cursor: Cursor, keys: Versions) -> dict[tuple[str, int], list[Bucket]]:
    holdings: dict[tuple[str, int, str], list[Holding]] = {}
    for id, version, path, symbol, share, instrument in _rows(cursor, _HOLDINGS, keys):
        holdings.setdefault((id, version, path), []).append(Holding(symbol, float(share), instrument))
    buckets: dict[tuple[str, int], list[Bucket]] = {}
    for id, version, path, *row in _rows(cursor, _BUCKETS, keys):
        held = holdings.get((id, version, path), ())
        buckets.setdefault((id, version), []).append(_bucket((path, *row), held))
    return buckets


def _bucket(row: tuple[Any, ...], holdings: Iterable[Holding]) -> Bucket:
    path, label, target, low, high, band, locked, rules = row
    return Bucket(
        path=path,
        label=label,
        target_weight=float(target),
        min_weight=optional_float(low),
        max_weight=optional_float(high),
        band=read_band(band),
        locked=locked,
        rules=read_rules(rules),
        holdings=tuple(holdings),
    )


def _constraints(cursor: Cursor, keys: Versions) -> dict[tuple[str, int], list[Constraint]]:
    constraints: dict[tuple[str, int], list[Constraint]] = {}
    for id, version, type_, value, unit, scope in _rows(cursor, _CONSTRAINTS, keys):
        constraints.setdefault((id, version), []).append(Constraint(type_, value, unit, scope))
    return constraints
