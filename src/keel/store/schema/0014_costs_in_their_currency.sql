-- What a lot cost is in a currency of its own: of lots of before it is taken for their account's.
alter table lots add column currency varchar default '';
update lots set currency = (select a.currency from accounts a where a.id = lots.account_id);

-- traded says that a price is that of the last trade, for what has no close
alter table positions add column traded boolean default false;
