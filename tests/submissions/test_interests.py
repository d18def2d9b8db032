from __future__ import annotations

import pytest

from challenge.kernel.errors import Forbidden, Refused
from challenge.people.models import Organisation
from challenge.submissions import actions
from challenge.submissions.states import SubmissionState as S
from tests.cast import PLACES
from tests.factories.submissions import find
from tests.submissions.test_rules import city_code, many, not_shown, shown


def test_interest_is_shown_once_and_by_those_who_speak_for_a_city(world):
    (code,) = many(world, 1)
    shown(world, "sofia", "helsinki", code)
    assert not_shown(world, "sofia", "helsinki", code) == "Helsinki has shown interest in this challenge already."
    with world.acting("ravi") as w, pytest.raises(Forbidden):
        actions.show_interest(w, find(w, code), w.session.get_one(Organisation, PLACES["narva"].id), "Why")
    with world.acting("ravi") as w:
        taltech, submission = w.session.get_one(Organisation, PLACES["taltech"].id), find(w, code)
        with pytest.raises(Refused):
            actions.show_interest(w, submission, taltech, "A university is no city")


def test_a_challenge_that_ended_frees_the_places_of_its_interests(world):
    *five, sixth = many(world, 6)
    for code in five:
        shown(world, "sofia", "helsinki", code)
    with world.acting() as w:
        find(w, five[0]).state = S.WITHDRAWN
    assert shown(world, "sofia", "helsinki", sixth).slot == 1


def test_the_city_and_the_interested_read_the_reason(world):
    (code,) = many(world, 1)
    sofia = world.client("sofia")
    data = {"city": city_code(world, "helsinki"), "reason": "Ours squeal too, at five stops."}
    assert sofia.post(f"/challenges/{code}/interest", data=data).status_code == 303
    assert "Ours squeal too, at five stops." in sofia.get("/interests").text
    assert "Ours squeal too, at five stops." in world.client("mari").get(f"/submissions/{code}").text
    assert "Ours squeal too" not in world.client().get(f"/challenges/{code}").text
    answer = sofia.post(f"/challenges/{code}/interest/withdrawal", data={"city": data["city"]})
    assert answer.status_code == 303
    assert "Interested cities" not in world.client("mari").get(f"/submissions/{code}").text
