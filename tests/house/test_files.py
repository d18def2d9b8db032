"""House rules that need no reviewer: file length, where state moves, what lock files and texts may not name."""

import ast
import pathlib
import re
import subprocess

import pytest

ROOT = pathlib.Path(__file__).parent.parent.parent
LISTED = subprocess.run(
    ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
    cwd=ROOT, capture_output=True, text=True, check=True,
).stdout.splitlines()  # fmt: skip
FILES = [ROOT / name for name in LISTED]
PYTHON = [p for p in FILES if p.suffix == ".py" and p.exists() and "versions" not in p.parts]
CODE = [path for path in PYTHON if path.is_relative_to(ROOT / "challenge")]
MOST_LINES = 300


def names(paths):
    return [str(path.relative_to(ROOT)) for path in paths]


@pytest.mark.parametrize("path", PYTHON, ids=names(PYTHON))
def test_no_file_is_longer_than_three_hundred_lines(path):
    assert len(path.read_text().splitlines()) <= MOST_LINES


def assigns_state(tree: ast.AST) -> list[int]:
    targets = [
        target
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
    ]
    flat = [element for target in targets for element in (target.elts if isinstance(target, ast.Tuple) else [target])]
    return [target.lineno for target in flat if isinstance(target, ast.Attribute) and target.attr == "state"]


def test_state_moves_in_one_place():
    own = {ROOT / "challenge/http/templates.py"}  # a deadline's state on the page is no record's
    found = {
        str(path.relative_to(ROOT)): lines
        for path in CODE
        if path not in own and (lines := assigns_state(ast.parse(path.read_text())))
    }
    assert list(found) == ["challenge/kernel/workflow.py"]


def test_lock_files_hold_pins_and_hashes_and_no_address():
    locks = [path for path in FILES if path.parent.name == "requirements" or "lock" in path.name]
    assert len(locks) >= 4
    for path in locks:
        assert not re.search(r"https?://", path.read_text()), path


def test_every_requirement_is_pinned_with_a_hash():
    for path in (ROOT / "requirements").glob("*.txt"):
        entries = [line for line in path.read_text().splitlines() if line and not line.startswith((" ", "#"))]
        assert entries
        assert all("==" in entry and entry.rstrip().endswith("\\") for entry in entries), path


def test_nothing_names_a_path_of_a_machine():
    here = str(ROOT.parent) + "/"
    suffixes = {".py", ".html", ".md", ".css", ".js", ".toml", ".sh", ".txt", ".json", ".yaml"}
    texts = [path for path in FILES if path.suffix in suffixes and path.exists()]
    assert [path.name for path in texts if here in path.read_text()] == []
