"""What can go wrong when a report is printed, as somebody can act on it."""

from django.utils.translation import gettext_lazy as _

from madoguchi.foundation.errors import DomainError


class FontsMissing(DomainError):
    """No typeface with Japanese characters is on this machine."""

    code = "reporting.fonts_missing"
    sentence = _(
        "報告書に使う日本語の書体が、このサーバーにみつかりません。Noto CJK を入れてください"
        "（Debian、Ubuntu では apt install fonts-noto-cjk）。ほかの場所にあるときは、"
        "MADOGUCHI_FONT_DIRS にフォルダーを書いてください。"
    )


class PictureUnreadable(DomainError):
    """A picture of a case study cannot be read, or is of a kind that cannot be printed."""

    code = "reporting.picture_unreadable"


class NotPrintable(DomainError):
    """The typesetter refused the report."""

    code = "reporting.not_printable"
