"""What was found in an annual report, in sentences for whoever runs the import."""

from collections.abc import Iterator

from madoguchi.importers.annual_report.drafts import PolicyDraft, ReportDraft
from madoguchi.importers.documents.found import LIKELY, Found, Note

_SHOWN = 40


def summary(draft: ReportDraft) -> Iterator[str]:
    """Yield lines: found, reconciled, unsure, left out, each disagreement with its lines."""
    rows = [row for policy in draft.policies for row in policy.programmes]
    pages = sum(row.page is not None for row in rows)
    indicators = sum(len(row.indicators) for row in rows)
    cases = sum(len(policy.case_studies) for policy in draft.policies)
    year = f"{draft.report_year}年度" if draft.report_year else "年度は分かりません"
    yield f"{draft.document}（{year}、レイアウト: {draft.layout}）"
    yield (
        f"みつかったもの: 方針 {len(draft.policies)}、事業 {len(rows):,}（ページつき {pages:,}）、"
        f"指標 {indicators:,}、事例 {cases}"
    )
    yield from map(_sum, draft.policies)
    yield from _section("食い違い・確かめたいこと", draft.notes)
    yield from _section("読み取りに自信がないもの", tuple(unsure(draft)))
    yield from _section("取り込まなかったところ", draft.left_out)


def _sum(policy: PolicyDraft) -> str:
    computed = f"{policy.computed_yen // 1000:,}千円"
    count = f"  {policy.mark} {len(policy.programmes)} 事業"
    if policy.stated_yen is None:
        return f"{count}、行の合計 {computed}（小計の記載なし）"
    agrees = "一致" if policy.stated_yen.value == policy.computed_yen else "不一致"
    return f"{count}、小計 {policy.stated_yen.value // 1000:,}千円・行の合計 {computed}（{agrees}）"


def unsure(draft: ReportDraft) -> Iterator[Note]:
    """Yield what was read with little confidence, with the reason."""
    for policy in draft.policies:
        for row in policy.programmes:
            fields: list[tuple[str, Found[object] | None]] = [
                ("名前", row.name),
                ("金額", row.cost_yen),
            ]
            for indicator in row.indicators:
                fields += [(indicator.name.value, cell) for cell in indicator.cells.values()]
            for name, found in fields:
                if found is not None and found.confidence < LIKELY:
                    yield Note("unsure", f"「{row.name.value}」の{name}: {found.reason}", found.lines[:1])


def _section(title: str, notes: tuple[Note, ...]) -> Iterator[str]:
    yield f"{title}: {len(notes):,} 件"
    for note in notes[:_SHOWN]:
        yield f"  {note}"
    if len(notes) > _SHOWN:
        yield f"  ほか {len(notes) - _SHOWN:,} 件（--format json ですべて見られます）"
