"""Writes through the whole stack, against a bare ORM write of one row (performance.md P5).

A review that saves itself while it is written: version check, marks, no step. A city's rating of an idea: a row, a step
in the journal's chain, its words, its place in the outbox. Each is sent by eight people at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from sqlalchemy import text

from benchmarks.forms import forms_of
from benchmarks.load import Browser, Load, closed_loop
from benchmarks.ranks import median
from benchmarks.result import Plan, Result
from benchmarks.service import Service, free_port, running, serving, settings_of
from benchmarks.world import World, database, world
from challenge.jury.states import ReviewState
from challenge.kernel import journal
from challenge.kernel.clock import now
from challenge.kernel.work import open_work

CLIENTS, TURNS = 8, 3
RATE, RATIO = 300.0, 0.3
SUBJECTS = text(
    "SELECT p.code, s.contact_id FROM proposal p JOIN proposal_challenge c ON c.proposal_id = p.id"
    " JOIN submission s ON s.id = c.submission_id WHERE p.state = 'in_review' GROUP BY s.contact_id ORDER BY 1 LIMIT 8"
)
Asks = Sequence[Callable[[], bool]]


def measure(plan: Plan) -> Iterator[Result]:
    """By turns; the journal must verify afterwards."""
    with world(plan.of(2_000, 200)) as made:
        port = free_port()
        with (
            serving(made.url, made.files) as service,
            running(["benchmarks.bare", str(port)], port, settings_of(made.url, port, made.files)) as bare,
        ):
            reviews, ideas = _drafts(made), _ideas(made)
            others = [code for code, _juror in made.seeded.jury.reviews[ReviewState.SUBMITTED][:CLIENTS]]
            asks: dict[str, Asks] = {
                "review saved": [_saver(service, *one) for one in reviews],
                "idea rated, with step and outbox": [_rater(service, *one) for one in ideas],
                "bare": [_bare(bare, code) for code in others],
            }
            loads: dict[str, list[Load]] = {name: [] for name in asks}
            for _turn in range(TURNS + 1):  # the first one warms up
                for name, these in asks.items():
                    loads[name].append(closed_loop(these, plan.seconds(6)))
        theirs = loads.pop("bare")[1:]
        for name, ours in loads.items():
            yield _row(name, ours[1:], theirs)
        yield from _journal(made)


def _drafts(made: World) -> list[tuple[str, str]]:
    """(review, token of its juror), each juror once."""
    found = {juror.id: code for code, juror in made.seeded.jury.reviews[ReviewState.DRAFT]}
    return [(code, made.session_of(juror)) for juror, code in list(found.items())[:CLIENTS]]


def _ideas(made: World) -> list[tuple[str, str]]:
    """(an idea, token of the lead of a city whose challenge it answers)."""
    with database(made.url) as opened, opened.engine.connect() as connection:
        found = connection.execute(SUBJECTS).all()
    return [(code, made.session_of(person)) for code, person in found]


def _saver(service: Service, code: str, token: str) -> Callable[[], bool]:
    """A juror whose page saves by itself: the form as it stands, words that change, the version of the last save."""
    path = f"/reviews/{code}"
    form = next(one for one in forms_of(service.browser(token).get(path).text) if one.action == path)
    values = {name: kept[-1] for name, kept in form.values.items()}
    browser = service.browser(token, Accept="application/json")

    def save() -> bool:
        values["comment"] = f"Clear, and costed for both cities: {values['version']}."
        answer = browser.post(path, values)
        if answer.status != 200:  # noqa: PLR2004
            return False
        values["version"] = answer.text.split('"version":')[1].split(",")[0].strip(" }")
        return True

    return save


def _rater(service: Service, code: str, token: str) -> Callable[[], bool]:
    browser, turn = service.browser(token), iter(range(1 << 60))
    return lambda: browser.post(f"/proposals/{code}/rating", _rating(next(turn))).status == 303  # noqa: PLR2004


def _rating(turn: int) -> dict[str, str]:
    return {"rating": str(1 + turn % 5), "comment": f"Useful in winter: {turn}."}


def _bare(service: Service, code: str) -> Callable[[], bool]:
    browser, turn = Browser(service.port), iter(range(1 << 60))

    def save() -> bool:
        body = f'{{"comment": "Clear, and costed for both cities: {next(turn)}."}}'.encode()
        return browser.send(f"/reviews/{code}", body, "application/json").status == 200  # noqa: PLR2004

    return save


def _row(name: str, ours: list[Load], theirs: list[Load]) -> Result:
    rate, bare = median([load.rate for load in ours]), median([load.rate for load in theirs])
    wrong, refused = (sum(load.wrong for load in loads) for loads in (ours, theirs))
    p99 = max(load.at(0.99) for load in ours) * 1_000
    return Result(
        "writes", f"P5 {name}, {CLIENTS} clients, synchronous=FULL",
        f"{rate:.0f}/s, {rate / bare:.0%} of bare, {wrong} errors", f"≥ {RATE:.0f}/s, ≥ {RATIO:.0%}, 0 errors",
        holds=rate >= RATE and rate / bare >= RATIO and wrong == 0,
        against=f"bare {bare:.0f}/s, {refused} errors; p99 {p99:.0f} ms",
        raw={"rate": rate, "bare": bare, "ratio": rate / bare, "wrong": wrong, "p99_ms": p99},
    )  # fmt: skip


def _journal(made: World) -> Iterator[Result]:
    with database(made.url) as opened, open_work(opened, now(), writing=False) as w:
        faults = list(journal.faults(w.session))
    yield Result(
        "writes",
        "P5 the journal afterwards",
        f"{len(faults)} faults",
        "0",
        holds=not faults,
        raw={"faults": len(faults)},
    )
