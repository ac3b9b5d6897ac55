"""Who may read what of a case, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext

from madoguchi.consultations.models import Case, Consent, ExpertRequest, Involvement
from madoguchi.consultations.queries.sharing import Sharing
from madoguchi.web.desk.shapes import case_page
from madoguchi.web.desk.shapes.involvements import name_of


@dataclass(frozen=True)
class Reader:
    """Somebody who reads, and what."""

    name: str
    reads: str


@dataclass(frozen=True)
class Agreement:
    """One consent; `pk` is empty once it was taken back."""

    sentence: str
    pk: int | None


def readers(case: Case, found: Sharing) -> list[Reader]:
    """Everybody who may read something now, the business first."""
    business = gettext("事業者（相談した方）")
    rows = [Reader(business, gettext("共有の記録、目標、事業者がすること、だれが担当しているか"))]
    rows += [_reader(case, each) for each in found.involvements]
    return rows + [_expert(each) for each in found.experts]


def _expert(row: ExpertRequest) -> Reader:
    name = f"{row.expert.user.display_name}（{row.expert.organisation.name}）"
    if row.shows_figures:
        return Reader(name, gettext("専門家として：質問、共有の記録、決算の数字、引き受けたあとは連絡先"))
    return Reader(name, gettext("専門家として：質問、共有の記録、引き受けたあとは連絡先"))


def _reader(case: Case, row: Involvement) -> Reader:
    if row.organisation_id is None:
        reads = gettext("リンクか紹介状で：お願いの文と連絡先")
        if not case.is_secret:
            reads = gettext("リンクか紹介状で：お願いの文、連絡先、共有の記録")
        return Reader(name_of(row), reads)
    reads = gettext("共有の記録と、自分の機関の内部の記録")
    if case.is_secret:
        reads = gettext("見てよい人だけ：共有の記録と、自分の機関の内部の記録")
    return Reader(name_of(row), reads)


def agreements(consents: Sequence[Consent], *, on: date) -> list[Agreement]:
    """What the business agreed to, and took back."""
    words = case_page.agreements(consents, on=on)
    return [
        Agreement(said.sentence, None if said.is_withdrawn else consent.pk)
        for consent, said in zip(consents, words, strict=True)
    ]
