-- What counted how much when the products of a portfolio were ranked; null: the usual weights.

alter table portfolio_versions add column score_weights json;
