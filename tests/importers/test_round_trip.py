"""Whatever was debated, a page of it reads back as it was; whatever else comes, is refused."""

from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.core.errors import UserError
from bot.core.imported import ImportedDiscussion, ImportedPost
from bot.core.model import PostKind
from bot.importers.author_line import candidate, reads_like_name
from bot.importers.page import read_page
from bot.importers.sites import SITES
from tests.importers.page_text import ZONES, page_text, post_text

# The machine that tests may be busy: time limits belong to benchmarks.
patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

NOT_KEPT = "\u00a0\u202f\u2007\u2028\u2029"  # no-break spaces become plain, the others end lines
CHARACTERS = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters=NOT_KEPT)
FOOT_LINES = {"[Add comment]", "Add your own message to the discussion", "This discussion"}


def is_plain(line: str) -> bool:
    return bool(line.strip()) and not any(site.header(line) for site in SITES)


tricky_lines = st.sampled_from(
    [
        "She says:",
        "When they meet again, he says:",
        "Posted on my door",
        "In reply to an earlier post on the subject",
        "Initial post: May 10, 2006",
        "Total posts: 9",
        "Showing 1-25 of",
        "‹ Previous 1 2 Next › was all I saw",
        "    indented *verse* _as typed_",
        *FOOT_LINES,
    ]
)
lines = st.one_of(tricky_lines, st.text(CHARACTERS, max_size=60).map(str.rstrip).filter(is_plain))
paragraphs = st.lists(lines, min_size=1, max_size=3).map("\n".join)
contents = st.lists(paragraphs, min_size=1, max_size=3).map("\n\n".join)
names = st.one_of(
    st.sampled_from(["Wren", "J. Marsh", 'Ada "reads" Thorn', "a reader"]),
    st.text(st.characters(categories=["Lu", "Ll", "Lo"]), min_size=2, max_size=20),
).filter(reads_like_name)


def names_an_author(content: str) -> bool:
    name = candidate(content.partition("\n")[0], "says:")
    return name is not None and reads_like_name(name, seen_again=True)


@st.composite
def discussions(draw: st.DrawFn) -> list[ImportedPost]:
    moment = datetime(1999, 1, 1, tzinfo=UTC) + timedelta(seconds=draw(st.integers(0, 500_000_000)))
    posts = []
    for number in range(1, draw(st.integers(2, 8)) + 1):
        moment += timedelta(seconds=draw(st.integers(1, 10_000_000)))
        author = draw(st.none() | names)
        content = draw(contents)
        if author is None and names_an_author(content):
            content = "Well. " + content
        is_edited = draw(st.booleans())
        posts.append(
            ImportedPost(
                number=number,
                author=author,
                posted_at=moment,
                edited_at=moment + timedelta(hours=1) if is_edited else None,
                kind=PostKind.INITIAL
                if number == 1
                else draw(st.sampled_from([PostKind.POST, PostKind.REPLY])),
                content=content,
            )
        )
    return posts


def read(text: str, encoding: str = "utf-8") -> ImportedDiscussion:
    return read_page(text.encode(encoding), name="page.txt")


@patient
@given(
    posts=discussions(),
    site=st.sampled_from(sorted(ZONES)),
    zone=st.integers(0, 1),
    newest_first=st.booleans(),
    later=st.integers(0, 40),
    line_end=st.sampled_from(["\n", "\r\n", "\r"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_a_page_reads_back_as_the_discussion_it_shows(
    posts: list[ImportedPost],
    site: str,
    zone: int,
    newest_first: bool,
    later: int,
    line_end: str,
    encoding: str,
) -> None:
    total = len(posts) + later
    texts = [post_text(post, site, ZONES[site][zone]) for post in posts]
    if newest_first:
        text = page_text(texts[::-1], first=later + 1, total=total)
    else:
        text = page_text(texts, total=total)
    page = read(text.replace("\n", line_end), encoding)
    assert list(page.posts) == posts
    assert (page.title, page.forum) == ("On Dorothea", "Middlemarch forum")
    assert page.missing_posts == (((len(posts) + 1, total),) if later else ())


@patient
@given(st.binary(max_size=400))
def test_any_bytes_are_a_page_or_a_clear_refusal(data: bytes) -> None:
    assert_read_or_refused(data)


EDIT_MARK = "Last edited by the author on Jan 2, 2008 9:05:00 AM PST"
SAMPLE = page_text(
    [
        "Initial post: Jan 1, 2008 9:00:00 AM PST\nWren says:\nFirst.",
        f"Posted on Jan 2, 2008 9:00:00 AM PST\n{EDIT_MARK}\nAsh says:\nSecond.",
    ]
) + (
    "Initial post: Jan 1, 2008\nTracked by 2 customers\nThis discussion is about\n"
    "Middlemarch [Paperback]\nMiddlemarch [Paperback] by George Eliot (Penguin - May 1, 2003)\n"
    "4.3 out of 5 stars (612)\n"
)


@patient
@given(st.data())
def test_a_damaged_page_is_a_page_or_a_clear_refusal(data: st.DataObject) -> None:
    page_lines = SAMPLE.split("\n")
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(page_lines) - 1))
        line = page_lines[place]
        damage = data.draw(st.sampled_from(["drop", "double", "cut", "move", "numbers"]))
        if damage == "drop" and len(page_lines) > 1:
            del page_lines[place]
        elif damage == "double":
            page_lines.insert(place, line)
        elif damage == "cut":
            page_lines[place] = line[: data.draw(st.integers(0, len(line)))]
        elif damage == "move":
            page_lines.insert(data.draw(st.integers(0, len(page_lines))), page_lines.pop(place))
        else:
            digits = data.draw(st.text("0123456789,", max_size=30))
            page_lines[place] = "".join(digits if c.isdigit() else c for c in line)
    assert_read_or_refused("\n".join(page_lines).encode())


def assert_read_or_refused(data: bytes) -> None:
    page = read_or_refusal(data)
    if isinstance(page, str):
        assert page.startswith("page.txt")
        return
    numbers = [post.number for post in page.posts]
    assert numbers == sorted(set(numbers))
    assert numbers[0] >= 1
    assert not any(low <= n <= high for low, high in page.missing_posts for n in numbers)


def read_or_refusal(data: bytes) -> ImportedDiscussion | str:
    try:
        return read_page(data, name="page.txt")
    except UserError as refusal:
        return str(refusal)
