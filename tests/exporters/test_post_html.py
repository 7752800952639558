"""What members write, as HTML: Discord's Markdown, and nothing that runs or leads astray."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from bot.core.exported import Names
from bot.exporters.post_html import PostHtml
from tests.core.nasty_texts import PROSE, nasty_texts

NAMES = Names(users={1: "Ann <b>"}, channels={2: "emma"})
TAGS = {
    *("div", "p", "br", "strong", "em", "u", "s", "a", "span", "label", "input", "code", "pre"),
    *("ul", "ol", "li", "blockquote", "h3", "h4", "h5", "time"),
}
ATTRIBUTES = {
    "a": {"href", "rel", "class"},
    "input": {"type", "aria-label"},
    "label": {"class"},
    "ol": {"start"},
    "time": {"datetime"},
    "span": {"class"},
    "code": {"class"},
    "p": {"class"},
}
SPOILER = '<label class="spoiler"><input type="checkbox" aria-label="Show the spoiler"><span>'


@pytest.fixture(scope="module")
def post() -> PostHtml:
    return PostHtml(NAMES)


def one_line(rendered: str) -> str:
    """Leave out the line ends and what every link and spoiler has."""
    return (
        rendered.replace("\n", "")
        .replace(' class="bare"', "")
        .replace(' rel="nofollow noopener noreferrer ugc"', "")
        .replace(SPOILER, "{")
        .replace("</span></label>", "}")
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("one\ntwo\n\nthree", "<p>one<br>two</p><p>three</p>"),
        ("**b** *e* _e_ __u__ ~~s~~", "<p><strong>b</strong> <em>e</em> <em>e</em> <u>u</u> <s>s</s></p>"),  # noqa: E501 - a table
        ("**one\n\ntwo**", "<p><strong>one<br><br>two</strong></p>"),
        (r"\*not\* 2 * 3 * 4 snake_case_name", "<p>*not* 2 * 3 * 4 snake_case_name</p>"),
        ("# One\n## Two\n### Three\n#### four", "<h3>One</h3><h4>Two</h4><h5>Three</h5><p>#### four</p>"),  # noqa: E501 - a table
        ("-# small\nlarge", '<p class="subtext">small</p><p>large</p>'),
        ("#tag\n-nothing", "<p>#tag<br>-nothing</p>"),
        ("Title\n---\nno rule\n***", "<p>Title<br>---<br>no rule<br>***</p>"),
        ("> one\n> two\nthree", "<blockquote><p>one<br>two</p></blockquote><p>three</p>"),
        (">>> one\n\ntwo", "<blockquote><p>one</p><p>two</p></blockquote>"),
        ("> > one", "<blockquote><p>&gt; one</p></blockquote>"),
        ("- a\n- b\n  - c\nout", "<ul><li><p>a</p></li><li><p>b</p><ul><li><p>c</p></li></ul></li></ul><p>out</p>"),  # noqa: E501 - a table
        ("1. a\n2. b", '<ol start="1"><li><p>a</p></li><li><p>b</p></li></ol>'),
        ("3. c", '<ol start="3"><li><p>c</p></li></ol>'),
        ("`a *b* <i>`", "<p><code>a *b* &lt;i&gt;</code></p>"),
        ("```py\n# x\n> y\n```", "<pre><code># x&gt; y</code></pre>"),
        ("```\nx\n``` **and** on", "<pre><code>x</code></pre><p><strong>and</strong> on</p>"),
        ("so ```\n# x\n\n- y\n``` on", '<p>so <code class="block"># x- y</code> on</p>'),
        ("```\nnever closed\n# head", "<p>```<br>never closed</p><h3>head</h3>"),
        ("    not code", "<p>not code</p>"),
        ("<@1> <@!9> <@&3> <#2> <#7>", "@Ann &lt;b&gt;|@someone|@role|#emma|#channel"),
        ("<a:wave:4>", ":wave:"),
        ("<t:0:R>", '<p><time datetime="1970-01-01T00:00:00Z">1 Jan 1970, 00:00 UTC</time></p>'),
        ("<t:999999999999999>", "some time"),
        ("[Emma](https://e.org/a_b \"t\")", '<p><a href="https://e.org/a_b">Emma</a></p>'),
        ("(https://e.org/(x)_y)", '<p>(<a href="https://e.org/(x)_y">https://e.org/(x)_y</a>)</p>'),
        ("**https://e.org/x**", '<p><strong><a href="https://e.org/x">https://e.org/x</a></strong></p>'),
        ("<https://e.org/?a=1&b>", '<p><a href="https://e.org/?a=1&amp;b">https://e.org/?a=1&amp;b</a></p>'),
        ("![a](https://e.org/a.png)", '<p>!<a href="https://e.org/a.png">a</a></p>'),
        ("[a](mailto:a@b.org)", '<p><a href="mailto:a@b.org">a</a></p>'),
        ("[[ASIN:0141439580 Emma]]", '<p><a href="https://www.amazon.com/dp/0141439580">Emma</a></p>'),
        ("[[ISBN:978-0-14-143958-0]]", '<p><a href="https://openlibrary.org/isbn/9780141439580">ISBN 978-0-14-143958-0</a></p>'),  # noqa: E501 - a table
        ("she ||dies *here*|| now", "<p>she {dies <em>here</em>} now</p>"),
        ("||one\n\ntwo||", "<p>{one<br><br>two}</p>"),
        ("||one\n- two||, so", "<p>{one<br>- two}</p><p>, so</p>"),
        ("> ||one\n> two||", "<blockquote><p>{one<br>two}</p></blockquote>"),
        ("||one\n> two||", "<p>{one<br>&gt; two}</p>"),
        ("this || that", "<p>this || that</p>"),
        ("he ||never closed it", "<p>he</p><p>{never closed it}</p>"),
        ("[||](https://1.2)||one", "<p>[</p><p>{](https://1.2)one}</p>"),
        ("||a `|| b` c||", "<p>{a ` b` c}</p>"),
        ("", ""),
        (" \n ", ""),
    ],
)  # fmt: skip
def test_a_post_is_shown_as_discord_shows_it(post: PostHtml, text: str, expected: str) -> None:
    shown = one_line(post.markdown(text))
    if not expected.startswith("<") and expected:
        shown = "|".join(re.findall(r'<span class="mention">(.*?)</span>', shown))
    assert shown == expected


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "[x](vbscript:x)",
        "[x](//evil.example)",
        "[x](<javascript:alert(1)>)",
        '[x](https://e.org/"onmouseover="alert(1))',
        "<https://e.org/\"onmouseover='alert(1)'>",
        'https://e.org/"><script>alert(1)</script>',
        "`</code><script>alert(1)</script>`",
        "```</pre><script>alert(1)</script>\n```",
        '<@1> <:"onload=":1> <t:1:"f>',
        "||</span><script>alert(1)</script>||",
        "</article></main></body>",
        "&lt;script&gt;",
        '[[ASIN:0141439580 <img src=x onerror="alert(1)">]]',
    ],
)
def test_nothing_in_a_post_becomes_markup_or_a_link_that_runs(post: PostHtml, text: str) -> None:
    assert_harmless(post.markdown(text))
    assert_harmless(post.old_text(text))


def assert_harmless(rendered: str) -> None:
    for element in html.fragment_fromstring(rendered, create_parent="div").iter():
        assert element.tag in TAGS
        assert set(element.attrib) <= ATTRIBUTES.get(str(element.tag), set())
        if element.tag == "a":
            assert re.match(r"(https?://|mailto:)", element.attrib["href"], re.IGNORECASE)


@given(st.one_of(nasty_texts(), st.text(), st.text(alphabet="<>\"'&[]()`|*_-#\n :/ahtps1.@!\\")))
def test_no_text_fails_or_gets_out_of_its_place(text: str) -> None:
    post = PostHtml(NAMES)
    assert_harmless(post.markdown(text))
    assert_harmless(post.old_text(text))


@given(nasty_texts())
def test_what_discord_hides_is_hidden_whatever_stands_around_it(text: str) -> None:
    from bot.core.markup import read_markdown
    from bot.core.spoilers import hidden_ranges

    text = text.replace("\x00", "").replace("\u202e", "")
    secret = "".join(text[start:end] for start, end in hidden_ranges(read_markdown(text)))
    root = html.fragment_fromstring(PostHtml(NAMES).markdown(text), create_parent="div")
    for spoiler in root.xpath("//label"):
        for child in spoiler.xpath("./span"):
            child.getparent().remove(child)
    shown = str(root.text_content())
    assert not {letter for letter in secret if "\u4e00" <= letter <= "\u9fa5"} & set(shown)


@given(nasty_texts())
def test_no_word_of_a_post_is_lost(text: str) -> None:
    root = html.fragment_fromstring(PostHtml(NAMES).markdown(text), create_parent="div")
    shown = str(root.text_content()) + "".join(str(href) for href in root.xpath("//@href"))
    letters = {letter for letter in text if "\u4e00" <= letter <= "\u9fa5"}
    # In a fence's first line it names the language.
    language = set("".join(re.findall(r"```([\w+.#-]*)\n", text)))
    assert letters <= set(shown) | language | set(bytes_of_links(shown))


def bytes_of_links(shown: str) -> str:
    from urllib.parse import unquote

    return unquote(shown)


@given(st.lists(st.sampled_from([*PROSE, "\n\n", "1", "2.5", "a-b", "#", ">"])).map("".join))
def test_prose_is_the_same_with_and_without_the_library(text: str) -> None:
    post, text = PostHtml(NAMES), text.strip()
    bold, link = post.markdown("**x**"), post.old_text("https://x.org")
    assert post.markdown(f"{text}\n\n**x**") == post.markdown(text) + bold
    assert post.old_text(f"{text}\n\nhttps://x.org") == post.old_text(text) + link


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("# 1 *so* _it_ `is` <b> &amp; \\*", "# 1 *so* _it_ `is` &lt;b&gt; &amp;amp; \\*"),
        ("- a\n1. b\n> c", "- a<br>\n1. b<br>\n&gt; c"),
        ("<@1> <t:0:f> <:x:1>", "&lt;@1&gt; &lt;t:0:f&gt; &lt;:x:1&gt;"),
        ("[x](https://x.org)", '[x](<a class="bare" href="https://x.org"{}>https://x.org</a>)'),
        ("<http://x.org/>", '&lt;<a class="bare" href="http://x.org/"{}>http://x.org/</a>&gt;'),
        (
            "[[ASIN:0141439580 *Emma*]]",
            '<a href="https://www.amazon.com/dp/0141439580"{}>*Emma*</a>',
        ),
        ("[[ASIN:javascript:1 x]]", "[[ASIN:javascript:1 x]]"),
    ],
)
def test_an_old_post_shows_as_it_was_typed_with_its_links(
    post: PostHtml, typed: str, shown: str
) -> None:
    attributes = ' rel="nofollow noopener noreferrer ugc"'
    assert post.old_text(typed) == f"<p>{shown.replace('{}', attributes)}</p>\n"


def test_what_comes_back_from_discord_keeps_its_spoilers(post: PostHtml) -> None:
    shown = post.old_text("She ||*dies* at https://x.org/1||.")
    hidden = html.fromstring(f"<div>{shown}</div>").xpath("//*[@class='spoiler']")
    assert [each.text_content() for each in hidden] == ["*dies* at https://x.org/1"]
