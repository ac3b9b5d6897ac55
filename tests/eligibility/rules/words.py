"""A small dictionary and short ways to read a rule and to ask how it stands."""

from datetime import date
from typing import Any

from madoguchi.eligibility import dictionary
from madoguchi.eligibility.rules.conditions import Node
from madoguchi.eligibility.rules.evaluate import evaluate
from madoguchi.eligibility.rules.parse import Parser
from madoguchi.eligibility.rules.profile import read_profile
from madoguchi.eligibility.rules.status import Status
from madoguchi.japan.areas import Grouping

ON = date(2023, 6, 10)
SOURCE = {"law": "試験法", "clause": "第1条"}
WORDS = dictionary.build(
    dictionary.Additions(
        facts=[
            {"key": "share", "label": "割合", "type": "percent", "question": "割合は"},
            {"key": "vehicles", "label": "車", "type": "count", "question": "車は", "change": "easy"},
            {"key": "profit_yen", "label": "利益", "type": "yen", "question": "利益は", "signed": True},
        ]
    ),
    programmes={"other": "ほかの制度"},
    groupings=[
        Grouping("west", "西", frozenset({"022021", "022055"})),
        Grouping("coast", "海", frozenset({"022012", "022055"})),
    ],
)
DEFINITIONS = dictionary.core_definitions()


def leaf(**condition: Any) -> dict[str, Any]:
    """A condition with a sentence and a source."""
    return {"because": "条件であること", "source": SOURCE, **condition}


def read(data: Any, definitions: Any = DEFINITIONS) -> Node:
    """The rule; it has to be right."""
    parser = Parser(WORDS, definitions)
    node = parser.rule(data)
    assert not parser.problems, parser.problems
    assert node is not None
    return node


def problems(data: Any, definitions: Any = DEFINITIONS, **options: Any) -> list[tuple[str, str]]:
    """Everything wrong with a rule: the path with dots, and the sentence."""
    parser = Parser(WORDS, definitions, **options)
    parser.rule(data)
    return [(".".join(map(str, path)), sentence) for path, sentence in parser.problems]


def status(data: Any, profile: dict[str, Any], *, on: date = ON) -> str:
    """How a rule stands for a profile that has no mistakes."""
    told = read_profile(profile, WORDS)
    assert not told.troubles, told.troubles
    found: Status = evaluate(read(data), told.facts, on=on).status
    return found.name.lower()
