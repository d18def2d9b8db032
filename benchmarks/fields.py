"""Hostile text in every field of every form (reliability.md, case 29): nothing takes long to parse, keep or show.

The forms are read off the pages, so a new field is measured as soon as a page has it. Each field alone is filled with
as much as a request may carry, then with what is likely to be kept, and sent; what was kept is read again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from benchmarks.forms import Form, forms_of
from benchmarks.load import Answer, Browser
from benchmarks.ranks import median, percentile
from benchmarks.result import Plan, Result
from benchmarks.service import Service, serving
from benchmarks.world import World, world
from challenge.jury.states import ReviewState
from challenge.proposals.states import ProposalState
from challenge.seed.proposals import Answer as Answered
from challenge.submissions.states import SubmissionState

P99_MS = 200.0
BODY_BYTES = 150_000  # a form may have 256 KiB, and the other fields need room
LENGTHS = (BODY_BYTES, 2_000, 100)
QUERY_BYTES = 3_000  # an address may have 4 KiB
REPEATED = {
    "a": "a", "open brackets": "(", "link beginnings": "[", "pictures": "![", "emphasis": "_*", "backticks": "`",
    "quotes in quotes": "> ", "lists in lists": "- ", "table": "|", "entities": "&lt", "tags": "<a ", "comment": "<!--",
    "addresses": "http://a.", "mail addresses": "a@a.", "spaces": " ", "tabs and lines": "\t\n", "accents": "e\u0301",
    "marks without letters": "\u0301", "joiners": "\u200d", "long ligatures": "\ufdfa", "dotted capital": "\u0130",
    "two scripts": "a\u0430", "digits": "9", "percent": "%", "commas": ", ",
}  # fmt: skip
ENDINGS = ("", "!")
SKIPPED = frozenset({"/sign-out"})
Asked = tuple[str, str]  # who, which page


@dataclass(slots=True)
class Timed:
    """One answer."""

    ms: float
    where: str
    status: int


def measure(plan: Plan) -> Iterator[Result]:
    """A row for each page with forms, then one for all of them."""
    strings = dict(list(REPEATED.items())[:: plan.of(1, 6)])
    with world(plan.of(300, 60)) as made, serving(made.url, made.files) as service:
        tokens = {who: made.session_of(person) for who, person in _people(made).items()}
        everything: list[Timed] = []
        for who, path in _pages(made)[:: plan.of(1, 2)]:
            found = list(_page(service, Browser(service.port, tokens.get(who, "")), path, strings))
            if not found:
                message = f"{path} has no field for {who}: nothing is measured"
                raise RuntimeError(message)
            everything += found
            yield _row(f"29 {who}, {_plain(path)}", found)
        yield _row("29 every field of these pages", everything)


def _people(made: World) -> dict[str, int]:
    """Who fills in what."""
    seeded = made.seeded
    return {
        "city": _draft(made).lead.id, "applicant": seeded.proposals.some[ProposalState.DRAFT][0].lead.id,
        "juror": seeded.jury.reviews[ReviewState.DRAFT][0][1].id, "coordinator": seeded.society.offices[0].id,
    }  # fmt: skip


def _draft(made: World) -> Answered:
    return next(one for one in made.seeded.challenges if one.state is SubmissionState.DRAFT)


def _pages(made: World) -> list[Asked]:
    seeded = made.seeded
    challenge = next(one for one in seeded.challenges if one.state is SubmissionState.ACCEPTED)
    proposal = seeded.proposals.some[ProposalState.DRAFT][0]
    parts = ("summary", "problem", "answer", "plan")
    return [
        ("visitor", "/sign-in"), ("visitor", "/challenges"), ("visitor", "/cities"),
        ("visitor", f"/challenges/{challenge.code}/questions"), ("city", f"/submissions/{_draft(made).code}/edit"),
        ("city", "/submissions/new"), ("city", "/organisations"), ("applicant", "/account"),
        *[("applicant", f"/proposals/{proposal.code}/edit?part={part}") for part in parts],
        ("applicant", f"/proposals/{proposal.code}/team"), ("applicant", f"/proposals/{proposal.code}/budget"),
        ("juror", f"/reviews/{seeded.jury.reviews[ReviewState.DRAFT][0][0]}"),
        ("coordinator", "/proposals"), ("coordinator", "/people"), ("coordinator", "/organisations/new"),
        ("coordinator", f"/rounds/{seeded.round_code}/news/new"),
    ]  # fmt: skip


def _plain(path: str) -> str:
    return "/".join("{code}" if part.isalnum() and part.isupper() else part for part in path.split("/"))


def _page(service: Service, browser: Browser, path: str, strings: dict[str, str]) -> Iterator[Timed]:
    """Every text field of every form of the page with every string."""
    shown = browser.get(path)
    if shown.status != 200:  # noqa: PLR2004
        message = f"{path} answers {shown.status}"
        raise RuntimeError(message)
    for form in forms_of(shown.text):
        if form.action in SKIPPED:
            continue
        for name, most in form.texts.items():
            for number, (what, piece) in enumerate(strings.items()):
                texts = {hostile(piece, length, most, form) + ENDINGS[number % len(ENDINGS)] for length in LENGTHS}
                for text in sorted(texts):
                    for answer in _fill(service, browser, path, form, name, text):
                        where = f"{name}: {len(text)} of {what}"
                        yield Timed(answer.seconds * 1_000, where, answer.status)


def hostile(piece: str, length: int, most: int | None, form: Form) -> str:
    """The string, so long where the field takes it and a request carries it."""
    room = QUERY_BYTES if form.method == "get" else BODY_BYTES
    return piece * max(min(room // len(quote(piece)), min(length, most or length) // len(piece)), 1)


def _fill(service: Service, browser: Browser, path: str, form: Form, name: str, text: str) -> Iterator[Answer]:
    action = form.action or path
    if form.method == "get":
        yield browser.get(f"{urlsplit(action).path}?{name}={quote(text)}")
        return
    if action.startswith("/sign-in"):  # limits are counted by place
        browser = Browser(service.port, source=f"127.30.{hash(name + text) % 250}.{1 + hash(text) % 250}")
    answer = browser.post(action, {**_fresh(browser, path, form), name: text})
    yield answer
    if answer.status == 303:  # noqa: PLR2004 -- it was kept: whoever reads it pays too
        yield browser.get(path)
        yield browser.get(urlsplit(answer.header("location")).path or path)


def _fresh(browser: Browser, path: str, form: Form) -> dict[str, list[str]]:
    """The values as they were; a save before this one raised the version."""
    if "version" not in form.values:
        return form.values
    now = next(one for one in forms_of(browser.get(path).text) if one.action == form.action)
    return {**form.values, "version": now.values["version"]}


def _row(name: str, found: list[Timed]) -> Result:
    times = [one.ms for one in found]
    p99, worst = percentile(times, 0.99), max(found, key=lambda one: one.ms)
    kept = sum(one.status == 303 for one in found)  # noqa: PLR2004
    broken = [one for one in found if one.status >= 500]  # noqa: PLR2004
    figure = f"p99 {p99:.0f} ms of {len(times)}, {kept} kept" + (
        f", {len(broken)} × 5xx ({broken[0].where})" if broken else ""
    )
    return Result(
        "fields", name, figure, f"p99 < {P99_MS:.0f} ms, no 5xx", holds=p99 < P99_MS and not broken,
        against=f"median {median(times):.0f}, worst {worst.ms:.0f} ms ({worst.where})",
        raw={"p99_ms": p99, "worst_ms": worst.ms, "median_ms": median(times), "broken": len(broken)},
    )  # fmt: skip
