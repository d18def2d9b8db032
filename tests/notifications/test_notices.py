"""Every step that is told of has the words its text names."""

import pytest
from sqlmodel import select

from challenge.jobs import windows
from challenge.notifications import actions
from challenge.notifications.models import Message
from challenge.notifications.notices import NOTICES
from challenge.people import actions as people
from tests.cast import PEOPLE
from tests.factories.people import person_of
from tests.factories.rounds import make_round

WINDOW_STEPS = [windows.OPENS, windows.SOON, windows.LAST_DAY, windows.CLOSED]


@pytest.mark.parametrize("locale", ["en", "et"])
def test_what_windows_do_is_told_with_their_name_and_date(world, locale):
    assert {("round", step) for step in WINDOW_STEPS} <= NOTICES.keys()
    with world.acting() as w:
        people.revise(w, person_of(w, "jaan"), PEOPLE["jaan"].name, locale)
        round_ = make_round(w, title="Round A")
        for step in WINDOW_STEPS:
            w.note("round", round_, step, {"window": "challenges", "closes_at": "2027-03-31T14:00:00+00:00"})
    with world.acting() as w:
        actions.tell(w, "http://127.0.0.1:8000")

    with world.acting(writing=False) as w:
        told = w.session.exec(select(Message).where(Message.person_id == PEOPLE["jaan"].id)).all()
    name, date = ("Cities submit challenges", "31 March 2027") if locale == "en" else ("Linnad", "31. märts 2027")
    assert len(told) == len(WINDOW_STEPS)
    assert [name in message.subject and date in message.text for message in told] == [True] * len(told)
