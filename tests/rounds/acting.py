"""Acts on a round, as tests do them."""

from __future__ import annotations

from datetime import timedelta

from challenge.rounds import actions, queries
from challenge.rounds.asks import Amendment
from challenge.rounds.document import in_force
from challenge.rounds.states import WindowName

WHY = Amendment(reason="The ferry strike kept three teams away.")


def later_ideas(round_document, days=7):
    return round_document.model_copy(
        update={
            "windows": [
                window.model_copy(update={"closes_at": window.closes_at + timedelta(days=days)})
                if window.name is WindowName.IDEAS
                else window
                for window in round_document.windows
            ]
        }
    )


def prepare(world, code, name="jaan", change=later_ideas):
    with world.acting(name) as w:
        round_ = queries.visible(w, code)
        actions.revise(w, round_, change(in_force(w, round_)))


def fire(world, code, name, transition, given=None):
    with world.acting(name) as w:
        return actions.fire(w, queries.visible(w, code), transition, given)
