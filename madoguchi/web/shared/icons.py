"""The drawings of the site on a 24 by 24 grid, as the inside of an svg; class a is drawn in the accent."""

from typing import Final

ICONS: Final[dict[str, str]] = {
    "search": '<circle cx="10.5" cy="10.5" r="6.5"/><path d="m15.5 15.5 5 5"/>',
    "market": (
        '<path d="M4 10h16l-1.5-5h-13z"/>'
        '<path d="M5.5 10v9.5h13V10"/>'
        '<path class="a" d="M10 19.5v-5.5h4v5.5"/>'
    ),
    "equipment": (
        '<path d="M3.5 19.5h17"/>'
        '<path d="M5.5 19.5v-6h6v6"/>'
        '<path d="M8.5 13.5V9l4-3.5 3.5 3"/>'
        '<path class="a" d="M16 8.5l2.5 2.5-2.5 2.5-2-2"/>'
        '<path d="M14.5 19.5v-3h4v3"/>'
    ),
    "it": (
        '<rect x="3.5" y="5" width="17" height="11.5" rx="1.5"/>'
        '<path d="M8 20h8"/>'
        '<path class="a" d="m8 12.5 2.5-2.5 2 2 3.5-3.5"/>'
    ),
    "funding": (
        '<path d="M4 19.5h16"/>'
        '<circle class="a" cx="12" cy="10" r="6"/>'
        '<path d="m9.8 7 2.2 3 2.2-3M12 10v4M10 11.2h4"/>'
    ),
    "people": (
        '<circle cx="9" cy="8" r="3.2"/>'
        '<path d="M3 19.5c.4-4 2.6-6 6-6s5.6 2 6 6"/>'
        '<path class="a" d="M18 7.5v6M15 10.5h6"/>'
    ),
    "ip": (
        '<path d="M12 3.5 4.5 6.5v5c0 4.5 3 7.5 7.5 9 4.5-1.5 7.5-4.5 7.5-9v-5z"/>'
        '<path class="a" d="m8.8 12 2.3 2.3 4.2-4.6"/>'
    ),
    "startup": (
        '<path d="M12 20.5v-9"/>'
        '<path class="a" d="M12 13c-.3-3.6-2.6-5.7-7-6 .2 4 2.6 6.2 7 6Z"/>'
        '<path d="M12 11c.2-4 2.6-6.4 7-7-.2 4.5-2.6 7-7 7ZM7 20.5h10"/>'
    ),
    "succession": (
        '<circle cx="6.5" cy="7" r="2.5"/>'
        '<path d="M2.5 19.5v-3c0-2.5 1.5-4 4-4s4 1.5 4 4v3"/>'
        '<circle cx="18" cy="9" r="2"/>'
        '<path d="M15 19.5v-2.5c0-1.9 1.1-3 3-3s3 1.1 3 3v2.5"/>'
        '<path class="a" d="M10.5 4.5h5m-2-2 2 2-2 2"/>'
    ),
    "disaster": (
        '<path d="m3.5 11 8.5-7 8.5 7"/>'
        '<path d="M6 9.5v10h12v-10"/>'
        '<path class="a" d="m13 10-2.5 3.5h3L11 17"/>'
    ),
    "information": (
        '<path d="M4 5.5c3-1 5.5-.8 8 1v13c-2.5-1.8-5-2-8-1z"/>'
        '<path d="M20 5.5c-3-1-5.5-.8-8 1v13c2.5-1.8 5-2 8-1z"/>'
        '<path class="a" d="M15 10.5c.9-.3 1.7-.4 2.5-.4M15 14c.9-.3 1.7-.4 2.5-.4"/>'
    ),
    "check": '<path d="m5 12.5 4.5 4.5L19 7.5"/>',
    "cross": '<path d="m6.5 6.5 11 11m0-11-11 11"/>',
    "arrow": '<path d="M5 12h14m-6-6 6 6-6 6"/>',
    "back": '<path d="M19 12H5m6-6-6 6 6 6"/>',
    "phone": (
        '<path d="M6.5 3.5 9.5 4l1 4-2 1.5c1 2.5 2.5 4 5 5l1.5-2 4 1 .5 3'
        'c0 2-1.5 3.5-3.5 3.5C9.5 19.5 4 14 3.5 7c0-2 1-3.5 3-3.5Z"/>'
    ),
    "star": '<path d="m12 4 2.5 5.2 5.7.8-4.1 4 1 5.6-5.1-2.7-5.1 2.7 1-5.6-4.1-4 5.7-.8z"/>',
    "calendar": (
        '<rect x="4" y="5.5" width="16" height="14.5" rx="1.5"/><path d="M4 10h16M8.5 3.5v4M15.5 3.5v4"/>'
    ),
    "pin": (
        '<path d="M12 21c4.5-5 6.8-8.3 6.8-11.2A6.8 6.8 0 0 0 5.2 9.8C5.2 12.7 7.5 16 12 21Z"/>'
        '<circle cx="12" cy="9.8" r="2.3"/>'
    ),
    "yen": '<path d="m6.5 4.5 5.5 8 5.5-8M12 12.5v7.5M7.5 13h9M7.5 16.5h9"/>',
    "user": '<circle cx="12" cy="8" r="3.7"/><path d="M4.8 20c.5-4.5 3-6.7 7.2-6.7s6.7 2.2 7.2 6.7"/>',
    "clock": '<circle cx="12" cy="12" r="8.3"/><path d="M12 7v5.3l3.3 2"/>',
    "warn": '<path d="M12 4 2.8 19.5h18.4z"/><path d="M12 10v4.5M12 17.2v.1"/>',
    "print": '<path d="M7 9V4h10v5M7 17H4V9.5h16V17h-3"/><path d="M7 14h10v6H7z"/>',
    "pencil": '<path d="m5 19 .8-3.5L16 5.3 18.7 8 8.5 18.2z"/>',
    "file": '<path d="M6 3.5h8l4 4v13H6z"/><path d="M14 3.5v4h4"/>',
    "menu": '<path d="M4 7h16M4 12h16M4 17h16"/>',
    "bell": '<path d="M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 1.5h-15zM10 20.5h4"/>',
    "filter": '<path d="M4 6h16M7 12h10M10.5 18h3"/>',
    "help": (
        '<circle cx="12" cy="12" r="8.5"/>'
        '<path d="M9.5 9.7c.2-1.6 1.2-2.4 2.6-2.4 1.5 0 2.5.9 2.5 2.2 0 2-2.5 2-2.5 4M12.1 16.7v.1"/>'
    ),
    "link": '<path d="M14 5h5v5M19 5l-8.5 8.5M17.5 13.5V19H5V6.5h5.5"/>',
    "lock": (
        '<rect x="5" y="10.5" width="14" height="9.5" rx="1.5"/>'
        '<path d="M8.5 10.5V7.8a3.5 3.5 0 0 1 7 0v2.7"/>'
    ),
    "eye": (
        '<path d="M2.8 12C5 8 8.2 6 12 6s7 2 9.2 6C19 16 15.8 18 12 18s-7-2-9.2-6Z"/>'
        '<circle cx="12" cy="12" r="2.7"/>'
    ),
    "plus": '<path d="M12 5v14M5 12h14"/>',
    "mail": '<rect x="3.5" y="5.5" width="17" height="13" rx="1.5"/><path d="m4 7 8 6 8-6"/>',
}
