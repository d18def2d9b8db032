"""Hostile files (reliability.md, case 20): how soon each is refused, what it costs in memory, who is kept waiting."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from benchmarks.load import Answer
from benchmarks.ranks import median
from benchmarks.result import Plan, Result
from benchmarks.service import Service, serving
from benchmarks.world import world
from challenge.kernel.attachment import MAX_BYTES
from challenge.submissions.states import SubmissionState
from tests.factories.files import BOMBS, office, png_that_says

SECONDS, RISE_BYTES, HEALTHZ_MS = 2.0, 100 * 1024 * 1024, 200.0
REFUSED = range(400, 500)
MEGABYTE = 1024 * 1024
LARGEST = {
    "largest picture that may be": lambda: png_that_says(7_000, 7_000),
    "document just under the cap": lambda: office(
        {"word/media/a.bin": bytes(range(256)) * (MAX_BYTES // 256 - 16)}, compress=0
    ),
}


@dataclass(slots=True)
class Watcher:
    """Asks /healthz all the time, and looks how much memory the server and its children hold."""

    service: Service
    over: threading.Event = field(default_factory=threading.Event)
    healthz_ms: list[float] = field(default_factory=list)
    most: int = 0

    def watch(self) -> None:
        """Until it is over."""
        browser = self.service.browser()
        while not self.over.is_set():
            self.healthz_ms.append(browser.get("/healthz").seconds * 1_000)
            self.over.wait(0.01)

    def weigh(self) -> None:
        """Until it is over."""
        while not self.over.is_set():
            self.most = max(self.most, self.service.memory(children=True))
            self.over.wait(0.02)


def measure(plan: Plan) -> Iterator[Result]:
    """A row for each file; what all of them did to those who waited and to memory."""
    with world(plan.of(300, 60)) as made, serving(made.url, made.files) as service:
        draft = next(one for one in made.seeded.challenges if one.state is SubmissionState.DRAFT)
        browser = service.browser(made.session_of(draft.lead.id))
        path = f"/submissions/{draft.code}/files"
        browser.get(path)
        begin, all_healthz, rises = service.memory(), list[float](), dict[str, int]()
        for name, make in {**BOMBS, **LARGEST}.items():
            watcher, content = Watcher(service), make()
            threads = [threading.Thread(target=act) for act in (watcher.watch, watcher.weigh)]
            for thread in threads:
                thread.start()
            began = time.perf_counter()
            answer = browser.upload(path, "plan.docx", content)
            seconds = time.perf_counter() - began
            watcher.over.set()
            for thread in threads:
                thread.join()
            all_healthz += watcher.healthz_ms
            rises[name] = watcher.most - begin
            yield _row(name, answer, seconds, is_bomb=name in BOMBS)
        yield _healthz(all_healthz)
        for what, names in (("bombs", BOMBS), ("files that may be sent", LARGEST)):
            rise = max(rises[name] for name in names)
            yield Result(
                "bombs", f"20 memory of server and children, {what}", f"+{rise / MEGABYTE:.0f} MB",
                "< +100 MB" if names is BOMBS else "", holds=rise < RISE_BYTES if names is BOMBS else None,
                against=f"{begin / MEGABYTE:.0f} MB before", raw={"rise_bytes": rise},
            )  # fmt: skip


def _row(name: str, answer: Answer, seconds: float, *, is_bomb: bool) -> Result:
    right = answer.status in REFUSED if is_bomb else answer.status in {*REFUSED, 303}
    return Result(
        "bombs", f"20 {name}", f"{answer.status} after {seconds:.2f} s",
        f"{'4xx' if is_bomb else 'answered'} in < {SECONDS:.0f} s", holds=right and seconds < SECONDS,
        raw={"seconds": seconds, "status": answer.status},
    )  # fmt: skip


def _healthz(times: list[float]) -> Result:
    worst = max(times)
    return Result(
        "bombs", "20 /healthz meanwhile", f"worst {worst:.0f} ms", f"< {HEALTHZ_MS:.0f} ms", holds=worst < HEALTHZ_MS,
        against=f"median {median(times):.1f} ms of {len(times)}", raw={"worst_ms": worst},
    )  # fmt: skip
