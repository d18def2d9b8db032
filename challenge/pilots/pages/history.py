"""The history of a pilot as its timeline shows it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from challenge.http.templates import day
from challenge.kernel.i18n import Text, _
from challenge.pilots.queries import Happened
from challenge.pilots.states import REPORT_KINDS, ReportKind
from challenge.pilots.workflow import PILOT, REPORT


@dataclass(frozen=True, slots=True)
class Entry:
    """A step as the timeline shows it."""

    title: str
    who: str
    when: str
    text: str


TOLD: dict[str, Text] = {
    "pair": _("Paired"),
    "import": _("Imported"),
    "add_member": _("A city joined"),
    "change_role": _("A city’s role changed"),
    "replace_member": _("A city was replaced"),
    "remove_member": _("A city was taken out"),
    "leave": _("A city left"),
    "seek_partner": _("A partner city is wanted"),
    "describe_site": _("A site was described"),
    "cure_expired": _("The cure date passed: two coordinators decide about the end"),
    "ask_terminate": _("Termination was asked for; a second person decides"),
    "revise": _("Details changed"),
    "tell_results": _("Results written"),
    "write_agreement": _("The agreement was written"),
    "sign_agreement": _("A city signed the agreement"),
    "sign_as_lead": _("The lead organisation signed the agreement"),
    "add_milestone": _("A milestone was planned"),
    "change_milestone": _("A milestone changed"),
    "drop_milestone": _("A milestone was dropped"),
    "add_indicator": _("An indicator was planned"),
    "change_indicator": _("An indicator changed"),
    "drop_indicator": _("An indicator was dropped"),
    "measure": _("An indicator was measured"),
    "reopen_indicator": _("An indicator was opened again"),
    "add_tranche": _("A tranche was planned"),
    "change_tranche": _("A tranche changed"),
    "drop_tranche": _("A tranche was dropped"),
    "book": _("An entry was written to the ledger"),
    "amend_agreement": _("The agreement was amended"),
    "add_report": _("A report was planned"),
    "change_report": _("A report was planned otherwise"),
    "drop_report": _("A report was dropped"),
    "remind": _("Its people were reminded"),
    "add_output": _("An output was added"),
    "change_output": _("An output changed"),
    "drop_output": _("An output was taken out"),
    "add_news": _("News was told"),
    "change_news": _("News changed"),
    "drop_news": _("News was taken out"),
    "add_reuse": _("A reuse was noted"),
    "change_reuse": _("A reuse changed"),
    "drop_reuse": _("A reuse was taken out"),
    "write_kit": _("Lessons and kit were written"),
    "be_contact": _("Somebody agreed to be asked"),
    "no_contact": _("Somebody is no longer to be asked"),
    "show_reuse_interest": _("A city would like to do the same"),
    "withdraw_reuse_interest": _("A city no longer wishes to do the same"),
    "add_risk": _("A risk was noted"),
    "change_risk": _("A risk changed"),
    "close_risk": _("A risk is over"),
    "add_meeting": _("A meeting was noted"),
    "change_meeting": _("The notes of a meeting were corrected"),
    "strike_words": _("Words about somebody were removed from the notes of a meeting"),
    "add_decision": _("A decision was noted"),
    "change_decision": _("A decision was corrected"),
    "do_decision": _("What was decided is done"),
    "share_note": _("The mentor shared a note with the team"),
    "attach": _("A file was added"),
    "detach": _("A file was removed"),
}


def entries(
    steps: Iterable[Happened], zone: str, cities: Mapping[str, str], kinds: Mapping[str, ReportKind]
) -> Iterator[Entry]:
    """The timeline, newest first."""
    for step in steps:
        table = REPORT if step.workflow == REPORT.name else PILOT
        told = next((row.told for row in table.rows if row.name == step.transition), None)
        title = str(told or TOLD.get(step.transition) or step.transition)
        if step.subject_code in kinds:
            title = f"{REPORT_KINDS[kinds[step.subject_code]]}: {title}"
        moment = step.at.astimezone(ZoneInfo(zone))
        yield Entry(title, step.who, f"{day(moment.date())}, {moment:%H:%M}", _about(step.given, cities))


def _about(given: Mapping[str, Any], cities: Mapping[str, str]) -> str:
    """The words given with a step, and the cities it was about."""
    named = [cities.get(str(given[key]), "") for key in ("city", "goes", "comes") if given.get(key)]
    words = str(given.get("reason") or given.get("points") or "")
    return " · ".join(part for part in (" → ".join(name for name in named if name), words) if part)
