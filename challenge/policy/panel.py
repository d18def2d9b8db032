"""The columns of what a panel says together."""

from __future__ import annotations

PANEL: dict[str, dict[str, str]] = {
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
