"""Columns of the jury, of what it says together, of scenarios and outcomes; ``columns`` takes them in."""

from __future__ import annotations

DECIDING: dict[str, dict[str, str]] = {
    "appeal": {
        "appeal": "grounds hearing result decision state",
        "internal": (
            "round_id round_code proposal_id submission_id outcome_id decided_by decided_with filed_by filed_at "
            "handler_id taken_at ended_at"
        ),
    },
    "calibration": {
        "jury_identity": "inputs result",
        "internal": "round_id round_code gate state mark inputs_hash seed versions claimed_until finished_at",
    },
    "common_item": {
        "common": "title content",
        "copy_words": "words",
        "internal": "round_id round_code gate proposal_id by_id opened_at shown_at dropped_at",
    },
    "common_review": {
        "jury_identity": "juror_id",
        "common_marks": "marks comment confidence",
        "internal": "item_id saved_at submitted_at",
    },
    "conflict": {
        "conflict": "person_id proposal_id kind source state reason organisation_id lift_reason",
        "internal": "round_id round_code at by_id decided_at decided_by_id",
    },
    "exclusion": {"conflict": "proposal_id person_id"},
    "juror": {
        "jury_identity": "person_id",
        "juror_place": "themes languages expertise load_min load_max",
        "internal": "round_id round_code invited_at accepted_at terms declined_at left_at",
    },
    "kept_ranking": {
        "review": "inputs places",
        "internal": "round_id release_id gate inputs_hash",
    },
    "matching": {
        "preference": "inputs result",
        "internal": "round_id round_code by_id state claimed_until finished_at",
    },
    "outcome": {
        "outcome": "verdict amount_cents reserve_rank reasons accept_by state",
        "outcome_note": "note deviation",
        "internal": (
            "round_id round_code proposal_id revision_number revision_hash proposed_by approved_by approved_at "
            "release_id published_at accepted_by accepted_at superseded_at"
        ),
    },
    "outcome_condition": {
        "outcome": "text",
        "internal": "outcome_id place met_at met_by",
    },
    "rank_band": {
        "review_told": "quarter",
        "internal": "proposal_id gate at",
    },
    "result_release": {
        "public": "at funded reserved declined ineligible funded_cents",
        "internal": "round_id round_code asked_by approved_by held_back",
    },
    "redacted_copy": {
        "copy": "title content files",
        "copy_words": "words spared",
        "internal": "round_id round_code proposal_id revision_number marked confirmed_at confirmed_by_id",
    },
    "review": {
        "jury_identity": "juror_id",
        "review": "comment confidence",
        "internal": (
            "round_id round_code proposal_id gate state due_at revision_number revision saved_at submitted_at "
            "published_at"
        ),
    },
    "scenario": {
        "outcome_note": "name changes clash",
        "internal": "round_id round_code by_id state claimed_until finished_at adopted_at adopted_by",
    },
    "scenario_remark": {"outcome_note": "text", "internal": "scenario_id by_id at"},
    "score": {
        "review": "tenths comment",
        "internal": "review_id criterion max_tenths step_tenths",
    },
    "selection": {
        "outcome_note": "inputs constraints objective bound chosen reserve reasons",
        "internal": "round_id round_code scenario_id inputs_hash solver solver_version",
    },
    "suggestion": {
        "jury_identity": "inputs result",
        "internal": "round_id round_code gate by_id state claimed_until finished_at",
    },
    "tie_decision": {
        "kept": "reason",
        "review": "best_first",
        "internal": "round_id gate at by_id",
    },
    "discussion_note": {"discussion": "text", "jury_identity": "juror_id", "internal": "proposal_id gate at"},
    "consensus": {
        "discussion": "note statement",
        "jury_identity": "moderator_id",
        "internal": "round_id round_code proposal_id gate state revision saved_at agreed_at published_at",
    },
    "consensus_mark": {"discussion": "tenths", "internal": "consensus_id criterion max_tenths step_tenths"},
    "consensus_reply": {"discussion": "agrees reason", "jury_identity": "juror_id", "internal": "consensus_id at"},
    "reaction": {
        "comments_opened": "comments",
        "reaction": "text",
        "internal": "round_id round_code proposal_id gate opened_at opened_by_id until answered_at answered_by_id",
    },
    "panel_minutes": {
        "discussion": "text",
        "internal": "round_id round_code proposal_id gate saved_at saved_by_id",
    },
}
