-- Where one series came from and when it was last asked for, where that is not what its dataset says; and what was paid
-- out and how shares were split on the way.

alter table price_series add column source varchar default '';
alter table price_series add column fetched_at timestamp;

-- kind: dividend (an amount a share, as on its day) | split (new shares for an old one)
create table price_events (
    dataset       varchar not null,
    instrument_id varchar not null,
    date          date not null,
    kind          varchar not null,
    value         double not null
);
