"""Pages of those who run, observe or administer: one line per address, a block per kind of reader."""

from __future__ import annotations

from challenge.policy.reach import Reach

CONSOLE: dict[Reach, str] = {
    Reach.ROUND: """
GET /events/{code}/people
GET /events/{code}/talks
GET /outcomes/{code}
GET /outcomes/{code}/letters
GET /pilots/overview
GET /rounds/{code}/announce
GET /rounds/{code}/announce/preview
GET /rounds/{code}/assignment
GET /rounds/{code}/closing
GET /rounds/{code}/conflicts
GET /rounds/{code}/gates
GET /rounds/{code}/jurors
GET /rounds/{code}/outcomes
GET /rounds/{code}/dossier
GET /rounds/{code}/dossier.pdf
GET /rounds/{code}/portfolio
GET /rounds/{code}/reserve
GET /rounds/{code}/preview
GET /rounds/{code}/ranking
GET /rounds/{code}/scenarios
GET /rounds/{code}/scenarios/{item}
""",
    Reach.COORDINATORS: """
GET POST /conflicts/{code}/transitions/{name}
POST /events/{code}/attendance
GET POST /events/{code}/edit
POST /events/{code}/talks
POST /events/{code}/talks/plan
POST /events/{code}/talks/send
POST /events/{code}/talks/{item}/removal
POST /events/{code}/talks/{item}/time
GET POST /events/{code}/transitions/{name}
POST /outcomes/{code}/conditions/{place}
GET POST /outcomes/{code}/transitions/{name}
POST /pilots
GET POST /pilots/import
GET /pilots/import/template.csv
GET /pilots/import/template.xlsx
GET /pilots/new
GET POST /pilots/reminders
GET POST /pilots/{code}/agreement/edit
GET POST /pilots/{code}/edit
GET POST /pilots/{code}/reports/new
GET POST /pilots/{code}/reports/{item}
POST /pilots/{code}/reports/{item}/drop
GET POST /pilots/{code}/tranches/new
GET POST /pilots/{code}/tranches/{item}
POST /pilots/{code}/tranches/{item}/drop
GET POST /pilots/{code}/transitions/{name}
GET POST /proposals/{code}/consent
GET POST /proposals/{code}/minutes
POST /proposals/{code}/moderator
GET POST /proposals/{code}/outcomes/new
GET POST /tranches/{code}/transitions/{name}
GET /questions/{code}
POST /questions/{code}/answer
POST /questions/{code}/publication
POST /questions/{code}/refusal
POST /rounds
GET POST /rounds/import
GET /rounds/new
POST /rounds/{code}/amendment/drop
POST /rounds/{code}/announce
POST /rounds/{code}/assignment
POST /rounds/{code}/assignment/suggestions
GET POST /rounds/{code}/matching
GET POST /rounds/{code}/matching/{item}
GET /rounds/{code}/assignment/suggestions/{item}
GET POST /rounds/{code}/clone
POST /rounds/{code}/closing
POST /rounds/{code}/common/item
POST /rounds/{code}/common/opening
POST /rounds/{code}/common/removal
POST /rounds/{code}/common/showing
POST /rounds/{code}/conflicts
POST /rounds/{code}/conflicts/inferred
GET /rounds/{code}/edit
GET POST /rounds/{code}/events/new
POST /rounds/{code}/learning
POST /rounds/{code}/learning/{item}/removal
POST /rounds/{code}/learning/{item}/up
GET POST /rounds/{code}/edit/{slug}
POST /rounds/{code}/gates
GET POST /rounds/{code}/import
POST /rounds/{code}/jurors
POST /rounds/{code}/jurors/check
POST /rounds/{code}/news
GET /rounds/{code}/news/new
POST /rounds/{code}/ranking/calibration
POST /rounds/{code}/ranking/ties
POST /rounds/{code}/reserve/scenario
POST /rounds/{code}/scenarios
GET /rounds/{code}/scenarios/new
POST /rounds/{code}/scenarios/{item}/adoption
POST /rounds/{code}/scenarios/{item}/remarks
POST /rounds/{code}/reactions
GET POST /rounds/{code}/transitions/{name}
GET POST /submissions/{code}/checklist
""",
    Reach.PROGRAMME: """
GET POST /cities/new
GET POST /cities/{code}/facts
GET POST /organisations/new
GET POST /organisations/{code}/edit
GET /people
GET POST /people/new
GET /people/{code}
POST /people/{code}/disable
GET /people/{code}/data
POST /people/{code}/email
POST /people/{code}/enable
POST /people/{code}/erasure
POST /people/{code}/hold
POST /people/{code}/hold/lift
POST /people/{code}/roles
POST /people/{code}/roles/take
POST /people/{code}/second-factor/end
GET /retention
""",
    Reach.AUDIT: """
GET /journal/reads
""",
    Reach.JOURNAL: """
GET /journal
GET /journal/check
""",
}
