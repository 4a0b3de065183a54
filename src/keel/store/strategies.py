"""Rebalancing strategies with their class and holding targets. Deleting one deletes what hangs on it, in one step."""

from __future__ import annotations

import json
from dataclasses import replace

from keel.domain.policy.as_json import parse_policy, policy_json
from keel.domain.policy.records import require_policy
from keel.domain.portfolio.strategy import ClassTarget, HoldingTarget, Strategy
from keel.errors import NotFoundError
from keel.store.connection import Cursor, Database, first_row
from keel.store.values import document, new_id, now, stamp, weight


def save(db: Database, strategy: Strategy) -> Strategy:
    """The strategy as stored; one with a known id is replaced."""
    require_policy(strategy.policy)
    stored = replace(strategy, id=strategy.id or new_id("rs"))

    def work(cursor: Cursor) -> Strategy:
        cursor.execute(
            "insert into rebalancing_strategies (id, name, policy, created_at, updated_at)"
            " values ($id, $name, $policy, $at, $at) on conflict (id) do update set"
            " name = excluded.name, policy = excluded.policy, updated_at = excluded.updated_at",
            {
                "id": stored.id,
                "name": stored.name,
                "policy": document(policy_json(stored.policy)),
                "at": stamp(now()),
            },
        )
        return stored

    return db.transact(work)


def get(db: Database, id: str) -> Strategy:
    """One strategy. Raises NotFoundError."""
    found = [strategy for strategy in list_all(db) if strategy.id == id]
    if not found:
        raise _not_found("rebalancing strategy", id)
    return found[0]


def list_all(db: Database) -> tuple[Strategy, ...]:
    """Every strategy, by name."""
    with db.cursor() as cursor:
        rows = cursor.execute("select name, policy, id from rebalancing_strategies order by name, id").fetchall()
    return tuple(Strategy(name, parse_policy(json.loads(policy)), id) for name, policy, id in rows)


def delete(db: Database, id: str) -> None:
    """Delete a strategy with its class targets and their holding targets. Raises NotFoundError."""

    def work(cursor: Cursor) -> None:
        _require(cursor, "select count(*) from rebalancing_strategies where id = $id", "rebalancing strategy", id)
        cursor.execute(
            "delete from holding_targets where class_target_id in"
            " (select id from asset_class_targets where strategy_id = $id)",
            {"id": id},
        )
        cursor.execute("delete from asset_class_targets where strategy_id = $id", {"id": id})
        cursor.execute("delete from rebalancing_strategies where id = $id", {"id": id})

    db.transact(work)


def save_class_target(db: Database, target: ClassTarget) -> ClassTarget:
    """The class target as stored; the same class of the same strategy is replaced and keeps its id.

    Raises NotFoundError when the strategy is not stored.
    """
    columns = {
        "id": target.id or new_id("ct"),
        "strategy": target.strategy_id,
        "class": target.asset_class,
        "weight": weight(target.target_weight, target.asset_class),
    }

    def work(cursor: Cursor) -> ClassTarget:
        _require(
            cursor,
            "select count(*) from rebalancing_strategies where id = $id",
            "rebalancing strategy",
            target.strategy_id,
        )
        cursor.execute(
            "insert into asset_class_targets (id, strategy_id, asset_class, target_weight)"
            " values ($id, $strategy, $class, $weight)"
            " on conflict (strategy_id, asset_class) do update set target_weight = excluded.target_weight",
            columns,
        )
        row = first_row(
            cursor.execute(
                "select strategy_id, asset_class, target_weight::double, id from asset_class_targets"
                " where strategy_id = $strategy and asset_class = $class",
                {"strategy": target.strategy_id, "class": target.asset_class},
            )
        )
        return ClassTarget(*row) if row else target

    return db.transact(work)


def class_targets(db: Database, strategy_id: str) -> tuple[ClassTarget, ...]:
    """The class targets of a strategy, by class."""
    with db.cursor() as cursor:
        rows = cursor.execute(
            "select strategy_id, asset_class, target_weight::double, id from asset_class_targets"
            " where strategy_id = $id order by asset_class",
            {"id": strategy_id},
        ).fetchall()
    return tuple(ClassTarget(*row) for row in rows)


def delete_class_target(db: Database, id: str) -> None:
    """Delete a class target and, in the same step, its holding targets. Raises NotFoundError."""

    def work(cursor: Cursor) -> None:
        _require(cursor, "select count(*) from asset_class_targets where id = $id", "asset class target", id)
        cursor.execute("delete from holding_targets where class_target_id = $id", {"id": id})
        cursor.execute("delete from asset_class_targets where id = $id", {"id": id})

    db.transact(work)


def save_holding_target(db: Database, target: HoldingTarget) -> HoldingTarget:
    """The holding target as stored; the same instrument of the same class is replaced and keeps its id.

    Raises NotFoundError when the class target is not stored.
    """
    columns = {
        "id": target.id or new_id("ht"),
        "class": target.class_target_id,
        "instrument": target.instrument_id,
        "share": weight(target.share, target.instrument_id),
        "locked": target.locked,
    }

    def work(cursor: Cursor) -> HoldingTarget:
        _require(
            cursor,
            "select count(*) from asset_class_targets where id = $id",
            "asset class target",
            target.class_target_id,
        )
        cursor.execute(
            "insert into holding_targets (id, class_target_id, instrument_id, share, locked)"
            " values ($id, $class, $instrument, $share, $locked)"
            " on conflict (class_target_id, instrument_id)"
            " do update set share = excluded.share, locked = excluded.locked",
            columns,
        )
        row = first_row(
            cursor.execute(
                "select class_target_id, instrument_id, share::double, locked, id from holding_targets"
                " where class_target_id = $class and instrument_id = $instrument",
                {"class": target.class_target_id, "instrument": target.instrument_id},
            )
        )
        return HoldingTarget(*row) if row else target

    return db.transact(work)


def holding_targets(db: Database, class_target_id: str) -> tuple[HoldingTarget, ...]:
    """The holding targets of a class target, by instrument."""
    with db.cursor() as cursor:
        rows = cursor.execute(
            "select class_target_id, instrument_id, share::double, locked, id from holding_targets"
            " where class_target_id = $id order by instrument_id",
            {"id": class_target_id},
        ).fetchall()
    return tuple(HoldingTarget(*row) for row in rows)


def delete_holding_target(db: Database, id: str) -> None:
    """Delete a holding target. Raises NotFoundError."""

    def work(cursor: Cursor) -> None:
        _require(cursor, "select count(*) from holding_targets where id = $id", "holding target", id)
        cursor.execute("delete from holding_targets where id = $id", {"id": id})

    db.transact(work)


def _require(cursor: Cursor, count: str, noun: str, id: str) -> None:
    if first_row(cursor.execute(count, {"id": id})) == (0,):
        raise _not_found(noun, id)


def _not_found(noun: str, id: str) -> NotFoundError:
    return NotFoundError(f"There is no {noun} {id}.", subject=id)
