from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.core.errors import UserError
from bot.settings import Settings, load_settings

EXAMPLE = (Path(__file__).parent.parent / ".env.example").read_text(encoding="utf-8")
NAMED = re.findall(r"^#?MARGINALIA_(\w+)=(.*)$", EXAMPLE, re.MULTILINE)


def test_the_example_names_every_setting_and_no_other() -> None:
    assert sorted(name.lower() for name, _ in NAMED) == sorted(Settings.model_fields)


def test_every_setting_in_the_example_has_a_comment_above_it() -> None:
    blocks = [block.splitlines() for block in EXAMPLE.split("\n\n")[1:]]

    for *comment, setting in blocks:
        assert "MARGINALIA_" in setting
        assert comment
        assert all(line.startswith("# ") for line in comment)


def test_the_values_in_the_example_are_the_defaults() -> None:
    shown = Settings.model_validate({name.lower(): value for name, value in NAMED if value})

    assert shown == Settings.model_validate({})


def test_settings_are_taken_as_keywords_too(tmp_path: Path) -> None:
    settings = load_settings(discord_token="t", database_path=tmp_path / "x", tick_seconds=1)

    assert settings.token() == "t"
    assert settings.database_path == tmp_path / "x"
    assert "discord_token=SecretStr('**********')" in repr(settings)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("default_timezone", "Mars/Olympus"),
        ("default_digest_hour", 24),
        ("default_digest_weekday", 7),
        ("catch_up_days", 0),
        ("tick_seconds", 0),
        ("tick_seconds", "inf"),
        ("sweep_days", 10**12),
        ("discord_api_url", "discord.com/api/v10"),
        ("discord_api_url", "https://"),
        ("log_level", "LOUD"),
    ],
)
def test_a_wrong_setting_is_named_as_it_stands_in_the_environment(name: str, value: object) -> None:
    with pytest.raises(UserError, match=f"MARGINALIA_{name.upper()}"):
        load_settings(**{name: value})


def test_without_a_token_the_error_says_where_to_get_one() -> None:
    with pytest.raises(UserError, match="developer portal"):
        Settings.model_validate({"discord_token": None}).token()
