"""The sentences for what the amounts say, marked for translation here and translated by the caller."""

from collections.abc import Callable, Mapping
from fractions import Fraction

from madoguchi.eligibility.amounts.combine import LeftOut
from madoguchi.eligibility.amounts.grant import Code, Line, Undetermined
from madoguchi.eligibility.amounts.innovation_plan import Unclear
from madoguchi.japan import rates


def _(sentence: str) -> str:
    """Mark a sentence for translation without translating it: this package knows no Django."""
    return sentence


LINES: Mapping[Code, str] = {
    Code.TIMES: _("費用 %(cost)s円 × %(rate)s"),
    Code.CLASS_TIMES: _("%(name)s %(cost)s円 × %(rate)s"),
    Code.AFTER_OWN_SHARE: _("費用 %(cost)s円 × %(rate)s（自己負担は%(own_share)s）"),
    Code.TOP_UP: _("費用 %(cost)s円 × 上乗せ%(rate)s（もとの補助は%(on_top_of)s）"),
    Code.NOT_COVERED: _("%(name)sは、対象の費用に書かれていません"),
    Code.CLASS_CAP: _("%(name)sの上限 %(cap)s円"),
    Code.SUM: _("合計"),
    Code.AMOUNT: _("決まった額"),
    Code.PIECES: _("1つあたり%(piece)s円 × %(count)s"),
    Code.NO_BASE: _("もとの補助がないので、上乗せもありません"),
    Code.WITHIN_COST: _("ほかの補助%(base)s円とあわせて、費用の額まで"),
    Code.CUT: _("%(unit)s円未満を切り捨て"),
    Code.CAPPED: _("上限 %(cap)s円まで"),
    Code.WITHIN_CAP: _("上限 %(cap)s円におさまります"),
    Code.TOO_LITTLE: _("下限 %(minimum)s円に届かないので、出ません"),
    Code.OWN_SHARE: _("自己負担"),
}

UNDETERMINED: Mapping[Undetermined, str] = {
    Undetermined.RANGE: _("資料には幅で書かれています。くわしい額は窓口で確認してください。"),
    Undetermined.RATE: _("額の決め方が資料に書かれていません。窓口で確認してください。"),
    Undetermined.COST: _("かかる費用がわかると、計算できます。"),
    Undetermined.COST_CLASS: _("費用の種類がわかると、計算できます。"),
    Undetermined.PIECES: _("数がわかると、計算できます。"),
}

LEFT_OUT: Mapping[LeftOut, str] = {
    LeftOut.UNDETERMINED: _("額がまだわからないので、入れていません。"),
    LeftOut.NO_COST: _("この支援に使える種類の費用が、まだありません。"),
    LeftOut.NOTHING: _("いまの費用では、出る額がありません。"),
    LeftOut.NO_BASE: _("もとの補助を使わないので、上乗せもありません。"),
    LeftOut.EXCLUDED: _("いっしょに受けられない支援を選んでいます。"),
    LeftOut.BETTER_ELSEWHERE: _("ほかの支援に使うほうが、合計が同じか多くなります。"),
    LeftOut.NOT_TRIED: _("候補が多いので、くらべていません。"),
    LeftOut.SAME_PROGRAMME: _("同じ支援の、別の枠を選んでいます。"),
    LeftOut.UNSTATED: _("いっしょに使えるか、資料に定めがありません。窓口で確かめてください。"),
}

UNCLEAR: Mapping[Unclear, str] = {
    Unclear.MISSING: _("あと少し数字がわかると、計算できます。"),
    Unclear.BASE_NOT_POSITIVE: _("もとの額が0円以下なので、のび率を計算できません。窓口で相談してください。"),
    Unclear.NO_HEADS: _("従業員が0人なので、1人当たりの額を計算できません。"),
    Unclear.NO_THRESHOLD: _("この年数の計画の基準は、資料に書かれていません。窓口で確認してください。"),
    Unclear.ONLY_WITH_RESEARCH: _(
        "研究開発をふくまない計画では、この年数の基準がありません。窓口で相談してください。"
    ),
}


def say(line: Line, translate: Callable[[str], str]) -> str:
    """The sentence of a line, with `translate` such as gettext; amounts as 3,000,000, rates as 2/3."""
    return translate(LINES[line.code]) % {name: _written(value) for name, value in line.parts}


def _written(value: int | Fraction | str) -> str:
    if isinstance(value, Fraction):
        return rates.as_slash(value)
    return f"{value:,}" if isinstance(value, int) else value
