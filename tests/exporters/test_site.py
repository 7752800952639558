"""The files of the public site."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from xml.etree import ElementTree

from lxml import html

from bot.exporters.site import PAGE_NAME, Site
from tests.exporters.exported import BOOK, debate

ATOM = "{http://www.w3.org/2005/Atom}"


def built(url: str | None = None) -> dict[str, bytes]:
    """Give a site of three discussions, two of them about one book."""
    site = Site(url)
    later = debate(30, lambda number: f"||secret|| & <b> {number} \x0c")
    files = [
        site.page(replace(debate(3), id=1, title="Born <bad>?")),
        site.page(replace(later, id=2, title="The ice")),
        site.page(replace(debate(2), id=3, title="News", book=None)),
    ]
    return dict([*files, *site.indexes()])


def links(page: bytes) -> list[str]:
    return [str(href) for href in html.fromstring(page).xpath("//body//@href")]


def test_every_page_is_reached_from_the_first_and_leads_back() -> None:
    files = built()
    assert set(files) == {
        *("index.html", "feed.xml", "book-1.html"),
        *("discussion-1.html", "discussion-2.html", "discussion-3.html"),
    }
    assert all(PAGE_NAME.fullmatch(name) for name in files)
    home = links(files["index.html"])
    assert {name for name in files if name != "index.html"} == set(home)
    assert links(files["book-1.html"])[:3] == [
        "index.html",
        "discussion-2.html",
        "discussion-1.html",
    ], "the latest activity first"
    assert {"index.html", "book-1.html"} <= set(links(files["discussion-1.html"]))


def test_titles_are_escaped_and_books_are_headings() -> None:
    page = built()["index.html"].decode()
    assert "Born &lt;bad&gt;?" in page
    assert '<h2><a href="book-1.html">Frankenstein</a></h2>' in page
    assert "<h2>Without a book</h2>" in page
    assert "by Mary Shelley, Lackington, 1818" in built()["book-1.html"].decode()


def test_canonical_links_name_where_the_site_stands() -> None:
    here, there = built(), built("https://club.example/debates")
    for name, page in there.items():
        if name.endswith(".html"):
            (canonical,) = html.fromstring(page).xpath("//link[@rel='canonical']/@href")
            assert canonical == f"https://club.example/debates/{name}"
            assert html.fromstring(here[name]).xpath("//link[@rel='canonical']") == []


def test_the_feed_is_atom_with_the_newest_posts_and_hides_spoilers() -> None:
    feed = ElementTree.fromstring(built("https://club.example")["feed.xml"])
    entries = feed.findall(f"{ATOM}entry")
    assert feed.tag == f"{ATOM}feed"
    for parent in (feed, *entries):
        for required in ("id", "title", "updated"):
            assert parent.findtext(f"{ATOM}{required}")
    assert len({entry.findtext(f"{ATOM}id") for entry in entries}) == len(entries) == 35
    first = entries[0]
    assert first.findtext(f"{ATOM}title") == "Cleo in The ice"
    assert first.findtext(f"{ATOM}author/{ATOM}name") == "Cleo"
    (link,) = first.findall(f"{ATOM}link")
    assert link.attrib["href"] == "https://club.example/discussion-2.html#post-30"
    assert first.findtext(f"{ATOM}summary") == "▮▮▮ & <b> 30"
    dates = [str(entry.findtext(f"{ATOM}published")) for entry in entries]
    assert dates == sorted(dates, reverse=True)


def test_the_feed_shows_old_posts_as_they_were_typed_but_for_spoilers() -> None:
    old = debate(1, lambda _: "She *always* ||dies|| [[ASIN:0141439580 here]]")
    posts = tuple(replace(post, is_markdown=False) for post in old.posts)
    site = Site()
    site.page(replace(old, posts=posts))
    feed = ElementTree.fromstring(dict(site.indexes())["feed.xml"])
    assert feed.findtext(f"{ATOM}entry/{ATOM}summary") == "She *always* ▮▮▮ here"


def test_the_feed_holds_the_fifty_newest_of_many() -> None:
    site = Site()
    old = debate(40)
    posts = [replace(post, posted_at=post.posted_at - timedelta(days=9)) for post in old.posts]
    site.page(replace(debate(40), id=1))
    site.page(replace(old, id=2, posts=tuple(posts)))
    feed = ElementTree.fromstring(dict(site.indexes())["feed.xml"])
    addresses = [link.attrib["href"] for link in feed.iterfind(f"{ATOM}entry/{ATOM}link")]
    assert len(addresses) == 50
    assert sum(address.startswith("discussion-1.html") for address in addresses) == 40


def test_a_site_without_discussions_says_so() -> None:
    files = dict(Site().indexes())
    assert "Nothing is published yet." in files["index.html"].decode()
    assert ElementTree.fromstring(files["feed.xml"]).findall(f"{ATOM}entry") == []


def test_a_book_has_one_page_whatever_its_discussions() -> None:
    site = Site()
    for number in range(3):
        site.page(replace(debate(1), id=number, book=replace(BOOK, id=9)))
    assert [name for name, _ in site.indexes()].count("book-9.html") == 1
