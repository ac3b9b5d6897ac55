"""A copy of the portal: whole, without dead links, forms or cases, swapped in at once."""

import json
from urllib.parse import unquote, urljoin, urlsplit

import pytest

from madoguchi.institutions.models import Desk
from madoguchi.ops.static_site import building
from madoguchi.ops.static_site.rewriting import file_of, links_of, rewritten
from tests import minato


def pages(place):
    for file in sorted(place.resolve().rglob("*.html")):
        path = "/" + file.relative_to(place.resolve()).as_posix().removesuffix("index.html")
        yield path, file.read_text(encoding="utf-8")


def dead_links(place):
    """Every link of a page of the copy to a file that is not there."""
    for path, html in pages(place):
        for link in links_of(html):
            where = urlsplit(urljoin(f"https://copy.example{path}", link))
            inside = where.netloc == "copy.example" and where.scheme == "https"
            if inside and not (place / file_of(unquote(where.path))).is_file():
                yield path, link


def test_the_copy_is_whole_and_every_link_leads_somewhere(copy, client):
    told = copy()
    place = copy.place
    assert told.pages > 20
    programme = "programmes/setsubi-hojo"
    for path in ("", programme, f"{programme}/2024", "desks/minato-sodan", "search", "open-data", "consult"):
        assert (place / path / "index.html").is_file(), path
    for name in ("sitemap.xml", "robots.txt", "open-data/programmes.csv", "open-data/pack.zip"):
        assert (place / name).stat().st_size > 50, name
    assert list(dead_links(place)) == []
    assert "https://copy.example/programmes/setsubi-hojo/" in (place / "sitemap.xml").read_text()
    for _path, html in pages(place):
        assert html.count("<form") == html.count('role="search"')
        assert "csrfmiddlewaretoken" not in html
        assert "htmx" not in html
        assert '<meta http-equiv="Content-Security-Policy"' in html
        assert "hx-" not in html
    # What needs the server leads to the page with the telephone number.
    about = (place / "consult/index.html").read_text()
    assert "0857-00-0001" in about
    assert "できません" in about


def test_a_link_that_leads_nowhere_would_be_found(copy):
    copy()
    (copy.place / "desks/index.html").unlink()
    assert list(dead_links(copy.place))


def test_made_again_it_is_the_same_and_a_change_swaps_it_in_whole(copy):
    assert copy().is_new
    first = copy.place.resolve()
    assert not copy().is_new
    assert copy.place.resolve() == first
    Desk.objects.filter(slug="minato-sodan").update(name="みなと何でも窓口")
    assert copy().is_new
    assert copy.place.resolve() != first
    assert first.is_dir()  # somebody may be reading it
    left = [path for path in copy.place.parent.iterdir() if "making" in path.name or "link" in path.name]
    assert left == []


def test_what_fails_half_way_leaves_the_copy_before_it(copy, monkeypatch):
    copy()
    first = copy.place.resolve()
    monkeypatch.setattr(building.indexing, "files", lambda _rows: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        copy()
    assert copy.place.resolve() == first
    assert not [path for path in copy.place.parent.iterdir() if "making" in path.name]


def test_a_place_where_something_else_lies_is_refused(copy, run):
    copy.place.mkdir()
    (copy.place / "mine.txt").write_text("keep")
    with pytest.raises(building.PlaceTaken):
        copy()
    assert run("publish-static", str(copy.place)).code == 1
    assert (copy.place / "mine.txt").read_text() == "keep"


def test_the_command_tells_how_much_there_is(copy, run):
    told = run("publish-static", str(copy.place), "--at", "https://copy.example/")
    assert told.code == 0
    assert "ページ" in told.out


def test_the_index_holds_each_record_once_and_finds_it_by_its_pairs(copy):
    copy()
    index = copy.place / "search/index"
    hits = json.loads((index / "documents.json").read_text())
    assert len({hit["url"] for hit in hits}) == len(hits)
    number = next(n for n, hit in enumerate(hits) if hit["url"] == "/programmes/setsubi-hojo/")
    shard = building.indexing.shard_of("設備")
    assert [number, 4] in json.loads((index / f"{shard:02}.json").read_text())["設備"]


PAGE = '<head></head><a href="/desks/x/?a=1#t" class="c">窓口</a> &amp; <a href="/account/login/">入る</a>'


@pytest.mark.parametrize(
    ("html", "becomes"),
    [
        (PAGE, '<a href="../../desks/x/#t" class="c">窓口</a> &amp; <a href="../../consult/">入る</a>'),
        ('<a href="/gone/">むかし</a>', "<span>むかし</span>"),
        (
            '<a href="https://a.example/?b=1&amp;c=2">外</a>',
            '<a href="https://a.example/?b=1&amp;c=2">外</a>',
        ),
        ('<a href="/search/?q=%E7%AA%93&amp;area=1">x</a>', '<a href="../../search/?q=%E7%AA%93">x</a>'),
        ('<form action="/x/" method="post"><a href="/">y</a></form>z', "z"),
        (
            '<form role="search" action="/search/"></form>',
            '<form role="search" action="../../search/"></form>',
        ),
        ('<a href="#main">m</a><br>', '<a href="#main">m</a><br>'),
        ('<script src="/static/htmx.js" defer></script>k', "k"),
    ],
)
def test_a_page_is_written_for_its_place(html, becomes):
    assert rewritten(html, "/programmes/x/", lambda path: path == "/desks/x/").endswith(becomes)


def test_nothing_of_a_case_is_in_the_copy(copy):
    copy()
    names = {path.relative_to(copy.place.resolve()).parts[0] for path in copy.place.resolve().rglob("*")}
    assert not names & {"account", "my", "desk", "api", "demo", "referral"}
    assert minato.MINATO.name not in names
