"""A believable desk for the browser: plainly fictional businesses, two organisations, a few cases."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from madoguchi.accounts.hats import Hat, hat_of
from madoguchi.accounts.models import User
from madoguchi.accounts.roles import Role
from madoguchi.businesses.choices import CustodyReason
from madoguchi.businesses.models import Business, Custody, YearlyFigures
from madoguchi.consultations.kinds import Channel, ConsentMeans, PlaceKind, Urgency, Visibility
from madoguchi.consultations.models import Case, Consent, Involvement, NoteTemplate, Topic
from madoguchi.consultations.operations import appointing, journal, planning
from madoguchi.consultations.operations.appointing import Arrangement
from madoguchi.consultations.operations.attaching import Upload
from madoguchi.consultations.operations.journal import Entry
from madoguchi.consultations.operations.opening import Destination, Matter, open_case
from madoguchi.consultations.operations.recording import Talk
from madoguchi.consultations.states import InvolvementState
from madoguchi.foundation.audit import SYSTEM
from madoguchi.institutions.models import Organisation
from tests.accounts.people import a_member, a_person, an_organisation

_TOPICS = (
    ("market", "販路開拓", "売り先を広げたい", False),
    ("startup", "起業・創業", "事業を始めたい", False),
    ("succession", "事業承継", "後を継ぐ人がいない", True),
    ("equipment", "設備投資", "機械を入れたい", False),
    ("funding", "資金繰り", "お金のやりくりに困っている", False),
)
# name, area, industry, employees, capital and sales in ten thousand yen, topic, title, days until due
_BUSINESSES = (
    ("みほん商店", "022039", "09", 12, 1000, 8640, "market", "りんご加工品を首都圏で売りたい", -2),
    ("例示デザイン工房", "022063", "72", 0, None, None, "startup", "創業の資金計画を見てほしい", 0),
    ("サンプル水産", "022080", "09", 8, 300, 5200, "succession", "後継ぎがいない。まず話を聞いてほしい", 1),
    ("見本精機", "022055", "24", 45, 3000, 61000, "equipment", "ロボット導入の補助金を使いたい", 5),
    ("もぎ農産", "022021", "01", 3, None, 2100, "startup", "観光農園を始めたい", 8),
    ("仮名タクシー", "022012", "43", 22, 1000, 9800, "funding", "燃料が上がって資金繰りが苦しい", 12),
)


@dataclass(frozen=True)
class Desk:
    """Who is there, and the case that has the longest history."""

    adviser: Hat
    manager: Hat
    case: Case
    new_case: Case


def fill(*, at: datetime) -> Desk:
    """Fill the database as of a moment."""
    today = at.date()
    chamber = an_organisation("みほん商工会", telephone="0178-00-0001")
    centre = an_organisation("例示産業センター", telephone="017-000-0002")
    adviser = _hat(chamber, "相談 花子", Role.ADVISER, at)
    manager = _hat(chamber, "管理 太郎", Role.MANAGER, at)
    colleague = _hat(chamber, "同僚 次郎", Role.ADVISER, at)
    topics = {code: _topic(place, row) for place, row in enumerate(_TOPICS) for code in [row[0]]}
    cases = [
        _case(row, adviser=adviser, topics=topics, at=at - timedelta(days=49 - 7 * place), today=today)
        for place, row in enumerate(_BUSINESSES)
    ]
    _history(cases[0], adviser, centre, at)
    tomorrow = datetime.combine(today + timedelta(days=1), time(14), tzinfo=at.tzinfo)
    arranged = Arrangement(
        adviser=User.objects.get(pk=adviser.user_id),
        starts_at=tomorrow,
        ends_at=tomorrow + timedelta(hours=1),
        place_kind=PlaceKind.VISIT,
        place="みほん商店の工場",
        note="直近の決算書をご用意ください",
    )
    appointing.make(case=cases[0], told=arranged, hat=adviser, at=at)
    planning.add_task(
        case=cases[3],
        title="見積書2社分を出す",
        due_on=today + timedelta(days=5),
        for_business=True,
        hat=adviser,
        at=at,
    )
    for row in _BUSINESSES[3:5]:
        _case(
            (f"{row[0]}二号店", *row[1:]),
            adviser=colleague,
            topics=topics,
            at=at - timedelta(days=3),
            today=today,
        )
    new = open_case(
        matter=Matter(
            title="電気代を下げる設備を入れたい",
            words="冷蔵庫が古く、電気代が月に30万円かかっています。使える補助金はありますか。",
            channel=Channel.WEB,
            urgency=Urgency.SOON,
            topics=[topics["equipment"]],
            contact={"name": "架空 一郎", "telephone": "0178-00-0009", "email": "kaku@example.jp"},
            area_code="022039",
            industry="58",
            employees=6,
        ),
        to=Destination(chamber, because="設備投資の相談は、市の商工会へ"),
        at=at - timedelta(days=1),
        by=SYSTEM,
    )
    NoteTemplate.objects.create(
        organisation=chamber, name="巡回の記録", body="【様子】\n【困りごと】\n【話したこと】\n【次までに】"
    )
    return Desk(adviser, manager, cases[0], new)


def _hat(organisation: Organisation, name: str, role: Role, at: datetime) -> Hat:
    user = a_person(at=at, name=name)
    membership = a_member(at=at - timedelta(days=400), organisation=organisation, role=role, user=user)
    return hat_of(user, chosen=membership.pk, at=at)


def _topic(place: int, row: tuple[str, str, str, bool]) -> Topic:
    code, label, say, is_secret = row
    found, _made = Topic.objects.update_or_create(
        code=f"sample-{code}",
        defaults={"label": label, "say": say, "is_secret": is_secret, "position": 900 + place},
    )
    return found


def _case(row, *, adviser: Hat, topics, at: datetime, today: date) -> Case:
    name, area, industry, employees, capital, sales, topic, title, due = row
    business = Business.objects.create(
        name=name,
        name_folded=name,
        area_code=area,
        industry=industry,
        employees=employees,
        capital_yen=capital and capital * 10_000,
        telephone="0178-00-0010",
        legal_form="kabushiki" if capital else "sole",
        created_at=at,
    )
    Custody.objects.create(
        business=business,
        organisation_id=adviser.organisation_id,
        reason=CustodyReason.CASE,
        since=at,
        actor_label=adviser.label,
    )
    if sales:
        YearlyFigures.objects.create(
            business=business,
            begins_on=date(today.year - 1, 1, 1),
            ends_on=date(today.year - 1, 12, 31),
            employees=employees,
            amounts=_amounts(sales * 10_000),
            source="owner",
            at=at,
        )
    case = open_case(
        matter=Matter(
            title=title,
            words="",
            channel=Channel.DESK,
            topics=[topics[topic]],
            business=business,
            area_code=area,
            industry=industry,
            employees=employees,
        ),
        to=Destination(
            Organisation.objects.get(pk=adviser.organisation_id), adviser=User.objects.get(pk=adviser.user_id)
        ),
        at=at,
        by=adviser.as_actor(),
    )
    _talk(case, adviser, Channel.DESK, at, f"{title}という相談。いまの様子を聞いた。", "", 40)
    planning.add_task(
        case=case,
        title="次の面談の日を決める",
        due_on=today + timedelta(days=due),
        hat=adviser,
        at=at + timedelta(days=min(due, 0)),
    )
    return case


def _amounts(sales_yen: int) -> dict[str, int]:
    return {
        "sales_yen": sales_yen,
        "operating_profit_yen": sales_yen // 25,
        "personnel_yen": sales_yen // 4,
        "assets_yen": sales_yen * 7 // 10,
        "net_assets_yen": sales_yen // 5,
        "short_borrowings_yen": sales_yen // 10,
        "long_borrowings_yen": sales_yen // 6,
        "cash_yen": sales_yen // 9,
    }


def _talk(case, hat, channel, at, shared, internal, minutes, place="", personal="", files=()):  # noqa: PLR0917
    talk = Talk(channel=channel, held_on=at.date(), minutes=minutes, place=place)
    journal.write_entry(
        case=case,
        entry=Entry(body=shared, visibility=Visibility.SHARED, talk=talk, files=files),
        hat=hat,
        at=at,
        once=f"{case.key}-{at.isoformat()}-s",
    )
    for text, visibility in ((internal, Visibility.INTERNAL), (personal, Visibility.PERSONAL)):
        if text:
            journal.write_entry(
                case=case,
                entry=Entry(body=text, visibility=visibility),
                hat=hat,
                at=at + timedelta(minutes=5),
                once=f"{case.key}-{at.isoformat()}-{visibility}",
            )


def _history(case: Case, hat: Hat, centre: Organisation, at: datetime) -> None:
    _talk(
        case,
        hat,
        Channel.VISIT,
        at - timedelta(days=28),
        "工場を見せていただきました。生産には月300本の余裕があります。",
        "",
        50,
        "会社",
        "代表は数字の話より、商品の話から入ると話しやすい。",
    )
    _talk(
        case,
        hat,
        Channel.CONSULTATION_DAY,
        at - timedelta(days=11),
        "瓶の形とラベルの見直しを提案しました。販路開拓の補助金は、この案で申請できる見込みです。"
        "次回までに、見積書を2社からもらいます。",
        "見積りの単価がやや高い。同じ機械をもつ加工所を紹介できるか、所内で確認する。",
        60,
        "例示プラザ",
        files=[Upload("見積書（甲社）.pdf", b"%PDF-1.7\n sample")],
    )
    today = at.date()
    planning.add_goal(
        case=case, text="首都圏の専門店5店に置いてもらう", by_day=today + timedelta(days=150), hat=hat, at=at
    )
    for title, days, for_business in (
        ("引き継ぎの返事を、取引・情報推進課に確かめる", -2, False),
        ("補助金の計画書を読む（締切 11月10日）", 5, False),
        ("見積書2社分を受け取る", 7, True),
    ):
        planning.add_task(
            case=case,
            title=title,
            due_on=today + timedelta(days=days),
            for_business=for_business,
            hat=hat,
            at=at + timedelta(days=min(days, 0)),  # no day that is over is taken
        )
    consent = Consent.objects.create(
        case=case, means=ConsentMeans.SPOKEN, given_at=at - timedelta(days=2), recorded_by_id=hat.user_id
    )
    consent.organisations.add(centre)
    Involvement.objects.create(
        case=case,
        organisation=centre,
        state=InvolvementState.SENT,
        sent_at=at - timedelta(days=2),
        sent_by_id=hat.user_id,
        sent_by_organisation_id=hat.organisation_id,
        message="首都圏の専門店との商談を相談したいそうです。",
    )
