"""Buttons and layouts that Discord does not take, sent raw."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from sandbox.member import SandboxMember
    from sandbox.state import SandboxChannel
    from tests.sandbox.conftest import Caller

V2 = 1 << 15


def text_display(content: str = "x") -> dict[str, Any]:
    return {"type": 10, "content": content}


def button(**fields: Any) -> dict[str, Any]:
    return {"type": 2, "style": 1, "label": "Go", "custom_id": "go", **fields}


def codes_at(errors: dict[str, Any], path: str) -> list[str]:
    for step in path.split("."):
        errors = errors[step]
    return [problem["code"] for problem in errors["_errors"]]


@pytest.mark.parametrize(
    ("component", "path", "code"),
    [
        (text_display(""), "content", "BASE_TYPE_REQUIRED"),
        ({"type": 9, "components": [text_display()]}, "accessory", "BASE_TYPE_REQUIRED"),
        (
            {"type": 9, "components": [text_display()], "accessory": text_display()},
            "accessory.0.type",
            "BASE_TYPE_CHOICES",
        ),
        (
            {"type": 9, "components": [button()], "accessory": button(custom_id="other")},
            "components.0.type",
            "BASE_TYPE_CHOICES",
        ),
        ({"type": 17, "components": [button()]}, "components.0.type", "BASE_TYPE_CHOICES"),
        ({"type": 1, "components": [text_display()]}, "components.0.type", "BASE_TYPE_CHOICES"),
        ({"type": 12, "items": []}, "items", "BASE_TYPE_BAD_LENGTH"),
        (
            {"type": 1, "components": [button(url="https://example.org/")]},
            "components.0.url",
            "BASE_TYPE_NOT_ALLOWED",
        ),
        (
            {"type": 1, "components": [button(style=5, url="https://example.org/")]},
            "components.0.custom_id",
            "BASE_TYPE_NOT_ALLOWED",
        ),
        (
            {"type": 1, "components": [{"type": 2, "style": 5, "label": "Go", "url": "h" * 513}]},
            "components.0.url",
            "BASE_TYPE_BAD_LENGTH",
        ),
    ],
)
async def test_a_component_that_does_not_fit_is_refused(
    call: Caller, text: SandboxChannel, component: dict[str, Any], path: str, code: str
) -> None:
    body = {"flags": V2, "components": [component]}
    status, answer = await call("POST", f"/channels/{text.id}/messages", body)
    assert (status, answer["code"]) == (400, 50035)
    assert code in codes_at(answer["errors"], f"components.0.{path}")
    assert text.messages == ()


async def test_a_layout_that_fits_is_sent_and_pings_whom_its_texts_mention(
    call: Caller, ann: SandboxMember, text: SandboxChannel
) -> None:
    section = {"type": 9, "components": [text_display(ann.mention)], "accessory": button()}
    row = {"type": 1, "components": [button(custom_id="row")]}
    container = {"type": 17, "components": [section, {"type": 14}, row]}
    body = {"flags": V2, "components": [container, text_display("below")]}
    status, _ = await call("POST", f"/channels/{text.id}/messages", body)
    assert status == 200
    assert text.messages[0].pinged.users == {ann.id}
