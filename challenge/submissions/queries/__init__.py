"""What one may know of submissions, challenges, interests and questions."""

from challenge.submissions.queries.catalogue import (
    Card,
    ChallengeView,
    Facet,
    Wanted,
    challenge,
    challenges,
    facets,
    public_record,
    view,
)
from challenge.submissions.queries.interests import (
    InterestRow,
    OpenRow,
    for_interest,
    interested,
    interested_in,
    open_to_interest,
    shown_by,
    to_show_interest,
)
from challenge.submissions.queries.questions import QuestionView, published, question, to_handle, view_of
from challenge.submissions.queries.records import (
    Filters,
    SubmissionRow,
    countries_in_round,
    editable,
    in_round,
    lives,
    my_cities,
    of_cities,
    of_city,
    said_with,
    states_in_round,
    title_to_carry,
    visible,
)

__all__ = [
    "Card", "ChallengeView", "Facet", "Filters", "InterestRow", "OpenRow", "QuestionView", "SubmissionRow", "Wanted",
    "challenge", "challenges", "countries_in_round", "editable", "facets", "for_interest", "in_round", "interested",
    "interested_in", "lives", "my_cities", "of_cities", "of_city", "open_to_interest", "public_record", "published",
    "question", "said_with", "shown_by", "states_in_round", "title_to_carry", "to_handle", "to_show_interest", "view",
    "view_of", "visible",
]  # fmt: skip
