-- What a person brings about products is theirs: 'local' where nobody logs in, and the sample's is there for all. A symbol
-- names an instrument for everybody.

alter table instrument_facts add column owner varchar default 'local';
alter table instrument_names add column owner varchar default 'local';
alter table instrument_exposures add column owner varchar default 'local';
alter table replaced_facts add column owner varchar default 'local';
