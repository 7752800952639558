import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.core.excerpt import HIDDEN, Surface, attachment_name, excerpt
from bot.core.graphemes import utf16_length
from bot.core.markdown import escape_markdown
from tests.core.nasty_texts import PROSE, nasty_texts
from tests.core.spoiler_model import ALL, CLIENTS, hidden_letters, visible_letters

PLAIN = Surface.PLAIN


def ideographs(letters: set[str]) -> set[str]:
    return {letter for letter in letters if letter >= "\u4e00"}


@given(text=nasty_texts(), limit=st.integers(1, 120))
@example(text="||一 `b|| 丁` 丂||", limit=100)
@example(text="**a || 一** **x ||丁|| e** ||", limit=100)
@example(text="||一 \\|| 丁|| 丂 ||", limit=100)
@example(text="# ||\n> ||一\n> 丁||", limit=100)
@example(text="https://1.2||一||", limit=100)
@example(text="\n> `||一\n](https://1.2)||`", limit=22)
@example(text="`||||一||[``](https://1.2)", limit=10)
def test_what_any_client_hides_is_hidden_in_the_excerpt_on_every_client(
    text: str, limit: int
) -> None:
    secret = ideographs(hidden_letters(text, ALL))
    shown = excerpt(text, limit)
    assert not secret & visible_letters(shown, CLIENTS)
    assert not secret & visible_letters(f"Ann {shown} ||Z||", CLIENTS)
    assert not secret & visible_letters(f"Ann {shown}\n> {shown} Bob", CLIENTS)
    assert not secret & set(excerpt(text, limit, PLAIN))


@given(text=nasty_texts(), limit=st.integers(1, 120))
def test_an_excerpt_leaves_what_comes_after_it_as_it_was(text: str, limit: int) -> None:
    shown = excerpt(text, limit)
    after = f"{shown} ||Z|| Y"
    assert "Z" not in visible_letters(after, CLIENTS)
    assert "Y" not in hidden_letters(after, CLIENTS)


@given(text=st.one_of(nasty_texts(), st.text()), limit=st.integers(1, 200))
@pytest.mark.parametrize("surface", Surface)
def test_an_excerpt_is_one_sendable_line_within_its_limit(
    surface: Surface, text: str, limit: int
) -> None:
    shown = excerpt(text, limit, surface)
    assert utf16_length(shown) <= limit
    assert shown == "\ufeff" or shown.splitlines() in ([], [shown])
    assert shown == shown.strip(" ")
    shown.encode()


@given(text=nasty_texts(), limit=st.integers(1, 200))
@example(text="](https://1/||)一\n丁", limit=8)
def test_an_excerpt_shows_the_letters_of_the_text_in_their_order_from_its_start(
    text: str, limit: int
) -> None:
    letters = [letter for letter in text if letter >= "\u4e00" and letter.isalpha()]
    shown = [letter for letter in excerpt(text, limit) if letter >= "\u4e00" and letter.isalpha()]
    if "http" not in text:  # an address may be left out, and letters in it
        assert shown == letters[: len(shown)]
    assert shown == [letter for letter in letters if letter in shown]
    if excerpt(text, limit) == excerpt(text, 10_000):
        assert shown == letters


@given(characters=st.lists(st.sampled_from(PROSE), max_size=60), limit=st.integers(1, 100))
@example(characters=["w", "o\u0301", "r", "d"], limit=3)
def test_prose_is_cut_between_characters_and_fills_its_room(
    characters: list[str], limit: int
) -> None:
    def words(count: int) -> str:
        return " ".join("".join(characters[:count]).split())

    whole = words(len(characters))
    shown = excerpt(whole, limit)
    assert shown == excerpt("".join(characters), limit, PLAIN)
    if utf16_length(whole) <= limit:
        assert shown == whole
    else:
        kept = shown.removesuffix("…")
        assert kept in {words(count) for count in range(len(characters))}
        longest = max(map(utf16_length, PROSE))
        assert 3 * utf16_length(kept) >= limit - 1 - longest


@given(text=nasty_texts())
@example(text="``<https://1.2/`>")
def test_an_excerpt_of_an_excerpt_is_the_same(text: str) -> None:
    once = excerpt(text, 1000)
    assert visible_letters(once, CLIENTS) == visible_letters(excerpt(once, 2000), CLIENTS)


@pytest.mark.parametrize(
    ("text", "limit", "shown"),
    [
        ("", 10, ""),
        ("Plain words.", 100, "Plain words."),
        ("two\n\nparagraphs", 100, "two paragraphs"),
        ("**bold** *it* __u__ ~~s~~ `co de`", 100, "**bold** *it* __u__ ~~s~~ `co de`"),
        ("`https://example.org`", 100, "`https://example.org`"),
        ("**a long bold text**", 14, "**a long**…"),
        ("||a long secret here||", 14, "||a long||…"),
        ("||a **bold** secret||", 100, "||a **bold** secret||"),
        ("||first\nsecond|| third", 100, "||first second|| third"),
        ("see ||open", 100, "see ||open||"),
        ("this || that", 100, "this \\|\\| that"),
        ("||a `b|| c` d|| e", 100, "||a 'b c' d e||"),
        ("```py\nprint()\n``` after", 100, "`print()` after"),
        ("```py\nnever closed", 100, "\\`\\`\\`py never closed"),
        (">>> quoted\nto the end", 100, "quoted to the end"),
        ("# Heading\ntext", 100, "Heading text"),
        ("- a\n- b", 100, "• a • b"),
        ("1. first", 100, "1\\. first"),
        ("\\> no quote", 100, "\\> no quote"),
        ("a\u200d\u2028b", 100, "a\u200d b"),
        ("a [ ](https://example.org) b", 100, "a b"),
        ("see https://example.org/a>b", 100, "see <https://example.org/a%3Eb>"),
        ("``<https://1.2/`](https://1.2)", 100, "\\`\\<https\\://1.2/\\](<https://1.2>)"),
        ("hi <@123456> there", 17, "hi @someone there"),
        ("so very long <@123456> there", 26, "so very long <@123456>…"),
        ("so very long <@123456> there", 22, "so very long…"),
        ("at <t:1163520000:f> then", 100, "at <t:1163520000:f> then"),
        ("a <:owl:1234567890> b", 100, "a <:owl:1234567890> b"),
        ("see https://example.org/a_b.", 100, "see <https://example.org/a_b>."),
        ("see https://example.org/a/long/way/to/go", 30, "see example.org/…"),
        ("[the *page*](https://example.org)", 100, "[the page](<https://example.org>)"),
        ("[||who|| did it](https://example.org)", 100, "||who|| did it"),
        ("https://example.org||secret||", 100, "||<https://example.org%7C%7Csecret%7C%7C>||"),
        ("snake_case 5 * 3", 100, "snake\\_case 5 \\* 3"),
        ("*так* говорил Раскольников", 16, "*так* говорил…"),
        ("see https://a.org/h but *hhttps* not", 99, "see <https://a.org/h> but *hhttps* not"),
        ("family 👩‍👩‍👧 here", 12, "family…"),
        ("ẹ̷́́x", 3, "…"),
        ("🇫🇷🇫🇷", 6, "🇫🇷…"),
        ("left\u202eright\x00", 100, "leftright"),
        ("broken \ud800", 100, "broken \ufffd"),
    ],
)
def test_markdown_excerpts(text: str, limit: int, shown: str) -> None:
    assert excerpt(text, limit) == shown


@pytest.mark.parametrize(
    ("text", "limit", "shown"),
    [
        ("**bold** and ||secret|| text", 100, f"bold and {HIDDEN} text"),
        ("||a very long secret|| text", 8, f"{HIDDEN}…"),
        ("an ||unclosed secret", 100, f"an {HIDDEN}"),
        ("<@1> in <#2> with <@&3>", 100, "@someone in #channel with @role"),
        ("<:owl:1> <a:fly:2> </track list:3>", 100, ":owl: :fly: /track list"),
        ("<t:1163520000> <t:1163520000:D>", 100, "2006-11-14 16:00 UTC 2006-11-14"),
        ("<t:1:t>", 100, "00:00 UTC"),
        ("<t:99999999999999>", 100, "some time"),
        ("[words](https://example.org/x)", 100, "words"),
        ("[two\n> lines ](https://example.org/x)", 100, "two > lines"),
        ("> a\n> b", 100, "a b"),
        ("\\*literal\\*", 100, "*literal*"),
        ("one two three", 9, "one two…"),
    ],
)  # fmt: skip
def test_plain_excerpts(text: str, limit: int, shown: str) -> None:
    assert excerpt(text, limit, PLAIN) == shown


def test_a_spoiler_whose_end_lies_far_beyond_the_cut_is_hidden() -> None:
    text = "I say || he did it " + "and so on " * 2000 + "||"
    assert visible_letters(excerpt(text, 50), CLIENTS) == set("Isay")
    assert excerpt(text, 50, PLAIN) == f"I say {HIDDEN}…"


def test_a_mark_that_looks_like_a_word_hides_when_its_end_may_lie_beyond_the_cut() -> None:
    text = "`||` I say || he did it " + "and so on " * 2000 + "||"
    assert visible_letters(excerpt(text, 50), CLIENTS) == set()


def test_marks_by_the_thousand_are_read_all_the_same() -> None:
    for mark in ("*", "_*", "||", "`", "[a", "\\", "**a ", "~~x"):
        assert utf16_length(excerpt(mark * 4000, 300)) <= 300


def test_an_excerpt_without_room_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="room"):
        excerpt("text", 0)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("map.png", "map.png"),
        ("SPOILER_who_did_it.png", f"{HIDDEN}.png"),
        ("spoiler_who.jpeg", f"{HIDDEN}.jpeg"),
        ("SPOILER_.he did it", HIDDEN),
        ("a" * 70 + ".txt", "a" * 59 + "…"),
        ("two\nlines.txt", "two lines.txt"),
        ("||odd||.txt", "||odd||.txt"),
    ],
)
def test_attachment_names(name: str, shown: str) -> None:
    assert attachment_name(name) == shown


@given(text=st.text(st.sampled_from("ab*_~`|<>@:#/[]()\\ -.1!x")))
def test_an_escaped_text_shows_as_it_is(text: str) -> None:
    shown = excerpt(escape_markdown(text), 1000, PLAIN)
    assert shown == " ".join(text.split())


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("**x**", "\\*\\*x\\*\\*"),
        ("[a](https://b.c)", "\\[a\\](https\\://b.c)"),
        ("<@1>", "\\<@1>"),
        ("# head", "\\# head"),
        ("||x||", "\\|\\|x\\|\\|"),
        ("- a\n> b\n1. c", "\\- a\n\\> b\n1\\. c"),
        ("turn\u202eed", "turned"),
    ],
)
def test_escaping(text: str, escaped: str) -> None:
    assert escape_markdown(text) == escaped
