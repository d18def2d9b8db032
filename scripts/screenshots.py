"""Make the pictures of docs/screenshots from a fresh demo, in English, at 390 and 1280 px.

    ./run demo > demo.txt &
    .venv/bin/python scripts/screenshots.py demo.txt

``demo.txt`` is what the demo printed: it holds the sign-in links, each good for one run. Needs Chromium ($CHROMIUM).
"""

import io
import os
import pathlib
import re
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

OUT = pathlib.Path(__file__).parent.parent / "docs" / "screenshots"
WIDTHS = (390, 1280)
TALLEST = 1700  # a picture shows the beginning of a long page
MOST_BYTES = 250_000
LINK = re.compile(r"^  (\S.*?)  .*?(http://\S+)/sign-in/(\S+)$", re.MULTILINE)
ROLES = {"Coordinator": "coordinator", "City representative": "city", "Researcher": "researcher", "Juror": "juror"}


def main(printed: str) -> None:
    """Sign in as each role once and take its pages."""
    links = {ROLES[name]: (url, token) for name, url, token in LINK.findall(printed) if name in ROLES}
    url = links["city"][0]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM") or shutil.which("chromium"), args=["--no-sandbox"]
        )
        with visiting(browser, url) as page:
            take(page, "/", "front")
            take(page, "/challenges", "catalogue")
            take(page, first(page, "/challenges", "/challenges/"), "challenge")
            take(page, first(page, "/pilots", "/pilots/", "Warm streets"), "pilot")
        for role, (_url, token) in links.items():
            with visiting(browser, url) as page:
                page.goto(f"/sign-in/{token}")
                page.locator("main button").first.click()
                page.wait_for_url("**/home")
                take(page, "/home", f"home-{role}")
                if role == "researcher":
                    take(page, first(page, "/proposals", "/proposals/", "Listening rails"), "proposal")
                    page.goto("/proposals/new")
                    page.get_by_role("button", name="Begin").click()
                    shoot(page, "proposal-form-error", *WIDTHS)
                    take(page, first(page, "/proposals", "/proposals/", "Listening rails") + "/partners", "partners")
                if role == "coordinator":
                    round_ = first(page, "/rounds", "/rounds/", "example")
                    take(page, f"{round_}/ranking", "ranking")
                    take(page, first(page, f"{round_}/scenarios", f"{round_}/scenarios/"), "scenario")
                    take(page, f"{round_}/announce/preview", "rehearsal")
                    take(page, f"{round_}/dossier", "dossier")
                if role == "juror":
                    open_review(page)
                    shoot(page, "review", *WIDTHS)


@contextmanager
def visiting(browser: Browser, url: str) -> Iterator[Page]:
    """A browser of one person."""
    context = browser.new_context(base_url=url, locale="en-GB", reduced_motion="reduce")
    page = context.new_page()
    page.goto("/language/en")  # whatever the account says
    yield page
    context.close()


def first(page: Page, place: str, prefix: str, text: str = "") -> str:
    """The address of the first record a list links to (with this text in the link)."""
    page.goto(place)
    found = page.locator("main a").evaluate_all("all => all.map(a => [a.getAttribute('href') || '', a.textContent])")
    return next(
        str(href) for href, said in found if re.fullmatch(prefix + "[0-9A-Z]{8}", str(href)) and text in str(said)
    )


def open_review(page: Page) -> None:
    """The juror's next review; the question about conflicts is answered first."""
    page.goto(first(page, "/home", "/reviews/"))
    if page.locator('main [name="answer"]').count():
        page.locator('main [name="answer"][value="none"]').check(force=True)
        page.locator('main form:has([name="answer"]) button').first.click()


def take(page: Page, path: str, name: str) -> None:
    """A page of the service, at each width."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(path)
        shoot(page, name, width)


def shoot(page: Page, name: str, *widths: int) -> None:
    """What stands there now, with few enough colours to be small."""
    for width in widths:
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate("document.fonts.ready.then(() => null)")
        picture = Image.open(io.BytesIO(page.screenshot(full_page=True))).convert("RGB")
        picture = picture.crop((0, 0, picture.width, min(picture.height, TALLEST))).quantize(128)
        path = OUT / f"{name}-{width}.png"
        picture.save(path, optimize=True)
        if (size := path.stat().st_size) > MOST_BYTES:
            raise SystemExit(f"{path.name}: {size} bytes, more than {MOST_BYTES}")
        print(path.name, size)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]).read_text())
