"""What the database itself holds of pilots, on both engines: the pairing rule (design.md §4.1), and the archive.

A live pilot without the cities its own rule asks for cannot be committed. On PostgreSQL the check waits until the end
of the transaction, then locks the pilot and counts: two people who each remove another city come one after the other.
FOR NO KEY UPDATE, because FOR UPDATE would wait for the foreign keys of the other's new members, and both would wait
for ever. On SQLite there is one writer at a time and each statement is checked: a replacement inserts, then deletes.
"""

from __future__ import annotations

from challenge.kernel.triggers import Trigger

PHRASE = "pilot_pairing"
REFUSAL = f"{PHRASE}: the cities of this pilot do not meet its pairing rule"


def broken(pilot_id: str) -> str:
    """SQL that is true when the pilot of this id breaks its rule."""
    counted = "SELECT count(*) FROM member_city m WHERE m.pilot_id = p.id AND m.role IN ('lead', 'pilot')"
    return (
        f"EXISTS (SELECT 1 FROM pilot p WHERE p.id = {pilot_id}"
        " AND (p.state IN ('agreed', 'running', 'completed') OR (p.state = 'suspended' AND p.cure_until IS NULL))"
        " AND p.pairing <> 'off' AND ("
        f"({counted} AND m.country = p.home_country) = 0 OR (p.pairing = 'mandatory' AND ("
        f"({counted} AND m.country <> p.home_country) = 0 OR ({counted}) < p.min_cities))))"
    )


FUNCTION = f"""
CREATE OR REPLACE FUNCTION pilot_pairing_holds() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  pilots integer[];
  which integer;
BEGIN
  IF TG_TABLE_NAME = 'pilot' THEN pilots := ARRAY[NEW.id];
  ELSIF TG_OP = 'INSERT' THEN pilots := ARRAY[NEW.pilot_id];
  ELSIF TG_OP = 'DELETE' THEN pilots := ARRAY[OLD.pilot_id];
  ELSE pilots := ARRAY[LEAST(OLD.pilot_id, NEW.pilot_id), GREATEST(OLD.pilot_id, NEW.pilot_id)];
  END IF;
  IF current_setting('transaction_isolation') = 'repeatable read' THEN
    RAISE EXCEPTION 'pilots are changed in READ COMMITTED or SERIALIZABLE only'
      USING ERRCODE = 'invalid_transaction_state';
  END IF;
  FOREACH which IN ARRAY pilots LOOP
    PERFORM 1 FROM pilot WHERE id = which FOR NO KEY UPDATE;
    IF {broken("which")} THEN
      RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = '{PHRASE}';
    END IF;
  END LOOP;
  RETURN NULL;
END $$"""


def _held(name: str, event: str, table: str, *touched: str) -> Trigger:
    when = " OR ".join(broken(pilot_id) for pilot_id in touched)
    return Trigger(
        name,
        sqlite=(
            f"CREATE TRIGGER {name} AFTER {event} ON {table} WHEN {when} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
        ),
        postgresql=(
            FUNCTION,
            f"CREATE CONSTRAINT TRIGGER {name} AFTER {event} ON {table} DEFERRABLE INITIALLY DEFERRED "
            "FOR EACH ROW EXECUTE FUNCTION pilot_pairing_holds()",
        ),
    )


RULE = "state, pairing, home_country, min_cities, cure_until"
PAIRING = (
    _held("member_city_pairing_insert", "INSERT", "member_city", "NEW.pilot_id"),
    _held("member_city_pairing_update", "UPDATE", "member_city", "OLD.pilot_id", "NEW.pilot_id"),
    _held("member_city_pairing_delete", "DELETE", "member_city", "OLD.pilot_id"),
    _held("pilot_pairing_insert", "INSERT", "pilot", "NEW.id"),
    _held("pilot_pairing_update", f"UPDATE OF {RULE}", "pilot", "NEW.id"),
    Trigger(
        "member_city_no_truncate",
        sqlite=(),
        postgresql=(
            "CREATE OR REPLACE FUNCTION member_city_no_truncate() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END $$",
            "CREATE TRIGGER member_city_no_truncate BEFORE TRUNCATE ON member_city "
            "FOR EACH STATEMENT EXECUTE FUNCTION member_city_no_truncate()",
        ),
    ),
)


# The archive: what was said of a pilot stays as it was when the pilot ended

ARCHIVED = "pilot_archived"
_REFUSES = f"{ARCHIVED}: this pilot has ended"
_ARCHIVE = f"""
CREATE OR REPLACE FUNCTION pilot_archived() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  whose integer;
BEGIN
  IF TG_OP = 'INSERT' THEN whose := NEW.pilot_id; ELSE whose := OLD.pilot_id; END IF;
  IF EXISTS (SELECT 1 FROM pilot p WHERE p.id = whose AND p.state IN ('completed', 'terminated')) THEN
    RAISE EXCEPTION '{_REFUSES}' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  RETURN NEW;
END $$"""


def archived(table: str, erases: str = "") -> tuple[Trigger, ...]:
    """No row of this table is added, changed or removed once its pilot has ended.

    ``erases`` says, of OLD and NEW, which change only strikes words about somebody out.
    """
    made = []
    for act, row in (("insert", "NEW"), ("update", "OLD"), ("delete", "OLD")):
        name = f"{table}_archived_{act}"
        over = f"EXISTS (SELECT 1 FROM pilot p WHERE p.id = {row}.pilot_id AND p.state IN ('completed', 'terminated'))"
        but = f"NOT ({erases})" if erases and act == "update" else ""
        made.append(
            Trigger(
                name,
                sqlite=(
                    f"CREATE TRIGGER {name} BEFORE {act.upper()} ON {table} WHEN {over} {f'AND {but} ' if but else ''}"
                    f"BEGIN SELECT RAISE(ABORT, '{_REFUSES}'); END",
                ),
                postgresql=(
                    _ARCHIVE,
                    f"CREATE TRIGGER {name} BEFORE {act.upper()} ON {table} "
                    f"FOR EACH ROW {f'WHEN ({but}) ' if but else ''}EXECUTE FUNCTION pilot_archived()",
                ),
            )
        )
    return tuple(made)
