"""What people type, in a fixed mixture, and which texts hold it."""

import random
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from bench.corpus import CONCEPTS
from madoguchi.japan import areas
from madoguchi.japan.text import fold
from madoguchi.search.analyser import analyse
from madoguchi.search.documents import Document

_WORDS = (
    "補助金", "融資", "相談", "創業", "起業", "販路", "展示会", "商談会", "人手不足", "採用", "求人",
    "研修", "セミナー", "専門家", "省エネ", "設備", "機械", "電気代", "特許", "商標", "輸出", "海外",
    "農業", "漁業", "りんご", "食品", "観光", "宿泊", "飲食店", "小売", "商店街", "製造業", "建設", "運輸",
    "バス", "IT", "DX", "ホームページ", "ネット販売", "後継者", "事業承継", "廃業", "保証", "借入", "利子",
    "税金", "給付金", "新型コロナ", "災害", "子育て", "女性", "若者", "移住", "共同研究", "試験", "検査",
    "認定", "計画", "診断", "デザイン", "ブランド",
)  # fmt: skip
_QUESTIONS = (
    "店を始めたいのですがお金を借りられますか",
    "人が足りなくて困っています",
    "新しい機械を買うときに使える補助金はありますか",
    "海外に商品を売りたい場合はどこに相談すればよいですか",
    "息子に会社を継がせたい",
    "電気代を下げる設備を入れたい",
    "ホームページを作る費用を助けてほしい",
    "技術をまねされないようにするには",
    "若い人を採用したいが応募がない",
    "コロナで減った売上を取り戻したい",
    "商品の包装をおしゃれにしたい",
    "社員に研修を受けさせる費用の補助を知りたい",
    "農産物を加工して売り出したい",
    "専門家に来てもらって経営を見てほしい",
    "新しい製品の強度を試験してくれるところはありますか",
    "資金繰りが苦しいので返済を待ってほしい",
    "展示会に出るときの旅費は補助されますか",
    "会社をたたむときの相談先を教えてください",
    "大学と一緒に研究をしたい",
    "外国人のお客さんに対応したい",
)
# Typed in haste, or as it sounds.
_TYPOS = (
    "補助今", "融姿", "そうぎょう", "はんろ", "かいたく", "じんざい", "せつび", "事業継承", "展事会",
    "商談怪", "せーるす", "デザィン", "ほーむぺーじ", "でじたる", "しょうえね",
)  # fmt: skip
_MIXTURE = {"name": 40, "word": 50, "two words": 40, "phrase": 20, "question": 20, "place": 15, "typo": 15}


@dataclass(frozen=True)
class Asked:
    """A query: as it is typed, and as terms that must all occur for engines that take only those."""

    kind: str
    text: str
    terms: tuple[str, ...]

    @property
    def is_literal(self) -> bool:
        """Whether "all terms occur literally" is what was meant."""
        return self.kind in {"name", "word", "two words", "phrase"}


def mixed(documents: Sequence[Document], seed: int) -> list[Asked]:
    """Two hundred queries about some documents, in an order that the seed decides."""
    rng = random.Random(seed)
    makers = {
        "name": lambda: _literal("name", _part_of_name(rng.choice(documents).name, rng)),
        "word": lambda: _literal("word", rng.choice(_WORDS)),
        "two words": lambda: _literal("two words", *rng.sample(_WORDS, k=2)),
        "phrase": lambda: _phrase(documents, rng),
        "place": lambda: _literal("place", _place(documents, rng), rng.choice(_WORDS)),
    }
    asked = [Asked("question", text, _content_words(text)) for text in _QUESTIONS]
    asked += [_literal("typo", text) for text in _TYPOS]
    asked += [make() for kind, make in makers.items() for _ in range(_MIXTURE[kind])]
    if Counter(each.kind for each in asked) != _MIXTURE:
        raise ValueError("the mixture is not what it should be")
    rng.shuffle(asked)
    return asked


def variants() -> list[tuple[Asked, tuple[str, ...]]]:
    """Every spelling of the planted concepts, with all spellings that it should find."""
    return [(_literal("variant", spelling), spellings) for spellings in CONCEPTS for spelling in spellings]


def plain(text: str) -> str:
    """A text as the literal comparison sees it."""
    return unicodedata.normalize("NFKC", text).lower()


def holding_all(terms: Sequence[str], texts: Sequence[str]) -> set[int]:
    """The numbers of the plain texts that hold every term."""
    wanted = [plain(term) for term in terms]
    return {number for number, text in enumerate(texts) if all(term in text for term in wanted)}


def holding_any(terms: Sequence[str], texts: Sequence[str]) -> set[int]:
    """The numbers of the plain texts that hold any term."""
    wanted = {plain(term) for term in terms}
    return {number for number, text in enumerate(texts) if any(term in text for term in wanted)}


def _literal(kind: str, *terms: str) -> Asked:
    return Asked(kind, " ".join(terms), terms)


def _part_of_name(name: str, rng: random.Random) -> str:
    """A name is typed whole or from its beginning."""
    first = name.split(maxsplit=1)[0]
    return first if rng.random() < 0.5 else first[: max(4, len(first) // 2)]


def _phrase(documents: Sequence[Document], rng: random.Random) -> Asked:
    while True:
        text = rng.choice(documents).body
        start = rng.randrange(max(1, len(text) - 12))
        piece = text[start : start + rng.randint(5, 12)]
        if len(piece) >= 5 and piece.isalnum():
            return Asked("phrase", f"「{piece}」", (piece,))


def _place(documents: Sequence[Document], rng: random.Random) -> str:
    codes = [code for code in rng.choice(documents).areas if code != areas.NATION]
    return areas.get(codes[0]).name if codes and codes[0].isdigit() else "県"


def _content_words(text: str) -> tuple[str, ...]:
    return tuple(token.surface for token in analyse(fold(text)) if not token.noise and not token.weak)
