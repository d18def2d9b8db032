"""A city's page tells its public challenges and pilots, and nothing of what is not told yet."""

from challenge.people.models import Organisation
from challenge.pilots.states import PilotState
from challenge.submissions.states import SubmissionState
from tests.cast import PLACES
from tests.factories.pilots import make_pilot
from tests.factories.rounds import make_round
from tests.factories.submissions import make_submission


def page_of(world, place):
    with world.acting(writing=False) as w:
        code = w.session.get_one(Organisation, PLACES[place].id).code
    return world.client().get(f"/cities/{code}").text


def test_a_city_shows_its_public_challenges_and_pilots(world):
    with world.acting() as w:
        round_ = make_round(w)
        make_submission(w, round_, title="Clean beaches", state=SubmissionState.ACCEPTED)
        make_submission(w, round_, title="Kanaarilind in a draft")
        make_submission(w, round_, title="Of another city", city=PLACES["tallinn"], state=SubmissionState.ACCEPTED)
        make_pilot(w, title="UrbanSplash", state=PilotState.RUNNING)
        make_pilot(w, title="Kanaarilind in preparation")

    page = page_of(world, "tartu")

    assert "Clean beaches" in page
    assert "UrbanSplash" in page
    assert "Of another city" not in page
    assert "Kanaarilind" not in page


def test_a_city_without_any_has_no_empty_sections(world):
    page = page_of(world, "narva")

    assert 'id="challenges"' not in page
    assert 'id="pilots"' not in page
