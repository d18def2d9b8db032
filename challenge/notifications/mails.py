"""The mails a step sets off, ready for the outbox: what is sent, and what is shown before it is sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from challenge.kernel.i18n import gettext, speaking
from challenge.kernel.journal import Step
from challenge.kernel.letter import one_line
from challenge.kernel.work import Work
from challenge.notifications.audiences import JURORS
from challenge.notifications.notices import NOTICES, Notice
from challenge.notifications.queries import readers, subject_of
from challenge.notifications.subjects import Subject, names_in
from challenge.people.models import Person


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail to one person, in their language. ``title``, ``words`` and ``path`` are what stands in the inbox."""

    person: Person
    template: str
    title: str
    words: str
    path: str
    text: str

    @property
    def subject(self) -> str:
        """The subject as the mail has it."""
        return one_line(self.title)


def set_off(w: Work, public_url: str, step: Step, given: dict[str, Any]) -> Iterator[Mail]:
    """Every mail of a step, reader by reader."""
    notices = NOTICES.get((step.workflow, step.transition), ())
    subject = subject_of(w, step) if notices else None
    if subject is None:
        return
    for notice in notices:
        for person in readers(w, notice.to(w, subject, step, given), step.actor_id if notice.not_actor else None):
            yield _written(w, public_url, step, given, notice, subject, person)


def _written(
    w: Work, public_url: str, step: Step, given: dict[str, Any], notice: Notice, subject: Subject, person: Person
) -> Mail:
    more: tuple[tuple[str, str], ...] = ()
    with speaking(person.locale):
        if notice.compose is None:
            names: Mapping[str, object] = {**subject.names, **_plain(given)}
            names = {**(subject.for_jurors(names) if notice.to in JURORS else names), **names_in(subject, given)}
            title, words = rendered(notice, names, person)
            path = (notice.path % {**_plain(given), **subject.names}) or subject.path
        else:
            composed = notice.compose(w, subject, step, given, person)
            title, words, path = composed.subject, composed.text, composed.action[1]
            more = composed.links
        link = f"{public_url}{path}" if path else public_url
        links = "\n".join(f"{what}: {public_url}{where}" for what, where in more) or link
        text = f"{words}\n\n{links}\n\n{gettext('You get this because of your role in the programme.')}"
    return Mail(person, notice.template, title, words, path, text)


def rendered(notice: Notice, names: Mapping[str, object], person: Person) -> tuple[str, str]:
    """Subject and text for one person; a name that is missing is a fault of the table, found by its test."""
    all_names = {"person": person.name, "reason": "", "until": "", **names}
    return gettext(notice.subject) % all_names, gettext(notice.text) % all_names


def _plain(given: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in given.items() if isinstance(value, str | int)}
