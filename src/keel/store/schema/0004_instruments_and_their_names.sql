-- What is held, targeted or priced is keyed by an instrument's id. A symbol, an ISIN and an exchange are names of an
-- instrument, valid in time and resolved once, when something comes in.

alter table instruments rename to instruments_in_rows;
alter table prices rename to prices_by_symbol;
alter table price_series rename to series_by_symbol;
alter table bucket_holdings rename to holdings_by_symbol;
alter table portfolio_picks rename to picks_by_symbol;
alter table positions rename to positions_by_symbol;
alter table lots rename to lots_by_symbol;
alter table benchmarks rename to benchmarks_by_symbol;

-- one without a fact 'type' is known by name only: it stays a gap, and no search offers it
create table instruments (
    id         varchar primary key,
    created_at timestamp not null
);

-- kind: symbol | isin | exchange | id (another id it came in under); valid_to is the first day it is no longer so
create table instrument_names (
    instrument_id varchar not null,
    kind          varchar not null,
    name          varchar not null,
    valid_from    date,
    valid_to      date,
    owner_kind    varchar not null
);

-- one row a fact and source; what a user brought comes before the sample, then the newest as_of wins
create table instrument_facts (
    instrument_id varchar not null,
    fact          varchar not null,
    value         json,
    source        varchar not null,
    as_of         date,
    owner_kind    varchar not null
);

-- what a product is made of: kind (region, sector, asset_class, company), name and fraction
create table instrument_exposures (
    instrument_id varchar not null,
    kind          varchar not null,
    name          varchar not null,
    weight        double not null,
    source        varchar not null,
    as_of         date,
    owner_kind    varchar not null
);

-- the symbol an instrument is shown by: the one that is valid, else the last that was
create view instrument_symbols as
select instrument_id, arg_max(name, (valid_to is null, coalesce(valid_from, date '0001-01-01'))) as symbol
from instrument_names where kind = 'symbol' group by instrument_id;

-- A symbol's instrument: the one with the lowest id, else one known by the name only.
create temporary table resolved as
select named.symbol, coalesce(min(i.id), 'ins_' || substr(sha256(':' || named.symbol), 1, 16)) as instrument_id,
    min(i.id) is null as bare
from (
    select symbol from prices_by_symbol
    union select symbol from series_by_symbol
    union select symbol from holdings_by_symbol
    union select symbol from picks_by_symbol where instrument_id not in (select id from instruments_in_rows)
    union select symbol from positions_by_symbol
    union select symbol from lots_by_symbol
    union select symbol from benchmarks_by_symbol
) named left join instruments_in_rows i on i.symbol = named.symbol
group by named.symbol;

insert into instruments (id, created_at)
select id, now()::timestamp from instruments_in_rows
union all select instrument_id, now()::timestamp from resolved where bare;

insert into instrument_names (instrument_id, kind, name, owner_kind)
select id, 'symbol', symbol, 'sample' from instruments_in_rows
union all select instrument_id, 'symbol', symbol, 'user' from resolved where bare;

create temporary table said as
select i.id, s.value ->> 0 as fact, s.value ->> 1 as source, try_cast(s.value ->> 2 as date) as as_of
from instruments_in_rows i, json_each(i.sources) s;

create temporary table stated as
select i.id, f.key as fact, f.value
from instruments_in_rows i, json_each(to_json({
    'name': i.name, 'type': i.type, 'asset_class': i.asset_class, 'region': i.region, 'sector': i.sector,
    'subclass': i.subclass, 'sleeve': i.sleeve, 'currency': i.currency, 'expense_ratio': i.expense_ratio,
    'aum_usd': i.aum_usd, 'adv_usd': i.adv_usd, 'inception': i.inception, 'leverage': i.leverage, 'tags': i.tags,
    'proxy': i.proxy, 'price_kind': i.price_kind, 'survivor': i.survivor, 'dataset': i.dataset
})) f
where f.key = 'type' or f.value::varchar not in ('null', '""', '[]', 'false');

-- A caveat is a sentence: its text is the value. Other sources without a value say where something else comes from.
insert into instrument_facts (instrument_id, fact, value, source, as_of, owner_kind)
select coalesce(v.id, s.id), coalesce(v.fact, s.fact), if(s.fact = 'caveat', to_json(s.source), v.value),
    if(s.fact = 'caveat', '', coalesce(s.source, '')), s.as_of, 'sample'
from stated v full join said s on s.id = v.id and s.fact = v.fact;

-- close is raw and adjusted_close as studies read it; what is not known stays empty. No primary key: an index over
-- 20 million rows costs more than the one check when a series is written.
create table prices (
    dataset        varchar not null,
    instrument_id  varchar not null,
    date           date not null,
    close          double,
    adjusted_close double not null,
    volume         double
);
insert into prices (dataset, instrument_id, date, adjusted_close)
select p.dataset, r.instrument_id, p.date, p.close from prices_by_symbol p join resolved r on r.symbol = p.symbol
order by p.dataset, r.instrument_id, p.date;

-- one row per stored series, kept in step with prices so that coverage needs no scan
create table price_series (
    dataset       varchar not null,
    instrument_id varchar not null,
    first_date    date not null,
    last_date     date not null,
    sessions      integer not null,
    frequency     varchar not null,
    price_kind    varchar not null,
    primary key (dataset, instrument_id)
);
insert into price_series (dataset, instrument_id, first_date, last_date, sessions, frequency, price_kind)
select s.dataset, r.instrument_id, s.first_date, s.last_date, s.sessions, s.frequency, s.price_kind
from series_by_symbol s join resolved r on r.symbol = s.symbol;

create table bucket_holdings (
    framework_id      varchar not null,
    framework_version integer not null,
    path              varchar not null,
    ordinal           integer not null,
    instrument_id     varchar not null,
    share             decimal(18, 12) not null,
    primary key (framework_id, framework_version, path, ordinal)
);
insert into bucket_holdings (framework_id, framework_version, path, ordinal, instrument_id, share)
select h.framework_id, h.framework_version, h.path, h.ordinal, r.instrument_id, h.share
from holdings_by_symbol h join resolved r on r.symbol = h.symbol;

create table portfolio_picks (
    portfolio_id      varchar not null,
    portfolio_version integer not null,
    ordinal           integer not null,
    path              varchar not null,
    instrument_id     varchar not null,
    share             decimal(18, 12) not null,
    locked            boolean not null,
    primary key (portfolio_id, portfolio_version, ordinal)
);
insert into portfolio_picks (portfolio_id, portfolio_version, ordinal, path, instrument_id, share, locked)
select k.portfolio_id, 1, k.ordinal, k.path, coalesce(i.id, r.instrument_id), k.share, k.locked
from picks_by_symbol k left join instruments_in_rows i on i.id = k.instrument_id
left join resolved r on r.symbol = k.symbol;

-- a blend of instruments; one of a single symbol is a blend of one
create table benchmarks (
    id         varchar primary key,
    owner      varchar not null,
    name       varchar not null,
    created_at timestamp not null
);
create table benchmark_parts (
    benchmark_id  varchar not null,
    ordinal       integer not null,
    instrument_id varchar not null,
    weight        decimal(18, 12) not null,
    primary key (benchmark_id, ordinal)
);
insert into benchmarks (id, owner, name, created_at)
select id, 'local', name, created_at from benchmarks_by_symbol;
insert into benchmark_parts (benchmark_id, ordinal, instrument_id, weight)
select b.id, 0, r.instrument_id, 1 from benchmarks_by_symbol b join resolved r on r.symbol = b.symbol;

-- Holdings of before go to one account a portfolio.
insert into accounts (id, owner, portfolio_id, name, kind, currency, created_at)
select 'acc_' || substr(sha256(p.id), 1, 16), p.owner, p.id, 'Main', 'taxable', f.base_ccy, p.created_at
from portfolios p join allocation_frameworks f on f.id = p.framework_id and f.version = p.framework_version_used
where p.id in (select portfolio_id from positions_by_symbol);

-- role: tradable | frozen | excluded; bucket: the path a person assigned it to, or empty
create table positions (
    account_id    varchar not null,
    instrument_id varchar not null,
    quantity      double not null,
    price         double,
    role          varchar not null,
    no_buy        boolean not null,
    no_sell       boolean not null,
    bucket        varchar not null,
    as_of         date not null,
    primary key (account_id, instrument_id)
);
insert into positions (account_id, instrument_id, quantity, price, role, no_buy, no_sell, bucket, as_of)
select a.id, r.instrument_id, s.quantity, s.price, s.role, false, false, '', s.as_of
from positions_by_symbol s join accounts a on a.portfolio_id = s.portfolio_id join resolved r on r.symbol = s.symbol;

-- cost is per unit
create table lots (
    account_id    varchar not null,
    instrument_id varchar not null,
    ordinal       integer not null,
    quantity      double not null,
    cost          double not null,
    acquired      date not null,
    primary key (account_id, instrument_id, ordinal)
);
insert into lots (account_id, instrument_id, ordinal, quantity, cost, acquired)
select a.id, r.instrument_id, l.ordinal, l.quantity, l.cost, l.acquired
from lots_by_symbol l join accounts a on a.portfolio_id = l.portfolio_id join resolved r on r.symbol = l.symbol;

-- the imported or entered records that positions add up from; import_id is empty for one entered by hand
create table activities (
    id            varchar primary key,
    account_id    varchar not null,
    import_id     varchar not null,
    instrument_id varchar not null,
    kind          varchar not null,
    date          date not null,
    quantity      double not null,
    price         double,
    amount        double,
    currency      varchar not null
);

drop table resolved;
drop table said;
drop table stated;
drop table instruments_in_rows;
drop table prices_by_symbol;
drop table series_by_symbol;
drop table holdings_by_symbol;
drop table picks_by_symbol;
drop table positions_by_symbol;
drop table lots_by_symbol;
drop table benchmarks_by_symbol;
