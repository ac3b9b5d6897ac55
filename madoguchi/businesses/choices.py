"""The closed lists of the room: forms of a business, who said something, who may act for whom."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class LegalForm(TextChoices):
    """The form of a business, in the codes of the fact `legal_form` of eligibility (a test compares them)."""

    SOLE = "sole", _("個人事業主")
    KABUSHIKI = "kabushiki", _("株式会社")
    TOKUREI_YUGEN = "tokurei_yugen", _("特例有限会社")
    GODO = "godo", _("合同会社")
    GOSHI = "goshi", _("合資会社")
    GOMEI = "gomei", _("合名会社")
    JIGYO_KYODO_KUMIAI = "jigyo_kyodo_kumiai", _("事業協同組合")
    KYOGYO_KUMIAI = "kyogyo_kumiai", _("協業組合")
    KIGYO_KUMIAI = "kigyo_kumiai", _("企業組合")
    SHOKO_KUMIAI = "shoko_kumiai", _("商工組合")
    SHOTENGAI_KUMIAI = "shotengai_kumiai", _("商店街振興組合")
    SEIKATSU_EISEI_KUMIAI = "seikatsu_eisei_kumiai", _("生活衛生同業組合")
    KUMIAI_RENGOKAI = "kumiai_rengokai", _("組合の連合会")
    NOJI_KUMIAI = "noji_kumiai", _("農事組合法人")
    NPO = "npo", _("NPO法人（特定非営利活動法人）")
    IPPAN = "ippan", _("一般社団法人・一般財団法人")
    KOEKI = "koeki", _("公益社団法人・公益財団法人")
    SOCIAL_WELFARE = "social_welfare", _("社会福祉法人")
    MEDICAL = "medical", _("医療法人")
    SCHOOL = "school", _("学校法人")
    OTHER_CORPORATION = "other_corporation", _("そのほかの法人")
    LLP = "llp", _("有限責任事業組合（LLP）")
    VOLUNTARY_GROUP = "voluntary_group", _("任意の団体")


class Source(TextChoices):
    """Who or what said a value."""

    OWNER = "owner", _("本人")
    DELEGATE = "delegate", _("代理人")
    STAFF = "staff", _("相談員")
    NTA = "nta", _("法人番号公表サイト")
    GBIZINFO = "gbizinfo", _("gBizINFO")
    GBIZID = "gbizid", _("GビズID")
    IMPORT = "import", _("取込み")
    MERGE = "merge", _("統合した記録")


class EmployeesCounted(TextChoices):
    """How the employees were counted: the limits of the laws count the regular ones alone."""

    REGULAR = "regular", _("常時使用する従業員")
    INSURED = "insured", _("社会保険の加入者")
    EVERYBODY = "everybody", _("役員や短期の人もふくむ")
    REGISTER = "register", _("台帳の人数（数え方は不明）")


class MemberRole(TextChoices):
    """As what a person acts for a business."""

    OWNER = "owner", _("代表・事業主")
    STAFF = "staff", _("社員")
    DELEGATE = "delegate", _("代理人")


class Scope(TextChoices):
    """What a member may see and do; an owner always all of it."""

    CONSULTATIONS = "consultations", _("相談")
    APPLICATIONS = "applications", _("申請")
    FIGURES = "figures", _("決算の数字")


class CustodyReason(TextChoices):
    """How a business came onto the books of an organisation."""

    REGISTERED = "registered", _("窓口で登録した")
    IMPORTED = "imported", _("名簿から取り込んだ")
    CASE = "case", _("相談を受けた")
    REFERRAL = "referral", _("紹介を引き受けた")
    SHARED = "shared", _("事業者の同意を得た")


class HoldingKind(TextChoices):
    """What sort of approval or certification a business holds."""

    INNOVATION_PLAN = "innovation_plan", _("経営革新計画の承認")
    MANAGEMENT_PLAN = "management_plan", _("経営力向上計画の認定")
    CONTINUITY_PLAN = "continuity_plan", _("事業継続力強化計画の認定")
    EQUIPMENT_PLAN = "equipment_plan", _("先端設備等導入計画の認定")
    LICENCE = "licence", _("許認可")
    STANDARD = "standard", _("規格・認証（ISO など）")
    AWARD = "award", _("表彰")
    OTHER = "other", _("そのほか")


class HandedOver(TextChoices):
    """Why a desk hands a business what is known of it."""

    IN_PERSON = "in_person", _("本人が窓口で求めた")
    IN_WRITING = "in_writing", _("本人が文書で求めた")
    BY_DELEGATE = "by_delegate", _("委任を受けた代理人が求めた")
    BEFORE_ERASURE = "before_erasure", _("消去する前の控え")
