-- What an import of prices wrote, and what stood in its place before: undoing it brings that back.

create table imported_series (
    import_id     varchar not null,
    dataset       varchar not null,
    instrument_id varchar not null,
    primary key (import_id, instrument_id)
);

create table replaced_series (
    import_id     varchar not null,
    instrument_id varchar not null,
    first_date    date not null,
    last_date     date not null,
    sessions      integer not null,
    frequency     varchar not null,
    price_kind    varchar not null,
    primary key (import_id, instrument_id)
);

create table replaced_prices (
    import_id      varchar not null,
    instrument_id  varchar not null,
    date           date not null,
    close          double,
    adjusted_close double not null,
    volume         double
);
