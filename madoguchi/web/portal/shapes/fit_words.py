"""Everyday words for the questions: industries by what people do, intents in groups."""

from django.utils.translation import gettext_noop as _

# Each division of 日本標準産業分類 as people would say it; S (公務) and T (分類不能) are nobody's trade.
INDUSTRIES: dict[str, str] = {
    "A": _("米、野菜、果物、畜産、林業など"),
    "B": _("漁、養殖など"),
    "C": _("石や砂利をとる仕事など"),
    "D": _("建築、土木、電気や水道の工事など"),
    "E": _("ものをつくる仕事。食品、木工、金属、機械など"),
    "F": _("電気、ガス、水道など"),
    "G": _("ソフトウェア、ウェブ、放送、出版など"),
    "H": _("トラック、バス、タクシー、倉庫など"),
    "I": _("お店、ネットショップ、卸など"),
    "J": _("銀行、保険の代理店など"),
    "K": _("不動産、駐車場、レンタルなど"),
    "L": _("設計、デザイン、税理士、コンサルタントなど"),
    "M": _("旅館、ホテル、食堂、カフェ、居酒屋など"),
    "N": _("理容、美容、クリーニング、旅行、スポーツ施設など"),
    "O": _("塾、習いごと、学校など"),
    "P": _("病院、介護、保育など"),
    "Q": _("農協、郵便局など"),
    "R": _("警備、清掃、自動車整備、人材派遣など"),
}

# The nationwide intents in everyday groups; what a pack adds stands in a group of its own.
INTENT_GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (_("売り先をひろげる"), ("sales_channels", "online_sales", "trade_fair", "subcontract", "overseas")),
    (
        _("新しいことを始める"),
        ("found", "new_product", "new_field", "innovate", "research", "ip"),
    ),
    (
        _("設備やデジタルを入れる"),
        ("equipment", "digital", "automation", "energy_saving", "build_site", "relocate"),
    ),
    (_("人を採る、育てる"), ("hire", "train", "work_style")),
    (_("お金をととのえる、立て直す"), ("borrow", "turnaround", "disaster_recovery")),
    (_("引き継ぐ、学ぶ、働く"), ("succession", "learn", "find_job")),
)
