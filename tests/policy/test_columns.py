"""Every column of every table is classified, and every confidential text column holds a canary somewhere."""

import pytest
from sqlalchemy import JSON, String

from challenge.kernel import schema
from challenge.kernel.record import metadata
from challenge.policy.columns import ALWAYS, COLUMNS, classes_of
from challenge.policy.kinds import KINDS
from tests.policy.scene import build

PLAIN = {"public", "internal"}
# Confidential columns of text that no canary can stand in, and why.
WITHOUT = {
    "authenticator.sealed_secret": "sealed with the installation's key",
    "person.name_plain": "the name, spelt plainly, for searching",
    "person.email_key": "the address's skeleton",
    "person.password_hash": "a hash",
    "proposal.checklist": "ticks, no words",
    "recovery_code.code_hash": "a hash",
    "sign_in_attempt.key": "a digest",
    "sign_in_link.token_hash": "a hash",
    "sign_in_session.token_hash": "a hash",
    "api_token.token_hash": "a hash",
    "calendar_feed.token_hash": "a hash",
    "passkey.credential_id": "from the browser; only its owner's account page knows the row",
    "passkey.public_key": "from the browser",
    "passkey_challenge.browser_hash": "a hash",
    "passkey_challenge.challenge": "lives for minutes, in one browser",
    "common_item.title": "a copy without names: tests/jury/test_common.py",
    "common_item.content": "a copy without names: tests/jury/test_common.py",
    "common_item.words": "no gate of the scene has one: tests/jury/test_common.py",
    "common_review.marks": "no gate of the scene has one: tests/jury/test_common.py",
    "common_review.comment": "no gate of the scene has one: tests/jury/test_common.py",
    "redacted_copy.title": "made of the proposal's own: tests/jury/test_blind_leaks.py",
    "redacted_copy.content": "made of the proposal's own: tests/jury/test_blind_leaks.py",
    "redacted_copy.files": "hashes and codes",
    "redacted_copy.words": "no gate of the scene is double-blind: tests/jury/test_blind_leaks.py",
    "redacted_copy.spared": "stands beside the words, on the same page",
    "tie_decision.best_first": "ids",
    "matching.inputs": "ids and numbers",
    "matching.result": "ids and numbers",
    "calibration.inputs": "ids and numbers",
    "calibration.result": "ids and numbers",
    "scenario.changes": "ids and numbers",
    "scenario.clash": "ids and keys",
    "kept_ranking.inputs": "ids and numbers",
    "kept_ranking.places": "ids and numbers",
    "selection.inputs": "ids and numbers",
    "selection.constraints": "ids and numbers",
    "selection.chosen": "ids",
    "selection.reserve": "ids",
    "selection.reasons": "ids and numbers",
    "suggestion.inputs": "ids and numbers",
    "suggestion.result": "ids and numbers",
    "team_member.email_key": "the address's skeleton",
    "submission.title_key": "the folded title",
    "submission.search": "made of what is published",
    "proposal.title_key": "the folded title",
    "juror.themes": "keys of themes",
    "juror.languages": "codes",
    "submission.themes": "keys of themes",
    "claim.currency": "a code",
    "commitment.changed": "names of facts",
    "commitment.ended_why": "set by the service",
    "proposal.size_class": "a key",
    "partner_city.country": "a code",
    "sign_in_link.next_path": "an address of ours",
    "message.path": "an address of ours",
    "appeal.decision": "a state",
    "round.rules": "numbers and keys; its titles are the round's",
    "pilot.themes": "keys of themes",
    "question.corrections": "published with the answer",
    "question.answer": "published at once",
    "legal_hold.lift_reason": "stands beside the reason, on the same page",
    "freeze.reason": "told to everybody while it lasts: tests of the freeze",
    "oidc_flow.state_hash": "a hash",
    "oidc_flow.nonce_hash": "a hash",
    "oidc_flow.browser_hash": "a hash",
    "oidc_flow.next_path": "an address of ours",
    "oidc_flow.subject": "lives for minutes, in one browser",
    "oidc_flow.label": "lives for minutes, in one browser",
    "oidc_identity.label": "only its owner's account page knows the row",
    "oidc_identity.issuer": "a setting",
    "oidc_identity.subject": "only compared, never shown",
    "sight.place": "a key",
    "revision.content": "the record's own canaries, kept",
    "round.amendment": "a rules document: tests/rounds/test_amending.py",
    "letter.html": "the text once more",
}


def test_every_column_is_classified():
    schema.load_models()
    there = {table.name: {column.name for column in table.columns} - ALWAYS for table in metadata.sorted_tables}
    named = {name: set(classes_of(name)) - ALWAYS for name in COLUMNS}
    gone = {f"{table}.{name}" for table in named for name in named[table] - there.get(table, set())}
    missing = {f"{table}.{name}" for table in there for name in there[table] - named.get(table, set())}
    assert (missing, gone) == (set(), set()), "say in challenge/policy/columns.py what kind of column this is"


def test_every_class_is_a_kind():
    assert {kind for classes in COLUMNS.values() for kind in classes} - PLAIN - set(KINDS) == set()


@pytest.fixture
def planted(world):
    return {canary.column.split(".answers.")[0] for canary in build(world).aviary.by_token.values()}


def test_every_confidential_text_has_a_canary(planted):
    bare = []
    for table in metadata.sorted_tables:
        for name, kind in classes_of(table.name).items():
            column = f"{table.name}.{name}"
            kept = table.columns[name].type
            is_text = isinstance(getattr(kept, "impl", kept), String | JSON) and not hasattr(kept, "enums")
            if kind not in PLAIN and is_text and column not in WITHOUT and column not in planted:
                bare.append(column)
    assert bare == [], " ".join(bare)
