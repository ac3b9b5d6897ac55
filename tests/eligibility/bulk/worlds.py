"""Random rules and businesses for the properties of the bulk engine."""

from datetime import date, timedelta
from typing import Any

import polars as pl
from hypothesis import strategies as st

from madoguchi.eligibility import dictionary
from madoguchi.eligibility.rules.facts import CODES, SERIES, Fact, FactType
from madoguchi.eligibility.rules.parse import Parser

ON = date(2024, 2, 29)
WORDS = dictionary.build(
    dictionary.Additions(
        facts=[
            {"key": "share", "label": "割合", "type": "percent", "question": "割合は"},
            {"key": "profit_yen", "label": "利益", "type": "yen", "question": "利益は", "signed": True},
        ]
    ),
    programmes={"other": "ほかの制度"},
)
DEFINITIONS = dictionary.core_definitions()
SOURCE = {"file": "000", "section": "1", "lines": "1-2"}

_YEN = [0, 1, 2**31 - 1, 2**31, 2**31 + 1, 2_950_183_618, 2**53, 2**53 + 1, 10**17, 300_000_000, 50_000_000]
_COUNTS = [0, 1, 5, 6, 20, 21, 50, 100, 300, 301, 10**9]
_RATES = ["9%", "1/3", "33.3%", "33.333333%", "0%", "100%"]
_DAYS = [ON + timedelta(days=days) for days in (-3660, -1827, -1826, -366, -365, -31, -30, -1, 0, 1)]
_CODES = {
    "area": ["020001", "022012", "022021", "131016", "000000"],
    "industry": ["E", "09", "0911", "091", "24", "I", "56", "5611", "751", "39", "391", "3911", "50"],
    "legal_form": ["sole", "corporation", "company", "kabushiki", "npo", "llp"],
    "applicant": ["business", "founder", "person", "student"],
}
_INTENTS = ["found", "digital", "hire", "energy_saving"]
_NUMBERS = ["employees", "age", "used:other", "capital_yen", "cost_yen", "profit_yen", "share"]
_TRUTHS = ["large_owner_half", "large_owners_two_thirds", "adopted:other", "receives:other", "woman_led"]
_PLAN = ["base_payroll_yen", "target_payroll_yen"]
MONTHS = ["2023-01", "2023-02", "2022-01", "2022-02"]
YEARS = ["2022", "2023", "2024"]


def _values(fact: Fact) -> list[Any]:
    if fact.type is FactType.YEN:
        return _YEN + ([-1, -(2**31) - 1, -(2**53) - 1] if fact.signed else [])
    return _RATES if fact.type is FactType.PERCENT else _COUNTS


def _fact(key: str) -> Fact:
    fact = WORDS.get(key)
    assert fact is not None
    return fact


@st.composite
def _number_leaf(draw):
    key = draw(st.sampled_from(_NUMBERS))
    values = _values(_fact(key))
    operator = draw(st.sampled_from(["at_most", "at_least", "less_than", "more_than", "equals"]))
    return {"fact": key, operator: draw(st.sampled_from(values)), "because": "数"}


@st.composite
def _between_leaf(draw):
    low, high = sorted(draw(st.tuples(*[st.sampled_from(_YEN)] * 2)))
    return {"fact": "capital_yen", "between": [low, high], "because": "間"}


@st.composite
def _day_leaf(draw):
    operator = draw(
        st.sampled_from(["on_or_after", "on_or_before", "at_least_ago", "at_most_ago", "less_than_ago"])
    )
    if operator.startswith("on"):
        value: Any = draw(st.sampled_from(_DAYS)).isoformat()
    else:
        value = draw(
            st.sampled_from(
                [{"years": 1}, {"years": 5}, {"months": 1}, {"days": 30}, {"years": 10, "days": 1}]
            )
        )
    return {"fact": "established_on", operator: value, "because": "日"}


def _several(codes):
    return st.lists(st.sampled_from(codes), min_size=1, max_size=3, unique=True)


_LEAF = st.one_of(
    _number_leaf(),
    _between_leaf(),
    _day_leaf(),
    st.sampled_from(_TRUTHS).flatmap(
        lambda key: st.booleans().map(lambda value: {"fact": key, "equals": value, "because": "真偽"})
    ),
    st.sampled_from(sorted(_CODES)).flatmap(
        lambda key: _several(_CODES[key]).map(lambda codes: {"fact": key, "within": codes, "because": "区分"})
    ),
    st.tuples(st.sampled_from(["has_any", "has_all"]), _several(_INTENTS)).map(
        lambda pair: {"fact": "intents", pair[0]: pair[1], "because": "したいこと"}
    ),
    st.tuples(st.sampled_from(["2022", "0", "-1"]), st.sampled_from(_YEN)).map(
        lambda pair: {"fact": "sales_yearly", "year": pair[0], "at_least": pair[1], "because": "年商"}
    ),
    st.tuples(st.sampled_from(MONTHS), st.sampled_from(_YEN)).map(
        lambda pair: {"fact": "sales_monthly", "month": pair[0], "at_most": pair[1], "because": "月商"}
    ),
    st.just({"judgement": "審査会", "because": "新しいこと"}),
    st.sampled_from(sorted(DEFINITIONS)).map(
        lambda key: {"define": key[0], "version": key[1], "because": "定義"}
    ),
    st.just({"used": {"programme": "other", "at_most": 1}, "because": "2回まで"}),
    st.just({"adopted": {"programme": "other"}, "because": "採択"}),
    st.just({"not_with": {"programme": "other"}, "because": "重ねない"}),
    st.just(
        {
            "compute": "sales_drop",
            "with": {
                "year": 2023, "against": [2022], "consecutive_months": 2, "at_least": "30%",
                "annual_minimum_yen": 2_400_000,
            },
            "because": "売上の減少",
        }
    ),
    st.just(
        {
            "compute": "plan_growth", "with": {"figure": "payroll", "by_years": {3: "9%", 5: "15%"}},
            "because": "伸び",
        }
    ),
)  # fmt: skip


def _named(several):
    return several.map(lambda nodes: [{**node, "because": node.get("because", "組")} for node in nodes])


def _around(inner):
    several = st.lists(inner, min_size=1, max_size=4)
    return st.one_of(
        several.map(lambda nodes: {"all": nodes}),
        several.map(lambda nodes: {"any": nodes}),
        _named(several).map(
            lambda nodes: {"any": nodes, "others": {"judgement": "窓口", "because": "認められること"}}
        ),
        several.flatmap(
            lambda nodes: st.integers(1, len(nodes)).map(lambda n: {"at_least_n_of": {"n": n, "of": nodes}})
        ),
        inner.map(lambda node: {"not": node, "because": "でないこと"}),
        st.tuples(inner, inner).map(lambda pair: {"when": pair[0], "then": pair[1], "because": "なら"}),
    )


rules = st.recursive(_LEAF, _around, max_leaves=12)


def tree(data):
    """The rule of some data; a rule that cannot be met is still a rule here."""
    node = Parser(WORDS, DEFINITIONS).rule({"all": [data], "source": SOURCE})
    assert node is not None
    return node


_SERIES = {"sales_monthly": MONTHS, "sales_yearly": YEARS}
_KEYS = [
    *_NUMBERS, *_TRUTHS, *_CODES, *_PLAN, "plan_years", "plan_has_research", "large_officers_half",
    "established_on", "intents", *_SERIES,
]  # fmt: skip


def _cell(key):
    fact = _fact(key)
    if fact.type in SERIES:
        figures = st.sampled_from([0, 100, 300_000, 2_400_000, 2**31 + 1])
        return st.dictionaries(st.sampled_from(_SERIES[key]), figures)
    if fact.type in CODES:
        return st.sampled_from(_CODES[key])
    if fact.type is FactType.SET:
        return st.lists(st.sampled_from(_INTENTS), max_size=3)
    if fact.type is FactType.BOOLEAN:
        return st.booleans()
    if fact.type is FactType.DATE:
        return st.sampled_from([*(day.isoformat() for day in _DAYS), "2023", "2019-02"])
    return st.sampled_from([3, 5] if key == "plan_years" else _values(fact))


businesses = st.lists(
    st.fixed_dictionaries({key: st.none() | _cell(key) for key in _KEYS}), min_size=1, max_size=70
)


def present(profile):
    """A profile without what nobody told, as an empty cell says it."""
    return {key: value for key, value in profile.items() if value is not None}


def _type(fact: Fact) -> Any:
    if fact.type is FactType.SET:
        return pl.List(pl.String)
    if fact.type is FactType.BOOLEAN:
        return pl.Boolean
    return pl.Int64 if fact.type in (FactType.YEN, FactType.COUNT) else pl.String


def frame(profiles) -> pl.DataFrame:
    """The businesses as a Parquet file would hold them; facts that nobody tells have no column."""
    series = []
    for key in _KEYS:
        cells = [profile[key] for profile in profiles]
        if all(cell is None for cell in cells):
            continue
        if key in _SERIES:
            for period in _SERIES[key]:
                figures = [None if cell is None else cell.get(period) for cell in cells]
                series.append(pl.Series(f"{key}.{period}", figures, dtype=pl.Int64))
        else:
            series.append(pl.Series(key, cells, dtype=_type(_fact(key))))
    return pl.DataFrame([pl.Series("id", range(len(profiles))), *series])
