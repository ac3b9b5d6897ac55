"""Headings of projects' pages: what stands around the name."""

import re

LEAD = re.compile(
    r"^(?:[ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩA-Z][-－]?\d{1,3}[.．、\s]|[■□◆◇●○〇◎▼・]|[【\[〔]\d{1,3}[】\]〕]|[①-⑳]|[(（]\d{1,3}[)）]|\d{1,3}(?:-\d{1,3})*[.．、\s])\s*"
)
UNIT_TAIL = re.compile(r"[\s　]*[（(【\[]([^（()）【】]{2,30}(?:課|室|局|センター|所|部))[)）】\]]$")
_MARKS = re.compile(r"\s*[(（【\[〔]\s*(?:新規|新|継続|拡充|一部新規)\s*[)）】\]〕]\s*")


def without_marks(name: str) -> str:
    """Return a heading without its number, its marks and the unit in brackets."""
    text = UNIT_TAIL.sub("", _MARKS.sub("", name.strip()))
    text = text if text.startswith("①") else LEAD.sub("", text)
    if framed := re.fullmatch(r"[【《〔\[]([^】》〕\]]+)[】》〕\]]", text.strip()):
        return framed[1].strip()
    return text.strip() if "【" in text else text.strip(" 　■□◆◇●○〇】《》")
