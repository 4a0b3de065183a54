-- Frameworks (immutable versions), portfolios, instruments and prices.
-- No foreign keys: DuckDB cannot delete child and parent in one transaction under them (see store/integrity.py).

create table schema_migrations (
    version    integer primary key,
    name       varchar not null,
    checksum   varchar not null,
    applied_at timestamp not null
);

create table investment_profiles (
    id         varchar primary key,
    name       varchar not null,
    risk_band  varchar not null,
    answers    json not null,
    created_at timestamp not null,
    updated_at timestamp not null
);

create table benchmarks (
    id         varchar primary key,
    name       varchar not null,
    symbol     varchar not null,
    created_at timestamp not null
);

create table allocation_frameworks (
    id          varchar not null,
    version     integer not null,
    name        varchar not null,
    description varchar not null,
    method      varchar not null,
    base_ccy    varchar not null,
    benchmark   varchar not null,
    risk_band   varchar not null,
    profile_id  varchar not null,
    rebalancing json not null,
    created_at  timestamp not null,
    updated_at  timestamp not null,
    primary key (id, version)
);

create table allocation_buckets (
    framework_id      varchar not null,
    framework_version integer not null,
    ordinal           integer not null,
    path              varchar not null,
    label             varchar not null,
    target_weight     decimal(18, 12) not null,
    min_weight        decimal(18, 12),
    max_weight        decimal(18, 12),
    band              json,
    locked            boolean not null,
    rules             json not null,
    primary key (framework_id, framework_version, path)
);

create table bucket_holdings (
    framework_id      varchar not null,
    framework_version integer not null,
    path              varchar not null,
    ordinal           integer not null,
    symbol            varchar not null,
    share             decimal(18, 12) not null,
    primary key (framework_id, framework_version, path, ordinal)
);

create table framework_constraints (
    framework_id      varchar not null,
    framework_version integer not null,
    ordinal           integer not null,
    type              varchar not null,
    value             double not null,
    unit              varchar not null,
    scope             varchar not null,
    primary key (framework_id, framework_version, ordinal)
);

create table portfolios (
    id                     varchar primary key,
    name                   varchar not null,
    framework_id           varchar not null,
    framework_version_used integer not null,
    created_at             timestamp not null,
    updated_at             timestamp not null
);

create table portfolio_picks (
    portfolio_id  varchar not null,
    ordinal       integer not null,
    path          varchar not null,
    instrument_id varchar not null,
    symbol        varchar not null,
    share         decimal(18, 12) not null,
    locked        boolean not null,
    primary key (portfolio_id, ordinal)
);

-- noun: framework | portfolio | run
create table archived (
    noun        varchar not null,
    id          varchar not null,
    archived_at timestamp not null,
    primary key (noun, id)
);

create table instruments (
    id            varchar primary key,
    symbol        varchar not null,
    name          varchar not null,
    type          varchar not null,
    asset_class   varchar not null,
    region        varchar not null,
    sector        varchar not null,
    subclass      varchar not null,
    sleeve        varchar not null,
    currency      varchar not null,
    expense_ratio double,
    aum_usd       double,
    adv_usd       double,
    inception     date,
    leverage      double not null,
    tags          json not null,
    proxy         varchar not null,
    price_kind    varchar not null,
    survivor      boolean not null,
    dataset       varchar not null,
    sources       json not null
);

-- revision grows with every change of the dataset's prices
create table price_sources (
    dataset    varchar primary key,
    frequency  varchar not null,
    price_kind varchar not null,
    source     varchar not null,
    revision   integer not null,
    updated_at timestamp not null
);

-- one row per stored series, kept in step with prices so that coverage needs no scan
create table price_series (
    dataset    varchar not null,
    symbol     varchar not null,
    first_date date not null,
    last_date  date not null,
    sessions   integer not null,
    frequency  varchar not null,
    price_kind varchar not null,
    primary key (dataset, symbol)
);

-- no primary key: an index over 20 million rows costs more than the one check in write_series
create table prices (
    dataset varchar not null,
    symbol  varchar not null,
    date    date not null,
    close   double not null
);
