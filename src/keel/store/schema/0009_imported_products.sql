-- Which import a fact or a name came with, and the facts that it took the place of: undoing it brings those back.

alter table instrument_facts add column import_id varchar default '';
alter table instrument_names add column import_id varchar default '';

create table replaced_facts (
    replaced_by   varchar not null,
    instrument_id varchar not null,
    fact          varchar not null,
    value         json,
    source        varchar not null,
    as_of         date,
    import_id     varchar not null
);
