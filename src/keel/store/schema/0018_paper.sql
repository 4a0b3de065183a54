-- The size of sheet that is usual for who hands over; without one it is that of the currency.
alter table brands add column paper varchar;
