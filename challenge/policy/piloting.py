"""Pages of those who run a pilot, its money and its reports: one line per address."""

from __future__ import annotations

from challenge.policy.reach import Reach

PILOTING: dict[Reach, str] = {
    Reach.SIGNED_IN: """
GET /changes/{code}
GET POST /changes/{code}/transitions/{name}
GET /claims/{code}
GET /claims/{code}/check
GET POST /claims/{code}/conflict
GET POST /claims/{code}/edit
GET POST /claims/{code}/files
GET /claims/{code}/files/{file}
POST /claims/{code}/files/{file}/removal
GET /claims/{code}/print.pdf
GET /claims/{code}/receipt
GET /claims/{code}/receipt.json
GET /claims/{code}/revisions
GET POST /claims/{code}/transitions/{name}
GET /pilots/{code}/agreement
GET /pilots/{code}/agreement.pdf
POST /pilots/{code}/agreement/sign
GET /pilots/{code}/changes
GET POST /pilots/{code}/changes/{name}
POST /pilots/{code}/claims
POST /pilots/{code}/contact
GET POST /pilots/{code}/decisions/{item}
POST /pilots/{code}/decisions/{item}/completion
GET POST /pilots/{code}/indicators/new
GET POST /pilots/{code}/indicators/{item}
POST /pilots/{code}/indicators/{item}/drop
GET POST /pilots/{code}/indicators/{item}/measure
POST /pilots/{code}/indicators/{item}/reopen
GET POST /pilots/{code}/interest
POST /pilots/{code}/interest/withdrawal
GET POST /pilots/{code}/kit
GET /pilots/{code}/log
GET POST /pilots/{code}/log/new
GET /pilots/{code}/log/{item}
GET POST /pilots/{code}/log/{item}/decisions/new
GET POST /pilots/{code}/log/{item}/edit
GET POST /pilots/{code}/log/{item}/erasure
GET POST /pilots/{code}/members
GET /pilots/{code}/members/{city}
GET POST /pilots/{code}/members/{city}/leave
POST /pilots/{code}/members/{city}/remove
POST /pilots/{code}/members/{city}/replace
POST /pilots/{code}/members/{city}/role
GET POST /pilots/{code}/members/{city}/site
GET POST /pilots/{code}/milestones/new
GET POST /pilots/{code}/milestones/{item}
POST /pilots/{code}/milestones/{item}/drop
GET /pilots/{code}/money
GET /pilots/{code}/money.csv
GET /pilots/{code}/money.xlsx
GET POST /pilots/{code}/news/new
GET POST /pilots/{code}/news/{item}
POST /pilots/{code}/news/{item}/drop
GET /pilots/{code}/notes
GET POST /pilots/{code}/notes/new
GET POST /pilots/{code}/notes/{item}
POST /pilots/{code}/notes/{item}/sharing
GET /pilots/{code}/outputs
GET POST /pilots/{code}/outputs/new
GET POST /pilots/{code}/outputs/{item}
POST /pilots/{code}/outputs/{item}/drop
GET /pilots/{code}/plan
GET POST /pilots/{code}/results
GET POST /pilots/{code}/reuses/new
GET POST /pilots/{code}/reuses/{item}
POST /pilots/{code}/reuses/{item}/drop
GET /pilots/{code}/risks
GET POST /pilots/{code}/risks/new
GET POST /pilots/{code}/risks/{item}
GET POST /pilots/{code}/risks/{item}/close
GET /reports/{code}
GET /reports/{code}/check
GET POST /reports/{code}/conflict
GET POST /reports/{code}/edit
GET POST /reports/{code}/files
GET /reports/{code}/files/{file}
POST /reports/{code}/files/{file}/removal
POST /reports/{code}/outline
GET /reports/{code}/print.pdf
GET /reports/{code}/receipt
GET /reports/{code}/receipt.json
GET /reports/{code}/revisions
GET POST /reports/{code}/transitions/{name}
GET /tranches/{code}
""",
}
