"""Honest people while somebody attacks: what each attack costs them (reliability.md X10, cases 20 and 30)."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from typing import Any

from benchmarks.load import Load, closed_loop
from benchmarks.result import Plan, Result
from benchmarks.service import Service, serving
from benchmarks.world import World, world
from challenge.http.statics import address
from challenge.proposals.states import ProposalState
from challenge.submissions.states import SubmissionState

P95_MS, SUCCESS = 500.0, 0.999
PAUSE = 0.02
# Seconds within which slow ones are let go: ten for a head, thirty for a body (reliability.md §4), and a moment more.
LET_GO = {"slow_head": 15.0, "slow_body": 35.0}
Attack = Sequence[tuple[str, int]]
ATTACKS: dict[str, Attack] = {
    "nobody attacks": (),
    "60 trickling connections": (("slow_head", 30), ("slow_body", 30)),
    "8 senders of 64 MiB bodies": (("large", 8),),
    "4 senders of zip bombs and pixel floods": (("bomb", 4),),
    "500 slow heads, 200 slow bodies, 200 slow readers": (
        ("slow_head", 500), ("slow_body", 200), ("slow_reader", 200),
    ),
}  # fmt: skip


def measure(plan: Plan) -> Iterator[Result]:
    """Each attack on a running server; a row for the honest reader, a row for the slow ones that were let go."""
    with world(plan.of(1_000, 100)) as made, serving(made.url, made.files) as service:
        calm = None
        for name, attack in ATTACKS.items():
            load, fates = _under(plan, service, made, attack)
            calm = calm or load
            yield _row(name, load, calm, service.memory())
            for fate in fates:
                yield from _kept(name, fate)


def _row(name: str, load: Load, calm: Load, memory: int) -> Result:
    p95, megabytes = load.at(0.95) * 1_000, memory / 1024 / 1024
    ratio = "" if load is calm else f"calm {calm.at(0.95) * 1_000:.0f} ms ({load.at(0.95) / calm.at(0.95):.1f}×); "
    return Result(
        "attack", name, f"p95 {p95:.0f} ms, {load.success:.2%} of {len(load.times) + load.wrong} answered",
        f"p95 < {P95_MS:.0f} ms, ≥ {SUCCESS:.1%}", holds=p95 < P95_MS and load.success >= SUCCESS,
        against=f"{ratio}server {megabytes:.0f} MB afterwards",
        raw={"p50_ms": load.at(0.5) * 1_000, "p95_ms": p95, "success": load.success, "mb": megabytes},
    )  # fmt: skip


def _kept(name: str, fate: dict[str, Any]) -> Iterator[Result]:
    """How long the slow ones were borne with."""
    if fate["kind"] in LET_GO and fate["kept"]:
        longest, most = max(fate["kept"]), LET_GO[fate["kind"]]
        yield Result(
            "attack", f"{name}: longest {fate['kind']}", f"{longest:.1f} s", f"≤ {most:.0f} s", holds=longest <= most,
            against=f"{len(fate['kept'])} connections, {fate['refused']} refused", raw={"seconds": longest},
        )  # fmt: skip


def _under(plan: Plan, service: Service, made: World, attack: Attack) -> tuple[Load, list[dict[str, Any]]]:
    """An honest researcher reads on one connection, another opens a new one for each page; both pause a moment."""
    proposal = made.seeded.proposals.some[ProposalState.IN_JURY][0]
    token = made.session_of(proposal.lead.id)
    paths = ("/home", f"/proposals/{proposal.code}", "/challenges", "/proposals")
    draft = next(one for one in made.seeded.challenges if one.state is SubmissionState.DRAFT)
    foe = made.session_of(draft.lead.id)
    targets = {"slow_head": "/home", "slow_body": "/sign-in", "slow_reader": address("vendor/echarts.esm.min.mjs")}
    fates: list[dict[str, Any]] = []
    with contextlib.ExitStack() as attacks:
        for kind, count in attack:
            path = targets.get(kind, f"/submissions/{draft.code}/files")
            attacks.enter_context(_attacking(service.port, kind, count, foe, path, fates))
        if attack:
            threading.Event().wait(plan.seconds(10))  # until they are at it
        asks = [_reading(service, token, paths, keep=True), _reading(service, token, paths, keep=False)]
        load = closed_loop(asks, plan.seconds(30), PAUSE)
    return load, fates


def _reading(service: Service, token: str, paths: Sequence[str], *, keep: bool) -> Any:
    browser = service.browser(token)
    turn = iter(range(1 << 60))

    def ask() -> bool:
        if not keep:
            browser.close()
        return browser.get(paths[next(turn) % len(paths)]).status == 200  # noqa: PLR2004

    return ask


@contextlib.contextmanager
def _attacking(port: int, kind: str, count: int, token: str, path: str, fates: list[dict[str, Any]]) -> Iterator[None]:
    command = [sys.executable, "-m", "benchmarks.attackers", str(port), kind, str(count), token, path]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        try:
            yield
        finally:
            process.terminate()
            fates.append(json.loads(process.stdout.read()))
