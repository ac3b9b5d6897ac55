"""An invented prefecture's annual reports: a believable one of any size, and one full of traps."""

import random
from datetime import date
from decimal import Decimal

from madoguchi.reporting.annual.shape import (
    AnnualReport,
    CaseStudy,
    Change,
    Chapter,
    Correction,
    IndicatorLine,
    ProjectEntry,
    Section,
)
from madoguchi.results.cells import Cell, CellKind, Part

YEAR = 2023
_NOT_MEASURED = Cell("－", CellKind.NOT_MEASURED)

_POLICIES = (
    ("p1", "①", ("働く人を育て、確保すること",), "人材の育成・確保", 37),
    ("p2", "②", ("中小企業の足もとを強くすること",), "経営基盤の強化", 28),
    ("p3", "③", ("必要な資金を借りやすくすること",), "資金供給の円滑化", 6),
    ("p4", "④", ("創業と新しい事業の始まりを後押しすること",), "創業・新事業", 11),
    ("p5", "⑤", ("技術と新製品の開発、新しい分野への進出を進めること",), "技術開発・新分野", 11),
    (
        "p6-p7",
        "⑥⑦",
        ("受注の力を高め、受注の機会を増やすこと", "販路の開拓を進めること"),
        "受注・販路の開拓",
        12,
    ),
    ("p8", "⑧", ("世界を見すえた事業を進めること",), "国際的な事業展開", 14),
)
_AREAS = ("みなと", "かもめ半島", "しらはま", "うみべ", "北浜", "中浜", "南浜", "大島")
_SUBJECTS = (
    "デジタル人財育成",
    "商店街にぎわい創出",
    "水産加工販路拡大",
    "事業承継",
    "脱炭素シフト促進",
    "若者定着",
    "ものづくり技術高度化",
    "創業サポート",
    "海外ビジネス展開",
    "地域公共交通維持",
    "ＵＩＪターン就職促進",
    "物価高騰対応収益力向上",
    "健康経営推進",
    "共同受注体制づくり",
    "食品産業強化",
)
_FORMS = ("支援事業", "推進事業", "事業費補助", "モデル構築事業", "プロジェクト事業", "開催費")
_DEPARTMENTS = (
    "産業政策課",
    "経営支援課",
    "若者定着課",
    "食と海の産業課",
    "交通・連携課",
    "ものづくり推進課",
    "産業政策課\n（北浜地域県民局）",
    "がん・生活習慣病対策課",
)
_INDICATORS = (
    ("相談件数", "件"),
    ("セミナー参加者数", "名"),
    ("専門家派遣企業数", "者"),
    ("補助金交付件数", "件"),
    ("商談成立件数", "件"),
    ("開催回数", "回"),
    ("県内就職者数（大学・短大・高専・専修学校の合計）", "名"),
)
_SENTENCES = (
    "人口が減り買い物のしかたが変わるなかで、県内の会社が自立して続いていけるよう、相談の体制を整える。",
    "専門家の派遣と、設備を入れるときにかかる費用の補助を組み合わせて、取り組みを後押しする。",
    "大学や高校、商工団体と力を合わせ、県内の仕事の魅力を若い人に伝える場をつくる。",
    "オンラインでの相談と、地域ごとの出張相談をあわせて行った。",
    "参加した会社どうしの交流から、新しい商品の試作が始まった。",
    "前の年度より相談が増え、窓口としての役割が広がった。",
)


def numbers(*amounts: tuple[str, str], raw: str = "", cumulative: bool = False) -> Cell:
    """A cell of one or more numbers with their units."""
    parts = tuple(Part(Decimal(number), unit, cumulative=cumulative) for number, unit in amounts)
    sign = "延べ " if cumulative else ""
    shown = " ".join(f"{sign}{Decimal(number):,}{unit}" for number, unit in amounts)
    return Cell(raw or shown, CellKind.NUMBERS, parts)


def words(text: str) -> Cell:
    """A cell that says something in words."""
    return Cell(text, CellKind.WORDS)


def entry(number: int, name: str, **fields: object) -> ProjectEntry:
    """A project with the least that makes a row and a page."""
    least = {
        "slug": f"project-{number}",
        "list_name": name,
        "cost_yen": 1_000_000 * number,
        "cost_basis": "予算",
        "is_new": False,
        "is_repeat": False,
        "department": "産業政策課",
        "responsible": "産業政策課 企画グループ",
        "policies": None,
        "overview": "会社の相談に応じる。",
        "achievements": "相談に応じた。",
    }
    return ProjectEntry(number=number, name=name, **{**least, **fields})  # type: ignore[arg-type]


def report(*sections: Section, **fields: object) -> AnnualReport:
    """A report of the invented prefecture around these sections."""
    least = {
        "fiscal_year": YEAR,
        "title": "中小企業の振興に関する施策の実施状況",
        "ordinance": "みなと県中小企業振興条例",
        "article": "第10条",
        "publisher": "みなと県",
        "is_final": True,
    }
    return AnnualReport(sections=sections, **{**least, **fields})  # type: ignore[arg-type]


def section(*entries: ProjectEntry, **fields: object) -> Section:
    """A policy with these rows."""
    least = {
        "code": "p1",
        "mark": "①",
        "titles": ("働く人を育て、確保すること",),
        "short": "人材の育成・確保",
        "introduction": (("", "県内の会社は、人手が足りない状況が続いている。"),),
        "stated_subtotal_yen": None,
    }
    return Section(entries=entries, **{**least, **fields})  # type: ignore[arg-type]


def believable(times: int = 1, *, seed: int = 10) -> AnnualReport:
    """The 119 rows of a whole prefecture, or several times as many."""
    chance = random.Random(seed)  # noqa: S311
    sections: list[Section] = []
    for code, mark, titles, short, count in _POLICIES:
        earlier = [row for section in sections for row in section.entries if not row.is_repeat]
        rows = tuple(_row(chance, code, n, earlier, len(titles)) for n in range(1, count * times + 1))
        sections.append(
            Section(
                code=code,
                mark=mark,
                titles=titles,
                short=short,
                introduction=(
                    ("", _text(chance, 4)),
                    ("相談の体制を整えること", _text(chance, 3)),
                    ("人と会社を結ぶこと", _text(chance, 3)),
                ),
                entries=rows,
                stated_subtotal_yen=sum(row.cost_yen or 0 for row in rows),
                case_studies=(_case(chance, f"{code}-case"),),
            )
        )
    return report(
        *sections,
        before=(
            Chapter(
                "state",
                "中小企業を取り巻く状況",
                blocks=(("景気の動き", _text(chance, 6)), ("雇用の動き", _text(chance, 5))),
                table=(
                    ("項目", "4年度", "5年度"),
                    ("倒産件数", "34件", "41件"),
                    ("開業率", "3.1％", "3.3％"),
                ),
            ),
        ),
        after=(
            Chapter("ordinance", "みなと県中小企業振興条例（要旨）", blocks=_articles()),
            Chapter(
                "council",
                "庁内連絡会議の構成員",
                table=(
                    ("部局名", "課名"),
                    ("総務部", "人事課"),
                    ("産業部", "産業政策課"),
                    ("農林水産部", "食と海の産業課"),
                ),
            ),
        ),
        changes=(
            Change("みなと創業サポート支援事業", "事業費", "12,000千円", "15,400千円"),
            Change("海外ビジネス展開推進事業", "担当課", "経営支援課", "産業政策課"),
            Change("脱炭素シフト促進モデル構築事業", "事業", "", "新しく加わりました"),
        ),
    )


def _articles() -> tuple[tuple[str, str], ...]:
    gist = ("目的", "定義", "基本理念", "県の責務", "事業者の努力", "県民の理解", "基本方針", "年次報告")
    return tuple(
        (f"第{n}条　{name}", f"{name}について定めています。") for n, name in enumerate(gist, start=1)
    )


def _text(chance: random.Random, count: int) -> str:
    return "".join(chance.choice(_SENTENCES) for _ in range(count))


def _row(
    chance: random.Random, code: str, number: int, earlier: list[ProjectEntry], policies: int
) -> ProjectEntry:
    if earlier and chance.random() < 0.12:
        known = chance.choice(earlier)
        again = {"is_repeat": True, "is_new": False, "list_name": f"{known.name}（再掲）", "case_studies": ()}
        return ProjectEntry(**{**known.__dict__, **again, "number": number})
    name = chance.choice(_AREAS) + chance.choice(_SUBJECTS) + chance.choice(_FORMS)
    slug = f"{code}-{number}"
    department = chance.choice(_DEPARTMENTS)
    return ProjectEntry(
        number=number,
        slug=slug,
        name=f"{name}（{code}の{number}）" if chance.random() < 0.1 else name,
        list_name=name,
        cost_yen=int(10 ** chance.uniform(2.3, 6.3)) * 1000 if chance.random() < 0.98 else None,
        cost_basis="予算",
        is_new=chance.random() < 0.12,
        is_repeat=False,
        department=department,
        responsible=department.split("\n")[0] + " 企画グループ",
        policies=chance.choice((("⑥",), ("⑦",), ("⑥", "⑦"), None)) if policies > 1 else None,
        overview=_text(chance, chance.randint(1, 3)),
        achievements=_text(chance, chance.randint(2, 5)),
        indicators=tuple(_line(chance, f"{slug}-{n}") for n in range(chance.choice((0, 1, 2, 2, 3, 4, 6)))),
        case_studies=(_case(chance, f"{slug}-case", slug),) if chance.random() < 0.04 else (),
    )


def _line(chance: random.Random, key: str) -> IndicatorLine:
    name, unit = chance.choice(_INDICATORS)
    now = chance.randint(0, 3000)
    before = max(0, int(now * chance.uniform(0.5, 1.4)))
    kind = chance.random()
    if kind < 0.7:
        cells = {YEAR - 1: numbers((str(before), unit)), YEAR: numbers((str(now), unit))}
    elif kind < 0.8:
        cells = {
            YEAR - 1: numbers((str(before), unit), cumulative=True),
            YEAR: numbers((str(now), unit), cumulative=True),
        }
    elif kind < 0.9:
        cells = {YEAR - 1: _NOT_MEASURED, YEAR: numbers(("6", "件"), (str(now), "名"))}
    else:
        cells = {YEAR - 1: words("随時"), YEAR: numbers((str(now), unit))}
    return IndicatorLine(
        key, name, cells, origin=chance.choice(("相談の記録、年度末締め", "担当課の報告", ""))
    )


def _case(chance: random.Random, slug: str, project: str = "") -> CaseStudy:
    return CaseStudy(
        slug,
        chance.choice(
            ("商品づくりを、月に1度の相談で", "在庫のデジタル化で、週末が休みに", "三代目が始めた共同配送")
        ),
        chance.choice(("株式会社かもめ水産（中浜市）", "合同会社しらはま木工（しらはま町）")),
        (_text(chance, 3), _text(chance, 4)),
        project,
    )


def nasty() -> AnnualReport:
    """Names and cells that break layouts, markup and encodings."""
    long_name = "みなと県内中小企業者等における" * 8
    rows = (
        entry(1, "① 髙橋﨑ﾃﾞｼﾞﾀﾙ推進事業（㈱・№・㌔）", is_new=True, indicators=_nasty_lines()),
        entry(2, long_name[:120], overview=long_name * 3, achievements="", policies=("⑥",)),
        entry(3, "A" * 120, department="https://example.invalid/" + "x" * 60, policies=("⑥", "⑦")),
        entry(
            4,
            '<b>&amp; #let x = 1 $x^2$ @label *太字* _斜体_ `code` \\ "引用" // 注 [a](b) {{x}} ~',
            cost_yen=None,
        ),
        entry(5, "=SUM(A1:A9)", cost_yen=0, department="+81", indicators=(IndicatorLine("e", "空", {}),)),
        entry(6, "事業5 と 事業 6😀", cost_yen=1_234_567_890_123, responsible=""),
        entry(7, "とても長い実績の事業", achievements=long_name * 14, indicators=_nasty_lines() * 9),
        entry(1, "① 髙橋﨑ﾃﾞｼﾞﾀﾙ推進事業（㈱・№・㌔）", is_repeat=True, indicators=_nasty_lines()),
    )
    return report(
        section(
            *rows,
            mark="⑥⑦",
            titles=("受注の力を高めること", "販路の開拓を進めること"),
            short="受注・販路",
            introduction=(("", ""), ("#見出し", "= 文\n- 文\n\n　字下げした文")),
        ),
        section(code="p8", mark="⑧", titles=("事業のない方針",), short="事業のない方針", introduction=()),
        section(entry(1, "再掲の記載のない事業", cost_yen=1_500), code="p9", mark="⑨"),
        title="中小企業の振興 <&> #施策",
        before=(Chapter("empty", "空の章"), Chapter("table", "表の章", table=(("a", "b"), ("c",)))),
        changes=(Change("新しい事業", "", "", "#加わりました"),),
    )


def _nasty_lines() -> tuple[IndicatorLine, ...]:
    before, now = YEAR - 1, YEAR
    return (
        IndicatorLine(
            "a",
            "延べ <人数>",
            {before: numbers(("13", "名"), cumulative=True), now: numbers(("21.50", "名"))},
            corrections=(
                Correction(now, date(2024, 8, 9), "=2名", "21.50名", "<b>二重</b> #let x = 1 $x$ の計上"),
                Correction(before, date(2024, 8, 10), "延べ 13名", "延べ 13名", "説明もれ\n二行目"),
            ),
        ),
        IndicatorLine("b", "#件数", {before: _NOT_MEASURED, now: numbers(("6", "件"), ("8", "名"))}),
        IndicatorLine(
            "c",
            "随時",
            {before: words("随時"), now: words("R4.6 120名　R4.11 130名（会場：みなと、しらはま）")},
        ),
        IndicatorLine(
            "d", "年度によらない値", {}, undated=numbers(("4", "社"), raw="4社（累計）"), origin="@出どころ"
        ),
        IndicatorLine("e", "零から", {before: numbers(("0", "件")), now: numbers(("3", "件"))}),
        IndicatorLine(
            "f",
            "長い単位",
            {before: numbers(("1", "千円／10a当たり")), now: numbers(("2", "千円／10a当たり"))},
        ),
        IndicatorLine(
            "g",
            "暫定",
            {now: Cell("3,100人", CellKind.NUMBERS, (Part(Decimal(3100), "人"),), provisional=True)},
        ),
    )
