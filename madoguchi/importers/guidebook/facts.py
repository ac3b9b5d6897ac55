"""Facts in the text of a programme: contacts, rates, caps, windows, requirements."""

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction

from madoguchi.importers.documents.found import GUESS, LIKELY, SURE, UNSURE, Found
from madoguchi.importers.documents.lines import Line, join, plain
from madoguchi.importers.guidebook.drafts import ContactDraft
from madoguchi.importers.guidebook.entries import CONTACT, PHONE
from madoguchi.japan.contact import parse_phone
from madoguchi.japan.rates import parse_rate
from madoguchi.japan.yen import parse_yen

_EMAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}")
_URL = re.compile(r"https?\s?:\s?/\s?/\s?[^\s）)」】、。]+(?:\s/[^\s）)」】、。]+)?")
_FAX = re.compile(r"(?:FAX|ファックス|ファクス|Fax)[\s:]*$")
_EXTENSION = re.compile(r"^\s?\(?(?:内線|内)\s?([\d・,~-]+)\)?")
_DESK = re.compile(
    r"【([^】]*)】\s*(.*)|^[〇○◯●◎・]?\s*((?:お)?(?:問い?合わ?せ先?|問合せ先?|申込先|連絡先|担当課?|窓口))\s*[:：]?\s*(.*)"
)
_NO_DESK = re.compile(r"(?:TEL|電話|FAX|℡|☎|E-?mail|メール|ホームページ|HP|URL)[\s:：]*", re.IGNORECASE)
_RATE = re.compile(
    r"\d{1,2}\s?/\s?\d{1,2}(?:\s?(?:以内|以下))?|\d{1,2}\s?分の\s?\d{1,2}(?:\s?(?:以内|以下))?|\d{1,3}(?:\.\d+)?\s?%(?:\s?(?:以内|以下))?"
)
_RATE_WORDS = re.compile(r"補助|助成|負担|費用|経費|支援|免除|率|上限")
_NO_RATE = re.compile(r"伸び|付加価値|給与|金利|利率|以上|増加|議決権|出資|株式|売上")
_MONEY = r"(?:約\s?)?\d[\d,.]*\s?(?:億|千万|百万|万|千)?\s?(?:\d[\d,]*\s?万)?円"
_CAP = re.compile(
    rf"(?:上限(?:額|金額)?|限度(?:額)?|最大|最高|限度)\s?(?:は|が|で|:)?\s?(?:1[^\d\s]{{1,6}}(?:当たり|あたり|につき)?\s?)?(?P<after>{_MONEY})"
    rf"|(?P<before>{_MONEY})\s?(?:を|が|の)?\s?(?:上限|限度|以内|まで(?!の))"
    rf"|(?P<joined>{_MONEY})(?=\s?(?:及び|並びに)[^。円]{{0,24}}{_MONEY}\s?を\s?(?:上限|限度))"
)
_WINDOW_LABEL = re.compile(
    r"^[(（]?\d{0,2}[)）]?\s*[〇○・■◆【]?\s*"
    r"((?:募集|受付|申請|申込|公募|開催|実施|応募|受講|利用)\s?(?:期間|時期|時間|期限|方法|日程|受付期間)|開催日程?|締切|締め切り|〆切|受付)\s*[】:：]?\s*(.*)$"
)
# A day, or a year with what happens then. Since when something has been so is no time to apply.
_YEAR = r"(?:令和|平成|R)\s?\d{1,2}\s?年?|(?<!\d)20\d{2}\s?年"
_MONTH = r"\s?度?\s?\d{1,2}\s?(?:[~-]\s?\d{1,2}\s?)?月(?:\s?\d{1,2}\s?日)?"
_CALLS = r"(?:募集|公募|受付|申込|締切)"
_DATES = re.compile(
    rf"(?:{_YEAR})(?:{_MONTH})[^。]{{0,12}}?(?:まで(?!の)|~|{_CALLS})|(?:{_YEAR})\s?度?[^。]{{0,6}}{_CALLS}"
    rf"|現在募集中|公募終了|随時\s?(?:受付|募集)|通年(?:で)?(?:受付|募集)"
)
_HOURS = re.compile(r"\d{1,2}\s?[:時]\s?\d{0,2}")
_WHEN = re.compile(r"\d\s?月|随時|通年|募集|公募|予定|終了|年度")
_REQUIREMENT_LABEL = re.compile(
    r"^[(（]?\s*\d{0,2}\s*[)）]?\s*[〇○・■◆【①-⑩ア-オ]?\s*"
    r"((?:補助|助成|支援|融資|申請|派遣|貸付|応募|相談)?\s?(?:対\s*象\s*者|対象事業者|対象企業|対象となる方|対象要件|申請者の要件|主な認定要件|認定要件|要\s*件|資格要件|応募資格|利用できる方|ご利用いただける方|法律の適用|対象商品|対象経費|対象事業|相談対象|対\s*象))\s*[】:：]?\s*(.*)$"
)
_SUBHEAD = re.compile(r"^(?:[(（]\d{1,2}[)）]|[〇○◯◎■◆●□]|[≪《【〈＜<]|[①-⑳]|[ア-オ]\s|※関係)")
_BULLET = re.compile(r"^(?:[・○〇●◦①-⑳※]|[(（][ア-ンa-z\d]+[)）])\s*")


def contacts(lines: Sequence[Line]) -> Iterator[Found[ContactDraft]]:
    """Yield each desk with its numbers: the name stands before the numbers, on their line or above."""
    desk: list[Line] = []
    for place, line in enumerate(lines):
        numbers = list(PHONE.finditer(line.plain))
        if not numbers:
            named = CONTACT.search(line.plain) and ("【" in line.text or ":" in line.plain)
            if named:
                desk = [line]
            elif desk and len(desk) < 4 and lines[place - 1] is desk[-1] and not line.text.endswith("。"):
                desk.append(line)
            else:
                desk = []
            continue
        yield _contact(line, numbers, desk)
        desk = []


def _contact(line: Line, numbers: Sequence[re.Match[str]], desk: Sequence[Line]) -> Found[ContactDraft]:
    phones: list[str] = []
    faxes: list[str] = []
    for found in numbers:
        is_fax = _FAX.search(line.plain[: found.start()]) is not None
        tail = _EXTENSION.match(line.plain[found.end() :])
        written = f"{found[0]}（内線{tail[1]}）" if tail and tail[1].isdigit() else found[0]
        try:
            label = parse_phone(written).label
        except ValueError:
            label = written
        (faxes if is_fax else phones).append(label)
    own = _desk_name(line.text[: numbers[0].start()])
    name = own or join(_desk_name(each.text) for each in desk)
    near = [*desk, line] if not own else [line]
    certain, reason = (SURE, "") if name else (UNSURE, "番号の前に窓口の名前がありません。")
    draft = ContactDraft(name, tuple(phones), tuple(faxes), tuple(_EMAIL.findall(line.plain)))
    return Found.at(draft, near, "", certain, reason)


def _desk_name(text: str) -> str:
    """The name of a desk without its label and the words before a number."""
    bare = _NO_DESK.sub("", re.sub(r"【[^】]*】", " ", text))
    bare = re.sub(
        r"^\s*[〇○◯●◎・]?\s*(?:お)?(?:問い?合わ?せ先?|問合せ先?|申込先|連絡先|担当窓口)\s*[:：]\s*", "", bare
    )
    return " ".join(bare.strip(" 　（(:：").split())


def urls(lines: Sequence[Line]) -> Iterator[Found[str]]:
    """Yield the addresses of web pages."""
    for line in lines:
        for found in _URL.finditer(line.plain):
            address = re.sub(r"\s", "", found[0])
            reason = "空白をとって、つなぎました。" if " " in found[0] else ""
            yield Found.at(address, [line], found[0], LIKELY if reason else SURE, reason)


def rates(lines: Sequence[Line]) -> Iterator[Found[Fraction]]:
    """Yield shares of the cost that is borne: 2/3以内, ３分の２, 50%."""
    for sentence, parts in _sentences(lines):
        flat = plain(sentence)
        if not _RATE_WORDS.search(flat) or _NO_RATE.search(flat):
            continue
        for found in _RATE.finditer(flat):
            try:
                rate = parse_rate(re.sub(r"\s", "", found[0]))
            except ValueError:
                continue
            if 0 < rate <= 1:
                certain, reason = (
                    (LIKELY, "") if "%" not in found[0] else (UNSURE, "割合が補助率とは限りません。")
                )
                yield Found.at(rate, _lines_of(found[0], parts), found[0], certain, reason)


def caps(lines: Sequence[Line]) -> Iterator[Found[int]]:
    """Yield the amounts that are called a limit, in yen."""
    for sentence, parts in _sentences(lines):
        flat = plain(sentence)
        for found in _CAP.finditer(flat):
            written = found["after"] or found["before"] or found["joined"]
            try:
                amount = parse_yen(re.sub(r"約|\s", "", written))
            except ValueError:
                continue
            called = found["before"] is None or "上限" in found[0] or "限度" in found[0]
            certain, reason = (LIKELY, "") if called else (GUESS, "「以内」「まで」の金額です。")
            yield Found.at(amount, _lines_of(written, parts), found[0], certain, reason)


def windows(lines: Sequence[Line]) -> Iterator[Found[str]]:
    """Yield when a programme can be used: what a label such as 募集時期 says, or a date with から・まで."""
    for place, line in enumerate(lines):
        found = _WINDOW_LABEL.match(line.plain)
        if found:
            value = line.text[found.start(2) :].strip()
            following = lines[place + 1] if place + 1 < len(lines) else None
            if not value and following is not None and not _SUBHEAD.match(following.text):
                if not _is_when(found[1], following.plain):
                    continue
                yield Found.at(
                    following.text, [line, following], "", LIKELY, "見出しの次の行から読みました。"
                )
            elif value and _is_when(found[1], plain(value)):
                yield Found.at(value, [line], line.text)
        elif dated := _DATES.search(line.plain):
            yield Found.at(line.text, [line], dated[0], UNSURE, "日付の形から読みました。")


def _is_when(label: str, value: str) -> bool:
    """Whether a value says when: office hours do not, and a way to apply only where a time stands in it."""
    is_told = _WHEN.search(value) is not None
    has_day = re.search(r"\d", value) is not None and not _HOURS.search(value)
    return is_told or (has_day and "方法" not in label)


def requirements(lines: Sequence[Line]) -> Iterator[Found[str]]:
    """Yield who may use a programme: what stands behind 対象者, and the points below 要件."""
    place = 0
    while place < len(lines):
        found = _REQUIREMENT_LABEL.match(lines[place].plain)
        if found is None:
            place += 1
            continue
        head = lines[place]
        own = head.text[found.start(2) :].strip()
        body, place = _body(lines, place + 1)
        if own and not _BULLET.match(own):
            wrapped = _until_bullet(body)
            yield Found.at(join([own, *(line.text for line in wrapped)]), [head, *wrapped])
            body = body[len(wrapped) :]
        elif own:
            body = [head, *body]
        for point in _points(body):
            text = join(line.text for line in point)
            text = text[found.start(2) :].strip() if point[0] is head else text
            yield Found.at(text, point, "", LIKELY, "「" + found[1].strip() + "」の下の行です。")


def _body(lines: Sequence[Line], place: int) -> tuple[list[Line], int]:
    """The lines below a label, up to the next label of the same rank."""
    body: list[Line] = []
    while place < len(lines):
        line = lines[place]
        ends = re.match(r"^(?:[(（]\d{1,2}[)）]|【|≪|[■◆□])", line.text) or PHONE.search(line.plain)
        if ends or _URL.search(line.plain) or line.text.startswith("詳細は"):
            break
        body.append(line)
        place += 1
    return body, place


def _until_bullet(body: Sequence[Line]) -> list[Line]:
    """The lines that carry on the text behind a label."""
    wrapped: list[Line] = []
    for line in body:
        if _BULLET.match(line.text) or line.gap > 1:
            break
        wrapped.append(line)
    return wrapped


def _points(body: Sequence[Line]) -> Iterator[list[Line]]:
    """Bulleted points with the lines they were broken over; without bullets each line."""
    point: list[Line] = []
    for line in body:
        if point and (_BULLET.match(line.text) or point[-1].text.endswith("。")):
            yield point
            point = []
        point.append(line)
    if point:
        yield point


def _sentences(lines: Sequence[Line]) -> Iterator[tuple[str, list[Line]]]:
    """Rejoined sentences with the lines they take."""
    parts: list[Line] = []
    for line in lines:
        starts = _SUBHEAD.match(line.text) or line.text.startswith(("・", "※"))
        if parts and (starts or line.gap > 2):
            yield join(each.text for each in parts), parts
            parts = []
        parts.append(line)
        if line.text.endswith("。"):
            yield join(each.text for each in parts), parts
            parts = []
    if parts:
        yield join(each.text for each in parts), parts


def _lines_of(written: str, parts: Sequence[Line]) -> list[Line]:
    """The line a value stands on, or all of its sentence where it was broken."""
    bare = re.sub(r"\s", "", written)
    return [line for line in parts if bare in re.sub(r"\s", "", line.plain)][:1] or list(parts)
