"""Steps become messages: one per person, in the person's language, with a letter each."""

from __future__ import annotations

from collections.abc import Mapping

from sqlmodel import col, select, update

from challenge.kernel import letter as letters
from challenge.kernel.i18n import gettext, speaking
from challenge.kernel.journal import Step, StepDelivery, StepText
from challenge.kernel.work import Work
from challenge.notifications.audiences import JURORS
from challenge.notifications.models import Message
from challenge.notifications.notices import NOTICES, Notice
from challenge.notifications.queries import readers, subject_of
from challenge.notifications.subjects import names_in
from challenge.people.models import Person

BATCH = 50


def tell(w: Work, public_url: str, most: int = BATCH) -> int:
    """Make the messages of steps that have not been told; how many steps were handled.

    One transaction: the messages, their letters and the stamp come together. Several nodes may run it: on PostgreSQL
    each skips the rows another holds, on SQLite writers take turns.
    """
    waiting = select(StepDelivery).where(col(StepDelivery.delivered_at).is_(None)).order_by(col(StepDelivery.step_id))
    found = w.session.exec(waiting.limit(most).with_for_update(skip_locked=True)).all()
    for delivery in found:
        step = w.session.get_one(Step, delivery.step_id)
        for notice in NOTICES.get((step.workflow, step.transition), ()):
            _tell_one(w, public_url, step, notice)
        delivery.delivered_at = w.now
    w.session.flush()
    return len(found)


def _tell_one(w: Work, public_url: str, step: Step, notice: Notice) -> None:
    subject = subject_of(w, step)
    if subject is None:
        return
    given = w.session.exec(select(StepText.given).where(StepText.step_id == step.id)).first()
    given, path = dict(given or {}), notice.path or subject.path
    for person in readers(w, notice.to(w, subject, step, given), step.actor_id if notice.not_actor else None):
        if told(w, step, person, notice.template):
            continue
        with speaking(person.locale):
            if notice.compose is None:
                names: Mapping[str, object] = {**subject.names, **_plain(given)}
                names = subject.for_jurors(names) if notice.to in JURORS else names
                title, text = rendered(notice, {**names, **names_in(subject, given)}, person)
            else:
                composed = notice.compose(w, subject, step, given, person)
                title, text, path = composed.subject, composed.text, composed.action[1]
            link = f"{public_url}{path}" if path else public_url
            letter = f"{text}\n\n{link}\n\n{gettext('You get this because of your role in the programme.')}"
        w.add(
            Message(
                step_id=step.id, person_id=person.id, template=notice.template, subject=title, text=text,
                path=path, at=w.now,
            )
        )  # fmt: skip
        letters.post(
            w, address=person.email, locale=person.locale, subject=title, text=letter, person_id=person.id,
            step_id=step.id,
        )  # fmt: skip


def rendered(notice: Notice, names: dict[str, object], person: Person) -> tuple[str, str]:
    """Subject and text for one person; a name that is missing is a fault of the table, found by its test."""
    all_names = {"person": person.name, "reason": "", "until": "", **names}
    return gettext(notice.subject) % all_names, gettext(notice.text) % all_names


def _plain(given: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in given.items() if isinstance(value, str | int)}


def told(w: Work, step: Step, person: Person, template: str) -> bool:
    """Whether the person has this message already."""
    known = select(Message.id).where(
        Message.step_id == step.id, Message.person_id == person.id, Message.template == template
    )
    return w.session.exec(known).first() is not None


def read(w: Work, message: Message) -> None:
    """The person has seen it."""
    message.read_at = message.read_at or w.now


def read_all(w: Work) -> None:
    """The actor has seen everything."""
    unread = update(Message).where(col(Message.person_id) == w.actor.id, col(Message.read_at).is_(None))
    w.session.exec(unread.values(read_at=w.now).execution_options(synchronize_session=False))
