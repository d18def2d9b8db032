"""What people do in the browser: fill fields by their names, press buttons by their words, one line each."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect
from playwright.sync_api import TimeoutError as TooLong


class Person:
    """Somebody at a browser, signed in. ``go`` opens a page, ``fill`` and ``press`` use the form on it."""

    def __init__(self, stage: Any, name: str, width: int = 1280) -> None:
        self.stage, self.name, self.width = stage, name, width

    @property
    def page(self) -> Page:
        return self.stage.page(self.name, width=self.width)

    def go(self, path: str) -> Person:
        answer = self.page.goto(self.stage.url + path)
        assert answer is not None
        assert answer.status < 400, f"{self.name} at {path}: {answer.status} {self.page.title()}"
        return self

    def fill(self, **values: Any) -> Person:
        for name, value in values.items():
            self.put(name, value)
        return self

    def put(self, name: str, value: Any) -> None:
        """By the kind of the field: True ticks, a list ticks several, a choice is chosen, the rest is typed."""
        field = self.page.locator(f'main [name="{name}"]')
        kind = field.first.evaluate("e => e.tagName === 'INPUT' ? e.type : e.tagName.toLowerCase()")
        if kind in {"checkbox", "radio"}:
            wanted = value if isinstance(value, list) else ["yes" if value is True else str(value)]
            for one in wanted:
                self.page.locator(f'main [name="{name}"][value="{one}"]').check(force=True)
        elif kind == "select":
            options = field.first.evaluate("e => [...e.options].map(o => [o.value, o.text])")
            wanted = str(value)
            chosen = [v for v, text in options if v == wanted] or [v for v, text in options if wanted in text]
            assert chosen, f"{name}: no “{wanted}” among {options}"
            field.first.select_option(chosen[0])
        else:
            field.first.fill(str(value))

    def press(self, words: str, *, within: str = "main", exact: bool = False, refused: bool = False) -> Person:
        """Press the button (or the link that looks like one) with these words; the page that follows is no refusal.

        ``refused``: it is one, and the test reads what it says.
        """
        place = self.page.locator(within)
        button = place.get_by_role("button", name=words, exact=exact).or_(
            place.get_by_role("link", name=words, exact=exact)
        )
        before = self.page.url
        try:
            button.first.wait_for(state="visible")
        except TooLong as error:
            raise AssertionError(f"{self.name} finds no “{words}” at {before}\n{self.said()}") from error
        with self.page.expect_response(lambda answer: answer.request.is_navigation_request()) as got:
            button.first.click()
        self.page.wait_for_load_state()
        status = got.value.status
        assert (400 <= status < 500) if refused else status < 400, (
            f"{self.name} pressed “{words}” at {before}: {status}\n{self.said()}"
        )
        return self

    def attach(self, name: str, content: bytes) -> Person:
        """Choose a file in the form."""
        file = {"name": name, "mimeType": "application/octet-stream", "buffer": content}
        self.page.locator('main input[type="file"]').set_input_files(file)  # type: ignore[arg-type]
        return self

    def saves(self, words: str) -> bytes:
        """Press a link that is a download: its bytes."""
        with self.page.expect_download() as got:
            self.page.locator("main").get_by_role("link", name=words).first.click()
        return Path(got.value.path()).read_bytes()

    def said(self) -> str:
        return self.page.locator("main").inner_text()[:1500]

    def sees(self, *texts: str) -> Person:
        for text in texts:
            expect(self.page.locator("body")).to_contain_text(re.compile(re.escape(text), re.IGNORECASE))
        return self

    def code(self) -> str:
        """The code in the address of the page."""
        found = re.search(r"/([0-9A-HJKMNP-TV-Z]{8})(?:[/?#]|$)", self.page.url)
        assert found is not None, self.page.url
        return found[1]
