"""Who can reach which page: one line per address, a block per kind of reader.

A line says who is let in at all. Which record they then see is asked in the queries; one that is not theirs is missing.
The pages of those who run a round are in ``console``, those of a pilot in ``piloting``.
"""

from __future__ import annotations

from challenge.policy.reach import Reach

PAGES: dict[Reach, str] = {
    Reach.EVERYBODY: """
GET /
GET /.well-known/security.txt
GET /accessibility
GET /challenges
GET /challenges/{code}
GET /challenges/{code}/files/{file}
GET POST /challenges/{code}/questions
GET /cities
GET /cities/{code}
GET /contact
GET /calendar/{token}.ics
GET /events/{code}
GET /events/{code}/event.ics
GET /favicon.ico
GET /healthz
GET /help
GET /help/problems
GET /language/{code}
GET /open-data
GET /outbox
GET /pilots
GET /pilots/{code}
GET /pilots/{code}/embed
GET /pilots/{code}/measurements
GET /pilots/{code}/measurements.csv
GET /pilots/{code}/showcase
GET /pilots/{code}/showcase.csv
GET /privacy
GET /proposals
GET /proposals/{code}
GET /readyz
GET /receipts/key
GET /robots.txt
GET /rounds
GET /rounds/{code}
GET /rounds/{code}/calendar.ics
GET /rounds/{code}/events
GET /rounds/{code}/learning
GET /rounds/{code}/news
GET POST /rounds/{code}/questions
GET /rounds/{code}/results
GET /rounds/{code}/rules.yaml
GET POST /sign-in
GET POST /sign-in/code
POST /sign-in/passkey
POST /sign-in/passkey/options
POST /sign-in/password
GET /sign-in/sent
GET /sign-in/with/{key}
GET /sign-in/with/{key}/back
GET POST /sign-in/{token}
POST /sign-out
""",
    Reach.ENTERING: """
POST /account/authenticator
POST /account/authenticator/confirm
GET POST /account/identities
POST /account/identities/forget
POST /account/identities/{code}/end
POST /account/passkeys
POST /account/passkeys/options
GET /account/second-factor
GET /confirm
POST /confirm/code
POST /confirm/passkey
POST /confirm/passkey/options
POST /confirm/password
""",
    Reach.SIGNED_IN: """
GET POST /account
POST /account/authenticator/end
GET POST /account/data
GET POST /account/erasure
GET /account/files
GET POST /account/calendar
POST /account/calendar/end
GET /account/files/{file}
POST /account/passkeys/{code}/end
GET POST /account/password
POST /account/recovery-codes
POST /account/sessions/end
POST /account/sessions/{handle}/end
POST /account/tokens
POST /account/tokens/{handle}/end
GET /appeals
GET /appeals/{code}
POST /appeals/{code}/handler
GET POST /appeals/{code}/transitions/{name}
GET POST /challenges/{code}/interest
POST /challenges/{code}/interest/withdrawal
GET POST /cities/{code}/edit
GET POST /consensus/{code}
POST /consensus/{code}/replies
GET POST /consensus/{code}/transitions/{name}
POST /events/{code}/leaving
POST /events/{code}/registration
GET /home
GET POST /inbox
POST /inbox/{message_id}
GET /interests
POST /invitations/{code}/accept
POST /invitations/{code}/decline
GET POST /jurors/{code}
POST /jurors/{code}/acceptance
GET /jurors/{code}/certificate
GET /jurors/{code}/certificate.json
GET /jurors/{code}/certificate.pdf
POST /jurors/{code}/departure
POST /jurors/{code}/refusal
GET /organisations
GET /organisations/{code}
POST /organisations/{code}/invitations
POST /organisations/{code}/invitations/{invitation}/take-back
POST /organisations/{code}/members/{person}/remove
POST /organisations/{code}/members/{person}/seat
POST /organisations/{code}/stand-ins
POST /organisations/{code}/stand-ins/{stand_in}/end
GET POST /roles
POST /proposals
GET /proposals/new
GET POST /proposals/{code}/appeal
GET POST /proposals/{code}/budget
GET /proposals/{code}/budget.xlsx
POST /proposals/{code}/budget/file
GET POST /proposals/{code}/challenges
POST /proposals/{code}/challenges/{challenge}/removal
GET POST /proposals/{code}/answers/{question}
POST /proposals/{code}/answers/{question}/comments/{comment_code}
GET POST /proposals/{code}/answers/{question}/history
GET /proposals/{code}/check
GET POST /proposals/{code}/cities
GET /proposals/{code}/partners
GET POST /proposals/{code}/partners/{city}/invitation
GET /partner-invitations/{code}
GET POST /partner-invitations/{code}/transitions/{name}
GET POST /proposals/{code}/cities/{city}/leaving
POST /proposals/{code}/cities/{city}/removal
POST /proposals/{code}/cities/{city}/role
POST /proposals/{code}/commitments
GET /proposals/{code}/commitments/{city}
POST /proposals/{code}/commitments/{city}/decision
GET /proposals/{code}/commitments/{city}/document/{file}
POST /proposals/{code}/commitments/{city}/signature
POST /proposals/{code}/commitments/{city}/withdrawal
GET POST /proposals/{code}/conflict
GET POST /proposals/{code}/copy
POST /proposals/{code}/copy/confirmation
GET POST /proposals/{code}/copy/files/{file}
POST /proposals/{code}/copy/files/{file}/removal
GET POST /proposals/{code}/discussion
GET /proposals/{code}/dossier
GET /proposals/{code}/dossier.pdf
GET POST /proposals/{code}/edit
GET POST /proposals/{code}/files
GET /proposals/{code}/files/{file}
POST /proposals/{code}/files/{file}/removal
POST /proposals/{code}/here
POST /proposals/{code}/invitation
POST /proposals/{code}/leaving
GET POST /proposals/{code}/merger
POST /proposals/{code}/mergers/{other}
GET /proposals/{code}/outcome
POST /proposals/{code}/outcome/accept
POST /proposals/{code}/rating
GET POST /proposals/{code}/reaction
GET /proposals/{code}/print.pdf
GET /proposals/{code}/receipt
GET /proposals/{code}/receipt.json
GET /proposals/{code}/revisions
GET POST /proposals/{code}/tasks
POST /proposals/{code}/tasks/{key}
GET POST /proposals/{code}/team
POST /proposals/{code}/team/{person}/lead
POST /proposals/{code}/team/{person}/removal
POST /proposals/{code}/team/{person}/role
GET POST /proposals/{code}/transitions/{name}
GET /questions
GET /reviews
GET POST /reviews/{code}
GET /reviews/{code}/check
POST /reviews/{code}/declaration
GET /reviews/{code}/files/{file}
GET POST /reviews/{code}/transitions/{name}
GET /rounds/{code}/briefing
GET POST /rounds/{code}/common
GET /rounds/{code}/meeting
GET POST /submissions
GET /submissions/new
GET /submissions/{code}
GET POST /submissions/{code}/appeal
GET POST /submissions/{code}/answers/{question}
POST /submissions/{code}/answers/{question}/comments/{comment_code}
GET POST /submissions/{code}/answers/{question}/history
GET /submissions/{code}/check
GET POST /submissions/{code}/conflict
GET POST /submissions/{code}/edit
GET POST /submissions/{code}/files
POST /submissions/{code}/here
GET /submissions/{code}/files/{file}
POST /submissions/{code}/files/{file}/removal
GET /submissions/{code}/print.pdf
GET /submissions/{code}/receipt
GET /submissions/{code}/receipt.json
GET /submissions/{code}/revisions
GET POST /submissions/{code}/transitions/{name}
""",
}
