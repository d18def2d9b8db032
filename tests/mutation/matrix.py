"""Takes single guards out of a temporary copy of the tree, one by one: the canary matrix must turn red for each."""

from __future__ import annotations

import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

from tests.mutation.guards import GUARDS, Guard

ROOT = pathlib.Path(__file__).parent.parent.parent
MATRIX = "tests/policy/test_matrix.py"
LEFT_OUT = shutil.ignore_patterns(".git", ".venv", "__pycache__", ".*_cache")


def without(guard: Guard, tree: pathlib.Path) -> str:
    """Take it out; gives back the file as it was. A guard that has moved is said, never skipped."""
    file = tree / guard.file
    text = file.read_text(encoding="utf-8")
    if text.count(guard.old) != 1:
        raise SystemExit(f"“{guard.name}”: its text stands {text.count(guard.old)} times in {guard.file}")
    file.write_text(text.replace(guard.old, guard.new), encoding="utf-8")
    return text


def red(tree: pathlib.Path) -> tuple[list[str], int]:
    """The tests that fail in this tree, by name, and how many cells differ. A tree that does not load is no answer."""
    command = [sys.executable, "-m", "pytest", "-q", "-m", "not postgres and not browser", "-p", "no:cacheprovider"]
    found = subprocess.run([*command, MATRIX], cwd=tree, check=False, capture_output=True, text=True)
    if found.returncode not in {0, 1}:
        raise SystemExit(found.stdout[-2000:] + found.stderr[-2000:])
    failed = re.findall(r"^FAILED \S+::([^\s\[]+)", found.stdout, re.MULTILINE)
    return failed, sum(map(int, re.findall(r"Left contains (\d+) more item", found.stdout)))


def main() -> None:
    """Green as it is, then red without each guard (of those whose names hold a given word)."""
    with tempfile.TemporaryDirectory() as folder:
        tree = pathlib.Path(folder) / "tree"
        shutil.copytree(ROOT, tree, ignore=LEFT_OUT)
        failed, leaks = red(tree)
        if failed:
            raise SystemExit(f"red with every guard in place: {failed}")
        alive = 0
        chosen = [guard for guard in GUARDS if not sys.argv[1:] or any(word in guard.name for word in sys.argv[1:])]
        for guard in chosen:
            started = time.monotonic()
            before = without(guard, tree)
            failed, leaks = red(tree)
            (tree / guard.file).write_text(before, encoding="utf-8")
            alive += not failed
            verdict = f"red, {leaks} cells differ, {len(failed)} tests ({failed[0]})" if failed else "STILL GREEN"
            sys.stdout.write(f"{guard.name}: {verdict}, {time.monotonic() - started:.0f} s\n")
            sys.stdout.flush()
    sys.stdout.write(f"{len(chosen) - alive} of {len(chosen)} guards bite\n")
    sys.exit(1 if alive else 0)


if __name__ == "__main__":
    main()
