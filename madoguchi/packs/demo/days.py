"""From "so many days ago" to a moment in an office: business days, in working hours, never ahead of now."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zlib import crc32

from madoguchi.japan.business_days import OfficeCalendar, business_day_on_or_after, is_business_day

_CALENDAR = OfficeCalendar.PUBLIC_OFFICE
_BEGINS = time(8, 40)
_BETWEEN = timedelta(minutes=20)
# Cases of one day do not all begin at the same minute.
_FIRST_SLOTS = 7
_SLOT = timedelta(minutes=11)


@dataclass(frozen=True)
class Days:
    """Days as seen from one moment."""

    now: datetime

    def back(self, ago: int) -> date:
        """The business day so many days ago, or the one before it; today whatever it is."""
        day = self.now.date() - timedelta(days=ago)
        while ago and not is_business_day(day, calendar=_CALENDAR):
            day -= timedelta(days=1)
        return day

    def ahead(self, in_days: int) -> date:
        """The day so many days ahead, or the business day after it; today whatever it is."""
        day = self.now.date() + timedelta(days=in_days)
        return business_day_on_or_after(day, calendar=_CALENDAR) if in_days else day

    def moment(self, ago: int, *, key: str, nth: int) -> datetime:
        """When the nth thing happened to what has this key."""
        begins = datetime.combine(self.back(ago), _BEGINS, tzinfo=self.now.tzinfo)
        slot = crc32(key.encode()) % _FIRST_SLOTS
        return min(begins + slot * _SLOT + nth * _BETWEEN, self.now)
