"""Whether the time of an answer tells known addresses from unknown ones (reliability.md, case 24).

Limits are part of the service and stay on: each request names an address of its own and comes from a place of its own
(another address of loopback), as from a patient attacker with many machines. Known and unknown ones come by chance.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

from sqlalchemy import insert

from benchmarks.load import Answer, Browser
from benchmarks.ranks import median, rank_test
from benchmarks.result import Plan, Result
from benchmarks.service import Service, serving
from benchmarks.world import World, database, world
from challenge.kernel.clock import now
from challenge.kernel.record import metadata
from challenge.people.passwords import hashed
from challenge.people.spelling import address_key, plain

AREA = 0.55
PASSWORD = "wrong but long enough to be one"
FORMS = {"link request": ("/sign-in", {}), "password sign-in": ("/sign-in/password", {"password": PASSWORD})}


def measure(plan: Plan) -> Iterator[Result]:
    """A row for each way to sign in."""
    count = plan.of(1_000, 60)
    with world(100) as made:
        known = _known(made, count * len(FORMS))
        with serving(made.url, made.files) as service:
            for place, (name, (path, fields)) in enumerate(FORMS.items()):
                here = known[place * count : (place + 1) * count]
                yield _told_apart(service, name, path, fields, here, place)


def _known(made: World, count: int) -> list[str]:
    """So many more people, each with a password; their addresses."""
    kept, at = hashed("right and also long enough"), now()
    rows = []
    for number in range(count):
        email = f"known.{number:05}@example.org"
        rows.append(
            {"code": f"K{number:07}", "version": 1, "created_at": at, "name": f"Known {number:05}", "email": email,
             "name_plain": plain(f"Known {number:05}"), "email_key": address_key(email), "locale": "en",
             "password_hash": kept}
        )  # fmt: skip
    with database(made.url) as opened, opened.engine.begin() as connection:
        connection.execute(insert(metadata.tables["person"]), rows)
    return [str(row["email"]) for row in rows]


def _told_apart(
    service: Service, name: str, path: str, fields: dict[str, str], known: Sequence[str], place: int
) -> Result:
    unknown = [email.replace("known", "never") for email in known]
    asked = [(email, 0) for email in unknown] + [(email, 1) for email in known]
    random.Random(1).shuffle(asked)
    times: tuple[list[float], list[float]] = ([], [])
    bodies: set[tuple[int, str]] = set()
    for number, (email, side) in enumerate(asked):
        answer = _ask(service, path, {**fields, "email": email, "next": ""}, place, number)
        times[side].append(answer.seconds * 1_000)
        bodies.add((answer.status, answer.text.replace(email, "")))
    p, area = rank_test(*times)
    area = max(area, 1 - area)
    delta = median(times[1]) - median(times[0])
    same = len(bodies) == 1
    return Result(
        "accounts", f"24 {name}: {len(known)} known, as many unknown",
        f"AUC {area:.3f}, Δ median {delta:+.2f} ms, answers {'same' if same else 'DIFFER'}", f"AUC ≤ {AREA}, same",
        holds=area <= AREA and same, against=f"median {median(times[0]):.1f} ms, p {p:.3f}",
        raw={"auc": area, "p": p, "delta_ms": delta},
    )  # fmt: skip


def _ask(service: Service, path: str, fields: dict[str, str], place: int, number: int) -> Answer:
    """From an address nobody has asked from yet; the connection is there before the clock runs."""
    browser = Browser(service.port, source=f"127.{20 + place}.{number // 250}.{1 + number % 250}")
    browser.get("/healthz")
    answer = browser.post(path, fields)
    browser.close()
    return answer
