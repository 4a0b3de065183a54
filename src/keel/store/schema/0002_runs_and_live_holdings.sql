-- What is done with a portfolio: runs, plans, live holdings, two-level targets, workflows and tokens.

-- framework_version, policies, settings, window, dataset and benchmark stand in request; opening a run recomputes it
create table runs (
    id                varchar primary key,
    name              varchar not null,
    portfolio_id      varchar not null,
    framework_id      varchar not null,
    framework_version integer not null,
    request           json not null,
    fingerprint       varchar not null,
    metrics           json not null,
    created_at        timestamp not null
);

create table plans (
    id           varchar primary key,
    portfolio_id varchar not null,
    kind         varchar not null,
    request      json not null,
    result       json not null,
    created_at   timestamp not null
);

create table workflow_runs (
    id         varchar primary key,
    workflow   varchar not null,
    status     varchar not null,
    state      json not null,
    created_at timestamp not null,
    updated_at timestamp not null
);

create table api_tokens (
    id           varchar primary key,
    name         varchar not null,
    token_sha256 varchar not null,
    created_at   timestamp not null,
    revoked_at   timestamp
);

create table positions (
    portfolio_id varchar not null,
    symbol       varchar not null,
    quantity     double not null,
    price        double,
    role         varchar not null,
    as_of        date not null,
    primary key (portfolio_id, symbol)
);

create table lots (
    portfolio_id varchar not null,
    symbol       varchar not null,
    ordinal      integer not null,
    quantity     double not null,
    cost         double not null,
    acquired     date not null,
    primary key (portfolio_id, symbol, ordinal)
);

create table rebalancing_strategies (
    id         varchar primary key,
    name       varchar not null,
    policy     json not null,
    created_at timestamp not null,
    updated_at timestamp not null
);

create table asset_class_targets (
    id            varchar primary key,
    strategy_id   varchar not null,
    asset_class   varchar not null,
    target_weight decimal(18, 12) not null,
    unique (strategy_id, asset_class)
);

create table holding_targets (
    id              varchar primary key,
    class_target_id varchar not null,
    instrument_id   varchar not null,
    share           decimal(18, 12) not null,
    locked          boolean not null,
    unique (class_target_id, instrument_id)
);
