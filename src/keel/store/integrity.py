"""Findings about relations that the schema does not enforce: DuckDB's foreign keys cannot delete child and parent
in one transaction, so there are none, and this says whether the store kept its word."""

from __future__ import annotations

from keel.store.connection import Database

# A sentence with the place of the broken row's names, and the question that finds such rows.
_CHECKS = (
    (
        "Bucket {} belongs to framework {} version {}, which is not stored.",
        "select b.path, b.framework_id, b.framework_version from allocation_buckets b anti join allocation_frameworks f"
        " on f.id = b.framework_id and f.version = b.framework_version",
    ),
    (
        "A constraint {} belongs to framework {} version {}, which is not stored.",
        "select c.type, c.framework_id, c.framework_version from framework_constraints c"
        " anti join allocation_frameworks f on f.id = c.framework_id and f.version = c.framework_version",
    ),
    (
        "The holding {} of framework {} version {} belongs to bucket {}, which is not stored.",
        "select h.symbol, h.framework_id, h.framework_version, h.path from bucket_holdings h"
        " anti join allocation_buckets b on b.framework_id = h.framework_id"
        " and b.framework_version = h.framework_version and b.path = h.path",
    ),
    (
        "Framework {} lacks a version: it has {} and its newest is {}.",
        "select id, count(*), max(version) from allocation_frameworks group by id"
        " having count(*) <> max(version) or min(version) <> 1",
    ),
    (
        "Framework {} version {} uses profile {}, which is not stored.",
        "select f.id, f.version, f.profile_id from allocation_frameworks f anti join investment_profiles p"
        " on p.id = f.profile_id where f.profile_id <> ''",
    ),
    (
        "Portfolio {} uses framework {} version {}, which is not stored.",
        "select p.id, p.framework_id, p.framework_version_used from portfolios p anti join allocation_frameworks f"
        " on f.id = p.framework_id and f.version = p.framework_version_used",
    ),
    (
        "A pick of {} belongs to portfolio {}, which is not stored.",
        "select k.symbol, k.portfolio_id from portfolio_picks k anti join portfolios p on p.id = k.portfolio_id",
    ),
    (
        "Portfolio {} picks {} for bucket {}, which its framework version does not have.",
        "select p.id, k.symbol, k.path from portfolio_picks k join portfolios p on p.id = k.portfolio_id"
        " anti join allocation_buckets b on b.framework_id = p.framework_id"
        " and b.framework_version = p.framework_version_used and b.path = k.path",
    ),
    (
        "Portfolio {} picks instrument {}, which is not stored.",
        "select k.portfolio_id, k.instrument_id from portfolio_picks k anti join instruments i"
        " on i.id = k.instrument_id where k.instrument_id <> ''",
    ),
    (
        "Run {} used portfolio {}, which is not stored.",
        "select r.id, r.portfolio_id from runs r anti join portfolios p on p.id = r.portfolio_id"
        " where r.portfolio_id <> ''",
    ),
    (
        "Run {} used framework {} version {}, which is not stored.",
        "select r.id, r.framework_id, r.framework_version from runs r anti join allocation_frameworks f"
        " on f.id = r.framework_id and f.version = r.framework_version",
    ),
    (
        "Plan {} belongs to portfolio {}, which is not stored.",
        "select n.id, n.portfolio_id from plans n anti join portfolios p on p.id = n.portfolio_id",
    ),
    (
        "Account {} belongs to portfolio {}, which is not stored.",
        "select a.name, a.portfolio_id from accounts a anti join portfolios p on p.id = a.portfolio_id",
    ),
    (
        "An alert {} belongs to portfolio {}, which is not stored.",
        "select a.kind, a.portfolio_id from alerts a anti join portfolios p on p.id = a.portfolio_id",
    ),
    (
        "A position in {} belongs to portfolio {}, which is not stored.",
        "select s.symbol, s.portfolio_id from positions s anti join portfolios p on p.id = s.portfolio_id",
    ),
    (
        "A lot of {} in portfolio {} belongs to no position.",
        "select l.symbol, l.portfolio_id from lots l anti join positions s"
        " on s.portfolio_id = l.portfolio_id and s.symbol = l.symbol",
    ),
    (
        "The class target {} belongs to strategy {}, which is not stored.",
        "select t.asset_class, t.strategy_id from asset_class_targets t anti join rebalancing_strategies s"
        " on s.id = t.strategy_id",
    ),
    (
        "The holding target of {} belongs to class target {}, which is not stored.",
        "select h.instrument_id, h.class_target_id from holding_targets h anti join asset_class_targets t"
        " on t.id = h.class_target_id",
    ),
    (
        "The archived {} {} is not stored.",
        "select a.noun, a.id from archived a anti join (select 'framework' as noun, id from allocation_frameworks"
        " union all select 'portfolio', id from portfolios union all select 'run', id from runs) known"
        " on known.noun = a.noun and known.id = a.id",
    ),
    (
        "The series {} of dataset {} is not what its prices are.",
        "select coalesce(s.symbol, p.symbol), coalesce(s.dataset, p.dataset) from price_series s full join"
        " (select dataset, symbol, min(date) as first_date, max(date) as last_date, count(*) as sessions from prices"
        " group by dataset, symbol) p on p.dataset = s.dataset and p.symbol = s.symbol"
        " where (p.first_date, p.last_date, p.sessions) is distinct from (s.first_date, s.last_date, s.sessions)",
    ),
    (
        "{} has two prices on {} in dataset {}.",
        "select symbol, date, dataset from prices group by dataset, symbol, date having count(*) > 1",
    ),
    (
        "The price of {} on {} in dataset {} is {}.",
        "select symbol, date, dataset, close from prices where close <= 0 or not isfinite(close)",
    ),
    (
        "The series {} belongs to dataset {}, which has no source.",
        "select s.symbol, s.dataset from price_series s anti join price_sources d on d.dataset = s.dataset",
    ),
)


def integrity(db: Database) -> tuple[str, ...]:
    """One sentence per broken relation; empty when all is well."""
    findings: list[str] = []
    with db.cursor() as cursor:
        for sentence, question in _CHECKS:
            findings.extend(sentence.format(*row) for row in cursor.execute(question + " order by all").fetchall())
    return tuple(findings)
