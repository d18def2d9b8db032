"""Reviews saved through the whole stack, against a bare ORM write of the same row (performance.md P5)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

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


def measure(plan: Plan) -> Iterator[Result]:
    """By turns, eight clients each; the journal must verify afterwards."""
    with world(plan.of(2_000, 200)) as made:
        port = free_port()
        with (
            serving(made.url, made.files) as service,
            running(["benchmarks.bare", str(port)], port, settings_of(made.url, port, made.files)) as bare,
        ):
            ours: list[Load] = []
            theirs: list[Load] = []
            for _turn in range(TURNS + 1):  # the first one warms up
                ours.append(closed_loop([_saver(service, *one) for one in _drafts(made)], plan.seconds(6)))
                theirs.append(closed_loop([_bare(bare, code) for code, _token in _drafts(made)], plan.seconds(6)))
        yield _row(ours[1:], theirs[1:])
        yield from _journal(made)


def _drafts(made: World) -> list[tuple[str, str]]:
    """(review, token of its juror), each juror once."""
    if made.url not in _known:
        found = {juror.id: code for code, juror in made.seeded.jury.reviews[ReviewState.DRAFT]}
        _known[made.url] = [(code, made.session_of(juror)) for juror, code in list(found.items())[:CLIENTS]]
    return _known[made.url]


_known: dict[str, list[tuple[str, str]]] = {}


def _saver(service: Service, code: str, token: str) -> Callable[[], bool]:
    """A juror whose page saves by itself: the form as it stands, a mark that changes, the version of the last save."""
    path = f"/reviews/{code}"
    form = next(one for one in forms_of(Browser(service.port, token).get(path).text) if one.action == path)
    values = {name: kept[-1] for name, kept in form.values.items()}
    browser = Browser(service.port, token, headers={"Accept": "application/json"})

    def save() -> bool:
        number = int(values["version"])
        values["comment"] = f"Clear, and costed for both cities: {number}."
        answer = browser.post(path, values)
        if answer.status != 200:  # noqa: PLR2004
            return False
        values["version"] = answer.text.split('"version":')[1].split(",")[0].strip(" }")
        return True

    return save


def _bare(service: Service, code: str) -> Callable[[], bool]:
    browser, turn = Browser(service.port), iter(range(1 << 60))

    def save() -> bool:
        body = f'{{"comment": "Clear, and costed for both cities: {next(turn)}."}}'.encode()
        return browser.send(f"/reviews/{code}", body, "application/json").status == 200  # noqa: PLR2004

    return save


def _row(ours: list[Load], theirs: list[Load]) -> Result:
    rate, bare = median([load.rate for load in ours]), median([load.rate for load in theirs])
    wrong = sum(load.wrong for load in [*ours, *theirs])
    p99 = max(load.at(0.99) for load in ours) * 1_000
    return Result(
        "writes", f"P5 review saved, {CLIENTS} clients, synchronous=FULL",
        f"{rate:.0f}/s, {rate / bare:.0%} of bare, {wrong} errors", f"≥ {RATE:.0f}/s, ≥ {RATIO:.0%}, 0 errors",
        holds=rate >= RATE and rate / bare >= RATIO and wrong == 0, against=f"bare {bare:.0f}/s; p99 {p99:.0f} ms",
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
