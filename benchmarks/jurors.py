"""Who reviewed, guessed from what an applicant sees (reliability.md, case 3).

Three jurors judge every proposal and were always assigned in the same order. Whoever has the reports of many proposals,
and by leak or boast knows who wrote those of one half, learns juror ← place and label there and guesses in the other
half. What chance alone would give comes from shuffling the truth within each proposal.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator

from sqlalchemy import text

from benchmarks.ranks import percentile
from benchmarks.result import Plan, Result
from benchmarks.service import Service, serving
from benchmarks.world import World, database, world
from challenge.kernel.database import sqlite_module

SHUFFLES = 4_000
PANEL = 3
Seen = list[tuple[str, int]]  # of one proposal: (label, juror) from the top of the page
COMMENT = "UPDATE review SET comment = 'written by ' || juror_id || ', proposal ' WHERE published_at IS NOT NULL"
FOUND = re.compile(r"written by (\d+), proposal")
LABEL = re.compile(r"Reviewer [A-Z]")


def measure(plan: Plan) -> Iterator[Result]:
    """A row for the place, one for the label, one for both."""
    proposals = plan.of(200, 30)
    with world(proposals * 100 // 13 + 20) as made:
        _fix(made)
        with serving(made.url, made.files) as service:
            pages = [_seen(service, made, *one) for one in _decided(made)[:proposals]]
    for name, feature in (("place", 0), ("label", 1), ("place and label", 2)):
        yield _guessed(name, pages, feature)


def _fix(made: World) -> None:
    """The jurors of every decided proposal become the same three, in the order of their assignment."""
    connection = sqlite_module().connect(str(made.path))  # as such it does not mind numbers nobody has meanwhile
    panel = [number for (number,) in connection.execute("SELECT id FROM juror ORDER BY id LIMIT ?", (PANEL,))]
    places: Counter[int] = Counter()
    decided = "SELECT id, proposal_id FROM review WHERE published_at IS NOT NULL ORDER BY id"
    for review, proposal in connection.execute(decided).fetchall():
        connection.execute("UPDATE review SET juror_id = ? WHERE id = ?", (-panel[places[proposal]], review))
        places[proposal] += 1
    connection.execute("UPDATE review SET juror_id = -juror_id WHERE juror_id < 0")
    connection.execute(COMMENT)
    connection.commit()
    connection.close()


def _decided(made: World) -> list[tuple[str, int]]:
    """(proposal, its lead)."""
    with database(made.url) as opened, opened.engine.connect() as connection:
        found = connection.execute(
            text(
                "SELECT DISTINCT p.code, p.lead_id FROM proposal p JOIN review r ON r.proposal_id = p.id"
                " WHERE r.published_at IS NOT NULL ORDER BY p.code"
            )
        )
        return [(code, lead) for code, lead in found]


_tokens: dict[int, str] = {}


def _seen(service: Service, made: World, code: str, lead: int) -> Seen:
    """The reports as the page shows them."""
    if lead not in _tokens:
        _tokens[lead] = made.session_of(lead)
    page = service.browser(_tokens[lead]).get(f"/proposals/{code}/outcome").text
    labels, jurors = LABEL.findall(page), [int(juror) for juror in FOUND.findall(page)]
    if len(labels) != PANEL or len(jurors) != PANEL:
        message = f"/proposals/{code}/outcome shows {len(labels)} labels and {len(jurors)} reports"
        raise RuntimeError(message)
    return list(zip(labels, jurors, strict=True))


def _guessed(name: str, pages: list[Seen], feature: int) -> Result:
    half = len(pages) // 2
    right = _accuracy(pages[:half], pages[half:], feature)
    chance = random.Random(1)
    shuffled = []
    for _turn in range(SHUFFLES):
        mixed = [_mixed(page, chance) for page in pages]
        shuffled.append(_accuracy(mixed[:half], mixed[half:], feature))
    low, high = percentile(shuffled, 0.025), percentile(shuffled, 0.975)
    return Result(
        "jurors", f"3 juror guessed from {name}, {len(pages)} proposals", f"{right:.1%} right",
        f"chance: {low:.1%}–{high:.1%}", holds=right <= high, against=f"one in {PANEL}",
        raw={"accuracy": right, "low": low, "high": high},
    )  # fmt: skip


def _mixed(page: Seen, chance: random.Random) -> Seen:
    """The same page, if the jurors stood in any order."""
    jurors = chance.sample([juror for _label, juror in page], PANEL)
    return [(label, juror) for (label, _juror), juror in zip(page, jurors, strict=True)]


def _accuracy(known: list[Seen], asked: list[Seen], feature: int) -> float:
    """Learn the likeliest juror of each mark from the known pages; how often that is right on the others."""
    counts: dict[object, Counter[int]] = {}
    for page in known:
        for place, (label, juror) in enumerate(page):
            counts.setdefault(_mark(place, label, feature), Counter())[juror] += 1
    tries = [(_mark(place, label, feature), juror) for page in asked for place, (label, juror) in enumerate(page)]
    return sum(counts[mark].most_common(1)[0][0] == juror for mark, juror in tries if mark in counts) / len(tries)


def _mark(place: int, label: str, feature: int) -> object:
    return (place, label, (place, label))[feature]
