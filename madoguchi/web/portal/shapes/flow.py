"""The road of a consultation (経営相談フロー) in our own words; who walks it stands in the database."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext

from madoguchi.institutions.kinds import OrganisationKind
from madoguchi.institutions.models import Organisation, SourceDocument
from madoguchi.web.portal.shapes.sources import Citation

# The section of a source document that draws the road.
SECTION = "flow"
TAKES_CONSULTATIONS = frozenset(
    {OrganisationKind.CHAMBER, OrganisationKind.ASSOCIATION, OrganisationKind.SUPPORT_CENTRE}
)


@dataclass(frozen=True)
class Step:
    """One step: what happens, and how it feels from the outside."""

    title: str
    text: str
    when: str = ""


def steps() -> list[Step]:
    """From the first word to the business that runs better."""
    return [
        Step(
            gettext("話す"),
            gettext(
                "窓口へ行く「窓口相談」でも、会社やお店に来てもらう「巡回相談」でも、始められます。"
                "電話だけでも、このサイトから書いて送るだけでもかまいません。"
            ),
            gettext("受けるところ：商工会議所・商工会、中小企業の団体、支援センター"),
        ),
        Step(
            gettext("いっしょに整理する"),
            gettext(
                "いまの経営のようすと、困りごとの中身を聞きます。そのうえで、合う窓口と公的な支援を紹介し、"
                "助言や情報をお伝えします。"
            ),
            gettext("はじめの対応"),
        ),
        Step(
            gettext("ほかの機関とつながる"),
            gettext(
                "一か所で解決しないときは、ほかの機関と力を合わせます。同じことを何度も説明しなくて済むよう、"
                "相談を受けたところがつなぎます。"
            ),
            gettext("つながる先：国や自治体、金融機関、信用保証協会、大学、公設の試験研究機関、診断士の団体"),
        ),
        Step(
            gettext("経営をよくする、新しくする"),
            gettext("使える支援を選んで、実際に動きます。動き出したあとも、相談を続けられます。"),
        ),
    ]


def outcomes() -> list[Step]:
    """The five ways in which a consultation goes on."""
    return [
        Step(gettext("お金を用意する"), gettext("融資や補助金を使います。")),
        Step(gettext("くわしい助言を受ける"), gettext("専門家に来てもらうか、専門の窓口で相談します。")),
        Step(gettext("新しい事業に取り組む"), gettext("地域の資源を生かすなど、事業や経営を新しくします。")),
        Step(gettext("相手をみつける"), gettext("交流会やセミナーで、組む相手や学ぶ機会をみつけます。")),
        Step(gettext("売り先を広げる"), gettext("商談会に出たり、公的な事業を通じて知らせたりします。")),
    ]


def citations(documents: Iterable[SourceDocument]) -> list[Citation]:
    """The sections of the source documents that draw the road."""
    return [
        Citation(document.title, document.short_title, section["title"], str(section["line"]), "")
        for document in documents
        for section in document.sections
        if section["section"] == SECTION
    ]


def first_to_ask(organisations: Iterable[Organisation], with_desks: frozenset[int]) -> list[Organisation]:
    """Who takes consultations: centres with a desk, and the bodies that the drawing names."""
    return [
        each
        for each in organisations
        if each.kind in TAKES_CONSULTATIONS
        and (_is_drawn(each) or (each.kind == OrganisationKind.SUPPORT_CENTRE and each.pk in with_desks))
    ]


def _is_drawn(organisation: Organisation) -> bool:
    return any(source["section"] == SECTION for source in organisation.sources)
