"""Steps become messages: one per person, in the person's language, with a letter each."""

from __future__ import annotations

from sqlmodel import col, select, update

from challenge.kernel import letter as letters
from challenge.kernel.journal import Step, StepDelivery, StepText
from challenge.kernel.work import Work
from challenge.notifications import mails
from challenge.notifications.models import Message
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
        _tell_one(w, public_url, step)
        delivery.delivered_at = w.now
    w.session.flush()
    return len(found)


def _tell_one(w: Work, public_url: str, step: Step) -> None:
    given = w.session.exec(select(StepText.given).where(StepText.step_id == step.id)).first()
    for mail in mails.set_off(w, public_url, step, dict(given or {})):
        person = mail.person
        if told(w, step, person, mail.template):
            continue
        w.add(
            Message(
                step_id=step.id, person_id=person.id, template=mail.template, subject=mail.title, text=mail.words,
                path=mail.path, at=w.now,
            )
        )  # fmt: skip
        letters.post(
            w, address=person.email, locale=person.locale, subject=mail.subject, text=mail.text, person_id=person.id,
            step_id=step.id,
        )  # fmt: skip


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
