"""The guards that are taken out are there: a name that changed would be noticed only by the long run."""

import pathlib

import pytest

from tests.mutation.guards import GUARDS, Guard
from tests.mutation.matrix import ROOT


@pytest.mark.parametrize("guard", GUARDS, ids=[guard.name for guard in GUARDS])
def test_each_guard_stands_once_in_its_file(guard: Guard) -> None:
    text = pathlib.Path(ROOT / guard.file).read_text(encoding="utf-8")

    assert text.count(guard.old) == 1
