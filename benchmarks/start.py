"""From nothing to the first page, and the memory it takes (performance.md P7)."""

from __future__ import annotations

import time
from collections.abc import Iterator

from benchmarks.ranks import median
from benchmarks.result import Plan, Result
from benchmarks.service import serving
from benchmarks.world import world
from challenge.proposals.states import ProposalState

SECONDS, PSS_BYTES = 1.5, 150 * 1024 * 1024
PAGES = 200


def measure(plan: Plan) -> Iterator[Result]:
    """Started several times; then a while of reading."""
    with world(plan.of(1_000, 60)) as made:
        times, sizes = [], []
        proposal = made.seeded.proposals.some[ProposalState.IN_JURY][0]
        token = made.session_of(proposal.lead.id)
        for _start in range(plan.of(7, 2)):
            began = time.perf_counter()
            with serving(made.url, made.files) as service:
                browser = service.browser(token)
                browser.get("/")
                times.append(time.perf_counter() - began)
                for number in range(plan.of(PAGES, 20)):
                    browser.get(("/home", f"/proposals/{proposal.code}", "/challenges", "/cities")[number % 4])
                sizes.append(service.memory("Pss"))
    first, later = times[0], median(times[1:])
    yield Result(
        "start", "P7 from the command to the first page", f"{later:.2f} s", f"≤ {SECONDS} s", holds=later <= SECONDS,
        against=f"the first time {first:.2f} s", raw={"seconds": later, "first_seconds": first},
    )  # fmt: skip
    pss = median(sizes)
    yield Result(
        "start", f"P7 memory after {plan.of(PAGES, 20)} pages (PSS)", f"{pss / 1024 / 1024:.0f} MB", "≤ 150 MB",
        holds=pss <= PSS_BYTES, raw={"bytes": pss},
    )  # fmt: skip
