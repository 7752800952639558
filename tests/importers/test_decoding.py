import pytest

from bot.core.imported import PageWarning
from bot.importers.decoding import damaged_characters, decode, split_lines
from bot.importers.lines import lines_of
from bot.importers.refusal import PageRefusedError

TEXT = "“Café”\nnaïve — 10 €\n"


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode("utf-8"),
        TEXT.encode("utf-8-sig"),
        TEXT.encode("utf-16"),
        b"\xfe\xff" + TEXT.encode("utf-16-be"),
        TEXT.encode("windows-1252"),
    ],
    ids=["utf-8", "utf-8 with mark", "utf-16", "utf-16 big-endian", "windows-1252"],
)
def test_every_encoding_gives_the_same_text(data: bytes) -> None:
    assert decode(data) == TEXT


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ((TEXT * 60).encode("utf-8") + b"\x81\xe9\0", TEXT * 60 + "\ufffd" * 3),
        ((TEXT * 60).encode("windows-1252") + b"\x81\0", TEXT * 60 + "\ufffd" * 2),
        ((TEXT * 60).encode("utf-16")[:-1], (TEXT * 60)[:-1] + "\ufffd"),
    ],
    ids=["utf-8", "windows-1252", "half a character of utf-16"],
)
def test_a_few_damaged_bytes_spoil_no_others(data: bytes, text: str) -> None:
    assert decode(data) == text


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark_is_known_by_its_zero_bytes(encoding: str) -> None:
    assert decode(b"Sort:".decode().encode(encoding)) == "Sort:"


@pytest.mark.parametrize(
    "data",
    [b"a\0b\0\0", b"\xff\xfe\0", b"\x81\x8d\x8f", b"\x7fELF\0\0"],
    ids=["zero bytes", "half a character", "no encoding", "program"],
)
def test_what_is_no_text_is_refused(data: bytes) -> None:
    with pytest.raises(PageRefusedError, match="is not a text file"):
        decode(data)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "a picture"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "a picture"),
        (b"GIF89a\x01\0", "a picture"),
        (b"RIFF\x24\0\0\0WEBP", "a picture"),
        (b"PK\x03\x04\x14\0\0\0", "a zip archive"),
        (b"\x1f\x8b\x08\0", "a compressed archive"),
        (b"7z\xbc\xaf\x27\x1c", "a compressed archive"),
        (b"Rar!\x1a\x07", "a compressed archive"),
        (b"\xd0\xcf\x11\xe0\xa1", "a document of a word processor"),
        (b"MIME-Version: 1.0\r\n", "a web archive"),
        (b"%PDF-1.4\n", "a PDF document"),
        (b"{\\rtf1\\ansi", "a document of a word processor"),
        (b"bplist00\xd1", "a web archive"),
        (b"From: <Saved by Blink>\r\nMIME-Version: 1.0\r\n", "a web archive"),
    ],
)
def test_what_is_picked_by_mistake_is_called_what_it_is(data: bytes, kind: str) -> None:
    with pytest.raises(PageRefusedError, match=f"is {kind}"):
        decode(data)


@pytest.mark.parametrize("data", [b"", b" \r\n\t", b"\xef\xbb\xbf", b"\xff\xfe"])
def test_an_empty_file_is_called_empty(data: bytes) -> None:
    with pytest.raises(PageRefusedError, match="is empty"):
        decode(data)


def test_lines_end_in_any_way_and_without_spaces() -> None:
    text = "a \r\nb\rc\n\u00a0d\u00a0\u2028e\u202ff\r\r\ng"
    assert split_lines(text) == ["a", "b", "c", " d", "e f", "g"]


def test_damaged_characters_are_named_by_their_line() -> None:
    warnings = damaged_characters(lines_of(["fine", "it\ufffds", "itâ€™s"]))
    assert [warning.line for warning in warnings] == [2, 3]
    assert all(isinstance(warning, PageWarning) for warning in warnings)
