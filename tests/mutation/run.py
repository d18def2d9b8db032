"""Plants the faults, finds which tests reach each, and runs those with the fault on: how many faults turn them red.

One process imports the service once; each fault costs a fork and the tests that reach it, quickest first, to the
first red one. Only SQLite and no browser: what differs there is held by other means.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import json
import os
import pathlib
import random
import shutil
import signal
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from tests.mutation.active import ACTIVE, NONE
from tests.mutation.equivalent import EQUIVALENT
from tests.mutation.planting import Fault, Finder
from tests.mutation.reaching import Kept, Noting

ROOT = pathlib.Path(__file__).parent.parent.parent
OPTIONS = (
    "-q", "-p", "no:cacheprovider", "-m", "not postgres and not browser", "-o", "tmp_path_retention_policy=none",
    "-W", "ignore::pytest.PytestAssertRewriteWarning",  # the service was imported before pytest, on purpose
)  # fmt: skip
LEFT_OUT = ("--deselect", "tests/house/test_docs.py")  # it would turn red for every row, and prove nothing
MOST = 40.0  # seconds of tests for one fault: its package's own first, then the quickest that reach it
RED = "red"  # the file in which a fork names the test
PATIENCE = 8  # times as long as the tests took without the fault: then it hangs, and somebody would notice


def targets() -> list[pathlib.Path]:
    """Rules, workflows and policy, the pairing rule, and what fires and approves."""
    chosen = [*pathlib.Path("challenge").rglob("*.py")]
    kernel = {"challenge/kernel/approval.py", "challenge/kernel/proof.py", "challenge/rounds/pairing.py"}
    return sorted(
        file
        for file in chosen
        if file.parts[1] != "optimise"  # arithmetic: held against trying out everything (tests/optimise)
        and (
            file.name in {"rules.py", "workflow.py"} or {"rules", "policy"} & {*file.parts[:-1]} or str(file) in kernel
        )
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
    if code not in {pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED}:
        raise SystemExit(f"the tests are not green without a fault ({code}): run ./run check first")
    found: dict[str, tuple[float, list[int]]] = json.loads(answer.read_text(encoding="utf-8"))
    answer.unlink()
    return found


class Ready:
    """A pytest plugin: the database template is made once and not for each fault; who turned red is written down."""

    def __init__(self, template: pathlib.Path) -> None:
        self.template = template
        self.red: pathlib.Path | None = None

    @pytest.hookimpl(tryfirst=True)
    def pytest_fixture_setup(self, fixturedef: Any, request: pytest.FixtureRequest) -> object:
        """Give the template that is there."""
        if fixturedef.argname != "sqlite_template":
            return None
        fixturedef.cached_result = (self.template, fixturedef.cache_key(request), None)
        return self.template

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """The first red test, by name."""
        if report.failed and self.red:
            self.red.write_text(report.nodeid, encoding="utf-8")


def ready(folder: pathlib.Path, kept: Kept) -> Ready:
    """Make the template, import all tests, run the quickest of each file: the forks find everything warm."""
    from challenge.kernel.database import Database  # noqa: PLC0415 -- imports the service, with the faults in it
    from tests.conftest import prepared  # noqa: PLC0415 -- as above

    template = folder / "template.db"
    database = Database(f"sqlite:///{template}")
    prepared(database)
    database.close()
    plugin = Ready(template)
    with pathlib.Path(os.devnull).open("w", encoding="utf-8") as silent, contextlib.redirect_stdout(silent):
        pytest.main([*OPTIONS, "--collect-only", *sorted(kept.files)])
        pytest.main([*OPTIONS, "--basetemp", str(folder / "t"), *kept.quickest()], plugins=[plugin])
    gc.collect()
    gc.freeze()  # what is here already is not looked through again at the end of each fork
    return plugin


def chosen_for(fault: Fault, kept: Kept, red: Counter[tuple[str, str]], most: float) -> tuple[list[str], float]:
    """The tests that reach this place, and how long they take: what turned red for it or its file before comes first,
    then its package's own, quickest first."""
    own = f"tests/{fault.where.split('/')[1]}/" if fault.where.count("/") > 1 else "tests/kernel/"
    before = kept.killers.get(kept.names[fault.number])
    there = sorted(
        (test != before, -red[fault.where, test], not test.startswith(own), seconds, test)
        for test, (seconds, places) in kept.reached.items()
        if fault.number in places
    )
    tests: list[str] = []
    total = 0.0
    for *_order, seconds, test in there:
        if not tests or total + seconds <= most:
            tests.append(test)
            total += seconds
    return tests, total


def start(
    number: int, tests: list[str], patch: Callable[[], None] | None, seconds: float, plugin: Ready
) -> tuple[int, pathlib.Path]:
    """The tests with this fault on; the process ends with pytest's code, or is ended when it hangs."""

    def work(folder: pathlib.Path) -> int:
        signal.alarm(int(30 + PATIENCE * seconds))
        plugin.red = folder / RED
        ACTIVE.now = number
        if patch:
            patch()
        return int(pytest.main([*OPTIONS, "-x", "--basetemp", str(folder / "t"), *tests], plugins=[plugin]))

    return forked(work)


def main() -> None:
    """Plant, note, try; prints the faults that stay green and a line per file. Red when more than one in twenty do."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tests", nargs="*", default=["tests"], help="tests to choose from")
    parser.add_argument("--sample", type=int, help="try so many faults only, drawn by --seed")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--at-once", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--keep", type=pathlib.Path, help="keep here what reaches and kills what, and begin with it")
    parser.add_argument("--most", type=float, default=MOST, help="seconds of tests for one fault")
    parser.add_argument("--only", default="", help="faults whose text contains this")
    parser.add_argument("--left", action="store_true", help="only those that no test is known to turn red for")
    options = parser.parse_args()
    os.chdir(ROOT)
    finder = Finder(targets())
    finder.install()
    from tests.mutation import rows  # noqa: PLC0415 -- imports the service, with the faults in it

    made = finder.made
    patches = rows.plant(made)
    kept = Kept(options.keep, made)
    kept.refresh(options.tests, note)
    tried = [fault for fault in made if options.only in str(fault) and fault.key not in EQUIVALENT]
    if options.left:
        tried = [fault for fault in tried if not kept.is_killed(fault)]
    if options.sample:
        tried = random.Random(options.seed).sample(tried, min(options.sample, len(tried)))  # noqa: S311 -- a draw
    with tempfile.TemporaryDirectory() as folder:
        plugin = ready(pathlib.Path(folder), kept)
        green = try_all(tried, kept, patches, plugin, options)
        kept.save()
        control(sorted({kept.killers[kept.names[fault.number]] for fault in tried if kept.is_killed(fault)}), plugin)
    report(tried, green, len(made) - len([fault for fault in made if fault.key not in EQUIVALENT]))
    sys.exit(1 if len(green) * 20 > len(tried) else 0)


def try_all(
    tried: list[Fault],
    kept: Kept,
    patches: dict[int, Callable[[], None]],
    plugin: Ready,
    options: argparse.Namespace,
) -> list[Fault]:
    """The faults no test notices."""
    running: dict[int, tuple[Fault, pathlib.Path]] = {}
    green: list[Fault] = []
    red: Counter[tuple[str, str]] = Counter()

    def settle() -> None:
        pid, ended = os.waitpid(-1, 0)
        fault, folder = running.pop(pid)
        if ended == 0:
            green.append(fault)
            say(f"STILL GREEN {fault}")
        elif (folder / RED).exists():
            test = (folder / RED).read_text(encoding="utf-8")
            kept.killed(fault, test)
            red[fault.where, test] += 1
        shutil.rmtree(folder, ignore_errors=True)

    for at, fault in enumerate(tried, 1):
        tests, seconds = chosen_for(fault, kept, red, options.most)
        if not tests:
            green.append(fault)
            say(f"NOT REACHED {fault}")
            continue
        if len(running) == options.at_once:
            settle()
        pid, folder = start(fault.number, tests, patches.get(fault.number), seconds, plugin)
        running[pid] = (fault, folder)
        if at % 25 == 0:
            say(f"{at} of {len(tried)} faults, {len(green)} still green")
            kept.save()
    while running:
        settle()
    return green


def control(tests: list[str], plugin: Ready) -> None:
    """The tests that turned red, once more without any fault: green, or nothing is proved."""
    if not tests:
        return
    pid, folder = start(NONE, tests, None, 600, plugin)
    ended = os.waitpid(pid, 0)[1]
    red = (folder / RED).read_text(encoding="utf-8") if (folder / RED).exists() else ""
    shutil.rmtree(folder, ignore_errors=True)
    if ended:
        raise SystemExit(f"red without a fault too: {red}")


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
