"""Browsers that write in one proposal, with what goes wrong, and the checker that watches (test_writing_together)."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field
from html import unescape

from sqlmodel import select

from challenge.kernel import patch
from challenge.kernel.editing import Aside
from challenge.kernel.patch import token_of
from challenge.people.models import SignInSession
from challenge.people.queries import token_hash
from tests.cast import PEOPLE
from tests.factories.proposals import get
from tests.filling import hidden
from tests.world import Client

EDITS = 500
PARTS = {"risks": ("risks", "data_protection"), "plan": ("method", "milestones"),
         "interoperability": ("interoperability", "people_centred")}  # fmt: skip
QUESTIONS = [question for questions in PARTS.values() for question in questions]
JSON = {"accept": "application/json"}
WAITS = re.compile(r'name="question" value="(\w+)"><input type="hidden" name="sitting" value="([^"]*)">'
                   r'<input type="hidden" name="base" value="([^"]*)">')  # fmt: skip


@dataclass
class Page:
    """An open page: what it showed, what is typed on it, what the server named the texts."""

    part: str
    sitting: str
    bases: dict[str, str]
    shown: dict[str, str]
    typed: dict[str, str]


@dataclass
class Browser:
    """Somebody's browser, with what it keeps for pages that are gone."""

    name: str
    client: Client
    page: Page | None = None
    unsent: list[Page] = field(default_factory=list)


@dataclass
class Text:
    """A text that was taken, and the page it came from."""

    words: str
    sitting: str
    name: str


class Play:
    """What everybody does, and the checker."""

    def __init__(self, world, code: str, seed: int) -> None:
        self.world, self.code, self.rng = world, code, random.Random(seed)  # noqa: S311 -- a game, no secret
        self.number = self.conflicts = self.edits = 0
        self.url = f"/proposals/{code}"
        with world.acting(writing=False) as w:
            answers = get(w, code).answers
        self.history = {question: [Text(answers[question], "", "")] for question in QUESTIONS}
        self.aside: dict[tuple[str, str, str], str] = {}
        self.browsers = [Browser(name, self.signed_in(name)) for name in ("ravi", "eero", "ravi")]

    def signed_in(self, name: str) -> Client:
        self.number += 1
        token = f"{name} {self.number}"
        with self.world.acting() as w:
            w.add(
                SignInSession(
                    person_id=PEOPLE[name].id, token_hash=token_hash(token), started_at=w.now, seen_at=w.now,
                    proven_at=w.now,
                )
            )  # fmt: skip
        made = Client(self.world.app, token)
        made.is_strict = False  # the same three pages, hundreds of times
        return made

    def run(self) -> None:
        acts = (self.type, self.save, self.answer_lost, self.request_lost, self.send_twice, self.crash,
                self.sign_out, self.stay_away, self.choose, self.open, self.bring_back)  # fmt: skip
        weights = (60, 30, 7, 3, 3, 3, 1, 0.3, 4, 2, 1.5)
        while self.edits < EDITS:
            browser = self.rng.choice(self.browsers)
            if browser.page is None:
                self.open(browser)
            self.rng.choices(acts, weights)[0](browser)
        for browser in self.browsers:
            self.save(browser)
            self.open(browser)

    # What people do

    def open(self, browser: Browser) -> None:
        """Another page, or the same anew; what is typed on this one is sent first, or left behind as by a crash."""
        if browser.page is not None:
            self.save(browser)
        part = self.rng.choice(list(PARTS))
        answer = self.authorised(browser, "GET", f"{self.url}/edit?part={part}")
        assert answer.status_code == 200
        fields = hidden(answer.text)
        now = {question: self.history[question][-1].words for question in PARTS[part]}
        assert {q: fields[f"base-{q}"] for q in now} == {q: token_of(text) for q, text in now.items()}
        assert all(text in unescape(answer.text) for text in now.values())
        bases = {name.removeprefix("base-"): value for name, value in fields.items() if name.startswith("base-")}
        browser.page = Page(part, fields["sitting"], bases, now, dict(now))
        for left in browser.unsent[:]:  # what pages that are gone could not send
            if self.send(browser, left):
                browser.unsent.remove(left)

    def type(self, browser: Browser) -> None:
        """Words are added, changed or taken out, of one question or two."""
        page = browser.page
        for question in self.rng.sample(PARTS[page.part], self.rng.choice((1, 1, 1, 2))):
            words = page.typed[question].split()
            self.edits, self.number = self.edits + 1, self.number + 1
            place = self.rng.randint(0, len(words))
            if words and self.rng.random() < 0.3:
                del words[place : place + self.rng.randint(1, 4)]
            words.insert(place, f"word{self.number}")
            page.typed[question] = " ".join(words)

    def save(self, browser: Browser) -> None:
        """As autosave does; the answer arrives."""
        if browser.page is not None:
            self.send(browser, browser.page)

    def answer_lost(self, browser: Browser) -> None:
        """The server has it, the browser does not know."""
        self.send(browser, browser.page, arrives=False)

    def request_lost(self, browser: Browser) -> None:
        """No network: the text stays on the page and is sent with the next save."""

    def send_twice(self, browser: Browser) -> None:
        """A retry of a request that had arrived."""
        self.send(browser, browser.page, arrives=False)
        self.send(browser, browser.page)

    def crash(self, browser: Browser) -> None:
        """The page is gone, sometimes in the middle of a save; what the browser kept of it the next one sends."""
        if self.rng.random() < 0.5:
            self.send(browser, browser.page, arrives=False)
        page, browser.page = browser.page, None
        changed = {q: text for q, text in page.typed.items() if text != page.shown[q]}
        if changed:
            bases = {question: page.bases[question] for question in changed}
            browser.unsent.append(Page(page.part, page.sitting, bases, page.shown, changed))

    def sign_out(self, browser: Browser) -> None:
        """In another tab; the text on this page is refused, waits, and is sent after signing in again."""
        assert browser.client.post("/sign-out").status_code == 303
        self.save(browser)

    def stay_away(self, browser: Browser) -> None:
        """More than an hour: every session is over."""
        self.world.move(hours=1, minutes=1)
        self.save(browser)

    def bring_back(self, browser: Browser) -> None:
        """An earlier text of the history."""
        question = self.rng.choice(QUESTIONS)
        texts = self.history[question]
        sent = {"number": self.rng.randint(1, len(texts)), "base": token_of(texts[-1].words)}
        answer = self.authorised(browser, "POST", f"{self.url}/answers/{question}/history", data=sent)
        assert answer.status_code == 303
        self.took(question, texts[sent["number"] - 1].words, texts[-1].words, "", browser.name)

    def choose(self, browser: Browser) -> None:
        """Between the texts that wait: mine, theirs, or both in one."""
        answer = self.authorised(browser, "GET", f"{self.url}/conflict")
        waits = WAITS.findall(answer.text)
        texts = {(q, sitting): text for (name, q, sitting), text in self.aside.items() if name == browser.name}
        wanted = {key for key, text in texts.items() if text != self.history[key[0]][-1].words}
        assert {(question, sitting) for question, sitting, _base in waits} == wanted
        if not waits:
            return
        assert all(f'<p class="kept">{texts[key]}</p>' in unescape(answer.text) for key in wanted if texts[key])
        question, sitting, base = self.rng.choice(waits)
        choice, both = self.rng.choice(("mine", "theirs", "both")), f"both {self.number} {texts[question, sitting]}"
        self.number += 1
        sent = {"question": question, "sitting": sitting, "base": base, "choice": choice, "text": both}
        assert self.authorised(browser, "POST", f"{self.url}/conflict", data=sent).status_code == 303
        if choice != "theirs":
            text = both if choice == "both" else texts[question, sitting]
            self.took(question, text, self.history[question][-1].words, sitting, browser.name)
        del self.aside[browser.name, question, sitting]
        self.open(browser)

    # The wire

    def authorised(self, browser: Browser, method: str, url: str, **more):
        answer = browser.client.request(method, url, **more)
        if answer.status_code == 401 or answer.headers.get("location", "").startswith("/sign-in"):
            browser.client = self.signed_in(browser.name)
            answer = browser.client.request(method, url, **more)
        return answer

    def send(self, browser: Browser, page: Page, *, arrives: bool = True) -> bool:
        """Send a page's answers; the checker looks at the answer, the browser only when it arrives."""
        url, answers = f"{self.url}/edit?part={page.part}", page.typed
        bases = {f"base-{question}": base for question, base in page.bases.items() if base}
        lists = {"mims": ["mim1", "mim7"], "people_checks": ["equity"], "size_class": "large", "months": "36"}
        more = {name: value for name, value in lists.items() if name in page.bases}
        sent = {**bases, **more, **answers, "sitting": page.sitting}
        answer = browser.client.post(url, data=sent, headers=JSON)
        if answer.status_code == 401:
            browser.client = self.signed_in(browser.name)
            return False  # the text waits
        assert answer.status_code in (200, 409), answer.text
        told = answer.json()
        self.check(page, browser.name, told)
        if arrives:
            for question, text in answers.items():
                if question in told["bases"]:
                    fresh = told["fresh"].get(question)
                    page.bases[question] = told["bases"][question]
                    page.typed[question] = page.shown[question] = fresh[0][1] if fresh else text
        return True

    # The checker

    def check(self, page: Page, name: str, told: dict) -> None:
        late = set(told.get("late", ()))
        for question, text in page.typed.items():
            base = page.bases[question]
            if token_of(text) == base:
                assert question not in late, "an answer nobody touched was refused"
                continue
            since = self.since(question, base)
            if question in late:
                self.conflicts += 1
                assert any(one.sitting != page.sitting for one in since), "refused, though nobody else changed it"
                self.aside[name, question, page.sitting] = text
            elif told["bases"][question] == token_of(text):
                if text != self.history[question][-1].words:
                    assert all(one.sitting == page.sitting for one in since), "written over somebody else's words"
                    self.took(question, text, None, page.sitting, name)
                self.aside.pop((name, question, page.sitting), None)
            else:
                known = [one for one in self.history[question] if one.name == name]
                settled = (name, question, page.sitting) not in self.aside
                assert text in [one.words for one in known] or settled, "neither taken nor kept"

    def since(self, question: str, base: str) -> list[Text]:
        """The texts taken after the one of this name stood there last."""
        texts = self.history[question]
        places = [place for place, one in enumerate(texts) if token_of(one.words) == base]
        assert places, "typed over a text that never stood there"
        return texts[places[-1] + 1 :]

    def took(self, question: str, text: str, over: str | None, sitting: str, name: str) -> None:
        texts = self.history[question]
        assert over in (None, texts[-1].words)
        if text != texts[-1].words:
            texts.append(Text(text, sitting, name))

    def at_the_end(self) -> None:
        with self.world.acting(writing=False) as w:
            answers = get(w, self.code).answers
            for question, texts in self.history.items():
                kept = patch.versions(w, "proposal", self.code, question)
                assert [(one.text, one.patch.sitting) for one in kept] == [(one.words, one.sitting) for one in texts]
                people = [PEOPLE[one.name].id for one in texts[1:]]
                assert [one.patch.by_id for one in kept[1:]] == people
                assert answers[question] == texts[-1].words
            waiting = select(Aside).where(Aside.settled_at.is_(None))
            rows = {(row.person_id, row.question, row.sitting): row.text for row in w.session.exec(waiting)}
        names = {(PEOPLE[name].id, *rest): text for (name, *rest), text in self.aside.items()}
        assert rows == names
