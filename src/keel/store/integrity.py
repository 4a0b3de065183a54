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
        "select h.instrument_id, h.framework_id, h.framework_version, h.path from bucket_holdings h"
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
        "Profile {} lacks a version: it has {} and its newest is {}.",
        "select id, count(*), max(version) from investment_profiles group by id"
        " having count(*) <> max(version) or min(version) <> 1",
    ),
    (
        "Portfolio {} has no version.",
        "select p.id from portfolios p anti join portfolio_versions v on v.id = p.id",
    ),
    (
        "A version of portfolio {} is stored without it.",
        "select v.id from portfolio_versions v anti join portfolios p on p.id = v.id",
    ),
    (
        "Portfolio {} lacks a version: it has {} and its newest is {}.",
        "select id, count(*), max(version) from portfolio_versions group by id"
        " having count(*) <> max(version) or min(version) <> 1",
    ),
    (
        "Portfolio {} version {} uses framework {} version {}, which is not stored.",
        "select v.id, v.version, v.framework_id, v.framework_version_used from portfolio_versions v"
        " anti join allocation_frameworks f on f.id = v.framework_id and f.version = v.framework_version_used",
    ),
    (
        "A pick of {} belongs to portfolio {} version {}, which is not stored.",
        "select k.instrument_id, k.portfolio_id, k.portfolio_version from portfolio_picks k"
        " anti join portfolio_versions v on v.id = k.portfolio_id and v.version = k.portfolio_version",
    ),
    (
        "Portfolio {} version {} picks {} for bucket {}, which its framework version does not have.",
        "select v.id, v.version, k.instrument_id, k.path from portfolio_picks k"
        " join portfolio_versions v on v.id = k.portfolio_id and v.version = k.portfolio_version"
        " anti join allocation_buckets b on b.framework_id = v.framework_id"
        " and b.framework_version = v.framework_version_used and b.path = k.path",
    ),
    (
        "Run {} used portfolio {} version {}, which is not stored.",
        "select r.id, r.portfolio_id, r.portfolio_version from runs r anti join portfolio_versions v"
        " on v.id = r.portfolio_id and v.version = r.portfolio_version where r.portfolio_id <> ''",
    ),
    (
        "Run {} used framework {} version {}, which is not stored.",
        "select r.id, r.framework_id, r.framework_version from runs r anti join allocation_frameworks f"
        " on f.id = r.framework_id and f.version = r.framework_version",
    ),
    (
        "Plan {} belongs to portfolio {} version {}, which is not stored.",
        "select n.id, n.portfolio_id, n.portfolio_version from plans n anti join portfolio_versions v"
        " on v.id = n.portfolio_id and v.version = n.portfolio_version",
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
        "The link {} shows portfolio {}, which is not stored.",
        "select l.id, l.portfolio_id from shared_links l anti join portfolios p on p.id = l.portfolio_id",
    ),
    (
        "A position in {} belongs to account {}, which is not stored.",
        "select s.instrument_id, s.account_id from positions s anti join accounts a on a.id = s.account_id",
    ),
    (
        "A lot of {} in account {} belongs to no position.",
        "select l.instrument_id, l.account_id from lots l anti join positions s"
        " on s.account_id = l.account_id and s.instrument_id = l.instrument_id",
    ),
    (
        "The record {} belongs to account {}, which is not stored.",
        "select r.id, r.account_id from activities r anti join accounts a on a.id = r.account_id",
    ),
    (
        "The record {} came by import {}, which is not stored.",
        "select r.id, r.import_id from activities r anti join imports i on i.id = r.import_id where r.import_id <> ''",
    ),
    (
        "A part of benchmark {} is stored without it.",
        "select p.benchmark_id from benchmark_parts p anti join benchmarks b on b.id = p.benchmark_id",
    ),
    (
        "The archived {} {} is not stored.",
        "select a.noun, a.id from archived a anti join (select 'framework' as noun, id from allocation_frameworks"
        " union all select 'profile', id from investment_profiles"
        " union all select 'portfolio', id from portfolios union all select 'run', id from runs) known"
        " on known.noun = a.noun and known.id = a.id",
    ),
    (
        "{} names instrument {}, which is not stored.",
        "select named.place, named.id from (select 'A name' as place, instrument_id as id from instrument_names"
        " union select 'A fact', instrument_id from instrument_facts"
        " union select 'An exposure', instrument_id from instrument_exposures"
        " union select 'A price series', instrument_id from price_series"
        " union select 'A dividend or split', instrument_id from price_events"
        " union select 'A holding', instrument_id from bucket_holdings"
        " union select 'A pick', instrument_id from portfolio_picks"
        " union select 'A position', instrument_id from positions"
        " union select 'A record', instrument_id from activities"
        " union select 'A benchmark', instrument_id from benchmark_parts) named"
        " anti join instruments i on i.id = named.id",
    ),
    (
        "Instrument {} has no symbol.",
        "select i.id from instruments i anti join instrument_symbols s on s.instrument_id = i.id",
    ),
    (
        "Instrument {} has {} symbols at once.",
        "select instrument_id, count(*) from instrument_names where kind = 'symbol' and valid_to is null"
        " group by instrument_id having count(*) > 1",
    ),
    (
        "Instrument {} has the fact {} from {} twice.",
        "select instrument_id, fact, source from instrument_facts group by instrument_id, fact, source, owner_kind,"
        " owner"
        " having count(*) > 1",
    ),
    (
        "The series {} of dataset {} is not what its prices are.",
        "select coalesce(s.instrument_id, p.instrument_id), coalesce(s.dataset, p.dataset) from price_series s"
        " full join (select dataset, instrument_id, min(date) as first_date, max(date) as last_date,"
        " count(*) as sessions from prices group by dataset, instrument_id) p"
        " on p.dataset = s.dataset and p.instrument_id = s.instrument_id"
        " where (p.first_date, p.last_date, p.sessions) is distinct from (s.first_date, s.last_date, s.sessions)",
    ),
    (
        "{} has two prices on {} in dataset {}.",
        "select instrument_id, date, dataset from prices group by dataset, instrument_id, date having count(*) > 1",
    ),
    (
        "The price of {} on {} in dataset {} is {}.",
        "select instrument_id, date, dataset, adjusted_close from prices"
        " where adjusted_close <= 0 or not isfinite(adjusted_close) or close <= 0 or not isfinite(close)",
    ),
    (
        "The {} of {} on {} in dataset {} belongs to no price.",
        "select e.kind, e.instrument_id, e.date, e.dataset from price_events e anti join prices p"
        " on p.dataset = e.dataset and p.instrument_id = e.instrument_id and p.date = e.date",
    ),
    (
        "{} has the {} of {} in dataset {} twice.",
        "select instrument_id, kind, date, dataset from price_events group by all having count(*) > 1",
    ),
    (
        "The series {} belongs to dataset {}, which has no source.",
        "select s.instrument_id, s.dataset from price_series s anti join price_sources d on d.dataset = s.dataset",
    ),
)


def integrity(db: Database) -> tuple[str, ...]:
    """One sentence per broken relation; empty when all is well."""
    findings: list[str] = []
    with db.cursor() as cursor:
        for sentence, question in _CHECKS:
            findings.extend(sentence.format(*row) for row in cursor.execute(question + " order by all").fetchall())
    return tuple(findings)
