"""What `marginalia export` and `marginalia site` are told on the command line."""

from __future__ import annotations

import argparse
from pathlib import Path
from urllib.parse import urlsplit

EXPORT = """\
Writes one discussion as a file: a page that any browser shows without a network, a Markdown
document for paper, or the JSON that `marginalia import` reads again. The file holds what the
database holds now; what is hidden after its end is for `/removed export`.
"""
EXPORT_EPILOG = """\
examples:
  marginalia export "was the creature born bad"
  marginalia export https://discord.com/channels/1/2 --format markdown --out debate.md
  marginalia export 7 --format json --out - | jq .title
"""
SITE = """\
Builds a site of plain files: a page for each discussion of the forums that hosts publish
(`/setup publish`), an index for each book, and an Atom feed. Names and texts are those of
members who agreed for themselves (`/publish me`); everyone else is "a member", without text.
Build it anew, such as every night: what was deleted or taken back since is gone then.
"""
SITE_EPILOG = """\
example:
  marginalia site --out /srv/club --url https://club.example
"""


def add_site_options(command: argparse.ArgumentParser) -> None:
    """Add the options of `marginalia site`."""
    command.add_argument(
        "--out",
        type=Path,
        required=True,
        metavar="DIR",
        help="the folder to build it in: a new or empty one, or that of an earlier build",
    )
    command.add_argument(
        "--url",
        type=_site_address,
        metavar="URL",
        help="where the site will stand, for canonical links and the feed",
    )


def _site_address(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise argparse.ArgumentTypeError(f"{text!r} is no address such as https://club.example")
    return text.rstrip("/")


def add_export_options(command: argparse.ArgumentParser) -> None:
    """Add the options of `marginalia export`."""
    command.add_argument(
        "discussion",
        metavar="DISCUSSION",
        help="words of its title, the link to its thread, or its number here",
    )
    command.add_argument(
        "--format",
        choices=("html", "markdown", "json"),
        default="html",
        help="what to write (default: html)",
    )
    command.add_argument(
        "--out",
        type=Path,
        metavar="FILE",
        help="where to write it; - is standard output (default: a file named for the title, here)",
    )
