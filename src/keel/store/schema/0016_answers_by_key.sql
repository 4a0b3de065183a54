-- What a request that names a key was answered: sent again, it gets the same and nothing is done twice.
-- Without a status it has begun and its end is not known.
create table request_keys (
    owner varchar not null,
    key varchar not null,
    request varchar not null,
    body_sha256 varchar,
    status integer,
    headers json,
    answer blob,
    begun_at timestamp not null,
    primary key (owner, key)
);
