"""What the mails about subscriptions say."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from madoguchi.alerts import links
from madoguchi.alerts.describing import describe
from madoguchi.alerts.kinds import What
from madoguchi.alerts.matching import Matched
from madoguchi.alerts.models import Subscription
from madoguchi.alerts.news import News, closing_day
from madoguchi.catalogue.models import Edition
from madoguchi.consultations.letters import day_words
from madoguchi.eligibility.rules.status import Verdict
from madoguchi.events.models import Event
from madoguchi.mail.addresses import absolute
from madoguchi.mail.letters import Action, Entry, Letter

CONFIRMED_WITHIN = timedelta(hours=48)
MOST_ENTRIES = 20


class Item(NamedTuple):
    """One entry of a digest: all that is new of it, and why it is told."""

    news: Sequence[News]
    matched: Matched


def confirmation(subscription: Subscription) -> Letter:
    """Asks the owner of an address whether the mails are wanted; nothing comes before that."""
    return Letter(
        subject=gettext("お知らせメールの確認のお願い"),
        paragraphs=[
            gettext("次のお知らせを、このアドレスに送る申し込みがありました。"),
            gettext("受け取るときは、下のボタンを押してください。押さないかぎり、お知らせは届きません。"),
        ],
        facts=_facts(subscription),
        action=Action(gettext("お知らせを受け取る"), links.confirm_url(subscription.pk)),
        closing=[
            gettext("このリンクは%(hours)d時間使えます。それまでに押されないと、申し込みは消えます。")
            % {"hours": CONFIRMED_WITHIN // timedelta(hours=1)},
            gettext("心あたりがないときは、何もしないでください。"),
        ],
    )


def own_list(recipient_hash: str, *, on: date, why: str = "") -> Letter:
    """Leads to the page of one's own subscriptions; `why` says why it is sent where another was asked for."""
    return Letter(
        subject=gettext("受け取っているお知らせの一覧"),
        paragraphs=[
            *([why] if why else []),
            gettext("次のページで、受け取っているお知らせを確かめたり、変えたり、止めたりできます。"),
        ],
        action=Action(gettext("お知らせの一覧を見る"), links.manage_url(recipient_hash, on=on)),
        closing=[
            gettext(
                "このページは、リンクを知っている人ならだれでも見られます。ほかの人に転送しないでください。"
            )
        ],
    )


def digest(subscription: Subscription, items: Sequence[Item], *, on: date) -> Letter:
    """All that is new for one subscription, at most twenty entries with why, until when and whom to call."""
    rest = len(items) - MOST_ENTRIES
    paragraphs = [gettext("「%(about)s」について、新しいお知らせです。") % {"about": _about(subscription)}]
    if rest > 0:
        more = ngettext("ほかに%(count)d件あります。", "ほかに%(count)d件あります。", rest)
        paragraphs.append(more % {"count": rest})
    count = ngettext("支援のお知らせ（%(count)d件）", "支援のお知らせ（%(count)d件）", len(items))
    return Letter(
        subject=count % {"count": len(items)},
        paragraphs=paragraphs,
        entries=[_entry(item, on=on) for item in items[:MOST_ENTRIES]],
        action=Action(
            gettext("お知らせを変える・止める"), links.manage_url(subscription.recipient_hash, on=on)
        ),
        closing=[gettext("締切や条件は、申し込む前に、かならず窓口で確かめてください。")],
    )


def _facts(subscription: Subscription) -> list[tuple[str, str]]:
    return [
        (gettext("内容"), _about(subscription)),
        (gettext("届く回数"), str(subscription.get_rhythm_display())),
    ]


def _about(subscription: Subscription) -> str:
    return describe(subscription.kind, subscription.question)


def _entry(item: Item, *, on: date) -> Entry:
    of = item.news[0].of
    lines = [line for news in item.news for line in _says(news, on=on)]
    lines += _why(item.matched)
    told = (line for line in (*lines, _until(of), _telephone(of)) if line)
    kind, slug = item.news[0].entry.split(":")
    return Entry(of.name, absolute(reverse(f"portal:{kind}", args=[slug])), tuple(told))


def _says(news: News, *, on: date) -> list[str]:
    """What is new, in a line, and below it what changed."""
    if news.last_day is not None:
        return [_days(news.what, news.last_day, on=on)]
    topics = _topics()
    changed = [
        gettext("%(topic)s：%(sentence)s") % {"topic": topics[name], "sentence": sentence}
        if sentence
        else gettext("%(topic)sが変わりました") % {"topic": topics[name]}
        for name, sentence in news.changed
    ]
    return [str(news.what.label), *changed]


def _days(what: What, day: date, *, on: date) -> str:
    parts = {"day": day_words(day), "days": (day - on).days}
    if what == What.HELD:
        return (
            gettext("開催日は%(day)s、あと%(days)d日です") if day > on else gettext("きょう開かれます")
        ) % parts
    return (gettext("締切は%(day)s、あと%(days)d日です") if day > on else gettext("きょうが締切です")) % parts


def _topics() -> Mapping[str, str]:
    return {
        "reception": gettext("受付期間"),
        "money": gettext("いくら"),
        "who": gettext("だれが"),
        "requirement": gettext("使える条件"),
        "benefit": gettext("受けられる支援"),
    }


def _why(matched: Matched) -> list[str]:
    if matched.verdict is None:
        return []
    words = {Verdict.ELIGIBLE: gettext("該当"), Verdict.LIKELY: gettext("該当見込み")}
    return [gettext("判定：%(verdict)s") % {"verdict": words[matched.verdict]}, *matched.reasons]


def _until(of: Edition | Event) -> str:
    """The last deadline that the document states; an event says its next dates by itself."""
    if isinstance(of, Event):
        return ""
    ends = [window.closes_at for window in of.windows.all() if window.closes_at and not window.closed_early]
    if ends:
        return gettext("受付は%(day)sまで") % {"day": day_words(closing_day(max(ends)))}
    return of.reception_text


def _telephone(of: Edition | Event) -> str:
    first = next((contact for contact in of.contacts.all() if contact.telephone), None)
    return gettext("電話 %(telephone)s") % {"telephone": first.telephone} if first else ""
