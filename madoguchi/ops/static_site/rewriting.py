"""Pages for a place without a server: links between files, no form but the search, no dead link."""

from collections.abc import Callable, Iterator
from html import escape, unescape
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

_ADDRESSES = {"href", "src", "action"}
# As strict as the site's own; a server of files may send none.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'"
)
_META = f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
SEARCH = "/search/"
# What needs the server is asked by telephone: one page says so and names the numbers.
AWAY = "/consult/"
_AWAY = ("/consult/", "/fit/", "/account/", "/favourites/", "/my/")
_KEPT_IN_SEARCH = ("q", "kind", "purpose")

Place = Callable[[str], bool]


def links_of(html: str) -> Iterator[str]:
    """Every address that a page names."""
    reader = _Links()
    reader.feed(html)
    yield from reader.found


def rewritten(html: str, path: str, exists: Place) -> str:
    """A page for its place in the copy; `exists` tells whether the copy holds an address."""
    writer = _Writer(path, exists)
    writer.feed(html)
    writer.close()
    return "".join(writer.pieces)


def file_of(path: str) -> str:
    """Where in the copy an address lies; a folder's page is its index."""
    return f"{path}index.html".lstrip("/") if path.endswith("/") else path.lstrip("/")


class _Links(HTMLParser):
    """Gathers addresses."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the addresses of one tag."""
        self.found += [value for name, value in attrs if name in _ADDRESSES and value and tag != "form"]

    handle_startendtag = handle_starttag


class _Writer(HTMLParser):
    """Writes everything again as it was, but addresses, forms, htmx."""

    def __init__(self, path: str, exists: Place) -> None:
        super().__init__(convert_charrefs=False)
        self.pieces: list[str] = []
        self._path, self._exists = path, exists
        self._up = "../" * (path.count("/") - 1)
        self._anchors: list[str] = []
        self._left_out = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Write one tag with its addresses changed."""
        given = dict(attrs)
        if self._left_out:
            return
        if tag == "form" and given.get("role") != "search":
            self._left_out = "form"
        elif _is_htmx(tag, given):
            self._left_out = tag if tag == "script" else ""
        elif tag == "a":
            self._anchor(given)
        else:
            self._write(tag, {name: self._changed(tag, name, value) for name, value in attrs})
            if tag == "head":
                self.pieces.append(_META)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Write a tag that closes itself."""
        if not self._left_out:
            self.pieces.append(self.get_starttag_text() or "")

    def handle_endtag(self, tag: str) -> None:
        """Write the end of a tag, or go on after what is left out."""
        if self._left_out:
            if tag == self._left_out:
                self._left_out = ""
        elif tag == "a" and self._anchors:
            self.pieces.append(f"</{self._anchors.pop()}>")
        else:
            self.pieces.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        """Write text as it is."""
        self._keep(data)

    def handle_entityref(self, name: str) -> None:
        """Write an entity as it is."""
        self._keep(f"&{name};")

    def handle_charref(self, name: str) -> None:
        """Write a numbered character as it is."""
        self._keep(f"&#{name};")

    def handle_decl(self, decl: str) -> None:
        """Write the document type."""
        self._keep(f"<!{decl}>")

    def _keep(self, text: str) -> None:
        if not self._left_out:
            self.pieces.append(text)

    def _anchor(self, given: dict[str, str | None]) -> None:
        """A link to a page of the copy or of another site; where it leads nowhere its words stay."""
        href = self._link(given.get("href") or "")
        name = "a" if href is not None else "span"
        self._anchors.append(name)
        if href is None:
            self._write(name, {key: value for key, value in given.items() if key in ("class", "lang", "id")})
        else:
            self._write(name, {**given, "href": href})

    def _changed(self, tag: str, name: str, value: str | None) -> str | None:
        if name not in _ADDRESSES or not value:
            return value
        if tag == "form":
            return self._up + file_of(SEARCH).removesuffix("index.html")
        return self._link(value) or value

    def _link(self, link: str) -> str | None:
        parts = urlsplit(urljoin(self._path, unescape(link)))
        if parts.scheme or parts.netloc or link.startswith("#"):
            return link
        fragment = f"#{parts.fragment}" if parts.fragment else ""
        if parts.path == SEARCH:
            kept = [pair for pair in parse_qsl(parts.query) if pair[0] in _KEPT_IN_SEARCH]
            return self._to(SEARCH) + (f"?{urlencode(kept)}" if kept else "")
        if self._exists(parts.path):
            return self._to(parts.path) + fragment
        return self._to(AWAY) if parts.path.startswith(_AWAY) else None

    def _to(self, path: str) -> str:
        return (self._up + path.lstrip("/")) or "./"

    def _write(self, tag: str, attributes: dict[str, str | None]) -> None:
        kept = (
            name if value is None else f'{name}="{escape(value)}"'
            for name, value in attributes.items()
            if not name.startswith("hx-")
        )
        self.pieces.append(f"<{' '.join([tag, *kept])}>")


def _is_htmx(tag: str, given: dict[str, str | None]) -> bool:
    return (tag == "script" and "htmx" in (given.get("src") or "")) or given.get("name") == "htmx-config"
