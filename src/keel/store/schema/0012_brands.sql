-- Who hands over a client pack: a firm's name, a line for the cover, and its logo, judged before it is kept.

create table brands (
    owner varchar primary key,
    firm varchar not null,
    line varchar not null,
    logo blob,
    logo_kind varchar not null,
    updated_at timestamp not null
);
