"""The settings: read once, frozen, and the only reader of the environment."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.core.errors import SettingsError, UserError
from bot.core.zones import load_zone


def _known_zone(name: str) -> str:
    try:
        load_zone(name)
    except UserError as error:
        # pydantic gathers ValueErrors into one report.
        raise ValueError(f"there is no time zone “{name}”; Europe/London is one") from error
    return name


def _web_address(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("it must begin with https:// and the name of a server")
    return text.rstrip("/")


class Settings(BaseSettings):
    """What a host may choose; each is `MARGINALIA_…` in the environment or in `.env`."""

    model_config = SettingsConfigDict(
        env_prefix="MARGINALIA_",
        env_file=".env",
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
    )

    discord_token: SecretStr | None = Field(
        default=None, description="The bot's token, from the developer portal; needed to run."
    )
    database_path: Path = Field(
        default=Path("marginalia.sqlite3"), description="The file that holds everything."
    )
    default_timezone: Annotated[str, AfterValidator(_known_zone)] = Field(
        default="UTC", description="The zone where neither people nor their server have one (IANA)."
    )
    default_digest_weekday: int = Field(
        default=6, ge=0, le=6, description="The digest's day for the same: 0 Monday to 6 Sunday."
    )
    default_digest_hour: int = Field(
        default=18, ge=0, le=23, description="The digest's hour for the same."
    )
    catch_up_days: int = Field(
        default=7, ge=1, le=365, description="How far back active threads are re-read after a gap."
    )
    sweep_days: int = Field(
        default=30,
        ge=1,
        le=365,
        description="Every discussion is compared with Discord once in so many days.",
    )
    tick_seconds: float = Field(
        default=20.0,
        gt=0,
        le=1_000_000,
        description="How often the bot looks whether something is due.",
    )
    digests_a_minute: int = Field(
        default=60,
        ge=1,
        le=3_000,
        description="How many digests and notices are sent in a minute at most.",
    )
    max_page_mib: int = Field(
        default=8, ge=1, le=100, description="The largest saved forum page that is read, in MiB."
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="How much is logged."
    )
    discord_api_url: Annotated[str, AfterValidator(_web_address)] = Field(
        default="https://discord.com/api/v10",
        description="Where Discord's API is; change it only for a proxy or the sandbox.",
    )
    guild_ready_timeout: float = Field(
        default=2.0, gt=0, le=60, description="Seconds to wait for each server at the start."
    )

    @property
    def max_page_bytes(self) -> int:
        """The largest saved forum page that is read, in bytes."""
        return self.max_page_mib * 1024 * 1024

    def token(self) -> str:
        """Give the bot's token. Raises `SettingsError`, with where to get one, if none is set."""
        if self.discord_token is None:
            raise SettingsError(
                "MARGINALIA_DISCORD_TOKEN is not set: put the bot's token from the developer "
                "portal (https://discord.com/developers/applications, your application, Bot, "
                "Reset Token) into the environment or into .env. `marginalia demo` needs none."
            )
        return self.discord_token.get_secret_value()


def load_settings(**chosen: object) -> Settings:
    """Read the settings, with `chosen` before the environment and `.env`.

    Raises `SettingsError` naming each setting that is wrong, where it is set, and what is.
    """
    try:
        return Settings(**chosen)  # type: ignore[arg-type]  # pydantic checks them
    except ValidationError as error:
        lines = [
            f"MARGINALIA_{'_'.join(str(part) for part in problem['loc']).upper()}: "
            + problem["msg"].removeprefix("Value error, ")
            for problem in error.errors()
        ]
        raise SettingsError("These settings cannot be used. " + "; ".join(lines)) from error
    except UnicodeDecodeError as error:
        raise SettingsError(
            f"The file .env is not UTF-8 text ({error.reason}). Save it as UTF-8; .env.example "
            "shows what it may hold."
        ) from error
