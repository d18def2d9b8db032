"""Plants the faults, finds which tests reach each, and runs those with the fault on: how many faults turn them red.

One process imports the service once; each fault costs a fork and the tests that reach it, quickest first, to the
first red one. Only SQLite and no browser: what differs there is held by other means.
"""

from __future__ import annotations

import argparse
import json
import os
import pathlib
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator

import pytest

from tests.mutation.active import ACTIVE
from tests.mutation.equivalent import EQUIVALENT
from tests.mutation.planting import Fault, Finder

ROOT = pathlib.Path(__file__).parent.parent.parent
OPTIONS = (
    "-q", "-p", "no:cacheprovider", "-m", "not postgres and not browser", "-o", "tmp_path_retention_policy=none",
    "-W", "ignore::pytest.PytestAssertRewriteWarning",  # the service was imported before pytest, on purpose
)  # fmt: skip
LEFT_OUT = ("--deselect", "tests/house/test_docs.py")  # it would turn red for every row, and prove nothing
MOST = 40.0  # seconds of tests for one fault: its package's own first, then the quickest that reach it
PATIENCE = 8  # times as long as the tests took without the fault: then it hangs, and somebody would notice


class Noting:
    """A pytest plugin: which test reaches which planted places, and how long it took."""

    def __init__(self) -> None:
        self.reached: dict[str, tuple[float, list[int]]] = {}

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        started = time.monotonic()
        with ACTIVE.noting() as reached:
            yield
        self.reached[item.nodeid] = (time.monotonic() - started, sorted(reached))


def targets() -> list[pathlib.Path]:
    """Rules, workflows and policy, the pairing rule, and what fires and approves."""
    chosen = [*pathlib.Path("challenge").rglob("*.py")]
    kernel = {"challenge/kernel/approval.py", "challenge/kernel/proof.py", "challenge/rounds/pairing.py"}
    return sorted(
        file
        for file in chosen
        if file.name in {"rules.py", "workflow.py"} or {"rules", "policy"} & {*file.parts[:-1]} or str(file) in kernel
    )


def forked(work: Callable[[pathlib.Path], int]) -> tuple[int, pathlib.Path]:
    """Run it in a process of its own, silently; gives its number and its folder."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="fault-", dir=os.environ.get("PYTEST_DEBUG_TEMPROOT")))
    pid = os.fork()
    if pid:
        return pid, folder
    silent = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(silent, stream)
    code = 70
    try:
        code = work(folder)
    finally:
        os._exit(code)


def note(tests: list[str]) -> dict[str, tuple[float, list[int]]]:
    """Which test reaches what, from one run without any fault. That run must be green."""
    answer = pathlib.Path(tempfile.mkstemp(suffix=".json")[1])

    def work(folder: pathlib.Path) -> int:
        noting = Noting()
        code = pytest.main([*OPTIONS, *LEFT_OUT, "--basetemp", str(folder / "t"), *tests], plugins=[noting])
        answer.write_text(json.dumps(noting.reached), encoding="utf-8")
        return int(code)

    pid, folder = forked(work)
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    shutil.rmtree(folder, ignore_errors=True)
    if code:
        raise SystemExit(f"the tests are not green without a fault ({code}): run ./run check first")
    found: dict[str, tuple[float, list[int]]] = json.loads(answer.read_text(encoding="utf-8"))
    answer.unlink()
    return found


def chosen_for(fault: Fault, reached: dict[str, tuple[float, list[int]]]) -> tuple[list[str], float]:
    """The tests that reach this place, those of its package first, quickest first, and how long they take."""
    own = f"tests/{fault.where.split('/')[1]}/" if fault.where.count("/") > 1 else "tests/kernel/"
    there = sorted(
        (not test.startswith(own), seconds, test)
        for test, (seconds, places) in reached.items()
        if fault.number in places
    )
    tests, total = [], 0.0
    for _elsewhere, seconds, test in there:
        if tests and total + seconds > MOST:
            break
        tests.append(test)
        total += seconds
    return tests, total


def start(number: int, tests: list[str], patch: Callable[[], None] | None, seconds: float) -> tuple[int, pathlib.Path]:
    """The tests with this fault on; the process ends with pytest's code, or is ended when it hangs."""

    def work(folder: pathlib.Path) -> int:
        signal.alarm(int(30 + PATIENCE * seconds))
        ACTIVE.now = number
        if patch:
            patch()
        return int(pytest.main([*OPTIONS, "-x", "--basetemp", str(folder / "t"), *tests]))

    return forked(work)


def main() -> None:
    """Plant, note, try; prints the faults that stay green and a line per file. Red when more than one in twenty do."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tests", nargs="*", default=["tests"], help="tests to choose from")
    parser.add_argument("--sample", type=int, help="try so many faults only, drawn by --seed")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--at-once", type=int, default=os.cpu_count() or 1)
    parser.add_argument(
        "--map", type=pathlib.Path, help="keep which test reaches what here, and use it when it is there"
    )
    parser.add_argument("--only", default="", help="faults whose text contains this")
    options = parser.parse_args()
    os.chdir(ROOT)
    finder = Finder(targets())
    finder.install()
    from tests.mutation import rows  # noqa: PLC0415 -- imports the service, with the faults in it

    made = finder.made
    patches = rows.plant(made)
    if options.map and options.map.exists():
        reached = json.loads(options.map.read_text(encoding="utf-8"))
    else:
        reached = note(options.tests)
        if options.map:
            options.map.write_text(json.dumps(reached), encoding="utf-8")
    tried = [fault for fault in made if options.only in str(fault) and fault.key not in EQUIVALENT]
    if options.sample:
        tried = random.Random(options.seed).sample(tried, min(options.sample, len(tried)))  # noqa: S311 -- a draw
    green = try_all(tried, reached, patches, options.at_once)
    report(tried, green, len(made) - len([fault for fault in made if fault.key not in EQUIVALENT]))
    sys.exit(1 if len(green) * 20 > len(tried) else 0)


def try_all(
    tried: list[Fault],
    reached: dict[str, tuple[float, list[int]]],
    patches: dict[int, Callable[[], None]],
    at_once: int,
) -> list[Fault]:
    """The faults no test notices."""
    running: dict[int, tuple[Fault, pathlib.Path]] = {}
    green: list[Fault] = []

    def settle() -> None:
        pid, ended = os.waitpid(-1, 0)
        fault, folder = running.pop(pid)
        shutil.rmtree(folder, ignore_errors=True)
        if ended == 0:
            green.append(fault)
            say(f"STILL GREEN {fault}")

    for at, fault in enumerate(tried, 1):
        tests, seconds = chosen_for(fault, reached)
        if not tests:
            green.append(fault)
            say(f"NOT REACHED {fault}")
            continue
        if len(running) == at_once:
            settle()
        pid, folder = start(fault.number, tests, patches.get(fault.number), seconds)
        running[pid] = (fault, folder)
        if at % 25 == 0:
            say(f"{at} of {len(tried)} faults, {len(green)} still green")
    while running:
        settle()
    return green


def report(tried: list[Fault], green: list[Fault], left_out: int) -> None:
    """A line per file or workflow, then the whole."""
    whole, alive = (Counter(fault.where.split(": ")[0] for fault in faults) for faults in (tried, green))
    for where in sorted(whole):
        say(f"{where}: {whole[where] - alive[where]} of {whole[where]}")
    red = len(tried) - len(green)
    share = 100 * red / max(1, len(tried))
    say(f"{red} of {len(tried)} faults turn the tests red: {share:.1f} % ({left_out} change nothing: equivalent.py)")


def say(text: str) -> None:
    """At once: a run is long."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
