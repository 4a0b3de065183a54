-- Whose everything is, work that takes a while, and the records around live holdings.

-- 'local' where nobody logs in
alter table allocation_frameworks add column owner varchar default 'local';
alter table allocation_frameworks alter column owner set not null;
alter table portfolios add column owner varchar default 'local';
alter table portfolios alter column owner set not null;
alter table runs add column owner varchar default 'local';
alter table runs alter column owner set not null;
alter table workflow_runs add column owner varchar default 'local';
alter table workflow_runs alter column owner set not null;
alter table rebalancing_strategies add column owner varchar default 'local';
alter table rebalancing_strategies alter column owner set not null;

-- owner_kind: sample | user; a new release of the sample touches rows of the sample only
alter table price_sources add column owner varchar default 'local';
alter table price_sources alter column owner set not null;
alter table price_sources add column owner_kind varchar default 'sample';
alter table price_sources alter column owner_kind set not null;
update price_sources set owner_kind = 'user' where dataset not in ('monthly', 'stocks_daily', 'etf_daily');

-- status: queued | running | done | failed | cancelled | interrupted; done and total count what progress is told in
create table jobs (
    id         varchar primary key,
    owner      varchar not null,
    kind       varchar not null,
    request    json not null,
    status     varchar not null,
    done       bigint not null,
    total      bigint not null,
    message    varchar not null,
    result     json,
    created_at timestamp not null,
    started_at timestamp,
    ended_at   timestamp
);

-- unsaved work: an edit of version began_from of a noun (0 of a new one), one a noun and id
create table drafts (
    owner      varchar not null,
    noun       varchar not null,
    id         varchar not null,
    began_from integer not null,
    content    json not null,
    updated_at timestamp not null,
    primary key (owner, noun, id)
);

-- subject is what it is about (a bucket's path, a plan's or a dataset's id); ended_at is empty while it holds
create table alerts (
    id           varchar primary key,
    owner        varchar not null,
    portfolio_id varchar not null,
    kind         varchar not null,
    subject      varchar not null,
    message      varchar not null,
    began_at     timestamp not null,
    ended_at     timestamp,
    sent_at      timestamp,
    read_at      timestamp
);

-- kind: taxable | deferred | exempt
create table accounts (
    id           varchar primary key,
    owner        varchar not null,
    portfolio_id varchar not null,
    name         varchar not null,
    kind         varchar not null,
    currency     varchar not null,
    created_at   timestamp not null,
    unique (portfolio_id, name)
);

-- noun: holdings | prices; subject is the portfolio or dataset it went into; the same content twice changes nothing
create table imports (
    id             varchar primary key,
    owner          varchar not null,
    noun           varchar not null,
    subject        varchar not null,
    format         varchar not null,
    content_sha256 varchar not null,
    summary        json not null,
    created_at     timestamp not null,
    undone_at      timestamp
);

-- A profile's answers, every version kept.
alter table investment_profiles rename to profiles_without_versions;
create table investment_profiles (
    id         varchar not null,
    version    integer not null,
    owner      varchar not null,
    name       varchar not null,
    risk_band  varchar not null,
    answers    json not null,
    created_at timestamp not null,
    updated_at timestamp not null,
    primary key (id, version)
);
insert into investment_profiles (id, version, owner, name, risk_band, answers, created_at, updated_at)
select id, 1, 'local', name, risk_band, answers, created_at, updated_at from profiles_without_versions;
drop table profiles_without_versions;

-- status: draft | accepted | executed; fingerprint is that of the prices the lines were computed with
alter table plans rename to plans_without_versions;
create table plans (
    id                varchar primary key,
    owner             varchar not null,
    portfolio_id      varchar not null,
    portfolio_version integer not null,
    kind              varchar not null,
    request           json not null,
    fingerprint       varchar not null,
    lines             json not null,
    edits             json not null,
    status            varchar not null,
    created_at        timestamp not null,
    accepted_at       timestamp,
    executed_at       timestamp
);
insert into plans (id, owner, portfolio_id, portfolio_version, kind, request, fingerprint, lines, edits, status,
    created_at)
select id, 'local', portfolio_id, 1, kind, request, '', result, '[]', 'draft', created_at from plans_without_versions;
drop table plans_without_versions;

-- scopes: a list of words; only the digest of a token is kept
alter table api_tokens rename to tokens_without_scopes;
create table api_tokens (
    id           varchar primary key,
    owner        varchar not null,
    name         varchar not null,
    token_sha256 varchar not null,
    scopes       json not null,
    created_at   timestamp not null,
    expires_at   timestamp,
    last_used_at timestamp,
    revoked_at   timestamp
);
insert into api_tokens (id, owner, name, token_sha256, scopes, created_at, revoked_at)
select id, 'local', name, token_sha256, '[]', created_at, revoked_at from tokens_without_scopes;
drop table tokens_without_scopes;
