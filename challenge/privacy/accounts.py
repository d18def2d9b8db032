"""The activities of the register that concern the account and how one signs in."""

from __future__ import annotations

from challenge.kernel.i18n import _
from challenge.privacy.finding import by_address, by_tries
from challenge.privacy.holding import Activity, Basis, Fate, Holding, always

ACCOUNT = Activity(
    "account",
    _("Your account"),
    _(
        "Name, e-mail address, language, whether you want the daily mail, organisations with your seat, roles,"
        " invitations to a seat"
    ),
    _("To sign you in, to write to you, to know what you may do"),
    Basis.PUBLIC_TASK,
    always(_("As long as you have an account.")),
    _("Coordinators and administrators; members of your organisations see name and address"),
    _("Name and address are destroyed, seats, roles and invitations removed. A row without a name stays."),
    (
        Holding(
            "person",
            ("id",),
            ("code", "name", "email", "locale", "created_at", "disabled_at", "digest_off_at"),
            Fate.EMPTIED,
        ),
        Holding("membership", shown=("organisation_id", "seat", "confirmed_at"), fate=Fate.REMOVED),
        Holding("role", shown=("name", "round_id", "confirmed_at", "until"), fate=Fate.REMOVED),
        Holding("suspension", shown=("name", "round_id", "organisation_id", "seat", "suspended_at"), fate=Fate.REMOVED),
        Holding(
            "stand_in",
            ("person_id", "stands_for_id"),
            ("organisation_id", "person_id", "stands_for_id", "begins_at", "until", "ended_at"),
            Fate.REMOVED,
        ),
        Holding(
            "seat_invitation",
            ("person_id", "invited_by"),
            ("organisation_id", "seat", "person_id", "invited_by", "created_at", "accepted_at", "ended_at"),
            Fate.EMPTIED,
            by_address("email"),
        ),
    ),
)

SIGN_IN = Activity(
    "sign_in",
    _("Signing in"),
    _(
        "Sessions with the browser’s name and times, sign-in links, tokens and second factors as digests or sealed,"
        " linked accounts of other services by their number and name there,"
        " attempts as digests of the address and of the network"
    ),
    _("So that only you act as you, and you can end sessions you do not know; against guessing of passwords"),
    Basis.SECURITY,
    always(_("Attempts and links: two days. Sessions and tokens: 30 days after their end.")),
    _("You; administrators see counts only"),
    _("Everything is removed; nothing signs in any more."),
    (
        Holding("sign_in_session", shown=("started_at", "seen_at", "ended_at", "user_agent"), fate=Fate.REMOVED),
        Holding("sign_in_link", shown=("sent_at", "expires_at", "claimed_at"), fate=Fate.REMOVED),
        Holding("api_token", shown=("name", "created_at", "expires_at", "ended_at"), fate=Fate.REMOVED),
        Holding("authenticator", shown=("started_at", "confirmed_at"), fate=Fate.REMOVED),
        Holding("passkey", shown=("name", "created_at", "last_used_at"), fate=Fate.REMOVED),
        Holding("passkey_challenge", shown=("ceremony", "expires_at", "claimed_at"), fate=Fate.REMOVED),
        Holding("oidc_identity", shown=("issuer", "subject", "label", "created_at", "used_at"), fate=Fate.REMOVED),
        Holding("oidc_flow", shown=("provider", "begun_at", "taken_at", "subject", "label"), fate=Fate.REMOVED),
        Holding("recovery_code", shown=("made_at", "used_at"), fate=Fate.REMOVED),
        Holding("sign_in_attempt", (), ("at",), Fate.REMOVED, by_tries()),
        Holding("idempotency_key", ("actor_id",), ("at", "status"), Fate.REMOVED),
    ),
)

EVENTS = Activity(
    "events",
    _("Events"),
    _(
        "Which events of a round you registered for, whether you waited for a seat, whether you came, with whom you"
        " talked at a matchmaking day; that your calendar has an address, not the address"
    ),
    _("To give out seats fairly, to tell you when something changes, to know how many took part"),
    Basis.PUBLIC_TASK,
    always(_("As long as you have an account.")),
    _("Coordinators and observers of the round"),
    _("Your registrations and the address of your calendar are removed."),
    (
        Holding("registration", shown=("event_id", "slot", "at", "left_at", "attended"), fate=Fate.REMOVED),
        Holding("talk_person", shown=("talk_id", "slot"), fate=Fate.REMOVED),
        Holding("talk_plan", ("by_id",), ("event_id", "minutes", "tables", "sent_at")),
        Holding("calendar_feed", shown=("made_at",), fate=Fate.REMOVED),
    ),
)
