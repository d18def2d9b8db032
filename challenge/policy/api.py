"""Who can reach which route of the JSON API; ``*`` stands for every transition of the workflow."""

from __future__ import annotations

from challenge.policy.reach import Reach

API: dict[Reach, str] = {
    Reach.EVERYBODY: """
GET /api/v1/challenges
GET /api/v1/cities
GET /api/v1/cities/{code}
GET /api/v1/events/{code}
GET /api/v1/pilots
GET /api/v1/pilots/{code}
GET /api/v1/pilots/{code}/measurements
GET /api/v1/pilots/{code}/results
GET /api/v1/rounds
GET /api/v1/rounds/{code}
GET /api/v1/rounds/{code}/events
GET /api/v1/rounds/{code}/learning
GET /api/v1/rounds/{code}/results
""",
    Reach.SIGNED_IN: """
GET /api/v1/appeals/{code}/transitions
POST /api/v1/appeals/{code}/transitions/*
PATCH /api/v1/cities/{code}
GET PATCH /api/v1/consensus/{code}
POST /api/v1/consensus/{code}/replies
GET /api/v1/consensus/{code}/transitions
POST /api/v1/consensus/{code}/transitions/*
DELETE PUT /api/v1/events/{code}/registration
GET /api/v1/events/{code}/transitions
POST /api/v1/pilots
PATCH /api/v1/pilots/{code}
GET /api/v1/pilots/{code}/health
POST /api/v1/pilots/{code}/indicators
PUT /api/v1/pilots/{code}/interests/{city}
POST /api/v1/pilots/{code}/outputs
POST /api/v1/pilots/{code}/indicators/{item}/measurements
GET POST /api/v1/pilots/{code}/risks
PATCH /api/v1/pilots/{code}/decisions/{item}
POST /api/v1/pilots/{code}/decisions/{item}/completion
GET POST /api/v1/pilots/{code}/log
PATCH /api/v1/pilots/{code}/log/{item}
POST /api/v1/pilots/{code}/log/{item}/decisions
POST /api/v1/pilots/{code}/log/{item}/erasure
GET POST /api/v1/pilots/{code}/notes
PATCH /api/v1/pilots/{code}/notes/{item}
POST /api/v1/pilots/{code}/notes/{item}/sharing
POST /api/v1/pilots/{code}/members
DELETE /api/v1/pilots/{code}/members/{city}
POST /api/v1/pilots/{code}/milestones
POST /api/v1/pilots/{code}/reports
GET POST /api/v1/pilots/{code}/tranches
GET /api/v1/pilots/{code}/ledger
GET POST /api/v1/pilots/{code}/claims
GET /api/v1/pilots/{code}/changes
POST /api/v1/pilots/{code}/changes/dates
POST /api/v1/pilots/{code}/changes/members
POST /api/v1/pilots/{code}/changes/money
POST /api/v1/pilots/{code}/changes/scope
GET PATCH /api/v1/claims/{code}
GET POST /api/v1/claims/{code}/files
DELETE GET /api/v1/claims/{code}/files/{file}
GET /api/v1/claims/{code}/transitions
POST /api/v1/claims/{code}/transitions/*
GET /api/v1/changes/{code}/transitions
POST /api/v1/changes/{code}/transitions/*
GET /api/v1/tranches/{code}/transitions
POST /api/v1/tranches/{code}/transitions/*
GET /api/v1/pilots/{code}/transitions
POST /api/v1/pilots/{code}/transitions/*
GET POST /api/v1/proposals
GET PATCH /api/v1/proposals/{code}
POST /api/v1/proposals/{code}/answers/{question}/comments
POST /api/v1/proposals/{code}/answers/{question}/comments/{comment_code}
PUT /api/v1/proposals/{code}/budget
POST /api/v1/proposals/{code}/cities
DELETE /api/v1/proposals/{code}/cities/{city}
POST /api/v1/proposals/{code}/commitments/{city}
POST /api/v1/proposals/{code}/commitments/{city}/decision
POST /api/v1/proposals/{code}/commitments/{city}/signature
GET /api/v1/proposals/{code}/comments
GET /api/v1/partner-invitations/{code}
GET /api/v1/partner-invitations/{code}/transitions
POST /api/v1/partner-invitations/{code}/transitions/*
GET /api/v1/proposals/{code}/dossier
GET POST /api/v1/proposals/{code}/notes
GET /api/v1/proposals/{code}/partners
POST /api/v1/proposals/{code}/partners/{city}/invitation
GET POST /api/v1/proposals/{code}/reaction
GET POST /api/v1/proposals/{code}/tasks
DELETE /api/v1/proposals/{code}/tasks/{key}
PUT /api/v1/proposals/{code}/tasks/{key}/assignment
DELETE PUT /api/v1/proposals/{code}/tasks/{key}/done
POST /api/v1/proposals/{code}/team
GET /api/v1/proposals/{code}/transitions
POST /api/v1/proposals/{code}/transitions/*
GET /api/v1/reports/{code}/transitions
POST /api/v1/reports/{code}/transitions/*
GET /api/v1/reviews
GET PATCH /api/v1/reviews/{code}
POST /api/v1/reviews/{code}/declaration
GET /api/v1/reviews/{code}/transitions
POST /api/v1/reviews/{code}/transitions/*
PATCH /api/v1/rounds/{code}
GET /api/v1/rounds/{code}/transitions
GET POST /api/v1/submissions
GET PATCH /api/v1/submissions/{code}
POST /api/v1/submissions/{code}/answers/{question}/comments
POST /api/v1/submissions/{code}/answers/{question}/comments/{comment_code}
GET /api/v1/submissions/{code}/comments
DELETE PUT /api/v1/submissions/{code}/interests/{city}
GET /api/v1/submissions/{code}/transitions
POST /api/v1/submissions/{code}/transitions/*
""",
    Reach.ROUND: """
GET /api/v1/conflicts/{code}/transitions
GET /api/v1/outcomes/{code}/transitions
GET /api/v1/pilots/overview
GET /api/v1/rounds/{code}/announce/preview
GET /api/v1/rounds/{code}/calibration
GET /api/v1/rounds/{code}/dossier
GET /api/v1/rounds/{code}/outcomes
GET /api/v1/rounds/{code}/ranking
GET /api/v1/rounds/{code}/reserve
GET /api/v1/rounds/{code}/selection
""",
    Reach.COORDINATORS: """
POST /api/v1/conflicts/{code}/transitions/*
PATCH /api/v1/events/{code}
POST /api/v1/events/{code}/transitions/*
POST /api/v1/outcomes/{code}/transitions/*
POST /api/v1/pilots/import
POST /api/v1/rounds
POST /api/v1/rounds/{code}/events
POST /api/v1/rounds/{code}/announce
POST /api/v1/rounds/{code}/assignment
POST /api/v1/rounds/{code}/jurors
POST /api/v1/rounds/{code}/learning
DELETE /api/v1/rounds/{code}/learning/{item}
POST /api/v1/rounds/{code}/learning/{item}/up
POST /api/v1/rounds/{code}/outcomes
POST /api/v1/rounds/{code}/transitions/*
""",
    Reach.JOURNAL: """
GET /api/v1/steps
""",
}
