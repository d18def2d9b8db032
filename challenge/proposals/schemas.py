"""What is asked of a proposal: one text per question, carried from gate to gate, never asked twice.

Each gate's form holds the questions of the gates before it, so that a proposal which starts at a later gate is asked
everything once, and one that came all the way finds its answers there.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, EmailStr, Field, field_validator

from challenge.kernel.ask import Ask, Words
from challenge.kernel.i18n import N_, Text, _
from challenge.people.schemas import visible
from challenge.proposals.lines import LAST_MONTH, MAX_INDICATORS, MAX_TASKS, Indicator, PlanTask
from challenge.proposals.states import TeamRole
from challenge.rounds.states import Gate


class Part(StrEnum):
    """The parts of the long form; each is a page."""

    SUMMARY = "summary"
    PROBLEM = "problem"
    ANSWER = "answer"
    PLAN = "plan"
    PEOPLE = "people"
    IMPACT = "impact"
    RISKS = "risks"
    INTEROPERABILITY = "interoperability"
    AFTERWARDS = "afterwards"
    TRANSFER = "transfer"


PARTS: dict[Part, Text] = {
    Part.SUMMARY: _("Title and summary"),
    Part.PROBLEM: _("Problem and cities"),
    Part.ANSWER: _("Answer"),
    Part.PLAN: _("Work plan and size"),
    Part.PEOPLE: _("Who does what"),
    Part.IMPACT: _("Impact and indicators"),
    Part.RISKS: _("Risks and data protection"),
    Part.INTEROPERABILITY: _("Interoperability and people"),
    Part.AFTERWARDS: _("Validation and running it afterwards"),
    Part.TRANSFER: _("Taking it to other cities"),
}


class Mim(StrEnum):
    """Minimal interoperability mechanisms of Open & Agile Smart Cities."""

    MIM0 = "mim0"
    MIM1 = "mim1"
    MIM2 = "mim2"
    MIM3 = "mim3"
    MIM4 = "mim4"
    MIM5 = "mim5"
    MIM6 = "mim6"
    MIM7 = "mim7"


MIMS: dict[Mim, Text] = {
    Mim.MIM0: _("MIM0 Access: open programming interfaces"),
    Mim.MIM1: _("MIM1 Context: context information in one model"),
    Mim.MIM2: _("MIM2 Data models: shared and published"),
    Mim.MIM3: _("MIM3 Contracts: finding data and agreeing on its use"),
    Mim.MIM4: _("MIM4 Trust: people decide on their personal data"),
    Mim.MIM5: _("MIM5 Transparency: fair and explained algorithms"),
    Mim.MIM6: _("MIM6 Security"),
    Mim.MIM7: _("MIM7 Places: geographic information"),
}


class Check(StrEnum):
    """The people-centred checks (after the mandate of UN-Habitat's guidelines on people-centred smart cities)."""

    EQUITY = "equity"
    ENVIRONMENT = "environment"
    SKILLS = "skills"
    GOVERNANCE = "governance"


CHECKS: dict[Check, Text] = {
    Check.EQUITY: _("People are involved fairly, and inequalities become smaller"),
    Check.ENVIRONMENT: _("The environmental impact is lower, that of the digital parts included"),
    Check.SKILLS: _("The cities’ people gain the skills to carry on"),
    Check.GOVERNANCE: _("Data governance, interoperability and ethics are settled at every level involved"),
}


class Answers(BaseModel):
    """Base of the gates' forms."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


# fmt: off
class IdeaForm(Answers):
    """The first gate: short, because most ideas will not go on."""

    title: Annotated[str, Field(min_length=1, max_length=120, title=N_("Title"),
        description=N_("As a resident would say it. It must not be used by another proposal of this round.")),
        Ask("text", missing=N_("Give the proposal a title"), part="summary")]
    summary: Annotated[str, Field(min_length=1, max_length=600, title=N_("Summary"),
        description=N_("What you want to try, where, and what would change. At most 60 words.")), Words(60),
        Ask("textarea", rows=4, missing=N_("Sum the idea up in at most 60 words"), part="summary")]
    publish: Annotated[bool,
        Field(title=N_("Title, summary and partners may be published if the proposal is selected"),
        description=N_("Nothing is published before the results are announced.")), Ask("checkbox",
        part="summary")] = False
    problem: Annotated[str, Field(min_length=1, title=N_("The problem as you understand it"),
        description=N_("In your own words: who has it, how large it is, and why it has not been solved yet.")),
        Words(250), Ask("textarea", rows=7, missing=N_("Say how you understand the problem"), part="problem")]
    cities_helped: Annotated[str, Field(min_length=1, title=N_("Which cities would it help?"),
        description=N_("The city that stated the challenge, and others with the same problem.")), Words(100),
        Ask("textarea", rows=4, missing=N_("Say which cities it would help"), part="problem")]
    answer: Annotated[str, Field(min_length=1, title=N_("Your answer"),
        description=N_("What you would do in the cities, and how it solves the problem.")), Words(300),
        Ask("textarea", rows=8, missing=N_("Describe your answer to the problem"), part="answer")]
    novelty: Annotated[str, Field(min_length=1, title=N_("What is new"),
        description=N_("What is known today, what must be found out, and what nobody offers yet.")), Words(150),
        Ask("textarea", rows=5, missing=N_("Say what is new about it"), part="answer")]
    needs: Annotated[str, Field(min_length=1, title=N_("What you need next"),
        description=N_("Data, a test site, people who know, a partner city.")), Words(100), Ask("textarea", rows=4,
        missing=N_("Say what you need next"), part="answer")]


class PilotProposalForm(IdeaForm):
    """The second gate: a plan with cities, indicators, size and risks."""

    method: Annotated[str, Field(min_length=1, title=N_("Method and work plan"),
        description=N_("The steps, their order, and who leads each of them.")), Words(500), Ask("textarea", rows=10,
        missing=N_("Describe the method and the work plan"), part="plan")]
    milestones: Annotated[str, Field(min_length=1, title=N_("Milestones"),
        description=N_("One a line: the month, and what can be shown then.")), Words(250), Ask("textarea", rows=7,
        missing=N_("List the milestones, one a line"), part="plan")]
    work_plan: Annotated[list[PlanTask], Field(max_length=MAX_TASKS, title=N_("Tasks and their months"),
        description=N_("What is done, who leads it, and from which month of the pilot to which.")),
        Ask("hidden", part="plan")] = []
    size_class: Annotated[str, Field(min_length=1, max_length=32, title=N_("Size of the pilot")), Ask("radios",
        missing=N_("Choose the size of the pilot"), part="plan")]
    months: Annotated[int, Field(ge=1, le=LAST_MONTH, title=N_("Length in months")), Ask("number",
        missing=N_("Say how many months the pilot takes"), part="plan")]
    team_work: Annotated[str, Field(min_length=1, title=N_("The team, and what each does"),
        description=N_("Organisations and people, their part of the work, and what they bring.")), Words(300),
        Ask("textarea", rows=8, missing=N_("Say who is in the team and what each does"), part="people")]
    impact: Annotated[str, Field(min_length=1, title=N_("Impact"),
        description=N_("What will be better for residents and for the cities, and how large the change is.")),
        Words(250), Ask("textarea", rows=7, missing=N_("Say what will be better, and by how much"), part="impact")]
    indicators: Annotated[list[Indicator], Field(min_length=1, max_length=MAX_INDICATORS, title=N_("Indicators"),
        description=N_("What is measured: where it stands today, and where it shall stand at the end.")), Ask("hidden",
        missing=N_("Give at least one indicator with its baseline and its target"), part="impact")]
    risks: Annotated[str, Field(min_length=1, title=N_("Risks"),
        description=N_("What could go wrong, how likely it is, and what you would do then.")), Words(250),
        Ask("textarea", rows=7, missing=N_("Name the risks and what you would do"), part="risks")]
    data_protection: Annotated[str, Field(min_length=1, title=N_("Data protection"),
        description=N_("Personal data you need, the legal ground, who keeps it and for how long. None is an answer.")),
        Words(200), Ask("textarea", rows=5, missing=N_("Say how personal data is protected"), part="risks")]
    mims: Annotated[list[Mim], Field(title=N_("Minimal interoperability mechanisms you use"),
        description=N_("Choose those that matter to the pilot; none is an answer, if you say why below.")),
        Ask("checkboxes", part="interoperability")] = []
    interoperability: Annotated[str, Field(min_length=1, title=N_("How other systems connect"),
        description=N_("Standards, interfaces and data the cities can use with other suppliers.")), Words(150),
        Ask("textarea", rows=5, missing=N_("Say how other systems connect"), part="interoperability")]
    people_checks: Annotated[list[Check], Field(min_length=1, title=N_("People-centred checks"),
        description=N_("Choose those the pilot will be held to.")), Ask("checkboxes",
        missing=N_("Choose at least one people-centred check"), part="interoperability")]
    people_centred: Annotated[str, Field(min_length=1, title=N_("How residents take part"),
        description=N_("Who is asked, when, and what they can change.")), Words(150), Ask("textarea", rows=5,
        missing=N_("Say how residents take part"), part="interoperability")]


class FullProposalForm(PilotProposalForm):
    """The third gate: what the jury decides on."""

    detailed_plan: Annotated[str, Field(min_length=1, title=N_("Detailed plan"),
        description=N_("Work packages with their months, people, results and costs.")), Words(1200),
        Ask("textarea", rows=14, missing=N_("Give the detailed plan"), part="plan")]
    validation: Annotated[str, Field(min_length=1, title=N_("Validation done"),
        description=N_("What you tried since the pilot proposal, with whom, and what it showed.")), Words(300),
        Ask("textarea", rows=7, missing=N_("Say what you have tried so far and what it showed"), part="afterwards")]
    market: Annotated[str, Field(min_length=1, title=N_("Market analysis"),
        description=N_("Who would buy or use it, what they use today, and what it costs them.")), Words(300),
        Ask("textarea", rows=7, missing=N_("Say who would buy or use it"), part="afterwards")]
    running_costs: Annotated[str, Field(min_length=1, title=N_("Who runs it afterwards, and pays for it"),
        description=N_("The owner in each city, the yearly cost, and where that money comes from.")), Words(150),
        Ask("textarea", rows=5, missing=N_("Say who runs it after the pilot and pays for it"), part="afterwards")]
    replication: Annotated[str, Field(min_length=1, title=N_("Replication plan"),
        description=N_("Which cities come next, what they need, and what you hand over to them.")), Words(300),
        Ask("textarea", rows=7, missing=N_("Say how it gets to other cities"), part="transfer")]
    ip_terms: Annotated[str, Field(min_length=1, title=N_("Rights and data"),
        description=N_("Who owns results, code and data, under which licence, and what stays open.")), Words(200),
        Ask("textarea", rows=5, missing=N_("Say who owns results, code and data"), part="transfer")]
# fmt: on

FORMS: dict[Gate, type[IdeaForm]] = {
    Gate.IDEA: IdeaForm,
    Gate.PILOT_PROPOSAL: PilotProposalForm,
    Gate.FULL_PROPOSAL: FullProposalForm,
}


# Beside the long form


class NewProposal(Answers):
    """What starts a proposal."""

    title: Annotated[
        str,
        Field(
            min_length=1, max_length=120, title=N_("Title"),
            description=N_("As a resident would say it. You can change it until you submit."),
        ),
        Ask("text", missing=N_("Give the proposal a title")),
    ]  # fmt: skip
    organisation: Annotated[
        int, Field(title=N_("Your organisation")), Ask("radios", missing=N_("Choose your organisation"))
    ]
    challenges: Annotated[
        list[str],
        Field(min_length=1, max_length=5, title=N_("Challenges it answers"),
              description=N_("At least one. You can add and drop challenges later.")),
        Ask("checkboxes", missing=N_("Choose at least one challenge")),
    ]  # fmt: skip
    carried_from: Annotated[
        str, Field(max_length=8, title=N_("Carried on from"),
                   description=N_("A proposal of yours that ended in an earlier round: its text is taken over.")),
        Ask("hidden"),
    ] = ""  # fmt: skip


class Invitation(Answers):
    """Somebody for the team."""

    name: Annotated[
        str, Field(min_length=1, max_length=120, title=N_("Name")), AfterValidator(visible),
        Ask(missing=N_("Give the name")),
    ]  # fmt: skip
    email: Annotated[
        EmailStr,
        Field(title=N_("E-mail"), description=N_("The invitation goes there; only this address can accept it.")),
        Ask("email", missing=N_("Give the e-mail address")),
    ]
    role: Annotated[TeamRole, Field(title=N_("Role")), Ask("select", missing=N_("Choose a role"))]

    @field_validator("role")
    @classmethod
    def _not_lead(cls, role: TeamRole) -> TeamRole:
        if role is TeamRole.LEAD:
            raise ValueError(N_("A proposal has one lead; it can be handed over to a co-lead."))
        return role


class Rating(Answers):
    """A city's rating of an idea."""

    rating: Annotated[
        int,
        Field(ge=1, le=5, title=N_("How useful would this be to your city?"),
              description=N_("From 1, not useful, to 5, very useful. Advisory: the coordinators read it.")),
        Ask("radios", missing=N_("Choose a number from 1 to 5")),
    ]  # fmt: skip
    comment: Annotated[
        str,
        Field(max_length=2000, title=N_("Comment"), description=N_("Why; and what would make it more useful to you.")),
        Words(150),
        Ask("textarea", rows=4),
    ] = ""
