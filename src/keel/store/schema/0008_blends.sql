-- How often a benchmark made of several products is brought back to its weights: never, or the name of a cadence.

alter table benchmarks add column look varchar default 'never';
