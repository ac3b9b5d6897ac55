"""The kinds of organisations and the levels of units."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class OrganisationKind(TextChoices):
    """What sort of body an organisation is."""

    NATION = "nation", _("国")
    PREFECTURE = "prefecture", _("都道府県")
    MUNICIPALITY = "municipality", _("市町村")
    CHAMBER = "chamber", _("商工会議所・商工会")
    SUPPORT_CENTRE = "support_centre", _("支援センター")
    ASSOCIATION = "association", _("団体")
    COUNCIL = "council", _("協議会")
    RESEARCH = "research", _("研究機関・大学")
    BANK = "bank", _("金融機関")
    GUARANTEE = "guarantee", _("信用保証協会")
    OTHER = "other", _("その他")


class UnitLevel(TextChoices):
    """Where a unit stands inside its organisation."""

    DEPARTMENT = "department", _("部・局")
    DIVISION = "division", _("課・室")
    GROUP = "group", _("グループ・係")
    OFFICE = "office", _("出先機関")
