-- A portfolio's id stays and has versions; runs name the version they used. Two-level targets have one truth, the
-- framework version: a class target is a bucket, a holding target its product and share.

create table portfolio_versions (
    id                     varchar not null,
    version                integer not null,
    framework_id           varchar not null,
    framework_version_used integer not null,
    created_at             timestamp not null,
    primary key (id, version)
);
insert into portfolio_versions (id, version, framework_id, framework_version_used, created_at)
select id, 1, framework_id, framework_version_used, created_at from portfolios;

alter table portfolios drop column framework_id;
alter table portfolios drop column framework_version_used;

alter table runs add column portfolio_version integer default 1;
alter table runs alter column portfolio_version set not null;
alter table runs alter column portfolio_version drop default;

-- who writes a row says whose it is
alter table allocation_frameworks alter column owner drop default;
alter table portfolios alter column owner drop default;
alter table runs alter column owner drop default;
alter table workflow_runs alter column owner drop default;
alter table rebalancing_strategies alter column owner drop default;
alter table price_sources alter column owner drop default;
alter table price_sources alter column owner_kind drop default;

drop table holding_targets;
drop table asset_class_targets;
