-- Links that show a portfolio to whoever has them, until a day or until they are revoked; only the digest of a secret
-- is kept.
create table shared_links (
    id             varchar primary key,
    owner          varchar not null,
    portfolio_id   varchar not null,
    name           varchar not null,
    link_sha256    varchar not null,
    created_at     timestamp not null,
    expires_at     timestamp not null,
    last_opened_at timestamp,
    revoked_at     timestamp
);
