"""A mail as the message that goes over the line (RFC 5322)."""

from email.mime.text import MIMEText
from email.utils import format_datetime

from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend

from madoguchi.mail import stops
from madoguchi.mail.invitations import method_of
from madoguchi.mail.kinds import Series
from madoguchi.mail.models import Mail


def message_of(mail: Mail, connection: BaseEmailBackend | None = None) -> EmailMultiAlternatives:
    """The message of a mail that still has its content."""
    message = EmailMultiAlternatives(
        subject=mail.subject,
        body=mail.text,
        to=[mail.to],
        headers=_headers(mail),
        connection=connection,
    )
    message.attach_alternative(mail.html, "text/html")
    if mail.invitation:
        message.attach(_calendar_part(mail.invitation))
    return message


def _headers(mail: Mail) -> dict[str, str]:
    headers = {
        "Message-ID": mail.message_id,
        "Date": format_datetime(mail.created_at),
        # No automatic answers, please (RFC 3834).
        "Auto-Submitted": "auto-generated",
        "Content-Language": mail.language,
    }
    if mail.series:
        url = stops.url_of(stops.Way(mail.recipient_hash, Series(mail.series)))
        headers["List-Unsubscribe"] = f"<{url}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"  # RFC 8058
    return headers


def _calendar_part(invitation: str) -> MIMEText:
    part = MIMEText(invitation, "calendar", "utf-8")
    part.set_param("method", method_of(invitation))  # RFC 6047: the same as in the calendar
    part.add_header("Content-Disposition", "attachment", filename="invite.ics")
    return part
