"""Who may change what is said about a city."""

from __future__ import annotations

from typing import Any

from challenge.kernel.errors import Problem
from challenge.kernel.i18n import _
from challenge.kernel.work import Work
from challenge.people.rules import represents, runs_the_programme

COUNTRY_IN_USE = Problem(
    "country_in_use", _("The country cannot change: the city takes part in a pilot or a proposal.")
)


def may_describe(w: Work, organisation: Any) -> Problem | None:
    """Its lead or deputy, or who runs the programme."""
    return None if runs_the_programme(w, organisation) is None else represents(w, organisation)


def may_correct(w: Work, organisation: Any) -> Problem | None:
    """Name, country and population: only who runs the programme, never the city's own people."""
    return None if w.actor.kind == "system" else runs_the_programme(w, organisation)
