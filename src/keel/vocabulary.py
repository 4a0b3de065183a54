"""One word, one meaning, one unit: tooltips, the learn page and the docs read from here."""

from __future__ import annotations

from dataclasses import dataclass

LOCAL = "local"  # the owner of everything where nobody logs in
NOBODY = ""  # an owner who has brought nothing: the sample is all there is
HYPOTHETICAL = "Hypothetical results, not investment advice."

DESIGN = "Design"
PRODUCTS = "Products"
POLICY = "Policy"
TRADING = "Drift and trading"
RETURNS = "Returns"
RISK = "Risk"
LUCK = "Luck"
GROUPS = (DESIGN, PRODUCTS, POLICY, TRADING, RETURNS, RISK, LUCK)


@dataclass(frozen=True, slots=True)
class Term:
    """A word as Keel uses it. ``unit`` says what its numbers are; ``key`` is its name in JSON, where it has one."""

    word: str
    group: str
    meaning: str
    unit: str
    formula: str = ""
    key: str = ""


TERMS = (
    Term("framework", DESIGN, "A versioned tree of buckets with targets, limits, rules and a policy.", "record"),
    Term("template", DESIGN, "A ready-made framework to start from.", "record"),
    Term("bucket", DESIGN, "One node of the tree, such as Equity or Emerging equity.", "record"),
    Term("leaf", DESIGN, "A bucket without parts; products are held here.", "record"),
    Term("path", DESIGN, "Where a bucket stands in the tree. The first word names the dimension.", "text"),
    Term("target", DESIGN, "The intended weight of a bucket in the whole portfolio.", "% of the portfolio"),
    Term(
        "share", DESIGN, "The intended part of the bucket above, or of its own bucket for a product.", "% of the parent"
    ),
    Term("minimum", DESIGN, "The lowest target the bucket may be given. Blank: no limit.", "% of the portfolio"),
    Term("maximum", DESIGN, "The highest target the bucket may be given. Blank: no limit.", "% of the portfolio"),
    Term("version", DESIGN, "Every save writes a new version; older ones never change.", "number"),
    Term("risk band", DESIGN, "How large a fall the allocation asks you to bear: low, medium or high.", "word"),
    Term("instrument", PRODUCTS, "A product with a permanent id; its symbol is only the name on display.", "record"),
    Term("rule", PRODUCTS, "What a bucket asks of a product. Parts inherit the rules above them.", "list"),
    Term("tag", PRODUCTS, "A fact of a product that rules ask for, such as region:us.", "word"),
    Term("expense ratio", PRODUCTS, "The fund's own cost, taken from its value every day.", "% a year"),
    Term(
        "average daily volume",
        PRODUCTS,
        "What changed hands on an ordinary day. The sample's figures are of March 2024 and may be far from today's.",
        "US dollars",
        "price × average volume",
    ),
    Term("coverage", PRODUCTS, "The dates for which an instrument has prices.", "dates"),
    Term(
        "limit",
        PRODUCTS,
        "What a portfolio must keep to. It is met, broken, or not known where too little is known of the products.",
        "% of the portfolio",
    ),
    Term("X-ray", PRODUCTS, "A portfolio through its products: what they hold, beside what the targets imply.", "list"),
    Term(
        "overlap",
        PRODUCTS,
        "The part that two products have in common, as far as it is known what they hold.",
        "%",
        "sum of the smaller weights",
    ),
    Term("gap", PRODUCTS, "A bucket without an eligible product or prices. It stays in cash and is listed.", "record"),
    Term(
        "proxy", PRODUCTS, "A series that stands in for a product before its own prices begin, less its fee.", "series"
    ),
    Term("total return", PRODUCTS, "Prices with dividends reinvested.", "series"),
    Term("price return", PRODUCTS, "Prices without dividends; the return is too low by the yield.", "series"),
    Term("data health", PRODUCTS, "Holes, stale or suspicious prices, short history: severity and what to do.", "list"),
    Term("policy", POLICY, "When to look, what triggers a trade, and where it trades to.", "record"),
    Term("look", POLICY, "A date on which the policy may act.", "date"),
    Term("trigger", POLICY, "Never, at every look, or when a leaf is out of its band.", "word"),
    Term("band", POLICY, "How far a weight may drift from its target before a trade.", "percentage points"),
    Term(
        "5/25 band",
        POLICY,
        "5 points, or a quarter of the target where that is less.",
        "percentage points",
        "min(5 pp, 25% × target)",
    ),
    Term("destination", POLICY, "How far back a trade goes: 0 to the target, 1 only to the band's edge.", "0 to 1"),
    Term("scope", POLICY, "Trade the whole book, or only what is out of band.", "word"),
    Term("lag", POLICY, "Sessions between the decision and the trade.", "sessions"),
    Term("cost", POLICY, "What trading takes, each side.", "bps of traded value"),
    Term("fee", POLICY, "The advisory fee, taken every session.", "bps a year", key="annual_fee_bps"),
    Term(
        "risk-free rate",
        POLICY,
        "What money earns without risk; ratios count only what is above it.",
        "% a year",
        key="risk_free",
    ),
    Term("benchmark", POLICY, "A series that is held, or a blend in fixed weights, to compare with.", "series"),
    Term(
        "dataset",
        PRODUCTS,
        "A set of price series of one kind. Automatic takes your own series, then the set that covers most.",
        "series",
    ),
    Term("weight", TRADING, "What a bucket makes of the portfolio now.", "% of the portfolio", "value ÷ total value"),
    Term(
        "drift",
        TRADING,
        "How far the weight is from the target; plus is too much.",
        "percentage points",
        "weight − target",
    ),
    Term("relative drift", TRADING, "Drift as a part of the target.", "%", "drift ÷ target", "relative_drift"),
    Term(
        "total drift",
        TRADING,
        "What a return to target would trade.",
        "% of the portfolio",
        "½ Σ |drift|",
        "total_drift",
    ),
    Term("breach", TRADING, "A weight strictly outside its band.", "yes or no", "|drift| > band"),
    Term(
        "chance of a breach",
        TRADING,
        "How often a bucket leaves its band within a time, over resampled histories without a trade.",
        "%",
        "histories in breach ÷ histories",
    ),
    Term("rebalance", TRADING, "One act of the policy: all its trades of one day.", "count", key="rebalances"),
    Term(
        "turnover",
        TRADING,
        "What the trades of a year move, one way.",
        "% of the portfolio a year",
        "½ Σ |change of weight| ÷ years",
        "turnover_per_year",
    ),
    Term(
        "cost drag",
        TRADING,
        "What the costs took from the yearly return.",
        "% a year",
        "return without costs − return",
        "cost_drag",
    ),
    Term("wealth", RETURNS, "What one unit of money became.", "×", "value ÷ first value"),
    Term("total growth", RETURNS, "The gain over the whole period.", "%", "end ÷ start − 1", "total_return"),
    Term(
        "return a year",
        RETURNS,
        "The steady yearly return with the same end.",
        "% a year",
        "(end ÷ start)^(1 ÷ years) − 1",
        "cagr",
    ),
    Term("value at the end", RETURNS, "What is held on the last day.", "base currency", key="end_value"),
    Term(
        "paid in",
        RETURNS,
        "The first amount and all contributions, less what was taken out.",
        "base currency",
        key="invested",
    ),
    Term(
        "return on money",
        RETURNS,
        "The yearly rate at which what was paid in grows to the value at the end; it depends on when money came.",
        "% a year",
        "rate at which Σ payment × (1 + rate)^years left = value at the end",
        "money_weighted_return",
    ),
    Term("best year", RETURNS, "The highest return of a complete calendar year.", "%", key="best_year"),
    Term("worst year", RETURNS, "The lowest return of a complete calendar year.", "%", key="worst_year"),
    Term("calendar years", RETURNS, "The return of each year; incomplete ones are marked.", "%", key="calendar_years"),
    Term(
        "tracking difference",
        RETURNS,
        "Yearly return less that of the targets held exactly.",
        "% a year",
        "return − return of the targets",
        "tracking_difference",
    ),
    Term(
        "volatility",
        RISK,
        "How much the return varies.",
        "% a year",
        "std(period returns) × √periods a year",
        "volatility",
    ),
    Term(
        "Sharpe ratio",
        RISK,
        "Return above the risk-free rate for each unit of volatility.",
        "ratio",
        "mean(excess) ÷ std(excess) × √periods a year",
        "sharpe",
    ),
    Term(
        "Sortino ratio",
        RISK,
        "As Sharpe, but only falls count as risk.",
        "ratio",
        "mean(excess) ÷ √mean(min(excess, 0)²) × √periods a year",
        "sortino",
    ),
    Term(
        "deepest fall",
        RISK,
        "The largest loss from a high to the low after it.",
        "%",
        "min(wealth ÷ highest so far − 1)",
        "max_drawdown",
    ),
    Term(
        "Calmar ratio",
        RISK,
        "Yearly return for each unit of the deepest fall.",
        "ratio",
        "return a year ÷ |deepest fall|",
        "calmar",
    ),
    Term("ulcer index", RISK, "Depth and length of the falls in one number.", "%", "√mean(drawdown²)", "ulcer"),
    Term(
        "expected shortfall",
        RISK,
        "The average of the worst twentieth of periods.",
        "% a period",
        "mean of the ⌈n/20⌉ lowest returns",
        "cvar_95",
    ),
    Term(
        "longest under water", RISK, "The longest time below an earlier high.", "days", key="longest_under_water_days"
    ),
    Term(
        "tracking error",
        RISK,
        "How much the return strays from that of the targets held exactly.",
        "% a year",
        "std(return − target return) × √periods a year",
        "tracking_error",
    ),
    Term(
        "chance by luck",
        LUCK,
        "How often the best of so many policies would lead by as much if none were better than the reference.",
        "%",
        "p-value of Hansen's test of superior predictive ability",
    ),
    Term(
        "steady lead",
        LUCK,
        "Policies that lead the reference by more than their own ups and downs explain, however little.",
        "count",
    ),
    Term("confidence set", LUCK, "The policies that cannot be told from the best.", "count"),
    Term("resampled history", LUCK, "The real returns drawn again in blocks; the policies trade anew on it.", "series"),
    Term("timing luck", LUCK, "What the day of the check, or of the purchase, alone was worth.", "percentage points"),
    Term("mean total drift", RISK, "Total drift on an average day.", "% of the portfolio", key="mean_total_drift"),
    Term(
        "largest total drift", RISK, "The largest total drift of any day.", "% of the portfolio", key="max_total_drift"
    ),
)

CONVENTIONS = (
    (
        "No look-ahead",
        "On daily prices a decision at one close is filled at the next; on monthly prices at the same "
        "close, as published tables do. The result says which.",
    ),
    ("The first purchase is free", "unless it is charged on purpose. Costs are per side of what is traded."),
    (
        "A gap stays in cash",
        "A bucket without a product earns nothing and is listed; it is never spread over the rest.",
    ),
    ("Proxies pay the fund's fee", "Where a series stands in for a product, the product's expense ratio is taken off."),
    ("Dividends", "Total return reinvests them. Where prices exclude them, every page that uses them says so."),
    ("Survivors", "The sample's single stocks are in it because they lived on; their past flatters them."),
    ("A breach is strict", "A weight exactly on the edge of its band is still in band."),
    (
        "Falls are negative",
        "Falls and losses carry a minus. Blue is under the target, orange over it; neither is good or bad.",
    ),
    ("Missing is missing", "A number that is not defined reads – and never counts as zero."),
    ("Hypothetical", "A backtest shows what rules would have done. It is no advice and promises nothing."),
)

_BY_NAME = {name: term for term in TERMS for name in (term.word.casefold(), term.key) if name}


def find(name: str) -> Term | None:
    """The term of that word or JSON key, or None.

    >>> find("cagr").word
    'return a year'
    """
    return _BY_NAME.get(name.casefold())


def tip(name: str) -> str:
    """The words of a tooltip: meaning, and formula where there is one. Empty for an unknown word.

    >>> tip("drift")
    'How far the weight is from the target; plus is too much. weight − target'
    """
    term = find(name)
    if term is None:
        return ""
    return f"{term.meaning} {term.formula}".strip()
