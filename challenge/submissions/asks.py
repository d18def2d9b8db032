"""What the steps of a submission, interests and public questions ask for."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from challenge.kernel.ask import Ask, Instant, Words
from challenge.kernel.i18n import N_
from challenge.submissions.schemas import TITLE, Given


class NewSubmission(Given):
    """What a draft begins with."""

    city: Annotated[str, Field(title=N_("City")), Ask("select", missing=N_("Choose the city"))]
    title: Annotated[
        str,
        Field(
            min_length=1,
            max_length=TITLE,
            title=N_("Title"),
            description=N_("As a resident would say it. You can change it until you submit."),
        ),
        Ask(missing=N_("Give the challenge a title")),
    ]
    carried_from: Annotated[
        str,
        Field(
            max_length=8,
            title=N_("Carried on from"),
            description=N_("A challenge that ended without a pilot: its text is taken over."),
        ),
        Ask("hidden"),
    ] = ""


class SendBack(Given):
    """Why it comes back, and until when it may be handed in again."""

    reason: Annotated[
        str,
        Field(min_length=1, title=N_("What must change"), description=N_("The city reads this.")),
        Words(300),
        Ask("textarea", rows=6, missing=N_("Say what must change")),
    ]
    until: Annotated[
        Instant,
        Field(title=N_("Hand in again until"), description=N_("Local time of the round.")),
        Ask("datetime", missing=N_("Say until when the city may hand it in again")),
    ]


class Reject(Given):
    """Why it is not accepted."""

    reason: Annotated[
        str,
        Field(min_length=1, title=N_("Why it is not accepted"), description=N_("The city reads this and may appeal.")),
        Words(300),
        Ask("textarea", rows=6, missing=N_("Say why it is not accepted")),
    ]


class Withdraw(Given):
    """Why the city takes it back."""

    reason: Annotated[
        str,
        Field(
            min_length=1,
            title=N_("Why the city withdraws it"),
            description=N_("The coordinators, and teams that answer this challenge, read this."),
        ),
        Words(300),
        Ask("textarea", rows=4, missing=N_("Say why the city withdraws it")),
    ]


class Checklist(Given):
    """The points only a person can judge; the others are computed."""

    real: Annotated[
        bool,
        Field(
            default=False,
            title=N_("The problem is real and needs research: there is evidence, and nobody can simply buy the answer"),
        ),
        Ask("checkbox"),
    ]
    no_supplier: Annotated[
        bool,
        Field(
            default=False,
            title=N_("No single supplier is named or meant: the text describes a problem, not a product"),
        ),
        Ask("checkbox"),
    ]
    note: Annotated[
        str,
        Field(default="", title=N_("Note for the programme team"), description=N_("The city does not see it.")),
        Words(150),
        Ask("textarea", rows=3),
    ]


class ShowInterest(Given):
    """A city's wish to take part in another city's challenge."""

    city: Annotated[str, Field(title=N_("Your city")), Ask("select", missing=N_("Choose your city"))]
    reason: Annotated[
        str,
        Field(
            min_length=1,
            title=N_("Why your city wants to take part"),
            description=N_("Do you have the same problem? What would you bring? The other city reads this."),
        ),
        Words(150),
        Ask("textarea", rows=5, missing=N_("Say why your city wants to take part")),
    ]


class AskQuestion(Given):
    """A public question."""

    text: Annotated[
        str,
        Field(
            min_length=10,
            max_length=2000,
            title=N_("Your question"),
            description=N_("It is published with its answer after the coordinators have read it. No names in it."),
        ),
        Ask("textarea", rows=4, missing=N_("Write your question")),
    ]


class Answer(Given):
    """An answer, or the correction of one."""

    text: Annotated[
        str,
        Field(
            min_length=1,
            max_length=5000,
            title=N_("Answer"),
            description=N_("Everybody can read it. It cannot be edited later; a correction is added beneath it."),
        ),
        Ask("textarea", rows=5, missing=N_("Write the answer")),
    ]
