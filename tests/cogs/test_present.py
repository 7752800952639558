from __future__ import annotations

from dataclasses import replace

import pytest

from bot.core.chains import ChainMessage
from bot.core.digest import DigestMessage, DigestSection
from bot.core.level import DigestKind
from cogs._present import chain_embeds, digest_embeds


def section(title: str = "The attic", lines: tuple[str, ...] = ("one", "two")) -> DigestSection:
    return DigestSection(title, "https://discord.com/channels/1/2", lines)


def digest(*sections: DigestSection) -> DigestMessage:
    return DigestMessage(
        DigestKind.WEEKLY, "Your week", "2 new posts", sections, "Because you track it", {}
    )


def test_a_digest_is_an_introduction_and_an_embed_for_each_discussion() -> None:
    first, second = digest_embeds(digest(section()))

    assert (first.title, first.description) == ("Your week", "2 new posts")
    assert (second.title, second.url) == ("The attic", "https://discord.com/channels/1/2")
    assert second.description == "one\ntwo"
    assert (first.footer.text, second.footer.text) == (None, "Because you track it")


def test_a_notice_has_no_embed_of_its_own() -> None:
    notice = replace(digest(section()), kind=DigestKind.NOTICE, introduction="")

    (embed,) = digest_embeds(notice, "digest-7-abc")

    assert (embed.title, embed.description) == ("The attic", "one\ntwo")
    assert embed.footer.text == "Because you track it · digest-7-abc"


def test_the_token_ends_the_last_footer_and_a_preview_has_none() -> None:
    sent = digest_embeds(digest(section(), section()), "digest-7-abc")

    assert sent[-1].footer.text == "Because you track it · digest-7-abc"
    assert all(embed.footer.text is None for embed in sent[:-1])
    assert digest_embeds(digest(section()))[-1].footer.text == "Because you track it"


def test_a_chain_is_one_embed() -> None:
    (embed,) = chain_embeds(ChainMessage("Reply chain", ("one", "two")))

    assert (embed.title, embed.description) == ("Reply chain", "one\ntwo")


@pytest.mark.parametrize(
    ("message", "what"),
    [
        (digest(*[section()] * 10), "11 embeds"),
        (digest(section("x" * 257)), "title of 257"),
        (digest(section(lines=("x" * 4097,))), "description of 4097"),
        (digest(*[section(lines=("x" * 3000,))] * 2), "6,000"),
    ],
)
def test_what_discord_would_refuse_is_refused_here(message: DigestMessage, what: str) -> None:
    with pytest.raises(ValueError, match=what):
        digest_embeds(message)
