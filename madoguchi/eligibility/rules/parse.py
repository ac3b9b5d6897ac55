"""From the plain data of a pack file to a tree; every mistake is collected with its path."""

import re
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import Any

from madoguchi.eligibility.rules import computed
from madoguchi.eligibility.rules.conditions import (
    Condition,
    Defined,
    Group,
    Node,
    Not,
    Source,
    leaves,
    turned,
)
from madoguchi.eligibility.rules.facts import CODES, Dictionary, Fact, FactType
from madoguchi.eligibility.rules.leaves import Ago, Between, Bound, Day, Has, Judgement, Leaf, Truth, Within
from madoguchi.eligibility.rules.soundness import unsound
from madoguchi.eligibility.rules.values import Number, number

Path = tuple[str | int, ...]
Definitions = Mapping[tuple[str, str], Mapping[str, Any]]
"""The data of named definitions by name and version: `label` and `rule`."""

_OPERATORS = {
    "all", "any", "at_least_n_of", "not", "when", "define", "judgement", "used", "adopted", "not_with",
    "compute", "fact",
}  # fmt: skip
_NUMBER_OPS = {"at_most", "at_least", "less_than", "more_than", "between", "equals"}
_AGO_OPS = {"at_least_ago", "at_most_ago", "less_than_ago"}
_DAY_OPS = {"on_or_after", "on_or_before"} | _AGO_OPS
# What stands for the rule of an edition whose document states no requirement: only the desk can say.
UNSTATED = "資料に書かれていない条件がないこと（窓口で確かめます）"
_MOST_DEPTH = 30
# Definitions that name definitions could grow without end, however short each one is.
_MOST_OPEN = 8
_MOST_LEAVES = 2000
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_PERIOD = {
    FactType.MONTHLY: re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])"),
    FactType.YEARLY: re.compile(r"[0-9]{4}|0|-[0-9]{1,2}"),
}


# A group whose parts are wrong is not wrong itself: the parts have been noted.
_SAID_INSIDE = ""
# Stands in for a source that is wrong and noted, so that what inherits it does not echo.
_WRONG_SOURCE = Source(law="?")


class _Wrong(Exception):
    """One mistake that makes its node unusable: where, and the sentence."""

    def __init__(self, path: Path, message: str) -> None:
        super().__init__(message)
        self.path = path
        self.message = message


@dataclass
class Parser:
    """Reads rules against one dictionary and one set of definitions; mistakes gather in `problems`.

    With `sections`, a document's section that is not among them is a mistake too. `read` holds the
    definitions read so far: parsers of the same definitions may share it."""

    dictionary: Dictionary
    definitions: Definitions = field(default_factory=dict)
    sections: Set[tuple[str, str]] | None = None
    problems: list[tuple[Path, str]] = field(default_factory=list)
    read: dict[tuple[str, str], Node] = field(default_factory=dict)
    _open: list[tuple[str, str]] = field(default_factory=list)

    def rule(self, data: object, *, at: Path = (), source: Source | None = None) -> Node | None:
        """The tree of one rule, or None after a mistake."""
        before = len(self.problems)
        try:
            node = self._node(data, at, source or Source())
        except _Wrong as wrong:
            self._note(wrong)
            return None
        if len(self.problems) > before:
            return None
        if sum(1 for _ in islice(leaves(node), _MOST_LEAVES + 1)) > _MOST_LEAVES:
            self.problems.append((at, f"条件が多すぎます（{_MOST_LEAVES:,} まで）"))
            return None
        self.problems.extend((at, sentence) for sentence in unsound(node))
        return node

    def unstated(self, data: Mapping[str, Any], *, at: Path = ()) -> Node | None:
        """The rule of an edition that states no requirement; `source` says where that was looked for."""
        before = len(self.problems)
        try:
            source = self._source(data, at, Source())
            node = self._leaf(Judgement("窓口", UNSTATED), at, UNSTATED, source)
        except _Wrong as wrong:
            self._note(wrong)
            return None
        return node if len(self.problems) == before else None

    def _note(self, wrong: _Wrong) -> None:
        if wrong.message != _SAID_INSIDE:
            self.problems.append((wrong.path, wrong.message))

    def _node(self, data: object, at: Path, source: Source) -> Node:
        if not isinstance(data, Mapping):
            raise _Wrong(at, "条件は、項目と値の組で書いてください")
        if len(at) > _MOST_DEPTH:
            raise _Wrong(at, "条件の入れ子が深すぎます")
        operators = _OPERATORS & set(data)
        if len(operators) != 1:
            many = "、".join(sorted(operators)) or "ありません"
            raise _Wrong(at, f"条件の種類（fact、all など）を、ちょうど一つ書いてください（いま: {many}）")
        operator = operators.pop()
        source = self._source(data, at, source)
        because = self._because(data, at)
        return getattr(self, f"_{operator}_node")(data, at, because, source)  # type: ignore[no-any-return]

    def _source(self, data: Mapping[str, Any], at: Path, inherited: Source) -> Source:
        if "source" not in data:
            return inherited
        raw, path = data["source"], (*at, "source")
        if not isinstance(raw, Mapping) or set(raw) not in ({"file", "section", "lines"}, {"law", "clause"}):
            wrong = "出典は {file, section, lines} か {law, clause} で書いてください"
        elif not all(isinstance(value, str) and value for value in raw.values()):
            wrong = "出典は文字で書いてください（数字だけのときは引用符で囲みます）"
        elif "file" in raw and not self.has_section(raw["file"], raw["section"]):
            wrong = f"出典 {raw['file']} の「{raw['section']}」が sources にありません"
        else:
            return Source(**raw)
        self.problems.append((path, wrong))
        return _WRONG_SOURCE

    def has_section(self, file: str, section: str) -> bool:
        """Whether the documents have this section, as far as they are given."""
        return self.sections is None or (file, section) in self.sections

    def _because(self, data: Mapping[str, Any], at: Path) -> str:
        because = data.get("because", "")
        if isinstance(because, str):
            return because.strip()
        self.problems.append(((*at, "because"), "because は文で書いてください"))
        return "?"

    def _leaf(self, leaf: Leaf, at: Path, because: str, source: Source) -> Condition:
        if not because:
            raise _Wrong(at, "because（理由の文）が要ります")
        if source == Source():
            raise _Wrong(at, "source（出典）が要ります。外側の条件に書いてもかまいません")
        return Condition(leaf, because, source)

    # ── what holds conditions together ──────────────────────────────────────────────────────────────
    def _several(self, data: object, at: Path, source: Source) -> tuple[Node, ...]:
        if not isinstance(data, list) or not data:
            raise _Wrong(at, "条件を一つ以上、一覧で書いてください")
        return self._each((((*at, index), item) for index, item in enumerate(data)), at, source)

    def _each(self, items: Iterable[tuple[Path, object]], at: Path, source: Source) -> tuple[Node, ...]:
        """Every one of them, so that all mistakes are named at once."""
        nodes: list[Node] = []
        is_whole = True
        for path, item in items:
            try:
                nodes.append(self._node(item, path, source))
            except _Wrong as wrong:
                self._note(wrong)
                is_whole = False
        if not is_whole:
            raise _Wrong(at, _SAID_INSIDE)
        return tuple(nodes)

    def _all_node(self, data: Mapping[str, Any], at: Path, because: str, source: Source) -> Node:
        _only(data, at, "all")
        nodes = self._several(data["all"], (*at, "all"), source)
        return Group(len(nodes), nodes, because, source)

    def _any_node(self, data: Mapping[str, Any], at: Path, because: str, source: Source) -> Node:
        _only(data, at, "any", "others")
        nodes = self._several(data["any"], (*at, "any"), source)
        if "others" in data:
            nodes = (*nodes, self._others(data["others"], nodes, (*at, "others"), source))
        return Group(1, nodes, because, source)

    def _others(self, data: object, group: tuple[Node, ...], at: Path, source: Source) -> Node:
        """など: whoever is none of the group, or of `but_not` in its place, and people decide on."""
        if not isinstance(data, Mapping) or "judgement" not in data:
            raise _Wrong(at, "others は {judgement: だれ, because: 文} のように書いてください")
        source = self._source(data, at, source)
        if "but_not" in data:
            group = self._several(data["but_not"], (*at, "but_not"), source)
        if not all(node.because for node in group):
            raise _Wrong(at, "others が除く条件には、because（理由の文）が要ります")
        judged = {name: value for name, value in data.items() if name != "but_not"}
        decided = self._judgement_node(judged, at, self._because(data, at), source)
        outside = tuple(Not(node, turned(node.because), node.source) for node in group)
        return Group(len(outside) + 1, (*outside, decided), "", source)

    def _at_least_n_of_node(self, data: Mapping[str, Any], at: Path, because: str, source: Source) -> Node:
        _only(data, at, "at_least_n_of")
        inner, path = data["at_least_n_of"], (*at, "at_least_n_of")
        if not isinstance(inner, Mapping) or set(inner) != {"n", "of"}:
            raise _Wrong(path, "at_least_n_of は {n: 2, of: [ … ]} のように書いてください")
        nodes = self._several(inner["of"], (*path, "of"), source)
        n = inner["n"]
        if isinstance(n, bool) or not isinstance(n, int) or not 1 <= n <= len(nodes):
            raise _Wrong((*path, "n"), f"n は 1 から {len(nodes)} までの整数です")
        return Group(n, nodes, because, source)

    def _not_node(self, data: Mapping[str, Any], at: Path, because: str, source: Source) -> Node:
        _only(data, at, "not")
        node = self._node(data["not"], (*at, "not"), source)
        because = because or _turned_neatly(node.because)
        if not because:
            raise _Wrong(at, "not には because（〜でないこと）が要ります")
        return Not(node, because, source)

    def _when_node(self, data: Mapping[str, Any], at: Path, because: str, source: Source) -> Node:
        _only(data, at, "when", "then")
        if "then" not in data:
            raise _Wrong(at, "when には then が要ります")
        parts = (((*at, name), data[name]) for name in ("when", "then"))
        condition, then = self._each(parts, at, source)
        excused = Not(condition, turned(condition.because), source)
        return Group(1, (excused, then), because or then.because, source)

    def _define_node(self, data: Mapping[str, Any], at: Path, because: str, source: Source) -> Node:
        _only(data, at, "define", "version")
        key: tuple[str, str] = (data["define"], data.get("version", ""))
        if not all(isinstance(part, str) for part in key):
            raise _Wrong((*at, "define"), "定義の名前と版は、文字で書いてください（数字は引用符で囲みます）")
        if key not in self.definitions:
            known = "、".join(sorted(version for name, version in self.definitions if name == key[0]))
            hint = f"ある版: {known}" if known else "この名前の定義はありません"
            raise _Wrong((*at, "define"), f"定義「{key[0]}」の版「{key[1]}」がありません（{hint}）")
        node = self._defined(key, (*at, "define"))
        label = self.definitions[key]["label"]
        return Defined(*key, label, node, because or node.because or label, source)

    def _defined(self, key: tuple[str, str], at: Path) -> Node:
        """The tree of a definition; its mistakes are told as one, for their places are in another file."""
        if key in self._open:
            raise _Wrong(at, f"定義「{key[0]}」が、自分を使っています（循環）")
        if len(self._open) >= _MOST_OPEN:
            raise _Wrong(at, "定義が定義を使う重なりが、深すぎます")
        if key not in self.read:
            problems, self.problems = self.problems, []
            self._open.append(key)
            try:
                self.read[key] = self._node(self.definitions[key]["rule"], (), Source())
            except _Wrong as wrong:
                self._note(wrong)
            finally:
                self._open.pop()
                found, self.problems = self.problems, problems
            if found:
                self.read.pop(key, None)
                inside, sentence = found[0]
                where = ".".join(map(str, inside))
                raise _Wrong(at, f"定義「{key[0]}」に誤りがあります（{where}）: {sentence}")
        return self.read[key]

    # ── leaves ──────────────────────────────────────────────────────────────────────────────────────
    def _judgement_node(self, data: Mapping[str, Any], at: Path, because: str, source: Source) -> Node:
        _only(data, at, "judgement")
        if not isinstance(data["judgement"], str) or not data["judgement"]:
            raise _Wrong((*at, "judgement"), "だれが判断するかを書いてください（窓口、審査会など）")
        return self._leaf(Judgement(data["judgement"], because), at, because, source)

    def _programme(self, data: Mapping[str, Any], at: Path, family: str, *extra: str) -> Fact:
        _only(data, at, family)
        inner = data[family]
        if not isinstance(inner, Mapping) or not {"programme"} <= set(inner) <= {"programme", *extra}:
            raise _Wrong((*at, family), f"{family} は {{programme: …}} の形で書いてください")
        key = {"used": "used", "adopted": "adopted", "not_with": "receives"}[family]
        fact = self.dictionary.get(f"{key}:{inner['programme']}")
        if fact is None:
            raise _Wrong(
                (*at, family, "programme"), f"制度「{inner['programme']}」は、このパックにありません"
            )
        return fact

    def _used_node(self, data: Mapping[str, Any], at: Path, because: str, source: Source) -> Node:
        fact = self._programme(data, at, "used", "at_most", "at_least")
        limits = {name: data["used"][name] for name in ("at_most", "at_least") if name in data["used"]}
        if not limits:
            raise _Wrong((*at, "used"), "at_most か at_least が要ります")
        low, high = (
            self._number(fact, limits[name], (*at, "used", name)) if name in limits else None
            for name in ("at_least", "at_most")
        )
        return self._leaf(Between(fact.key, low, high), at, because, source)

    def _adopted_node(self, data: Mapping[str, Any], at: Path, because: str, source: Source) -> Node:
        return self._leaf(Truth(self._programme(data, at, "adopted").key, True), at, because, source)

    def _not_with_node(self, data: Mapping[str, Any], at: Path, because: str, source: Source) -> Node:
        return self._leaf(Truth(self._programme(data, at, "not_with").key, False), at, because, source)

    def _compute_node(self, data: Mapping[str, Any], at: Path, because: str, source: Source) -> Node:
        _only(data, at, "compute", "with")
        try:
            leaf = computed.parse(str(data["compute"]), data.get("with"))
        except ValueError as error:
            raise _Wrong((*at, "with"), str(error)) from error
        return self._leaf(leaf, at, because, source)

    def _fact_node(self, data: Mapping[str, Any], at: Path, because: str, source: Source) -> Node:
        name = data["fact"]
        fact = self.dictionary.get(name) if isinstance(name, str) else None
        if fact is None:
            raise _Wrong((*at, "fact"), f"項目「{name}」はありません（madoguchi facts で確かめられます）")
        operators = set(data) - {"fact", "because", "source", "month", "year"}
        if len(operators) != 1:
            raise _Wrong(at, f"「{fact.label}」の比べ方を、一つだけ書いてください")
        operator = operators.pop()
        path = (*at, operator)
        if fact.type is FactType.COSTS:
            raise _Wrong((*at, "fact"), f"「{fact.label}」は条件にできません（合計は cost_yen で比べます）")
        period = self._period(fact, data, at)
        if fact.type in CODES | {FactType.SET}:
            leaf: Leaf = self._codes(fact, operator, data[operator], path)
        elif fact.type is FactType.BOOLEAN:
            leaf = _truth(fact, operator, data[operator], path)
        elif fact.type is FactType.DATE:
            leaf = _day(fact, operator, data[operator], path)
        else:
            leaf = self._between(fact, operator, data[operator], path, period)
        return self._leaf(leaf, at, because, source)

    def _codes(self, fact: Fact, operator: str, raw: object, at: Path) -> Leaf:
        wanted = {"within"} if fact.type in CODES else {"has_any", "has_all"}
        if operator not in wanted:
            raise _Wrong(at, f"「{fact.label}」は {' か '.join(sorted(wanted))} で比べます")
        if not isinstance(raw, list) or not raw:
            raise _Wrong(at, "コードの一覧を書いてください")
        codes: set[str] = set()
        for index, code in enumerate(raw):
            if not isinstance(code, str):
                raise _Wrong((*at, index), "コードは文字で書いてください（数字だけのときは引用符で囲みます）")
            try:
                codes.add(self.dictionary.canonical(fact, code))
            except ValueError as error:
                raise _Wrong((*at, index), f"「{fact.label}」にコード「{code}」はありません") from error
        if operator == "within":
            wider = frozenset(above for code in codes for above in self.dictionary.around(fact, code))
            return Within(fact.key, frozenset(codes), wider - codes, self.dictionary)
        return Has(fact.key, frozenset(codes), every=operator == "has_all")

    def _period(self, fact: Fact, data: Mapping[str, Any], at: Path) -> str:
        name = {FactType.MONTHLY: "month", FactType.YEARLY: "year"}.get(fact.type)
        for extra in ("month", "year"):
            if extra in data and extra != name:
                raise _Wrong((*at, extra), f"「{fact.label}」には付けられません")
        if name is None:
            return ""
        raw = data.get(name)
        period = str(raw) if isinstance(raw, str) or _is_small(raw) else ""
        if not _PERIOD[fact.type].fullmatch(period):
            raise _Wrong((*at, name), f"どの{'月' if name == 'month' else '年'}の金額かを書いてください")
        return period

    def _between(self, fact: Fact, operator: str, raw: object, at: Path, period: str) -> Leaf:
        if operator not in _NUMBER_OPS:
            raise _Wrong(at, f"「{fact.label}」は {'、'.join(sorted(_NUMBER_OPS))} で比べます")
        if operator == "between":
            return self._both_ends(fact, raw, at, period)
        limit = self._number(fact, raw, at)
        if operator == "equals":
            return Between(fact.key, limit, limit, period=period)
        # Of whole numbers, "less than 5" is "at most 4": one way of writing, one comparison.
        whole = fact.type is not FactType.PERCENT
        if operator in ("at_most", "less_than"):
            strict = operator == "less_than"
            high = limit - 1 if strict and whole else limit
            return Between(fact.key, None, high, high_open=strict and not whole, period=period)
        strict = operator == "more_than"
        low = limit + 1 if strict and whole else limit
        return Between(fact.key, low, None, low_open=strict and not whole, period=period)

    def _both_ends(self, fact: Fact, raw: object, at: Path, period: str) -> Leaf:
        if not isinstance(raw, list) or len(raw) != 2:
            raise _Wrong(at, "between は [下, 上] のように書いてください")
        low, high = (self._number(fact, item, (*at, index)) for index, item in enumerate(raw))
        if low > high:
            raise _Wrong(at, "between の下が上より大きくなっています")
        return Between(fact.key, low, high, period=period)

    def _number(self, fact: Fact, raw: object, at: Path) -> Number:
        try:
            return number(fact, raw)
        except ValueError as error:
            raise _Wrong(at, str(error)) from error


def _only(data: Mapping[str, Any], at: Path, *names: str) -> None:
    for name in data:
        if name not in {*names, "because", "source"}:
            raise _Wrong((*at, name), "知らない項目です（つづりを確かめてください）")


def _is_small(raw: object) -> bool:
    return isinstance(raw, int) and not isinstance(raw, bool) and abs(raw) < 10_000


def _turned_neatly(because: str) -> str:
    """The sentence the other way round where Japanese lets us, or nothing."""
    return turned(because) if because.endswith("であること") else ""


def _truth(fact: Fact, operator: str, raw: object, at: Path) -> Leaf:
    if operator != "equals" or not isinstance(raw, bool):
        raise _Wrong(at, f"「{fact.label}」は equals: true か equals: false で比べます")
    return Truth(fact.key, raw)


def _day(fact: Fact, operator: str, raw: object, at: Path) -> Leaf:
    if operator not in _DAY_OPS:
        raise _Wrong(at, f"「{fact.label}」は {'、'.join(sorted(_DAY_OPS))} で比べます")
    if operator in _AGO_OPS:
        bound = Bound(ago=_ago(raw, at), strict=operator == "less_than_ago")
        return Day(fact.key, last=bound) if operator == "at_least_ago" else Day(fact.key, first=bound)
    try:
        # fromisoformat alone would take 20190401 and 2019-W14-1 too.
        written = raw if isinstance(raw, str) and _DAY.fullmatch(raw) else ""
        bound = Bound(day=date.fromisoformat(written))
    except ValueError as error:
        raise _Wrong(at, "日付は 2019-04-01 のように、実際にある日を書いてください") from error
    return Day(fact.key, first=bound) if operator == "on_or_after" else Day(fact.key, last=bound)


def _ago(raw: object, at: Path) -> Ago:
    if not isinstance(raw, Mapping) or not raw or not set(raw) <= {"years", "months", "days"}:
        raise _Wrong(at, "{years: 5} のように書いてください（years、months、days）")
    for value in raw.values():
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 36_500:
            raise _Wrong(at, "0以上の整数で書いてください")
    if raw.get("years", 0) > 200 or raw.get("months", 0) > 2400:
        raise _Wrong(at, "さかのぼる長さは200年までです")
    return Ago(**raw)
