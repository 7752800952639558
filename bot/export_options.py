"""What `marginalia export` and `marginalia site` are told on the command line."""

from __future__ import annotations

import argparse
from pathlib import Path

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
