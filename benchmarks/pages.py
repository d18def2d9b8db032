"""List pages: against a bare page, as rows grow, in queries, in bytes (performance.md P1, P2, P3, P11)."""

from __future__ import annotations

import contextlib
import gzip
import re
from collections.abc import Iterator
from urllib.parse import urljoin

from pydantic import SecretStr
from starlette.testclient import TestClient

from benchmarks.load import Browser, Load, closed_loop, reader
from benchmarks.ranks import median
from benchmarks.result import Plan, Result
from benchmarks.service import SECRET, Service, free_port, running, serving, settings_of
from benchmarks.world import World, database, world
from challenge.app import create_app
from challenge.jury.states import ReviewState
from challenge.people.queries import COOKIE
from challenge.proposals.states import ProposalState
from challenge.settings import Settings
from tests.counting import counted

RATIO, GROWTH, LIST_BYTES, FIRST_BYTES = 0.6, 1.5, 40_000, 250_000
CLIENTS, TURNS = 4, 5
LISTS, SINGLE = 10, 15
MOST_JURORS = 70  # in larger rounds the pages that show every proposal at once take minutes
MOST_SECONDS = 10.0  # for the median of one page


def measure(plan: Plan) -> Iterator[Result]:
    """P1, P11 and the queries in the middle world; P2 and P3 against a small and a large one."""
    sizes = {"small": plan.of(1_000, 100), "middle": plan.of(10_000, 400), "large": plan.of(100_000, 1_500)}
    p50: dict[str, dict[str, float]] = {}
    queries: dict[str, dict[str, int]] = {}
    for name, size in sizes.items():
        with world(size) as made:
            queries[name] = _queries(made)
            with serving(made.url, made.files) as service:
                if name == "middle":
                    yield from _against_bare(plan, made, service, size)
                    yield from _bytes(made, service)
                p50[name] = _medians(plan, made, service)
    yield from _growth(sizes, p50)
    yield from _counts(sizes, queries)


def _list(made: World) -> str:
    return f"/proposals?round={made.seeded.round_code}&state=in_jury&q=e"


def _coordinator(made: World) -> str:
    return made.session_of(made.seeded.society.offices[0].id)


def _against_bare(plan: Plan, made: World, service: Service, size: int) -> Iterator[Result]:
    """By turns, so that a machine that slows down slows both."""
    port, token = free_port(), _coordinator(made)
    with running(["benchmarks.bare", str(port)], port, settings_of(made.url, port, made.files)) as bare:
        path = _list(made)
        rates: dict[str, list[float]] = {"ours": [], "bare": []}
        costs: dict[str, list[float]] = {"ours": [], "bare": []}
        for _turn in range(TURNS + 1):
            for name, one, asked in (("ours", service, path), ("bare", bare, path.replace("/proposals", "/list"))):
                load, cost = _turn_of(one, token, asked, plan.seconds(4))
                rates[name].append(load.rate)
                costs[name].append(cost)
        found = {name: median(values[1:]) for name, values in rates.items()}  # the first turn warms up
        ratio = found["ours"] / found["bare"]
        cost = median(costs["ours"][1:]) / median(costs["bare"][1:])
        yield Result(
            "pages", f"P1 list of 50 of {size:,} proposals, filtered", f"{found['ours']:.0f} req/s: {ratio:.0%}",
            f"≥ {RATIO:.0%}", holds=ratio >= RATIO,
            against=f"bare page {found['bare']:.0f} req/s; processor time {cost:.1f}×",
            raw={"rate": found["ours"], "bare": found["bare"], "ratio": ratio, "cpu_ratio": cost},
        )  # fmt: skip


def _turn_of(service: Service, token: str, path: str, seconds: float) -> tuple[Load, float]:
    """Requests a second, and seconds of processor time for one."""
    before = service.cpu()
    browsers = [Browser(service.port, token) for _client in range(CLIENTS)]
    load = closed_loop([reader(browser, path) for browser in browsers], seconds)
    if load.wrong:
        message = f"{load.wrong} of {path} went wrong"
        raise RuntimeError(message)
    for browser in browsers:
        browser.close()
    return load, (service.cpu() - before) / max(len(load.times), 1)


def _bytes(made: World, service: Service) -> Iterator[Result]:
    """The list as it is sent to who is signed in (never compressed), and all a visitor loads first."""
    listed = len(service.browser(_coordinator(made)).get(_list(made)).body)
    yield Result(
        "pages", "P11 HTML of the list page", f"{listed / 1_000:.1f} kB", "≤ 40 kB", holds=listed <= LIST_BYTES,
        against="as sent: pages of signed-in people are not compressed", raw={"bytes": listed},
    )  # fmt: skip
    browser = Browser(service.port, headers={"Accept-Encoding": "gzip"})
    sizes = dict(_loaded(browser, "/"))
    whole = sum(sizes.values())
    yield Result(
        "pages", "P11 first page with all it loads", f"{whole / 1_000:.0f} kB", "≤ 250 kB", holds=whole <= FIRST_BYTES,
        against=f"{len(sizes)} files, largest {max(sizes, key=lambda path: sizes[path]).rsplit('/', 1)[-1]}",
        raw={"bytes": whole},
    )  # fmt: skip


def _loaded(browser: Browser, path: str) -> Iterator[tuple[str, int]]:
    """A page and what it names, and what that names: each once, as many bytes as went over the line."""
    waiting, seen = [path], {path}
    while waiting:
        here = waiting.pop()
        answer = browser.get(here)
        yield here, len(answer.body)
        packed = answer.header("content-encoding") == "gzip"
        content = gzip.decompress(answer.body) if packed else answer.body
        kind = answer.header("content-type")
        for found in _named(content.decode(errors="replace"), kind):
            if (there := urljoin(here, found)) not in seen and there.startswith("/static/"):
                seen.add(there)
                waiting.append(there)


def _named(text: str, kind: str) -> list[str]:
    if "html" in kind:
        return re.findall(r'<(?:link|script|img)\b[^>]*?(?:href|src)="([^"]+)"', text)
    if "css" in kind:
        return [found for found in re.findall(r'url\(["\']?([^"\')]+)', text) if not found.startswith("data:")]
    if "javascript" in kind:
        return re.findall(r'(?:^|[;\n}])\s*import\s*(?:[^"\'();]*?from\s*)?["\']([^"\']+)["\']', text)
    return []


def _pages(made: World) -> dict[str, tuple[int, str]]:
    """Page → (who, address)."""
    seeded = made.seeded
    officer = seeded.society.offices[0].id
    of_round = f"/rounds/{seeded.round_code}"
    wholes = {name: (officer, f"{of_round}/{name}") for name in ("ranking", "assignment")}
    proposal = seeded.proposals.some[ProposalState.IN_JURY][0]
    review, juror = seeded.jury.reviews[ReviewState.DRAFT][0]
    return {
        "list of proposals": (officer, _list(made)), "list of challenges": (0, "/challenges"),
        "list of cities": (0, "/cities"), "round's challenges": (officer, "/submissions"),
        "coordinator's home": (officer, "/home"), "researcher's home": (proposal.lead.id, "/home"),
        "juror's home": (juror.id, "/home"), "juror's queue": (juror.id, "/reviews"),
        "front page": (0, "/"), "journal": (officer, "/journal"),
        "one proposal, coordinator": (officer, f"/proposals/{proposal.code}"),
        "one proposal, lead": (proposal.lead.id, f"/proposals/{proposal.code}"),
        "one challenge": (0, f"/challenges/{seeded.challenges[0].code}"),
        "one review": (juror.id, f"/reviews/{review}"), **(wholes if len(seeded.society.jurors) <= MOST_JURORS else {}),
    }  # fmt: skip


def _medians(plan: Plan, made: World, service: Service) -> dict[str, float]:
    """Page → median milliseconds of one client."""
    found = {}
    for name, (person, path) in _pages(made).items():
        browser = Browser(service.port, made.session_of(person) if person else "")
        times: list[float] = []
        while len(times) < plan.of(60, 6) and sum(times) < MOST_SECONDS:
            answer = browser.get(path)
            if answer.status != 200:  # noqa: PLR2004
                message = f"{path} answers {answer.status}"
                raise RuntimeError(message)
            times.append(answer.seconds)
        found[name] = median(times[len(times) // 6 :]) * 1_000
        browser.close()
    return found


def _growth(sizes: dict[str, int], p50: dict[str, dict[str, float]]) -> Iterator[Result]:
    for name, small in p50["small"].items():
        here = [size for size in sizes if name in p50[size]]
        grown = p50[here[-1]][name] / small
        is_p2 = name == "list of proposals"
        yield Result(
            "pages", f"P2 {name}, {sizes['small']:,} → {sizes[here[-1]]:,}", f"p50 grows {grown:.1f}×",
            f"≤ {GROWTH}×" if is_p2 else "", holds=grown <= GROWTH if is_p2 else None,
            against=" → ".join(f"{p50[size][name]:.1f}" for size in here) + " ms",
            raw={size: p50[size][name] for size in here},
        )  # fmt: skip


class _Counted:
    """What ``tests.counting`` asks of a world."""

    def __init__(self, opened: object) -> None:
        self.database = opened


def _queries(made: World) -> dict[str, int]:
    """Page → statements, counted inside this process."""
    settings = Settings(secret_key=SecretStr(SECRET), files=made.files, public_url="http://127.0.0.1:8000")
    found = {}
    tokens = {person: made.session_of(person) for person, _path in _pages(made).values() if person}
    with contextlib.ExitStack() as stack:
        opened = stack.enter_context(database(made.url))
        client = TestClient(create_app(settings, opened), base_url="http://127.0.0.1:8000")
        for name, (person, path) in _pages(made).items():
            headers = {"cookie": f"{COOKIE}={tokens[person]}"} if person else {}
            with counted(_Counted(opened)) as asked:
                client.get(path, headers=headers).raise_for_status()
            found[name] = len(asked)
    return found


def _counts(sizes: dict[str, int], queries: dict[str, dict[str, int]]) -> Iterator[Result]:
    for name in queries["small"]:
        counts = [found[name] for found in queries.values() if name in found]
        most = SINGLE if name.startswith("one ") else LISTS
        yield Result(
            "pages", f"P3 queries, {name}", " / ".join(map(str, counts)), f"≤ {most}, the same",
            holds=max(counts) <= most and len(set(counts)) == 1,
            against="at " + " / ".join(f"{size:,}" for size in sizes.values()), raw={"queries": counts[-1]},
        )  # fmt: skip
