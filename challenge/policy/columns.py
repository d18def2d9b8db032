"""Every column of every table: public, internal (shown with its record or not at all), or of a confidential kind.

``id``, ``code``, ``version`` and ``created_at`` are internal everywhere. Where a kind depends on the record (files,
kept revisions, words of a step), the kind of the record holds and the one named here stands for it.
"""

from __future__ import annotations

from challenge.policy.deciding import DECIDING

ALWAYS = frozenset({"id", "code", "version", "created_at"})

COLUMNS: dict[str, dict[str, str]] = {
    "organisation": {"public": "kind name name_key name_plain country website"},
    "person": {
        "name": "name name_plain",
        "address": "email email_key",
        "secret": "password_hash",
        "internal": "locale known_since disabled_at erased_at digest_off_at",
    },
    "round": {
        "round_title": "title",
        "round_draft": "summary rules amendment",
        "public": "state zone budget_cents rules_version published_at imported example facts",
        "internal": "revision saved_at open_matters cloned_from_id",
    },
    "sign_in_attempt": {"secret": "key at"},
    "slot": {
        "internal": "key due_at claimed_until done_at failures",
        "kept": "error",
    },
    "announcement": {
        "public": "title text rules_version published_at",
        "internal": "round_id round_code by_id",
    },
    "api_token": {
        "device": "name",
        "secret": "token_hash",
        "internal": "person_id expires_at ended_at",
    },
    "approval": {
        "two_keys": "given",
        "internal": (
            "workflow subject_code transition subject_version asked_by asked_at expires_at approved_by approved_at "
            "dropped_at"
        ),
    },
    "attachment": {
        "proposal": "name",
        "internal": "workflow subject_code sha256 size content_type at by_id removed_at",
    },
    "authenticator": {
        "secret": "sealed_secret last_step",
        "internal": "person_id started_at confirmed_at",
    },
    "city_profile": {
        "public": (
            "organisation_id population latitude longitude geoname_id national_code region other_names other_plain "
            "networks languages themes offers wants capacity maturity"
        ),
    },
    "aside": {
        "typed": "text",
        "internal": "workflow subject_code person_id question sitting base at settled_at",
    },
    "comment": {
        "writing": "text proposed",
        "internal": "workflow subject_code question by_id base accepted ended_at ended_by_id",
    },
    "looked": {"internal": "workflow subject_code question person_id at"},
    "editing": {"internal": "workflow subject_code person_id seen_at saved_at question"},
    "patch": {
        "writing": "put",
        "internal": "workflow subject_code question number by_id suggested_by_id at sitting base token head tail",
    },
    "extension": {
        "kept": "reason",
        "internal": "workflow subject_code until by_id at",
    },
    "idempotency_key": {
        "kept": "body",
        "internal": "actor_id key request_hash status location etag at",
    },
    "membership": {"internal": "person_id organisation_id seat confirmed_at reminded_at"},
    "partner_invitation": {
        "invitation": "message reason",
        "internal": (
            "proposal_id round_id round_code city_id role state answer_by asked_by_id answered_at answered_by_id"
        ),
    },
    "event": {
        "event_draft": "title text place reason",
        "event_link": "link",
        "internal": "round_id round_code kind guests zone begins_at ends_at seats state announced_at",
    },
    "calendar_feed": {"secret": "token_hash", "internal": "person_id made_at"},
    "talk": {"internal": "event_id round_code proposal_id city_id slot place worth"},
    "talk_person": {"internal": "talk_id event_id slot person_id"},
    "talk_plan": {"internal": "event_id minutes tables by_id sent_at"},
    "registration": {"internal": "event_id person_id slot slot_cap at left_at attended"},
    "passkey": {
        "device": "name",
        "secret": "credential_id public_key sign_count",
        "internal": "person_id last_used_at",
    },
    "passkey_challenge": {
        "secret": "browser_hash challenge",
        "internal": "ceremony person_id expires_at claimed_at",
    },
    "proposal": {
        "proposal_face": "title title_key",
        "proposal": "summary answers size_class months lead_id organisation_id",
        "checklist": "checklist",
        "outcome": "award_cents offer_until released_cents",
        "review": "reviews_eligible below_threshold consensus_missing",
        "internal": (
            "round_id round_code gates state publish revision submitted_at saved_at reaction_until pilot_ended_at "
            "stood_at appeal_upheld_at merge_into_id merge_agreed_at merged_into_id carried_from_id"
        ),
    },
    "receipt": {
        "internal": (
            "workflow subject_code revision_number revision_hash file_hashes received_at deadline grace_seconds "
            "within_grace rules_version person_id signature"
        ),
    },
    "recovery_code": {
        "secret": "code_hash",
        "internal": "person_id made_at used_at",
    },
    "revision": {
        "proposal": "content",
        "internal": "workflow subject_code number hash at by_id",
    },
    "role": {"internal": "person_id name round_id confirmed_at reminded_at until"},
    "seat_invitation": {
        "seat_invitation": "name email",
        "internal": "organisation_id person_id seat invited_by accepted_at ended_at",
    },
    "sign_in_link": {
        "secret": "token_hash next_path",
        "internal": "person_id sent_at expires_at claimed_at void_at",
    },
    "sign_in_session": {
        "secret": "token_hash",
        "kept": "user_agent",
        "internal": "person_id started_at seen_at proven_at half_until strong_at ended_at",
    },
    "step": {
        "internal": "workflow subject_code transition old_state new_state actor_id scope digest at previous_hash hash"
    },
    "submission": {
        "submission_face": "title title_key themes",
        "submission": "answers search contact_id deputy_id",
        "checklist": "checklist",
        "internal": (
            "round_id round_code city_id state slot slot_cap revision submitted_at published_at saved_at "
            "live_proposals carried_from_id imported sources"
        ),
    },
    "learning_link": {"public": "title href language note place", "internal": "round_id round_code"},
    "window": {"public": "round_id name opens_at closes_at"},
    "budget_line": {"proposal": "organisation_id category year cents", "internal": "proposal_id"},
    "own_share": {"proposal": "organisation_id year cents", "internal": "proposal_id"},
    "team_task": {"team_task": "title", "internal": "proposal_id key person_id due_on done_at done_by_id"},
    "commitment": {
        "commitment": "kind state body decided_on bridge_cents changed ended_why signer_id signed_at",
        "internal": "proposal_id round_code city_id revision_number revision_hash scope_hash attachment_code",
    },
    "interest": {
        "interest": "reason",
        "public": "submission_id city_id",
        "internal": "lead_city_id round_id slot slot_cap shown_at by_id withdrawn_at",
    },
    "letter": {
        "letter": "address subject text html error",
        "internal": (
            "person_id step_id locale message_id created_at not_after next_try_at claimed_until attempts sent_at "
            "failed_at fingerprint"
        ),
    },
    "message": {
        "message": "subject text path",
        "internal": "step_id person_id template at read_at",
    },
    "partner_city": {
        "proposal": "city_id country role",
        "internal": "proposal_id joined_at left_at",
    },
    "past_pilot": {"internal": "pilot_id key digest"},
    "pilot": {
        "published": "title full_title summary themes public_summary replication_plan",
        "pilot": "agreement notes budget_cents lead_id mentor_id",
        "internal": (
            "proposal_id round_id round_code state pairing home_country min_cities organisation_id months "
            "starts_on ends_on revision lead_signed_at lead_signed_by_id lead_signed_revision agreed_at started_at "
            "ended_at cure_until cure_expired_at imported sources facts"
        ),
    },
    "preference": {
        "preference": "rating comment",
        "internal": "proposal_id city_id at by_id",
    },
    "proposal_challenge": {"internal": "proposal_id submission_id"},
    "question": {
        "question": "text answer corrections",
        "internal": (
            "round_id round_code submission_id asked_by_id asked_at answered_at answered_by_id published_at refused_at"
        ),
    },
    "stand_in": {"internal": "person_id stands_for_id organisation_id begins_at until ended_at"},
    "step_delivery": {"internal": "step_id claimed_until delivered_at"},
    "step_text": {
        "submission": "given",
        "internal": "step_id",
    },
    "submission_city": {"internal": "submission_id city_id"},
    "suspension": {"internal": "person_id name round_id organisation_id seat suspended_at"},
    "team_member": {
        "proposal": "name role",
        "team_address": "email email_key",
        "internal": "proposal_id person_id invited_at accepted_at left_at",
    },
    "indicator": {
        "public": "title unit baseline target actual measured_on source",
        "internal": "pilot_id city_id closed_at",
    },
    "member_city": {
        "published": "site",
        "public": "city_id country role",
        "internal": "pilot_id joined_at signed_at signed_by_id signed_revision",
    },
    "output": {"public": "kind title description licence url", "internal": "pilot_id"},
    "replication_kit": {"public": "lessons needs steps costs", "internal": "pilot_id"},
    "pilot_news": {"public": "title text published_on", "internal": "pilot_id by_id"},
    "reuse": {"public": "who how url since", "internal": "pilot_id by_id"},
    "reuse_interest": {"reuse_interest": "reason", "internal": "pilot_id city_id by_id withdrawn_at"},
    "pilot_contact": {"internal": "pilot_id person_id consented_at"},
    "measurement": {
        "public": "value measured_on source",
        "internal": "indicator_id by_id at",
    },
    "risk": {
        "pilot": "title response ending",
        "internal": "pilot_id kind likelihood impact opened_on closed_on",
    },
    "pilot_meeting": {"pilot": "held_on present noted", "internal": "pilot_id by_id revision"},
    "pilot_decision": {"pilot": "text who_id due_on done_on", "internal": "pilot_id meeting_id revision"},
    "mentor_note": {"mentor_note": "text", "internal": "pilot_id round_code by_id shared_at"},
    "milestone": {
        "published": "title evidence",
        "public": "starts_on due_on done_on",
        "internal": "pilot_id",
    },
    "pilot_challenge": {"public": "pilot_id submission_id"},
    "report": {
        "pilot": "answers points due_on kind state",
        "internal": "pilot_id round_id round_code revision saved_at submitted_at submitted_by_id",
    },
    "legal_hold": {
        "hold": "reason lift_reason",
        "internal": "person_id set_at set_by lifted_at lifted_by",
    },
    "erasure": {"internal": "person_code at"},
    "freeze": {"published": "reason", "public": "scope since until"},
    "oidc_flow": {
        "secret": "state_hash nonce_hash browser_hash next_path subject label",
        "internal": "provider begun_at person_id taken_at strong_at shown_at",
    },
    "oidc_identity": {"device": "label", "secret": "issuer subject", "internal": "person_id used_at"},
    "sight": {"jury_identity": "reader_id place", "internal": "round_code at"},
    "sight_of": {"internal": "sight_id subject_code"},
    "tranche": {
        "pilot": "label cents due_on state paid_on reference payee_id recovers_from_id",
        "internal": "pilot_id round_code report_id milestone_id",
    },
    "ledger_entry": {
        "pilot": "kind booked_on note",
        "internal": "pilot_id round_code subject_code by_id",
    },
    "posting": {"pilot": "account organisation_id category cents", "internal": "entry_code"},
    "claim": {
        "pilot": "answers state category cents currency minor rate rate_on rate_source points organisation_id",
        "internal": "pilot_id round_id round_code revision saved_at submitted_at submitted_by_id",
    },
    "change_request": {
        "pilot": (
            "kind state reason ends_on scope goes_id comes_id role from_id from_category to_id to_category cents "
            "by_two answer"
        ),
        "internal": "pilot_id round_id round_code asked_by_id decided_at",
    },
    **DECIDING,
}


def classes_of(table: str) -> dict[str, str]:
    """Column → its class."""
    return {name: kind for kind, names in COLUMNS.get(table, {}).items() for name in names.split()}
