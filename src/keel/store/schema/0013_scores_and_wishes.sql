-- What the answers of a profile came to when it was saved, and what the investor wishes within that.

alter table investment_profiles add column scores json default '{}';
alter table investment_profiles add column wishes json default '{}';
