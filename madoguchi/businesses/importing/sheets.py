"""Sheets to take along: the list to fill in, and what has to be mended in a list that was brought."""

from django.utils.translation import gettext, gettext_lazy

from madoguchi.businesses.importing.planning import Outcome, Plan
from madoguchi.foundation.sheets import Value

OUTCOME_WORDS = {
    Outcome.NEW: gettext_lazy("新しく登録"),
    Outcome.CHANGED: gettext_lazy("内容を更新"),
    Outcome.SAME: gettext_lazy("変わりなし"),
    Outcome.ALIKE: gettext_lazy("似た事業者あり（取り込みません）"),
    Outcome.ELSEWHERE: gettext_lazy("ほかの機関に登録あり（取り込みません）"),
    Outcome.WRONG: gettext_lazy("直すところあり"),
}


def head() -> list[str]:
    """The headings of the sheet of what has to be mended."""
    return [gettext("行"), gettext("列"), gettext("入力"), gettext("直すこと")]


def to_mend(plan: Plan) -> list[list[Value]]:
    """The cells to mend with row, column, what stands there and what is wrong; then rows left to a person."""
    rows: list[list[Value]] = [
        [each.row, each.heading, each.typed, str(each.sentence)] for each in plan.mistakes
    ]
    name = plan.columns.heading_of("name")
    rows += [
        [row.number, name, row.name, str(OUTCOME_WORDS[row.outcome])]
        for row in plan.rows
        if row.outcome in (Outcome.ALIKE, Outcome.ELSEWHERE)
    ]
    return rows


def sample() -> list[list[Value]]:
    """The rows of the list to fill in (columns.SAMPLE): one, made up."""
    return [
        [
            "",
            "株式会社みほん商店",
            "ミホンショウテン",
            "100-0001",
            "東京都千代田区千代田1-1",
            "みほんビル2階",
            "03-1234-5678",
            "mihon@example.jp",
            "58",
            10_000_000,
            12,
            "2005-04-01",
            "見本 太郎",
        ],
    ]
