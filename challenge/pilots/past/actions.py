"""Taking them in: every row, or none."""

from __future__ import annotations

from collections.abc import Sequence

from challenge.kernel.errors import Invalid, Problem
from challenge.kernel.i18n import _n
from challenge.kernel.work import Work
from challenge.pilots.actions import import_pilot
from challenge.pilots.past.checking import Checked, Verdict, check
from challenge.pilots.past.columns import Row
from challenge.pilots.past.models import PastPilot


def import_all(w: Work, rows: Sequence[Row]) -> list[Checked]:
    """Import every row that is not there yet. Raises Invalid when one is bad: nothing is imported then."""
    checked = check(w, rows)
    bad = sum(row.verdict is Verdict.BAD for row in checked)
    if bad:
        raise Invalid(
            Problem(
                "bad_rows",
                _n(
                    "One row is not right: nothing was imported.",
                    "%(n)s rows are not right: nothing was imported.",
                    bad,
                ),
            )
        )
    for row in checked:
        if row.verdict is Verdict.NEW and row.round is not None and row.pilot is not None:
            made = import_pilot(w, row.round, row.pilot)
            w.add(PastPilot(pilot_id=made.id, key=row.key, digest=row.digest))
    return checked
