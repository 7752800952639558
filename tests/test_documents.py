from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from bot.cli import MISUSED

ROOT = Path(__file__).parent.parent
DOCUMENTS = [
    *("README.md", "CONTRIBUTING.md", "docs/architecture.md"),
    *(str(each.relative_to(ROOT)) for each in sorted((ROOT / "docs/decisions").glob("*.md"))),
]
COMMANDS = ("marginalia demo", "pytest")


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_file_that_a_document_names_is_there(name: str) -> None:
    text = read(name)
    quoted = re.findall(
        r"`((?:bot|cogs|sandbox|tests|migrations|bench|docs|deploy)/[\w/.*]*)", text
    )
    linked = re.findall(r"\]\((?!https?://|#)([^)#]+)", text)

    missing = [path for path in quoted if not any(ROOT.glob(path))]
    missing += [path for path in linked if not (ROOT / name).parent.joinpath(path).exists()]

    assert missing == []


def test_the_architecture_names_every_package() -> None:
    text = read("docs/architecture.md")
    shipped = tomllib.loads(read("pyproject.toml"))["tool"]["hatch"]["build"]["targets"]["wheel"]
    packages = [
        str(each.parent.relative_to(ROOT))
        for top in shipped["packages"]
        for each in (ROOT / top).rglob("__init__.py")
    ]

    assert packages
    assert [each for each in packages if f"`{each}/`" not in text] == []


def test_the_architecture_names_every_file_of_the_store_or_its_class_does() -> None:
    text = read("docs/architecture.md")
    files = [each for each in (ROOT / "bot/store").rglob("*.py") if each.name != "__init__.py"]
    unnamed = [each for each in files if each.name not in text]

    assert files
    assert [
        each.name
        for each in unnamed
        if f"\nclass {each.stem.title().replace('_', '')}:" not in each.read_text("utf-8")
    ] == []


@pytest.mark.parametrize("end", COMMANDS)
def test_the_readme_has_each_command_on_one_line_that_makes_its_environment(end: str) -> None:
    lines = [line for line in read("README.md").splitlines() if line.endswith(f"/{end}")]

    assert len(lines) == 1
    assert lines[0].startswith("python3 -m venv ")
    assert "-c constraints.txt" in lines[0]


def test_the_service_is_not_started_again_after_what_no_start_mends() -> None:
    assert f"\nRestartPreventExitStatus={MISUSED}\n" in read("deploy/marginalia.service")
