"""What a reader does with an exported discussion."""

from __future__ import annotations

from dataclasses import replace

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import Reader
from tests.exporters.exported import debate

# A browser takes its time.
pytestmark = pytest.mark.slow

HOSTILE = """\
<script>window.taken = 1</script><img src=x onerror="window.taken = 1">
</div></article></main><script>window.taken = 1</script>
[click](javascript:window.taken=1) [click](https://example.org/"onclick="window.taken=1)
`</code><svg onload=window.taken=1>` ||</span><iframe srcdoc="<script>parent.taken=1</script>">||
<https://example.org/"onmouseover="window.taken=1> {{ 7 * 7 }} {% raw %} &lt;script&gt;
"""


async def numbers(page: Page) -> list[int]:
    return [int(text) for text in await page.locator("#posts .number").all_text_contents()]


async def test_it_is_read_in_pages_of_25_in_either_order_without_being_loaded_again(
    reader: Reader,
) -> None:
    page = await reader.open(debate(60))
    await page.evaluate("window.same = true")
    showing = page.locator("#showing")
    pages = page.locator("nav.pages").first

    assert await numbers(page) == [*range(1, 26)]
    await expect(showing).to_have_text("Showing 1-25 of 60 posts in this discussion")
    await expect(pages.get_by_role("button", name="Previous")).to_be_disabled()

    await pages.get_by_role("button", name="Page 3").click()
    assert await numbers(page) == [*range(51, 61)]
    await expect(showing).to_have_text("Showing 51-60 of 60 posts in this discussion")
    await expect(pages.get_by_role("button", name="Next")).to_be_disabled()

    await page.get_by_role("button", name="Newest first").click()
    assert await numbers(page) == [*range(60, 35, -1)]
    await pages.get_by_role("button", name="Next").click()
    assert await numbers(page) == [*range(35, 10, -1)]

    await page.get_by_role("button", name="All on one page").click()
    assert await numbers(page) == [*range(60, 0, -1)]
    assert await page.evaluate("window.same")


async def test_in_reply_to_leads_to_the_post_and_back_to_where_one_was(reader: Reader) -> None:
    page = await reader.open(debate(60))
    await page.get_by_role("button", name="Page 2", exact=True).first.click()
    link = page.locator("#post-27 a.parent")
    await link.scroll_into_view_if_needed()
    height = await page.evaluate("scrollY")

    await link.click()
    assert await numbers(page) == [*range(1, 26)]
    await expect(page.locator("#post-20")).to_be_focused()
    # Whatever came to lie under the pointer that clicked.
    await expect(page.locator("#preview")).to_be_hidden()
    assert page.url.endswith("#post-20")

    await page.go_back()
    assert await numbers(page) == [*range(26, 51)]
    assert await page.evaluate("scrollY") == pytest.approx(height, abs=2)

    await page.locator("#post-27 a.parent").click()
    await page.get_by_role("link", name="Back to post 27").click()
    await expect(page.locator("#post-27")).to_be_focused()
    await expect(page.locator("#post-27")).to_be_in_viewport()


async def test_a_link_to_a_post_opens_its_page(reader: Reader) -> None:
    page = await reader.open(debate(60), at="#post-42")
    assert await numbers(page) == [*range(26, 51)]
    await expect(page.locator("#post-42")).to_be_in_viewport()


async def test_what_a_post_answers_is_previewed_on_hover_by_key_and_by_tap(reader: Reader) -> None:
    page = await reader.open(debate(60))
    preview = page.locator("#preview")
    link = page.locator("#post-11 a.parent")

    await link.hover()
    await expect(preview).to_contain_text("What it read")
    await preview.hover()
    await expect(preview).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(preview).to_be_hidden()

    button = page.locator("#post-11").get_by_role("button", name="Preview")
    await button.focus()
    await page.keyboard.press("Enter")
    await expect(preview).to_contain_text("What it read")
    await expect(button).to_have_attribute("aria-expanded", "true")
    assert await numbers(page) == [*range(1, 26)]
    await page.locator("h1").click()
    await expect(preview).to_be_hidden()


async def test_earlier_texts_are_folded_away(reader: Reader) -> None:
    page = await reader.open(debate(10))
    history = page.locator("#post-6 .history")
    earlier = history.get_by_text("It was born bad.")

    await expect(history.locator("summary")).to_contain_text("Last edited by the author on 11 May")
    await expect(earlier).to_be_hidden()
    await history.locator("summary").click()
    await expect(earlier).to_be_visible()


async def test_on_paper_one_reads_who_takes_part_and_no_control(reader: Reader) -> None:
    page = await reader.open(debate(3))
    people = page.locator(".people p")
    await expect(people).to_be_hidden()

    await page.emulate_media(media="print")

    await expect(people).to_be_visible()
    await expect(page.locator("#controls")).to_be_hidden()


async def test_search_finds_posts_of_every_page_and_nothing_that_is_hidden(reader: Reader) -> None:
    def text(number: int) -> str:
        return {40: "Milton, à la fin", 41: "||the iceberg||", 50: "MILTON again"}.get(
            number, "No."
        )

    page = await reader.open(debate(60, text))
    box, showing = page.get_by_label("Search"), page.locator("#showing")

    await box.fill("milton")
    await expect(showing).to_have_text("Showing 1-2 of 2 posts found")
    assert await numbers(page) == [40, 50]
    await box.fill("A milton")
    await expect(showing).to_have_text("Showing 1-2 of 2 posts found")
    await box.fill("iceberg")
    await expect(showing).to_have_text("Showing 0 posts found")
    await box.fill("")
    await expect(showing).to_have_text("Showing 1-25 of 60 posts in this discussion")


async def test_a_jump_out_of_what_was_found_leaves_the_search(reader: Reader) -> None:
    page = await reader.open(debate(60, lambda number: "Milton" if number == 27 else "No."))
    await page.get_by_label("Search").fill("milton")
    await expect(page.locator("#showing")).to_have_text("Showing 1-1 of 1 posts found")
    await page.locator("#post-27 a.parent").click()
    await expect(page.locator("#post-20")).to_be_focused()
    await expect(page.get_by_label("Search")).to_have_value("")
    await page.go_back()
    await expect(page.get_by_label("Search")).to_have_value("milton")
    assert await numbers(page) == [27]


@pytest.mark.parametrize("script", [True, False])
async def test_a_spoiler_is_seen_only_by_who_opens_it(reader: Reader, *, script: bool) -> None:
    page = await reader.open(debate(3), script=script)
    secret = page.locator("#post-1").get_by_text("William")
    await expect(secret).to_be_hidden()
    box = page.get_by_role("checkbox", name="Show the spoiler").first
    await box.focus()
    await page.keyboard.press("Space")
    await expect(secret).to_be_visible()
    await page.keyboard.press("Space")
    await expect(secret).to_be_hidden()
    await page.locator("#post-1 .spoiler").click()
    await expect(secret).to_be_visible()


async def test_without_scripts_it_is_one_long_page_whose_links_lead(reader: Reader) -> None:
    page = await reader.open(debate(60), script=False)
    assert await numbers(page) == [*range(1, 61)]
    await expect(page.locator("#controls")).to_be_hidden()
    await page.locator("#post-27 a.parent").click()
    await expect(page.locator("#post-20")).to_be_in_viewport()
    await page.go_back()
    await expect(page.locator("#post-27")).to_be_in_viewport()
    await page.locator("#post-6 summary").click()
    await expect(page.locator("#post-6 .history")).to_contain_text("It was born bad.")


async def test_a_post_that_tries_to_inject_shows_as_it_was_written(reader: Reader) -> None:
    hostile = replace(
        debate(3, lambda _: HOSTILE),
        title='</title><script>window.taken = 1</script>"',
        forum="<script>window.taken = 1</script>",
    )
    posts = tuple(
        replace(post, author="<img src=x onerror=window.taken=1>") for post in hostile.posts
    )
    page = await reader.open(replace(hostile, posts=posts))

    assert await page.evaluate("window.taken") is None
    assert await numbers(page) == [1, 2, 3]
    await expect(page.locator("#post-1")).to_contain_text("<script>window.taken = 1</script><img")
    await expect(page.locator("#post-1")).to_contain_text("{{ 7 * 7 }}")
    assert await page.locator("main img, main svg, main iframe, main script").count() == 0
    for link in await page.locator("main a").all():
        address = await link.get_attribute("href")
        assert address is not None
        assert address.startswith(("#post-", "https://"))


async def test_the_page_runs_no_other_script_and_asks_for_nothing(reader: Reader) -> None:
    page = await reader.open(debate(3))
    await page.evaluate("""() => {
        document.addEventListener("securitypolicyviolation", (event) => {
            document.body.classList.add(event.effectiveDirective);
        });
        const script = document.createElement("script");
        script.textContent = "window.taken = 1";
        document.body.append(script);
        const image = document.createElement("img");
        image.src = "https://example.org/seen.png";
        document.body.append(image);
        fetch("https://example.org/seen").catch(() => null);
    }""")
    for refused in ("script-src-elem", "img-src", "connect-src"):
        await expect(page.locator("body")).to_contain_class(refused)
    assert await page.evaluate("window.taken") is None


async def test_the_keyboard_alone_will_do(reader: Reader) -> None:
    page = await reader.open(debate(30))
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="Skip to the posts")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.locator("#posts")).to_be_focused()
    for key, post in (("j", 1), ("j", 2), ("j", 3), ("k", 2)):
        await page.keyboard.press(key)
        await expect(page.locator(f"#post-{post}")).to_be_focused()
    await page.keyboard.press("Tab")
    await expect(page.locator("#post-2 .number")).to_be_focused()
    await page.get_by_label("Search").focus()
    await page.keyboard.type("jk")
    await expect(page.get_by_label("Search")).to_have_value("jk")


@pytest.mark.parametrize("dark", [False, True])
async def test_every_text_stands_out_from_what_is_behind_it(reader: Reader, *, dark: bool) -> None:
    page = await reader.open(debate(30), dark=dark)
    for summary in await page.locator("main summary").all():
        await summary.click()
    await page.locator("#post-11 a.parent").hover()
    await expect(page.locator("#preview")).to_be_visible()
    measured = await page.evaluate(CONTRASTS)
    assert len(measured) > 100
    # https://www.w3.org/TR/WCAG22/#contrast-minimum, which leaves out what is disabled.
    assert [each for each in measured if each["ratio"] < 4.5] == []


CONTRASTS = """() => {
    const channel = (value) => value <= .03928 ? value / 12.92 : ((value + .055) / 1.055) ** 2.4;
    const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    const rgba = (color) => {
        canvas.clearRect(0, 0, 1, 1);
        canvas.fillStyle = color;
        canvas.fillRect(0, 0, 1, 1);
        return [...canvas.getImageData(0, 0, 1, 1).data];
    };
    const luminance = ([red, green, blue]) =>
        .2126 * channel(red / 255) + .7152 * channel(green / 255) + .0722 * channel(blue / 255);
    const behind = (element) => {
        for (let at = element; at; at = at.parentElement) {
            const color = rgba(getComputedStyle(at).backgroundColor);
            if (color[3] === 255) return color;
        }
        return [255, 255, 255, 255];
    };
    const measured = [];
    for (const element of document.body.querySelectorAll("*")) {
        const texts = [...element.childNodes].filter((node) => node.nodeType === 3);
        if (!texts.some((node) => node.data.trim()) || element.disabled) continue;
        if (!element.checkVisibility({ visibilityProperty: true })) continue;
        const [a, b] = [rgba(getComputedStyle(element).color), behind(element)].map(luminance);
        const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
        measured.push({ ratio, text: element.textContent.slice(0, 30), kind: element.className });
    }
    return measured;
}"""


async def test_it_is_light_or_dark_as_the_reader_likes(reader: Reader) -> None:
    background = "getComputedStyle(document.documentElement).backgroundColor"
    light = await (await reader.open(debate(3))).evaluate(background)
    page = await reader.open(debate(3), dark=True)
    dark = await page.evaluate(background)
    assert dark != light
    await page.get_by_role("button", name="Light").click()
    assert await page.evaluate(background) == light
    await page.get_by_role("button", name="Dark").click()
    assert await page.evaluate(background) == dark


async def test_a_narrow_screen_needs_no_scrolling_to_the_side(reader: Reader) -> None:
    page = await reader.open(
        debate(30, lambda _: "x" * 300 + f"\n```\n{'y ' * 200}\n```"), width=320
    )
    assert await page.evaluate("document.documentElement.scrollWidth") <= 320


async def test_on_paper_stands_all_of_it_and_no_button(reader: Reader) -> None:
    page = await reader.open(debate(60))
    await page.evaluate('window.dispatchEvent(new Event("beforeprint"))')
    assert await numbers(page) == [*range(1, 61)]
    await page.emulate_media(media="print")
    await expect(page.locator("#controls")).to_be_hidden()
    assert await page.locator(".peek:visible, nav.pages:visible").count() == 0
    await page.evaluate('window.dispatchEvent(new Event("afterprint"))')
    assert await numbers(page) == [*range(1, 26)]


async def test_ten_thousand_posts_are_read_like_ten(reader: Reader) -> None:
    page = await reader.open(debate(10_000))
    await expect(page.locator("#showing")).to_have_text(
        "Showing 1-25 of 10,000 posts in this discussion"
    )
    await page.get_by_role("button", name="Page 400").first.click()
    assert await numbers(page) == [*range(9_976, 10_001)]
    await page.get_by_label("Search").fill("Plutarch")
    await expect(page.locator("#showing")).to_have_text("Showing 1-25 of 2,500 posts found")


async def test_the_times_are_those_of_the_readers_own_zone(reader: Reader) -> None:
    file = reader.folder / "discussion.html"
    await reader.open(debate(1))
    context = await reader.browser.new_context(locale="en-GB", timezone_id="Asia/Tokyo")
    page = await context.new_page()
    await page.goto(file.as_uri())
    await expect(page.locator("#post-1 .when time")).to_have_text("11 May 2026, 08:02")
    await expect(page.locator("#post-1 .when time")).to_have_attribute(
        "title", "10 May 2026, 23:02 UTC"
    )
