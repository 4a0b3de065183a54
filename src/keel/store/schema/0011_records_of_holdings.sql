-- What is held adds up from records: each bears its place in the file, and when its units were bought.

alter table activities add column ordinal integer default 0;
alter table activities add column fee double default 0;
alter table activities add column acquired date;

-- Holdings of before become records that state them. The summary of an import has what it says beside quantities.
create temporary table told_before as
select a.portfolio_id, min(a.owner) as owner, min(a.created_at) as made_at,
    'imp_' || substr(sha256('held:' || a.portfolio_id), 1, 16) as id,
    to_json({'name': 'Earlier holdings', 'records': count(*), 'stated': list({
        'account': a.name, 'instrument': p.instrument_id, 'price': p.price, 'role': p.role, 'no_buy': p.no_buy,
        'no_sell': p.no_sell, 'bucket': p.bucket, 'currency': a.currency
    })}) as summary
from positions p join accounts a on a.id = p.account_id group by a.portfolio_id;

insert into imports (id, owner, noun, subject, format, content_sha256, summary, created_at)
select id, owner, 'holdings', portfolio_id, 'Typed', '', summary, made_at from told_before;

insert into activities (id, account_id, import_id, instrument_id, kind, date, quantity, price, amount, currency,
    ordinal, acquired)
select 'act_' || substr(sha256('lot:' || l.account_id || l.instrument_id || l.ordinal), 1, 16), l.account_id, t.id,
    l.instrument_id, 'opening', p.as_of, l.quantity, null, -l.quantity * l.cost, a.currency, l.ordinal, l.acquired
from lots l join positions p on p.account_id = l.account_id and p.instrument_id = l.instrument_id
join accounts a on a.id = l.account_id join told_before t on t.portfolio_id = a.portfolio_id;

insert into activities (id, account_id, import_id, instrument_id, kind, date, quantity, price, amount, currency,
    ordinal)
select 'act_' || substr(sha256('rest:' || p.account_id || p.instrument_id), 1, 16), p.account_id, t.id,
    p.instrument_id, 'opening', p.as_of, p.quantity - coalesce(l.quantity, 0), null, null, a.currency, 10000
from positions p join accounts a on a.id = p.account_id join told_before t on t.portfolio_id = a.portfolio_id
left join (select account_id, instrument_id, sum(quantity) as quantity from lots group by all) l
    on l.account_id = p.account_id and l.instrument_id = p.instrument_id
where p.quantity - coalesce(l.quantity, 0) > 1e-9;

drop table told_before;

alter table positions rename to positions_without_currency;
alter table lots rename to lots_with_a_day;

-- currency is that of cash and of the price; priced_on is the day of a price that a list states, empty for a given one
create table positions (
    account_id    varchar not null,
    instrument_id varchar not null,
    currency      varchar not null,
    quantity      double not null,
    price         double,
    priced_on     date,
    role          varchar not null,
    no_buy        boolean not null,
    no_sell       boolean not null,
    bucket        varchar not null,
    primary key (account_id, instrument_id, currency)
);
insert into positions (account_id, instrument_id, currency, quantity, price, role, no_buy, no_sell, bucket)
select p.account_id, p.instrument_id, a.currency, p.quantity, p.price, p.role, p.no_buy, p.no_sell, p.bucket
from positions_without_currency p join accounts a on a.id = p.account_id;

-- cost is per unit; acquired is empty where nobody knows
create table lots (
    account_id    varchar not null,
    instrument_id varchar not null,
    ordinal       integer not null,
    quantity      double not null,
    cost          double not null,
    acquired      date,
    primary key (account_id, instrument_id, ordinal)
);
insert into lots (account_id, instrument_id, ordinal, quantity, cost, acquired)
select account_id, instrument_id, ordinal, quantity, cost, acquired from lots_with_a_day;

drop table positions_without_currency;
drop table lots_with_a_day;
