"""First schema"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None

TRIGGERS = {
    "sqlite": (
        "CREATE TRIGGER member_city_pairing_delete AFTER DELETE ON member_city WHEN EXISTS (SELECT 1 FROM pilot p WHERE p.id = OLD.pilot_id AND (p.state IN ('agreed', 'running', 'completed') OR (p.state = 'suspended' AND p.cure_until IS NULL)) AND p.pairing <> 'off' AND ((SELECT count(*) FROM member_city m WHERE m.pilot_id = p.id AND m.role IN ('lead', 'pilot') AND m.country = p.home_country) = 0 OR (p.pairing = 'mandatory' AND ((SELECT count(*) FROM member_city m WHERE m.pilot_id = p.id AND m.role IN ('lead', 'pilot') AND m.country <> p.home_country) = 0 OR (SELECT count(*) FROM member_city m WHERE m.pilot_id = p.id AND m.role IN ('lead', 'pilot')) < p.min_cities)))) BEGIN SELECT RAISE(ABORT, 'pilot_pairing: the cities of this pilot do not meet its pairing rule'); END",
        "CREATE TRIGGER member_city_pairing_insert AFTER INSERT ON member_city WHEN EXISTS (SELECT 1 FROM pilot p WHERE p.id = NEW.pilot_id AND (p.state IN ('agreed', 'running', 'completed') OR (p.state = 'suspended' AND p.cure_until IS NULL)) AND p.pairing <> 'off' AND ((SELECT count(*) FROM member_city m WHERE m.pilot_id = p.id AND m.role IN ('lead', 'pilot') AND m.country = p.home_country) = 0 OR (p.pairing = 'mandatory' AND ((SELECT count(*) FROM member_city m WHERE m.pilot_id = p.id AND m.role IN ('lead', 'pilot') AND m.country <> p.home_country) = 0 OR (SELECT count(*) FROM member_city m WHERE m.pilot_id = p.id AND m.role IN ('lead', 'pilot')) < p.min_cities)))) BEGIN SELECT RAISE(ABORT, 'pilot_pairing: the cities of this pilot do not meet its pairing rule'); END",
        "CREATE TRIGGER member_city_pairing_update AFTER UPDATE ON member_city WHEN EXISTS (SELECT 1 FROM pilot p WHERE p.id = OLD.pilot_id AND (p.state IN ('agreed', 'running', 'completed') OR (p.state = 'suspended' AND p.cure_until IS NULL)) AND p.pairing <> 'off' AND ((SELECT count(*) FROM member_city m WHERE m.pilot_id = p.id AND m.role IN ('lead', 'pilot') AND m.country = p.home_country) = 0 OR (p.pairing = 'mandatory' AND ((SELECT count(*) FROM member_city m WHERE m.pilot_id = p.id AND m.role IN ('lead', 'pilot') AND m.country <> p.home_country) = 0 OR (SELECT count(*) FROM member_city m WHERE m.pilot_id = p.id AND m.role IN ('lead', 'pilot')) < p.min_cities)))) OR EXISTS (SELECT 1 FROM pilot p WHERE p.id = NEW.pilot_id AND (p.state IN ('agreed', 'running', 'completed') OR (p.state = 'suspended' AND p.cure_until IS NULL)) AND p.pairing <> 'off' AND ((SELECT count(*) FROM member_city m WHERE m.pilot_id = p.id AND m.role IN ('lead', 'pilot') AND m.country = p.home_country) = 0 OR (p.pairing = 'mandatory' AND ((SELECT count(*) FROM member_city m WHERE m.pilot_id = p.id AND m.role IN ('lead', 'pilot') AND m.country <> p.home_country) = 0 OR (SELECT count(*) FROM member_city m WHERE m.pilot_id = p.id AND m.role IN ('lead', 'pilot')) < p.min_cities)))) BEGIN SELECT RAISE(ABORT, 'pilot_pairing: the cities of this pilot do not meet its pairing rule'); END",
        "CREATE TRIGGER outcome_budget_on_insert AFTER INSERT ON outcome WHEN NEW.amount_cents IS NOT NULL AND NEW.state IN ('approved', 'announced') BEGIN SELECT RAISE(ABORT, 'outcome_within_budget') WHERE (SELECT budget_cents FROM round WHERE id = NEW.round_id) < (SELECT coalesce(sum(o.amount_cents), 0) FROM outcome o JOIN proposal p ON p.id = o.proposal_id WHERE o.round_id = NEW.round_id AND o.state IN ('approved', 'announced') AND p.state NOT IN ('withdrawn', 'lapsed')); END",
        "CREATE TRIGGER outcome_budget_on_proposal AFTER UPDATE OF state ON proposal WHEN OLD.state IN ('withdrawn', 'lapsed') AND NEW.state NOT IN ('withdrawn', 'lapsed') BEGIN SELECT RAISE(ABORT, 'outcome_within_budget') WHERE (SELECT budget_cents FROM round WHERE id = NEW.round_id) < (SELECT coalesce(sum(o.amount_cents), 0) FROM outcome o JOIN proposal p ON p.id = o.proposal_id WHERE o.round_id = NEW.round_id AND o.state IN ('approved', 'announced') AND p.state NOT IN ('withdrawn', 'lapsed')); END",
        "CREATE TRIGGER outcome_budget_on_round AFTER UPDATE OF budget_cents ON round WHEN NEW.budget_cents IS NOT NULL BEGIN SELECT RAISE(ABORT, 'outcome_within_budget') WHERE (SELECT budget_cents FROM round WHERE id = NEW.id) < (SELECT coalesce(sum(o.amount_cents), 0) FROM outcome o JOIN proposal p ON p.id = o.proposal_id WHERE o.round_id = NEW.id AND o.state IN ('approved', 'announced') AND p.state NOT IN ('withdrawn', 'lapsed')); END",
        "CREATE TRIGGER outcome_budget_on_update AFTER UPDATE OF state, amount_cents, round_id ON outcome WHEN NEW.amount_cents IS NOT NULL AND NEW.state IN ('approved', 'announced') BEGIN SELECT RAISE(ABORT, 'outcome_within_budget') WHERE (SELECT budget_cents FROM round WHERE id = NEW.round_id) < (SELECT coalesce(sum(o.amount_cents), 0) FROM outcome o JOIN proposal p ON p.id = o.proposal_id WHERE o.round_id = NEW.round_id AND o.state IN ('approved', 'announced') AND p.state NOT IN ('withdrawn', 'lapsed')); END",
        "CREATE TRIGGER outcome_condition_no_delete BEFORE DELETE ON outcome_condition  BEGIN SELECT RAISE(ABORT, 'outcome_content_is_fixed'); END",
        "CREATE TRIGGER outcome_condition_no_rewrite BEFORE UPDATE ON outcome_condition WHEN NEW.outcome_id IS NOT OLD.outcome_id OR NEW.place IS NOT OLD.place OR NEW.text IS NOT OLD.text BEGIN SELECT RAISE(ABORT, 'outcome_content_is_fixed'); END",
        "CREATE TRIGGER outcome_no_delete BEFORE DELETE ON outcome  BEGIN SELECT RAISE(ABORT, 'outcome_content_is_fixed'); END",
        "CREATE TRIGGER outcome_no_rewrite BEFORE UPDATE ON outcome WHEN OLD.state = 'superseded' OR NEW.round_id IS NOT OLD.round_id OR NEW.round_code IS NOT OLD.round_code OR NEW.proposal_id IS NOT OLD.proposal_id OR NEW.verdict IS NOT OLD.verdict OR NEW.amount_cents IS NOT OLD.amount_cents OR NEW.reserve_rank IS NOT OLD.reserve_rank OR NEW.reasons IS NOT OLD.reasons OR NEW.note IS NOT OLD.note OR NEW.deviation IS NOT OLD.deviation OR NEW.accept_by IS NOT OLD.accept_by OR NEW.revision_number IS NOT OLD.revision_number OR NEW.revision_hash IS NOT OLD.revision_hash OR NEW.proposed_by IS NOT OLD.proposed_by OR NEW.code IS NOT OLD.code OR NEW.created_at IS NOT OLD.created_at BEGIN SELECT RAISE(ABORT, 'outcome_content_is_fixed'); END",
        "CREATE TRIGGER pilot_pairing_insert AFTER INSERT ON pilot WHEN EXISTS (SELECT 1 FROM pilot p WHERE p.id = NEW.id AND (p.state IN ('agreed', 'running', 'completed') OR (p.state = 'suspended' AND p.cure_until IS NULL)) AND p.pairing <> 'off' AND ((SELECT count(*) FROM member_city m WHERE m.pilot_id = p.id AND m.role IN ('lead', 'pilot') AND m.country = p.home_country) = 0 OR (p.pairing = 'mandatory' AND ((SELECT count(*) FROM member_city m WHERE m.pilot_id = p.id AND m.role IN ('lead', 'pilot') AND m.country <> p.home_country) = 0 OR (SELECT count(*) FROM member_city m WHERE m.pilot_id = p.id AND m.role IN ('lead', 'pilot')) < p.min_cities)))) BEGIN SELECT RAISE(ABORT, 'pilot_pairing: the cities of this pilot do not meet its pairing rule'); END",
        "CREATE TRIGGER pilot_pairing_update AFTER UPDATE OF state, pairing, home_country, min_cities, cure_until ON pilot WHEN EXISTS (SELECT 1 FROM pilot p WHERE p.id = NEW.id AND (p.state IN ('agreed', 'running', 'completed') OR (p.state = 'suspended' AND p.cure_until IS NULL)) AND p.pairing <> 'off' AND ((SELECT count(*) FROM member_city m WHERE m.pilot_id = p.id AND m.role IN ('lead', 'pilot') AND m.country = p.home_country) = 0 OR (p.pairing = 'mandatory' AND ((SELECT count(*) FROM member_city m WHERE m.pilot_id = p.id AND m.role IN ('lead', 'pilot') AND m.country <> p.home_country) = 0 OR (SELECT count(*) FROM member_city m WHERE m.pilot_id = p.id AND m.role IN ('lead', 'pilot')) < p.min_cities)))) BEGIN SELECT RAISE(ABORT, 'pilot_pairing: the cities of this pilot do not meet its pairing rule'); END",
        "CREATE TRIGGER receipt_no_delete BEFORE DELETE ON receipt BEGIN SELECT RAISE(ABORT, 'receipt is append-only'); END",
        "CREATE TRIGGER receipt_no_update BEFORE UPDATE ON receipt BEGIN SELECT RAISE(ABORT, 'receipt is append-only'); END",
        "CREATE TRIGGER revision_no_delete BEFORE DELETE ON revision BEGIN SELECT RAISE(ABORT, 'revision is append-only'); END",
        "CREATE TRIGGER revision_no_update BEFORE UPDATE ON revision BEGIN SELECT RAISE(ABORT, 'revision is append-only'); END",
        "CREATE TRIGGER round_rules_frozen BEFORE UPDATE ON round WHEN OLD.state <> 'draft' AND (NEW.rules IS NOT OLD.rules OR NEW.rules_version <> OLD.rules_version) AND NOT (NEW.rules_version > OLD.rules_version) BEGIN SELECT RAISE(ABORT, 'rules of a round are frozen'); END",
        "CREATE TRIGGER step_no_delete BEFORE DELETE ON step BEGIN SELECT RAISE(ABORT, 'step is append-only'); END",
        "CREATE TRIGGER step_no_update BEFORE UPDATE ON step BEGIN SELECT RAISE(ABORT, 'step is append-only'); END",
    ),
    "postgresql": (
        "CREATE OR REPLACE FUNCTION member_city_no_truncate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'pilot_pairing: the cities of this pilot do not meet its pairing rule' USING ERRCODE = 'integrity_constraint_violation'; END $$",
        'CREATE TRIGGER member_city_no_truncate BEFORE TRUNCATE ON member_city FOR EACH STATEMENT EXECUTE FUNCTION member_city_no_truncate()',
        "\nCREATE OR REPLACE FUNCTION pilot_pairing_holds() RETURNS trigger LANGUAGE plpgsql AS $$\nDECLARE\n  pilots integer[];\n  which integer;\nBEGIN\n  IF TG_TABLE_NAME = 'pilot' THEN pilots := ARRAY[NEW.id];\n  ELSIF TG_OP = 'INSERT' THEN pilots := ARRAY[NEW.pilot_id];\n  ELSIF TG_OP = 'DELETE' THEN pilots := ARRAY[OLD.pilot_id];\n  ELSE pilots := ARRAY[LEAST(OLD.pilot_id, NEW.pilot_id), GREATEST(OLD.pilot_id, NEW.pilot_id)];\n  END IF;\n  IF current_setting('transaction_isolation') = 'repeatable read' THEN\n    RAISE EXCEPTION 'pilots are changed in READ COMMITTED or SERIALIZABLE only'\n      USING ERRCODE = 'invalid_transaction_state';\n  END IF;\n  FOREACH which IN ARRAY pilots LOOP\n    PERFORM 1 FROM pilot WHERE id = which FOR NO KEY UPDATE;\n    IF EXISTS (SELECT 1 FROM pilot p WHERE p.id = which AND (p.state IN ('agreed', 'running', 'completed') OR (p.state = 'suspended' AND p.cure_until IS NULL)) AND p.pairing <> 'off' AND ((SELECT count(*) FROM member_city m WHERE m.pilot_id = p.id AND m.role IN ('lead', 'pilot') AND m.country = p.home_country) = 0 OR (p.pairing = 'mandatory' AND ((SELECT count(*) FROM member_city m WHERE m.pilot_id = p.id AND m.role IN ('lead', 'pilot') AND m.country <> p.home_country) = 0 OR (SELECT count(*) FROM member_city m WHERE m.pilot_id = p.id AND m.role IN ('lead', 'pilot')) < p.min_cities)))) THEN\n      RAISE EXCEPTION 'pilot_pairing: the cities of this pilot do not meet its pairing rule' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'pilot_pairing';\n    END IF;\n  END LOOP;\n  RETURN NULL;\nEND $$",
        'CREATE CONSTRAINT TRIGGER member_city_pairing_delete AFTER DELETE ON member_city DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION pilot_pairing_holds()',
        "\nCREATE OR REPLACE FUNCTION pilot_pairing_holds() RETURNS trigger LANGUAGE plpgsql AS $$\nDECLARE\n  pilots integer[];\n  which integer;\nBEGIN\n  IF TG_TABLE_NAME = 'pilot' THEN pilots := ARRAY[NEW.id];\n  ELSIF TG_OP = 'INSERT' THEN pilots := ARRAY[NEW.pilot_id];\n  ELSIF TG_OP = 'DELETE' THEN pilots := ARRAY[OLD.pilot_id];\n  ELSE pilots := ARRAY[LEAST(OLD.pilot_id, NEW.pilot_id), GREATEST(OLD.pilot_id, NEW.pilot_id)];\n  END IF;\n  IF current_setting('transaction_isolation') = 'repeatable read' THEN\n    RAISE EXCEPTION 'pilots are changed in READ COMMITTED or SERIALIZABLE only'\n      USING ERRCODE = 'invalid_transaction_state';\n  END IF;\n  FOREACH which IN ARRAY pilots LOOP\n    PERFORM 1 FROM pilot WHERE id = which FOR NO KEY UPDATE;\n    IF EXISTS (SELECT 1 FROM pilot p WHERE p.id = which AND (p.state IN ('agreed', 'running', 'completed') OR (p.state = 'suspended' AND p.cure_until IS NULL)) AND p.pairing <> 'off' AND ((SELECT count(*) FROM member_city m WHERE m.pilot_id = p.id AND m.role IN ('lead', 'pilot') AND m.country = p.home_country) = 0 OR (p.pairing = 'mandatory' AND ((SELECT count(*) FROM member_city m WHERE m.pilot_id = p.id AND m.role IN ('lead', 'pilot') AND m.country <> p.home_country) = 0 OR (SELECT count(*) FROM member_city m WHERE m.pilot_id = p.id AND m.role IN ('lead', 'pilot')) < p.min_cities)))) THEN\n      RAISE EXCEPTION 'pilot_pairing: the cities of this pilot do not meet its pairing rule' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'pilot_pairing';\n    END IF;\n  END LOOP;\n  RETURN NULL;\nEND $$",
        'CREATE CONSTRAINT TRIGGER member_city_pairing_insert AFTER INSERT ON member_city DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION pilot_pairing_holds()',
        "\nCREATE OR REPLACE FUNCTION pilot_pairing_holds() RETURNS trigger LANGUAGE plpgsql AS $$\nDECLARE\n  pilots integer[];\n  which integer;\nBEGIN\n  IF TG_TABLE_NAME = 'pilot' THEN pilots := ARRAY[NEW.id];\n  ELSIF TG_OP = 'INSERT' THEN pilots := ARRAY[NEW.pilot_id];\n  ELSIF TG_OP = 'DELETE' THEN pilots := ARRAY[OLD.pilot_id];\n  ELSE pilots := ARRAY[LEAST(OLD.pilot_id, NEW.pilot_id), GREATEST(OLD.pilot_id, NEW.pilot_id)];\n  END IF;\n  IF current_setting('transaction_isolation') = 'repeatable read' THEN\n    RAISE EXCEPTION 'pilots are changed in READ COMMITTED or SERIALIZABLE only'\n      USING ERRCODE = 'invalid_transaction_state';\n  END IF;\n  FOREACH which IN ARRAY pilots LOOP\n    PERFORM 1 FROM pilot WHERE id = which FOR NO KEY UPDATE;\n    IF EXISTS (SELECT 1 FROM pilot p WHERE p.id = which AND (p.state IN ('agreed', 'running', 'completed') OR (p.state = 'suspended' AND p.cure_until IS NULL)) AND p.pairing <> 'off' AND ((SELECT count(*) FROM member_city m WHERE m.pilot_id = p.id AND m.role IN ('lead', 'pilot') AND m.country = p.home_country) = 0 OR (p.pairing = 'mandatory' AND ((SELECT count(*) FROM member_city m WHERE m.pilot_id = p.id AND m.role IN ('lead', 'pilot') AND m.country <> p.home_country) = 0 OR (SELECT count(*) FROM member_city m WHERE m.pilot_id = p.id AND m.role IN ('lead', 'pilot')) < p.min_cities)))) THEN\n      RAISE EXCEPTION 'pilot_pairing: the cities of this pilot do not meet its pairing rule' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'pilot_pairing';\n    END IF;\n  END LOOP;\n  RETURN NULL;\nEND $$",
        'CREATE CONSTRAINT TRIGGER member_city_pairing_update AFTER UPDATE ON member_city DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION pilot_pairing_holds()',
        "CREATE OR REPLACE FUNCTION outcome_budget_on_insert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM 1 FROM round WHERE id = NEW.round_id FOR NO KEY UPDATE; IF (SELECT budget_cents FROM round WHERE id = NEW.round_id) < (SELECT coalesce(sum(o.amount_cents), 0) FROM outcome o JOIN proposal p ON p.id = o.proposal_id WHERE o.round_id = NEW.round_id AND o.state IN ('approved', 'announced') AND p.state NOT IN ('withdrawn', 'lapsed')) THEN RAISE EXCEPTION 'outcome_within_budget' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NULL; END $$",
        "CREATE TRIGGER outcome_budget_on_insert AFTER INSERT ON outcome FOR EACH ROW WHEN (NEW.amount_cents IS NOT NULL AND NEW.state IN ('approved', 'announced')) EXECUTE FUNCTION outcome_budget_on_insert()",
        "CREATE OR REPLACE FUNCTION outcome_budget_on_proposal() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM 1 FROM round WHERE id = NEW.round_id FOR NO KEY UPDATE; IF (SELECT budget_cents FROM round WHERE id = NEW.round_id) < (SELECT coalesce(sum(o.amount_cents), 0) FROM outcome o JOIN proposal p ON p.id = o.proposal_id WHERE o.round_id = NEW.round_id AND o.state IN ('approved', 'announced') AND p.state NOT IN ('withdrawn', 'lapsed')) THEN RAISE EXCEPTION 'outcome_within_budget' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NULL; END $$",
        "CREATE TRIGGER outcome_budget_on_proposal AFTER UPDATE OF state ON proposal FOR EACH ROW WHEN (OLD.state IN ('withdrawn', 'lapsed') AND NEW.state NOT IN ('withdrawn', 'lapsed')) EXECUTE FUNCTION outcome_budget_on_proposal()",
        "CREATE OR REPLACE FUNCTION outcome_budget_on_round() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM 1 FROM round WHERE id = NEW.id FOR NO KEY UPDATE; IF (SELECT budget_cents FROM round WHERE id = NEW.id) < (SELECT coalesce(sum(o.amount_cents), 0) FROM outcome o JOIN proposal p ON p.id = o.proposal_id WHERE o.round_id = NEW.id AND o.state IN ('approved', 'announced') AND p.state NOT IN ('withdrawn', 'lapsed')) THEN RAISE EXCEPTION 'outcome_within_budget' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NULL; END $$",
        'CREATE TRIGGER outcome_budget_on_round AFTER UPDATE OF budget_cents ON round FOR EACH ROW WHEN (NEW.budget_cents IS NOT NULL) EXECUTE FUNCTION outcome_budget_on_round()',
        "CREATE OR REPLACE FUNCTION outcome_budget_on_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM 1 FROM round WHERE id = NEW.round_id FOR NO KEY UPDATE; IF (SELECT budget_cents FROM round WHERE id = NEW.round_id) < (SELECT coalesce(sum(o.amount_cents), 0) FROM outcome o JOIN proposal p ON p.id = o.proposal_id WHERE o.round_id = NEW.round_id AND o.state IN ('approved', 'announced') AND p.state NOT IN ('withdrawn', 'lapsed')) THEN RAISE EXCEPTION 'outcome_within_budget' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NULL; END $$",
        "CREATE TRIGGER outcome_budget_on_update AFTER UPDATE OF state, amount_cents, round_id ON outcome FOR EACH ROW WHEN (NEW.amount_cents IS NOT NULL AND NEW.state IN ('approved', 'announced')) EXECUTE FUNCTION outcome_budget_on_update()",
        "CREATE OR REPLACE FUNCTION outcome_condition_no_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'outcome_content_is_fixed' USING ERRCODE = 'integrity_constraint_violation'; END $$",
        'CREATE TRIGGER outcome_condition_no_delete BEFORE DELETE ON outcome_condition FOR EACH ROW  EXECUTE FUNCTION outcome_condition_no_delete()',
        "CREATE OR REPLACE FUNCTION outcome_condition_no_rewrite() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'outcome_content_is_fixed' USING ERRCODE = 'integrity_constraint_violation'; END $$",
        'CREATE TRIGGER outcome_condition_no_rewrite BEFORE UPDATE ON outcome_condition FOR EACH ROW WHEN (NEW.outcome_id IS DISTINCT FROM OLD.outcome_id OR NEW.place IS DISTINCT FROM OLD.place OR NEW.text IS DISTINCT FROM OLD.text) EXECUTE FUNCTION outcome_condition_no_rewrite()',
        "CREATE OR REPLACE FUNCTION outcome_no_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'outcome_content_is_fixed' USING ERRCODE = 'integrity_constraint_violation'; END $$",
        'CREATE TRIGGER outcome_no_delete BEFORE DELETE ON outcome FOR EACH ROW  EXECUTE FUNCTION outcome_no_delete()',
        "CREATE OR REPLACE FUNCTION outcome_no_rewrite() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'outcome_content_is_fixed' USING ERRCODE = 'integrity_constraint_violation'; END $$",
        "CREATE TRIGGER outcome_no_rewrite BEFORE UPDATE ON outcome FOR EACH ROW WHEN (OLD.state = 'superseded' OR NEW.round_id IS DISTINCT FROM OLD.round_id OR NEW.round_code IS DISTINCT FROM OLD.round_code OR NEW.proposal_id IS DISTINCT FROM OLD.proposal_id OR NEW.verdict IS DISTINCT FROM OLD.verdict OR NEW.amount_cents IS DISTINCT FROM OLD.amount_cents OR NEW.reserve_rank IS DISTINCT FROM OLD.reserve_rank OR NEW.reasons IS DISTINCT FROM OLD.reasons OR NEW.note IS DISTINCT FROM OLD.note OR NEW.deviation IS DISTINCT FROM OLD.deviation OR NEW.accept_by IS DISTINCT FROM OLD.accept_by OR NEW.revision_number IS DISTINCT FROM OLD.revision_number OR NEW.revision_hash IS DISTINCT FROM OLD.revision_hash OR NEW.proposed_by IS DISTINCT FROM OLD.proposed_by OR NEW.code IS DISTINCT FROM OLD.code OR NEW.created_at IS DISTINCT FROM OLD.created_at) EXECUTE FUNCTION outcome_no_rewrite()",
        "\nCREATE OR REPLACE FUNCTION pilot_pairing_holds() RETURNS trigger LANGUAGE plpgsql AS $$\nDECLARE\n  pilots integer[];\n  which integer;\nBEGIN\n  IF TG_TABLE_NAME = 'pilot' THEN pilots := ARRAY[NEW.id];\n  ELSIF TG_OP = 'INSERT' THEN pilots := ARRAY[NEW.pilot_id];\n  ELSIF TG_OP = 'DELETE' THEN pilots := ARRAY[OLD.pilot_id];\n  ELSE pilots := ARRAY[LEAST(OLD.pilot_id, NEW.pilot_id), GREATEST(OLD.pilot_id, NEW.pilot_id)];\n  END IF;\n  IF current_setting('transaction_isolation') = 'repeatable read' THEN\n    RAISE EXCEPTION 'pilots are changed in READ COMMITTED or SERIALIZABLE only'\n      USING ERRCODE = 'invalid_transaction_state';\n  END IF;\n  FOREACH which IN ARRAY pilots LOOP\n    PERFORM 1 FROM pilot WHERE id = which FOR NO KEY UPDATE;\n    IF EXISTS (SELECT 1 FROM pilot p WHERE p.id = which AND (p.state IN ('agreed', 'running', 'completed') OR (p.state = 'suspended' AND p.cure_until IS NULL)) AND p.pairing <> 'off' AND ((SELECT count(*) FROM member_city m WHERE m.pilot_id = p.id AND m.role IN ('lead', 'pilot') AND m.country = p.home_country) = 0 OR (p.pairing = 'mandatory' AND ((SELECT count(*) FROM member_city m WHERE m.pilot_id = p.id AND m.role IN ('lead', 'pilot') AND m.country <> p.home_country) = 0 OR (SELECT count(*) FROM member_city m WHERE m.pilot_id = p.id AND m.role IN ('lead', 'pilot')) < p.min_cities)))) THEN\n      RAISE EXCEPTION 'pilot_pairing: the cities of this pilot do not meet its pairing rule' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'pilot_pairing';\n    END IF;\n  END LOOP;\n  RETURN NULL;\nEND $$",
        'CREATE CONSTRAINT TRIGGER pilot_pairing_insert AFTER INSERT ON pilot DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION pilot_pairing_holds()',
        "\nCREATE OR REPLACE FUNCTION pilot_pairing_holds() RETURNS trigger LANGUAGE plpgsql AS $$\nDECLARE\n  pilots integer[];\n  which integer;\nBEGIN\n  IF TG_TABLE_NAME = 'pilot' THEN pilots := ARRAY[NEW.id];\n  ELSIF TG_OP = 'INSERT' THEN pilots := ARRAY[NEW.pilot_id];\n  ELSIF TG_OP = 'DELETE' THEN pilots := ARRAY[OLD.pilot_id];\n  ELSE pilots := ARRAY[LEAST(OLD.pilot_id, NEW.pilot_id), GREATEST(OLD.pilot_id, NEW.pilot_id)];\n  END IF;\n  IF current_setting('transaction_isolation') = 'repeatable read' THEN\n    RAISE EXCEPTION 'pilots are changed in READ COMMITTED or SERIALIZABLE only'\n      USING ERRCODE = 'invalid_transaction_state';\n  END IF;\n  FOREACH which IN ARRAY pilots LOOP\n    PERFORM 1 FROM pilot WHERE id = which FOR NO KEY UPDATE;\n    IF EXISTS (SELECT 1 FROM pilot p WHERE p.id = which AND (p.state IN ('agreed', 'running', 'completed') OR (p.state = 'suspended' AND p.cure_until IS NULL)) AND p.pairing <> 'off' AND ((SELECT count(*) FROM member_city m WHERE m.pilot_id = p.id AND m.role IN ('lead', 'pilot') AND m.country = p.home_country) = 0 OR (p.pairing = 'mandatory' AND ((SELECT count(*) FROM member_city m WHERE m.pilot_id = p.id AND m.role IN ('lead', 'pilot') AND m.country <> p.home_country) = 0 OR (SELECT count(*) FROM member_city m WHERE m.pilot_id = p.id AND m.role IN ('lead', 'pilot')) < p.min_cities)))) THEN\n      RAISE EXCEPTION 'pilot_pairing: the cities of this pilot do not meet its pairing rule' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'pilot_pairing';\n    END IF;\n  END LOOP;\n  RETURN NULL;\nEND $$",
        'CREATE CONSTRAINT TRIGGER pilot_pairing_update AFTER UPDATE OF state, pairing, home_country, min_cities, cure_until ON pilot DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION pilot_pairing_holds()',
        "CREATE OR REPLACE FUNCTION receipt_no_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'receipt is append-only' USING ERRCODE = 'integrity_constraint_violation'; END $$",
        'CREATE TRIGGER receipt_no_delete BEFORE DELETE ON receipt FOR EACH ROW EXECUTE FUNCTION receipt_no_delete()',
        "CREATE OR REPLACE FUNCTION receipt_no_truncate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'receipt is append-only' USING ERRCODE = 'integrity_constraint_violation'; END $$",
        'CREATE TRIGGER receipt_no_truncate BEFORE TRUNCATE ON receipt FOR EACH STATEMENT EXECUTE FUNCTION receipt_no_truncate()',
        "CREATE OR REPLACE FUNCTION receipt_no_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'receipt is append-only' USING ERRCODE = 'integrity_constraint_violation'; END $$",
        'CREATE TRIGGER receipt_no_update BEFORE UPDATE ON receipt FOR EACH ROW EXECUTE FUNCTION receipt_no_update()',
        "CREATE OR REPLACE FUNCTION revision_no_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'revision is append-only' USING ERRCODE = 'integrity_constraint_violation'; END $$",
        'CREATE TRIGGER revision_no_delete BEFORE DELETE ON revision FOR EACH ROW EXECUTE FUNCTION revision_no_delete()',
        "CREATE OR REPLACE FUNCTION revision_no_truncate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'revision is append-only' USING ERRCODE = 'integrity_constraint_violation'; END $$",
        'CREATE TRIGGER revision_no_truncate BEFORE TRUNCATE ON revision FOR EACH STATEMENT EXECUTE FUNCTION revision_no_truncate()',
        "CREATE OR REPLACE FUNCTION revision_no_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'revision is append-only' USING ERRCODE = 'integrity_constraint_violation'; END $$",
        'CREATE TRIGGER revision_no_update BEFORE UPDATE ON revision FOR EACH ROW EXECUTE FUNCTION revision_no_update()',
        "CREATE OR REPLACE FUNCTION round_rules_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'rules of a round are frozen' USING ERRCODE = 'integrity_constraint_violation'; END $$",
        "CREATE TRIGGER round_rules_frozen BEFORE UPDATE ON round FOR EACH ROW WHEN (OLD.state <> 'draft' AND (NEW.rules IS DISTINCT FROM OLD.rules OR NEW.rules_version <> OLD.rules_version) AND NOT (NEW.rules_version > OLD.rules_version)) EXECUTE FUNCTION round_rules_frozen()",
        "CREATE OR REPLACE FUNCTION step_no_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'step is append-only' USING ERRCODE = 'integrity_constraint_violation'; END $$",
        'CREATE TRIGGER step_no_delete BEFORE DELETE ON step FOR EACH ROW EXECUTE FUNCTION step_no_delete()',
        "CREATE OR REPLACE FUNCTION step_no_truncate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'step is append-only' USING ERRCODE = 'integrity_constraint_violation'; END $$",
        'CREATE TRIGGER step_no_truncate BEFORE TRUNCATE ON step FOR EACH STATEMENT EXECUTE FUNCTION step_no_truncate()',
        "CREATE OR REPLACE FUNCTION step_no_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'step is append-only' USING ERRCODE = 'integrity_constraint_violation'; END $$",
        'CREATE TRIGGER step_no_update BEFORE UPDATE ON step FOR EACH ROW EXECUTE FUNCTION step_no_update()',
    ),
}

FUNCTIONS = (
    'member_city_no_truncate()',
    'outcome_budget_on_insert()',
    'outcome_budget_on_proposal()',
    'outcome_budget_on_round()',
    'outcome_budget_on_update()',
    'outcome_condition_no_delete()',
    'outcome_condition_no_rewrite()',
    'outcome_no_delete()',
    'outcome_no_rewrite()',
    'receipt_no_delete()',
    'receipt_no_truncate()',
    'receipt_no_update()',
    'revision_no_delete()',
    'revision_no_truncate()',
    'revision_no_update()',
    'round_rules_frozen()',
    'step_no_delete()',
    'step_no_truncate()',
    'step_no_update()',
)


def upgrade() -> None:
    # ### commands auto generated by Alembic - please adjust! ###
    op.create_table('organisation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(8), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('kind', sa.Enum('city', 'municipality', 'county_council', 'campus', 'university', 'company', 'ngo', 'residents', 'programme', name='organisationkind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('name', sa.String(120), nullable=False),
    sa.Column('name_key', sa.String(240), nullable=False),
    sa.Column('name_plain', sa.String(120), nullable=False),
    sa.Column('country', sa.String(2), nullable=False),
    sa.Column('website', sa.String(200), nullable=True),
    sa.CheckConstraint('length(country) = 2', name=op.f('ck_organisation_country_alpha2')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_organisation')),
    sa.UniqueConstraint('code', name=op.f('uq_organisation_code')),
    sa.UniqueConstraint('id', 'country', name=op.f('uq_organisation_id_country')),
    sa.UniqueConstraint('name_key', 'country', name=op.f('uq_organisation_name_key_country'))
    )
    with op.batch_alter_table('organisation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_organisation_name_plain'), ['name_plain'], unique=False)

    op.create_table('person',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(8), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('name', sa.String(120), nullable=False),
    sa.Column('name_plain', sa.String(120), nullable=False),
    sa.Column('email', sa.String(254), nullable=False),
    sa.Column('email_key', sa.String(254), nullable=False),
    sa.Column('locale', sa.String(5), nullable=False),
    sa.Column('password_hash', sa.String(200), nullable=True),
    sa.Column('disabled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('erased_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("erased_at IS NOT NULL OR (name <> '' AND email <> '')", name=op.f('ck_person_known_until_erased')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_person')),
    sa.UniqueConstraint('code', name=op.f('uq_person_code')),
    sa.UniqueConstraint('email_key', name=op.f('uq_person_email_key'))
    )
    with op.batch_alter_table('person', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_person_name_plain'), ['name_plain'], unique=False)

    op.create_table('round',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(8), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('title', sa.String(120), nullable=False),
    sa.Column('summary', sa.String(2000), nullable=False),
    sa.Column('state', sa.Enum('draft', 'published', 'closed', 'archived', 'cancelled', name='roundstate', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('zone', sa.String(40), nullable=False),
    sa.Column('budget_cents', sa.BigInteger(), nullable=True),
    sa.Column('rules', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql'), nullable=False),
    sa.Column('rules_version', sa.Integer(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('amendment', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql'), nullable=True),
    sa.Column('saved_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('open_matters', sa.Integer(), nullable=False),
    sa.Column('imported', sa.Boolean(), nullable=False),
    sa.Column('example', sa.Boolean(), nullable=False),
    sa.Column('facts', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql'), nullable=False),
    sa.Column('cloned_from_id', sa.Integer(), nullable=True),
    sa.CheckConstraint("amendment IS NULL OR state = 'published'", name=op.f('ck_round_amendment_only_published')),
    sa.CheckConstraint("state <> 'closed' OR imported OR open_matters = 0", name=op.f('ck_round_nothing_open_when_closed')),
    sa.CheckConstraint("state IN ('draft', 'cancelled') OR imported OR published_at IS NOT NULL", name=op.f('ck_round_published_at_when_published')),
    sa.CheckConstraint('budget_cents IS NULL OR budget_cents >= 0', name=op.f('ck_round_budget_not_negative')),
    sa.CheckConstraint('open_matters >= 0', name=op.f('ck_round_open_matters_not_negative')),
    sa.CheckConstraint('rules_version >= 1', name=op.f('ck_round_rules_version_from_one')),
    sa.ForeignKeyConstraint(['cloned_from_id'], ['round.id'], name=op.f('fk_round_cloned_from_id_round'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_round')),
    sa.UniqueConstraint('code', name=op.f('uq_round_code')),
    sa.UniqueConstraint('title', name=op.f('uq_round_title'))
    )
    op.create_table('sign_in_attempt',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(120), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sign_in_attempt'))
    )
    with op.batch_alter_table('sign_in_attempt', schema=None) as batch_op:
        batch_op.create_index('ix_sign_in_attempt_key_at', ['key', 'at'], unique=False)

    op.create_table('slot',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(160), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('claimed_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('failures', sa.Integer(), nullable=False),
    sa.Column('error', sa.String(500), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_slot')),
    sa.UniqueConstraint('key', name=op.f('uq_slot_key'))
    )
    with op.batch_alter_table('slot', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_slot_done_at'), ['done_at'], unique=False)

    op.create_table('announcement',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(8), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('round_code', sa.String(8), nullable=False),
    sa.Column('title', sa.String(160), nullable=False),
    sa.Column('text', sa.String(5000), nullable=False),
    sa.Column('rules_version', sa.Integer(), nullable=True),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_announcement_by_id_person'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_announcement_round_id_round'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_announcement')),
    sa.UniqueConstraint('code', name=op.f('uq_announcement_code')),
    sa.UniqueConstraint('round_id', 'rules_version', name=op.f('uq_announcement_round_id_rules_version'))
    )
    with op.batch_alter_table('announcement', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_announcement_round_id'), ['round_id'], unique=False)

    op.create_table('api_token',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(80), nullable=False),
    sa.Column('token_hash', sa.String(64), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_api_token_person_id_person'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_api_token')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_api_token_token_hash'))
    )
    with op.batch_alter_table('api_token', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_api_token_person_id'), ['person_id'], unique=False)

    op.create_table('approval',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('workflow', sa.String(32), nullable=False),
    sa.Column('subject_code', sa.String(40), nullable=False),
    sa.Column('transition', sa.String(48), nullable=False),
    sa.Column('subject_version', sa.Integer(), nullable=False),
    sa.Column('given', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql'), nullable=False),
    sa.Column('asked_by', sa.Integer(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('approved_by', sa.Integer(), nullable=True),
    sa.Column('approved_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('dropped_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('(approved_by IS NULL) = (approved_at IS NULL)', name=op.f('ck_approval_approved_at_with_by')),
    sa.CheckConstraint('approved_by IS NULL OR approved_by <> asked_by', name=op.f('ck_approval_two_people')),
    sa.ForeignKeyConstraint(['approved_by'], ['person.id'], name=op.f('fk_approval_approved_by_person'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['asked_by'], ['person.id'], name=op.f('fk_approval_asked_by_person'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_approval'))
    )
    with op.batch_alter_table('approval', schema=None) as batch_op:
        batch_op.create_index('uq_approval_open', ['workflow', 'subject_code', 'transition'], unique=True, sqlite_where=sa.text('approved_at IS NULL AND dropped_at IS NULL'), postgresql_where=sa.text('approved_at IS NULL AND dropped_at IS NULL'))

    op.create_table('attachment',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(8), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('workflow', sa.String(32), nullable=False),
    sa.Column('subject_code', sa.String(8), nullable=False),
    sa.Column('sha256', sa.String(64), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('content_type', sa.String(120), nullable=False),
    sa.Column('name', sa.String(160), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('removed_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('size > 0', name=op.f('ck_attachment_size_positive')),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_attachment_by_id_person'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attachment')),
    sa.UniqueConstraint('code', name=op.f('uq_attachment_code'))
    )
    with op.batch_alter_table('attachment', schema=None) as batch_op:
        batch_op.create_index('ix_attachment_subject', ['workflow', 'subject_code'], unique=False)

    op.create_table('city_profile',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('population', sa.Integer(), nullable=True),
    sa.Column('latitude', sa.Float(), nullable=True),
    sa.Column('longitude', sa.Float(), nullable=True),
    sa.Column('geoname_id', sa.Integer(), nullable=True),
    sa.Column('national_code', sa.String(12), nullable=True),
    sa.Column('region', sa.String(80), nullable=True),
    sa.Column('other_names', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql'), nullable=False),
    sa.Column('other_plain', sa.String(), nullable=False),
    sa.Column('networks', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql'), nullable=False),
    sa.Column('languages', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql'), nullable=False),
    sa.Column('themes', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql'), nullable=False),
    sa.Column('offers', sa.String(4000), nullable=False),
    sa.Column('wants', sa.String(4000), nullable=False),
    sa.Column('capacity', sa.Integer(), nullable=True),
    sa.Column('maturity', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql'), nullable=False),
    sa.CheckConstraint('capacity IS NULL OR capacity >= 0', name=op.f('ck_city_profile_capacity_not_negative')),
    sa.CheckConstraint('latitude IS NULL OR latitude BETWEEN -90 AND 90', name=op.f('ck_city_profile_latitude_degrees')),
    sa.CheckConstraint('longitude IS NULL OR longitude BETWEEN -180 AND 180', name=op.f('ck_city_profile_longitude_degrees')),
    sa.CheckConstraint('population IS NULL OR population >= 0', name=op.f('ck_city_profile_population_not_negative')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_city_profile_organisation_id_organisation'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_city_profile')),
    sa.UniqueConstraint('geoname_id', name=op.f('uq_city_profile_geoname_id')),
    sa.UniqueConstraint('organisation_id', name=op.f('uq_city_profile_organisation_id'))
    )
    op.create_table('editing',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('workflow', sa.String(32), nullable=False),
    sa.Column('subject_code', sa.String(8), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('saved_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('base_version', sa.Integer(), nullable=True),
    sa.Column('base', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql'), nullable=False),
    sa.Column('kept', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql'), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_editing_person_id_person'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_editing')),
    sa.UniqueConstraint('workflow', 'subject_code', 'person_id', name=op.f('uq_editing_workflow_subject_code_person_id'))
    )
    with op.batch_alter_table('editing', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_editing_person_id'), ['person_id'], unique=False)

    op.create_table('extension',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('workflow', sa.String(32), nullable=False),
    sa.Column('subject_code', sa.String(8), nullable=False),
    sa.Column('until', sa.DateTime(timezone=True), nullable=False),
    sa.Column('reason', sa.String(2000), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_extension_by_id_person'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_extension'))
    )
    with op.batch_alter_table('extension', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_extension_subject_code'), ['subject_code'], unique=False)

    op.create_table('idempotency_key',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('actor_id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(80), nullable=False),
    sa.Column('request_hash', sa.String(64), nullable=False),
    sa.Column('status', sa.Integer(), nullable=False),
    sa.Column('location', sa.String(200), nullable=True),
    sa.Column('etag', sa.String(40), nullable=True),
    sa.Column('body', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql'), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['actor_id'], ['person.id'], name=op.f('fk_idempotency_key_actor_id_person'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_idempotency_key')),
    sa.UniqueConstraint('actor_id', 'key', name=op.f('uq_idempotency_key_actor_id_key'))
    )
    op.create_table('juror',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(8), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('round_code', sa.String(8), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('themes', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql'), nullable=False),
    sa.Column('languages', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql'), nullable=False),
    sa.Column('expertise', sa.String(4000), nullable=False),
    sa.Column('load_min', sa.Integer(), nullable=False),
    sa.Column('load_max', sa.Integer(), nullable=False),
    sa.Column('invited_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('accepted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('terms', sa.String(16), nullable=False),
    sa.Column('declined_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('left_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('accepted_at IS NULL OR declined_at IS NULL', name=op.f('ck_juror_accepted_or_declined')),
    sa.CheckConstraint('load_min >= 0 AND load_min <= load_max', name=op.f('ck_juror_load_ordered')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_juror_person_id_person'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_juror_round_id_round'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_juror')),
    sa.UniqueConstraint('code', name=op.f('uq_juror_code')),
    sa.UniqueConstraint('round_id', 'person_id', name=op.f('uq_juror_round_id_person_id'))
    )
    with op.batch_alter_table('juror', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_juror_person_id'), ['person_id'], unique=False)

    op.create_table('membership',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('seat', sa.Enum('lead', 'deputy', 'member', name='seat', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_membership_organisation_id_organisation'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_membership_person_id_person'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_membership')),
    sa.UniqueConstraint('person_id', 'organisation_id', name=op.f('uq_membership_person_id_organisation_id'))
    )
    with op.batch_alter_table('membership', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_membership_organisation_id'), ['organisation_id'], unique=False)
        batch_op.create_index('uq_membership_lead', ['organisation_id'], unique=True, sqlite_where=sa.text("seat = 'lead'"), postgresql_where=sa.text("seat = 'lead'"))

    op.create_table('proposal',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(8), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('round_code', sa.String(8), nullable=False),
    sa.Column('gates', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql'), nullable=False),
    sa.Column('state', sa.Enum('draft', 'submitted', 'in_review', 'returned', 'co_development', 'shortlisting', 'finalist', 'in_jury', 'selected', 'reserve', 'declined', 'ineligible', 'merged', 'withdrawn', 'lapsed', 'piloted', name='proposalstate', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('title', sa.String(120), nullable=False),
    sa.Column('title_key', sa.String(120), nullable=False),
    sa.Column('summary', sa.String(600), nullable=False),
    sa.Column('lead_id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('size_class', sa.String(32), nullable=True),
    sa.Column('months', sa.Integer(), nullable=True),
    sa.Column('answers', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql'), nullable=False),
    sa.Column('checklist', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql'), nullable=False),
    sa.Column('publish', sa.Boolean(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('saved_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reviews_eligible', sa.Integer(), nullable=False),
    sa.Column('below_threshold', sa.Boolean(), nullable=True),
    sa.Column('award_cents', sa.BigInteger(), nullable=True),
    sa.Column('offer_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('pilot_ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('stood_at', sa.String(32), nullable=True),
    sa.Column('appeal_upheld_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('merge_into_id', sa.Integer(), nullable=True),
    sa.Column('merge_agreed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('merged_into_id', sa.Integer(), nullable=True),
    sa.Column('carried_from_id', sa.Integer(), nullable=True),
    sa.CheckConstraint("(state = 'merged') = (merged_into_id IS NOT NULL)", name=op.f('ck_proposal_merged_into_only_merged')),
    sa.CheckConstraint("state <> 'merged' OR merge_agreed_at IS NOT NULL", name=op.f('ck_proposal_merged_was_agreed')),
    sa.CheckConstraint("state <> 'selected' OR award_cents IS NOT NULL", name=op.f('ck_proposal_selected_has_award')),
    sa.CheckConstraint("stood_at IS NULL OR stood_at IN ('in_review', 'shortlisting', 'in_jury')", name=op.f('ck_proposal_stood_at_a_gate')),
    sa.CheckConstraint('award_cents IS NULL OR award_cents >= 0', name=op.f('ck_proposal_award_not_negative')),
    sa.CheckConstraint('merge_agreed_at IS NULL OR merge_into_id IS NOT NULL', name=op.f('ck_proposal_merge_agreed_names_proposal')),
    sa.CheckConstraint('merged_into_id IS NULL OR merged_into_id <> id', name=op.f('ck_proposal_not_merged_into_itself')),
    sa.CheckConstraint('months IS NULL OR months BETWEEN 1 AND 120', name=op.f('ck_proposal_months_possible')),
    sa.CheckConstraint('reviews_eligible >= 0', name=op.f('ck_proposal_reviews_not_negative')),
    sa.ForeignKeyConstraint(['carried_from_id'], ['proposal.id'], name=op.f('fk_proposal_carried_from_id_proposal'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['lead_id'], ['person.id'], name=op.f('fk_proposal_lead_id_person'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['merge_into_id'], ['proposal.id'], name=op.f('fk_proposal_merge_into_id_proposal'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['merged_into_id'], ['proposal.id'], name=op.f('fk_proposal_merged_into_id_proposal'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_proposal_organisation_id_organisation'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_proposal_round_id_round'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_proposal')),
    sa.UniqueConstraint('code', name=op.f('uq_proposal_code')),
    sa.UniqueConstraint('round_id', 'title_key', name=op.f('uq_proposal_round_id_title_key'))
    )
    with op.batch_alter_table('proposal', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_proposal_lead_id'), ['lead_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_proposal_round_id'), ['round_id'], unique=False)

    op.create_table('receipt',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(8), nullable=False),
    sa.Column('workflow', sa.String(32), nullable=False),
    sa.Column('subject_code', sa.String(8), nullable=False),
    sa.Column('revision_number', sa.Integer(), nullable=False),
    sa.Column('revision_hash', sa.String(64), nullable=False),
    sa.Column('file_hashes', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql'), nullable=False),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('deadline', sa.DateTime(timezone=True), nullable=False),
    sa.Column('grace_seconds', sa.Integer(), nullable=False),
    sa.Column('within_grace', sa.Boolean(), nullable=False),
    sa.Column('rules_version', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('signature', sa.String(120), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_receipt_person_id_person'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_receipt')),
    sa.UniqueConstraint('code', name=op.f('uq_receipt_code'))
    )
    with op.batch_alter_table('receipt', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_receipt_subject_code'), ['subject_code'], unique=False)

    op.create_table('result_release',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(8), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('round_code', sa.String(8), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('asked_by', sa.Integer(), nullable=False),
    sa.Column('approved_by', sa.Integer(), nullable=False),
    sa.Column('funded', sa.Integer(), nullable=False),
    sa.Column('reserved', sa.Integer(), nullable=False),
    sa.Column('declined', sa.Integer(), nullable=False),
    sa.Column('ineligible', sa.Integer(), nullable=False),
    sa.Column('held_back', sa.Integer(), nullable=False),
    sa.Column('funded_cents', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('approved_by <> asked_by', name=op.f('ck_result_release_two_people')),
    sa.CheckConstraint('funded + reserved + declined + ineligible >= 1', name=op.f('ck_result_release_not_empty')),
    sa.ForeignKeyConstraint(['approved_by'], ['person.id'], name=op.f('fk_result_release_approved_by_person'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['asked_by'], ['person.id'], name=op.f('fk_result_release_asked_by_person'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_result_release_round_id_round'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_result_release')),
    sa.UniqueConstraint('code', name=op.f('uq_result_release_code'))
    )
    with op.batch_alter_table('result_release', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_result_release_round_id'), ['round_id'], unique=False)

    op.create_table('revision',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('workflow', sa.String(32), nullable=False),
    sa.Column('subject_code', sa.String(8), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('content', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql'), nullable=False),
    sa.Column('hash', sa.String(64), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_revision_by_id_person'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_revision')),
    sa.UniqueConstraint('workflow', 'subject_code', 'number', name=op.f('uq_revision_workflow_subject_code_number'))
    )
    op.create_table('role',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.Enum('coordinator', 'juror', 'observer', 'administrator', name='rolename', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_role_person_id_person'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_role_round_id_round'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_role')),
    sa.UniqueConstraint('person_id', 'name', 'round_id', name=op.f('uq_role_person_id_name_round_id'))
    )
    with op.batch_alter_table('role', schema=None) as batch_op:
        batch_op.create_index('uq_role_everywhere', ['person_id', 'name'], unique=True, sqlite_where=sa.text('round_id IS NULL'), postgresql_where=sa.text('round_id IS NULL'))

    op.create_table('seat_invitation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(8), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('seat', sa.Enum('lead', 'deputy', 'member', name='seat', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('name', sa.String(120), nullable=False),
    sa.Column('email', sa.String(254), nullable=False),
    sa.Column('invited_by', sa.Integer(), nullable=True),
    sa.Column('accepted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('accepted_at IS NULL OR ended_at IS NULL', name=op.f('ck_seat_invitation_accepted_or_ended')),
    sa.ForeignKeyConstraint(['invited_by'], ['person.id'], name=op.f('fk_seat_invitation_invited_by_person'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_seat_invitation_organisation_id_organisation'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_seat_invitation_person_id_person'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_seat_invitation')),
    sa.UniqueConstraint('code', name=op.f('uq_seat_invitation_code'))
    )
    with op.batch_alter_table('seat_invitation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_seat_invitation_person_id'), ['person_id'], unique=False)
        batch_op.create_index('uq_seat_invitation_open', ['organisation_id', 'person_id'], unique=True, sqlite_where=sa.text('accepted_at IS NULL AND ended_at IS NULL'), postgresql_where=sa.text('accepted_at IS NULL AND ended_at IS NULL'))

    op.create_table('sign_in_link',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('token_hash', sa.String(64), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('claimed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('void_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('next_path', sa.String(300), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_sign_in_link_person_id_person'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sign_in_link')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_sign_in_link_token_hash'))
    )
    with op.batch_alter_table('sign_in_link', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_sign_in_link_person_id'), ['person_id'], unique=False)

    op.create_table('sign_in_session',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('token_hash', sa.String(64), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('proven_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('user_agent', sa.String(200), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_sign_in_session_person_id_person'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sign_in_session')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_sign_in_session_token_hash'))
    )
    with op.batch_alter_table('sign_in_session', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_sign_in_session_person_id'), ['person_id'], unique=False)

    op.create_table('step',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('workflow', sa.String(32), nullable=False),
    sa.Column('subject_code', sa.String(40), nullable=False),
    sa.Column('transition', sa.String(48), nullable=False),
    sa.Column('old_state', sa.String(32), nullable=True),
    sa.Column('new_state', sa.String(32), nullable=True),
    sa.Column('actor_id', sa.Integer(), nullable=True),
    sa.Column('scope', sa.String(8), nullable=True),
    sa.Column('digest', sa.String(64), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('previous_hash', sa.String(64), nullable=False),
    sa.Column('hash', sa.String(64), nullable=False),
    sa.ForeignKeyConstraint(['actor_id'], ['person.id'], name=op.f('fk_step_actor_id_person'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_step')),
    sa.UniqueConstraint('hash', name=op.f('uq_step_hash'))
    )
    with op.batch_alter_table('step', schema=None) as batch_op:
        batch_op.create_index('ix_step_scope', ['scope'], unique=False)
        batch_op.create_index('ix_step_subject', ['workflow', 'subject_code'], unique=False)

    op.create_table('submission',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(8), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('round_code', sa.String(8), nullable=False),
    sa.Column('city_id', sa.Integer(), nullable=True),
    sa.Column('state', sa.Enum('draft', 'submitted', 'in_review', 'returned', 'accepted', 'co_development', 'pilot_selection', 'piloted', 'not_piloted', 'rejected', 'withdrawn', 'lapsed', name='submissionstate', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('title', sa.String(120), nullable=False),
    sa.Column('title_key', sa.String(120), nullable=False),
    sa.Column('themes', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql'), nullable=False),
    sa.Column('answers', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql'), nullable=False),
    sa.Column('search', sa.Text(), nullable=False),
    sa.Column('checklist', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql'), nullable=False),
    sa.Column('contact_id', sa.Integer(), nullable=True),
    sa.Column('deputy_id', sa.Integer(), nullable=True),
    sa.Column('slot', sa.Integer(), nullable=True),
    sa.Column('slot_cap', sa.Integer(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('saved_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('live_proposals', sa.Integer(), nullable=False),
    sa.Column('carried_from_id', sa.Integer(), nullable=True),
    sa.Column('imported', sa.Boolean(), nullable=False),
    sa.Column('sources', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql'), nullable=False),
    sa.CheckConstraint("imported OR slot IS NOT NULL OR state IN ('draft', 'withdrawn', 'lapsed')", name=op.f('ck_submission_counted_has_slot')),
    sa.CheckConstraint("imported OR state NOT IN ('accepted', 'co_development', 'pilot_selection', 'piloted', 'not_piloted') OR published_at IS NOT NULL", name=op.f('ck_submission_published_at_once_accepted')),
    sa.CheckConstraint("imported OR submitted_at IS NOT NULL OR state IN ('draft', 'lapsed', 'withdrawn')", name=op.f('ck_submission_submitted_at_once_submitted')),
    sa.CheckConstraint('imported OR city_id IS NOT NULL', name=op.f('ck_submission_has_lead_city')),
    sa.CheckConstraint('live_proposals >= 0', name=op.f('ck_submission_live_proposals_not_negative')),
    sa.CheckConstraint('slot IS NULL OR (slot >= 1 AND slot <= slot_cap)', name=op.f('ck_submission_within_cap')),
    sa.ForeignKeyConstraint(['carried_from_id'], ['submission.id'], name=op.f('fk_submission_carried_from_id_submission'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['city_id'], ['organisation.id'], name=op.f('fk_submission_city_id_organisation'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['contact_id'], ['person.id'], name=op.f('fk_submission_contact_id_person'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['deputy_id'], ['person.id'], name=op.f('fk_submission_deputy_id_person'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_submission_round_id_round'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_submission')),
    sa.UniqueConstraint('code', name=op.f('uq_submission_code')),
    sa.UniqueConstraint('id', 'city_id', name=op.f('uq_submission_id_city_id')),
    sa.UniqueConstraint('round_id', 'city_id', 'slot', name=op.f('uq_submission_round_id_city_id_slot')),
    sa.UniqueConstraint('round_id', 'title_key', name=op.f('uq_submission_round_id_title_key'))
    )
    with op.batch_alter_table('submission', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_submission_city_id'), ['city_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_submission_round_id'), ['round_id'], unique=False)

    op.create_table('tie_decision',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('gate', sa.Enum('idea', 'pilot_proposal', 'full_proposal', name='gate', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('best_first', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql'), nullable=False),
    sa.Column('reason', sa.String(2000), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_tie_decision_by_id_person'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_tie_decision_round_id_round'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tie_decision'))
    )
    with op.batch_alter_table('tie_decision', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_tie_decision_round_id'), ['round_id'], unique=False)

    op.create_table('window',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.Enum('challenges', 'interests', 'ideas', 'preferences', 'pilot_proposals', 'full_proposals', 'jury', name='windowname', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('opens_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('closes_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('opens_at < closes_at', name=op.f('ck_window_opens_before_closes')),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_window_round_id_round'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_window')),
    sa.UniqueConstraint('round_id', 'name', name=op.f('uq_window_round_id_name'))
    )
    op.create_table('budget_line',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('proposal_id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('category', sa.Enum('staff', 'equipment', 'services', 'travel', 'other', name='budgetcategory', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('cents', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('cents >= 0', name=op.f('ck_budget_line_cents_not_negative')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_budget_line_organisation_id_organisation'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['proposal_id'], ['proposal.id'], name=op.f('fk_budget_line_proposal_id_proposal'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_budget_line')),
    sa.UniqueConstraint('proposal_id', 'organisation_id', 'category', name=op.f('uq_budget_line_proposal_id_organisation_id_category'))
    )
    op.create_table('commitment',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(8), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('proposal_id', sa.Integer(), nullable=False),
    sa.Column('round_code', sa.String(8), nullable=False),
    sa.Column('city_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('sign_off', 'formal_decision', name='commitmentkind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('state', sa.Enum('asked', 'signed', 'voided', 'withdrawn', name='commitmentstate', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('revision_number', sa.Integer(), nullable=True),
    sa.Column('revision_hash', sa.String(64), nullable=True),
    sa.Column('scope_hash', sa.String(64), nullable=True),
    sa.Column('signer_id', sa.Integer(), nullable=True),
    sa.Column('signed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('body', sa.String(160), nullable=True),
    sa.Column('decided_on', sa.Date(), nullable=True),
    sa.Column('bridge_cents', sa.BigInteger(), nullable=True),
    sa.Column('attachment_code', sa.String(8), nullable=True),
    sa.Column('changed', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql'), nullable=False),
    sa.Column('ended_why', sa.String(400), nullable=True),
    sa.CheckConstraint("kind <> 'formal_decision' OR state <> 'signed' OR (body IS NOT NULL AND decided_on IS NOT NULL)", name=op.f('ck_commitment_decision_names_body')),
    sa.CheckConstraint("kind <> 'sign_off' OR state <> 'signed' OR (revision_number IS NOT NULL AND revision_hash IS NOT NULL)", name=op.f('ck_commitment_sign_off_names_revision')),
    sa.CheckConstraint("state <> 'signed' OR (signer_id IS NOT NULL AND signed_at IS NOT NULL)", name=op.f('ck_commitment_signed_by')),
    sa.CheckConstraint('bridge_cents IS NULL OR bridge_cents >= 0', name=op.f('ck_commitment_bridge_not_negative')),
    sa.ForeignKeyConstraint(['city_id'], ['organisation.id'], name=op.f('fk_commitment_city_id_organisation'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['proposal_id'], ['proposal.id'], name=op.f('fk_commitment_proposal_id_proposal'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['signer_id'], ['person.id'], name=op.f('fk_commitment_signer_id_person'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_commitment')),
    sa.UniqueConstraint('code', name=op.f('uq_commitment_code'))
    )
    with op.batch_alter_table('commitment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_commitment_city_id'), ['city_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_commitment_proposal_id'), ['proposal_id'], unique=False)
        batch_op.create_index('uq_commitment_live', ['proposal_id', 'city_id', 'kind'], unique=True, sqlite_where=sa.text("state IN ('asked', 'signed')"), postgresql_where=sa.text("state IN ('asked', 'signed')"))

    op.create_table('conflict',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(8), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('round_code', sa.String(8), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('proposal_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('organisation', 'city', 'team', 'co_author', 'family', 'financial', 'other', name='conflictkind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('source', sa.Enum('declared', 'inferred', 'set', name='conflictsource', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('state', sa.Enum('declared', 'inferred', 'confirmed', 'lifted', name='conflictstate', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('reason', sa.String(2000), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('lift_reason', sa.String(2000), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_by_id', sa.Integer(), nullable=True),
    sa.CheckConstraint("state <> 'lifted' OR lift_reason <> ''", name=op.f('ck_conflict_lifted_has_reason')),
    sa.CheckConstraint('(decided_at IS NULL) = (decided_by_id IS NULL)', name=op.f('ck_conflict_decided_by_somebody')),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_conflict_by_id_person'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['decided_by_id'], ['person.id'], name=op.f('fk_conflict_decided_by_id_person'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_conflict_organisation_id_organisation'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_conflict_person_id_person'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['proposal_id'], ['proposal.id'], name=op.f('fk_conflict_proposal_id_proposal'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_conflict_round_id_round'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_conflict')),
    sa.UniqueConstraint('code', name=op.f('uq_conflict_code'))
    )
    with op.batch_alter_table('conflict', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_conflict_proposal_id'), ['proposal_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_conflict_round_id'), ['round_id'], unique=False)
        batch_op.create_index('uq_conflict_live', ['person_id', 'proposal_id'], unique=True, sqlite_where=sa.text("state <> 'lifted'"), postgresql_where=sa.text("state <> 'lifted'"))

    op.create_table('exclusion',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('proposal_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_exclusion_person_id_person'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['proposal_id'], ['proposal.id'], name=op.f('fk_exclusion_proposal_id_proposal'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_exclusion')),
    sa.UniqueConstraint('proposal_id', 'person_id', name=op.f('uq_exclusion_proposal_id_person_id'))
    )
    with op.batch_alter_table('exclusion', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_exclusion_person_id'), ['person_id'], unique=False)

    op.create_table('interest',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('submission_id', sa.Integer(), nullable=False),
    sa.Column('lead_city_id', sa.Integer(), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('city_id', sa.Integer(), nullable=False),
    sa.Column('reason', sa.String(2000), nullable=False),
    sa.Column('slot', sa.Integer(), nullable=False),
    sa.Column('slot_cap', sa.Integer(), nullable=False),
    sa.Column('shown_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("reason <> ''", name=op.f('ck_interest_has_reason')),
    sa.CheckConstraint('city_id <> lead_city_id', name=op.f('ck_interest_never_own')),
    sa.CheckConstraint('slot >= 1 AND slot <= slot_cap', name=op.f('ck_interest_within_cap')),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_interest_by_id_person'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['city_id'], ['organisation.id'], name=op.f('fk_interest_city_id_organisation'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_interest_round_id_round'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['submission_id', 'lead_city_id'], ['submission.id', 'submission.city_id'], name=op.f('fk_interest_submission_id_lead_city_id_submission')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_interest'))
    )
    with op.batch_alter_table('interest', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_interest_city_id'), ['city_id'], unique=False)
        batch_op.create_index('uq_interest_live', ['submission_id', 'city_id'], unique=True, sqlite_where=sa.text('withdrawn_at IS NULL'), postgresql_where=sa.text('withdrawn_at IS NULL'))
        batch_op.create_index('uq_interest_slot', ['round_id', 'city_id', 'slot'], unique=True, sqlite_where=sa.text('withdrawn_at IS NULL'), postgresql_where=sa.text('withdrawn_at IS NULL'))

    op.create_table('letter',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('step_id', sa.Integer(), nullable=True),
    sa.Column('address', sa.String(254), nullable=False),
    sa.Column('locale', sa.String(5), nullable=False),
    sa.Column('subject', sa.String(200), nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('html', sa.String(), nullable=True),
    sa.Column('message_id', sa.String(32), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('not_after', sa.DateTime(timezone=True), nullable=True),
    sa.Column('next_try_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('claimed_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('failed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('error', sa.String(500), nullable=False),
    sa.CheckConstraint('attempts >= 0', name=op.f('ck_letter_attempts_not_negative')),
    sa.CheckConstraint('sent_at IS NULL OR failed_at IS NULL', name=op.f('ck_letter_sent_or_failed')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_letter_person_id_person'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['step_id'], ['step.id'], name=op.f('fk_letter_step_id_step'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_letter')),
    sa.UniqueConstraint('message_id', name=op.f('uq_letter_message_id'))
    )
    with op.batch_alter_table('letter', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_letter_person_id'), ['person_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_letter_step_id'), ['step_id'], unique=False)
        batch_op.create_index('ix_letter_waiting', ['next_try_at'], unique=False, sqlite_where=sa.text('sent_at IS NULL AND failed_at IS NULL'), postgresql_where=sa.text('sent_at IS NULL AND failed_at IS NULL'))

    op.create_table('message',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('step_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('template', sa.String(80), nullable=False),
    sa.Column('subject', sa.String(300), nullable=False),
    sa.Column('text', sa.String(20000), nullable=False),
    sa.Column('path', sa.String(200), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('read_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_message_person_id_person'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['step_id'], ['step.id'], name=op.f('fk_message_step_id_step'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_message')),
    sa.UniqueConstraint('step_id', 'person_id', 'template', name=op.f('uq_message_step_id_person_id_template'))
    )
    with op.batch_alter_table('message', schema=None) as batch_op:
        batch_op.create_index('ix_message_inbox', ['person_id', 'read_at'], unique=False)

    op.create_table('outcome',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(8), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('round_code', sa.String(8), nullable=False),
    sa.Column('proposal_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.Enum('proposed', 'approved', 'announced', 'superseded', name='outcomestate', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('verdict', sa.Enum('fund', 'reserve', 'decline', 'ineligible', name='verdict', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('amount_cents', sa.BigInteger(), nullable=True),
    sa.Column('reserve_rank', sa.Integer(), nullable=True),
    sa.Column('reasons', sa.String(5000), nullable=False),
    sa.Column('note', sa.String(5000), nullable=False),
    sa.Column('deviation', sa.String(2000), nullable=False),
    sa.Column('accept_by', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revision_number', sa.Integer(), nullable=False),
    sa.Column('revision_hash', sa.String(64), nullable=False),
    sa.Column('proposed_by', sa.Integer(), nullable=False),
    sa.Column('approved_by', sa.Integer(), nullable=True),
    sa.Column('approved_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('release_id', sa.Integer(), nullable=True),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('accepted_by', sa.Integer(), nullable=True),
    sa.Column('accepted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('superseded_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(state = 'superseded') = (superseded_at IS NOT NULL)", name=op.f('ck_outcome_superseded_at_when_superseded')),
    sa.CheckConstraint("(verdict = 'fund') = (amount_cents IS NOT NULL)", name=op.f('ck_outcome_amount_only_fund')),
    sa.CheckConstraint("(verdict = 'reserve') = (reserve_rank IS NOT NULL)", name=op.f('ck_outcome_rank_only_reserve')),
    sa.CheckConstraint("(verdict IN ('fund', 'reserve')) = (accept_by IS NOT NULL)", name=op.f('ck_outcome_accept_by_only_offers')),
    sa.CheckConstraint("accepted_at IS NULL OR (verdict = 'fund' AND published_at IS NOT NULL)", name=op.f('ck_outcome_accepted_only_offers')),
    sa.CheckConstraint("reasons <> ''", name=op.f('ck_outcome_has_reasons')),
    sa.CheckConstraint("revision_number >= 1 AND revision_hash <> ''", name=op.f('ck_outcome_names_revision')),
    sa.CheckConstraint("state <> 'announced' OR published_at IS NOT NULL", name=op.f('ck_outcome_announced_has_published_at')),
    sa.CheckConstraint("state <> 'proposed' OR approved_by IS NULL", name=op.f('ck_outcome_proposed_not_approved')),
    sa.CheckConstraint("state NOT IN ('approved', 'announced') OR approved_by IS NOT NULL", name=op.f('ck_outcome_approved_has_by')),
    sa.CheckConstraint("state NOT IN ('proposed', 'approved') OR published_at IS NULL", name=op.f('ck_outcome_private_until_told')),
    sa.CheckConstraint('(accepted_at IS NULL) = (accepted_by IS NULL)', name=op.f('ck_outcome_accepted_at_with_by')),
    sa.CheckConstraint('(approved_by IS NULL) = (approved_at IS NULL)', name=op.f('ck_outcome_approved_at_with_by')),
    sa.CheckConstraint('(published_at IS NULL) = (release_id IS NULL)', name=op.f('ck_outcome_published_by_release')),
    sa.CheckConstraint('amount_cents IS NULL OR amount_cents > 0', name=op.f('ck_outcome_amount_positive')),
    sa.CheckConstraint('approved_by IS NULL OR approved_by <> proposed_by', name=op.f('ck_outcome_two_people')),
    sa.CheckConstraint('reserve_rank IS NULL OR reserve_rank >= 1', name=op.f('ck_outcome_rank_from_one')),
    sa.ForeignKeyConstraint(['accepted_by'], ['person.id'], name=op.f('fk_outcome_accepted_by_person'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['approved_by'], ['person.id'], name=op.f('fk_outcome_approved_by_person'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['proposal_id'], ['proposal.id'], name=op.f('fk_outcome_proposal_id_proposal'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['proposed_by'], ['person.id'], name=op.f('fk_outcome_proposed_by_person'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['release_id'], ['result_release.id'], name=op.f('fk_outcome_release_id_result_release'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_outcome_round_id_round'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_outcome')),
    sa.UniqueConstraint('code', name=op.f('uq_outcome_code')),
    sa.UniqueConstraint('id', 'proposed_by', 'approved_by', name=op.f('uq_outcome_id_proposed_by_approved_by'))
    )
    with op.batch_alter_table('outcome', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_outcome_proposal_id'), ['proposal_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_outcome_release_id'), ['release_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_outcome_round_id'), ['round_id'], unique=False)
        batch_op.create_index('uq_outcome_pending', ['proposal_id'], unique=True, sqlite_where=sa.text("state IN ('proposed', 'approved')"), postgresql_where=sa.text("state IN ('proposed', 'approved')"))
        batch_op.create_index('uq_outcome_reserve_rank', ['round_id', 'reserve_rank'], unique=True, sqlite_where=sa.text("verdict = 'reserve' AND state <> 'superseded'"), postgresql_where=sa.text("verdict = 'reserve' AND state <> 'superseded'"))
        batch_op.create_index('uq_outcome_told', ['proposal_id'], unique=True, sqlite_where=sa.text("state = 'announced'"), postgresql_where=sa.text("state = 'announced'"))

    op.create_table('partner_city',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('proposal_id', sa.Integer(), nullable=False),
    sa.Column('city_id', sa.Integer(), nullable=False),
    sa.Column('country', sa.String(2), nullable=False),
    sa.Column('role', sa.Enum('lead', 'pilot', 'follower', name='cityrole', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('joined_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('left_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['city_id', 'country'], ['organisation.id', 'organisation.country'], name=op.f('fk_partner_city_city_id_country_organisation')),
    sa.ForeignKeyConstraint(['proposal_id'], ['proposal.id'], name=op.f('fk_partner_city_proposal_id_proposal'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_partner_city'))
    )
    with op.batch_alter_table('partner_city', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_partner_city_city_id'), ['city_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_partner_city_proposal_id'), ['proposal_id'], unique=False)
        batch_op.create_index('uq_partner_city_lead', ['proposal_id'], unique=True, sqlite_where=sa.text("role = 'lead' AND left_at IS NULL"), postgresql_where=sa.text("role = 'lead' AND left_at IS NULL"))
        batch_op.create_index('uq_partner_city_present', ['proposal_id', 'city_id'], unique=True, sqlite_where=sa.text('left_at IS NULL'), postgresql_where=sa.text('left_at IS NULL'))

    op.create_table('pilot',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(8), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('proposal_id', sa.Integer(), nullable=True),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('round_code', sa.String(8), nullable=False),
    sa.Column('state', sa.Enum('preparing', 'agreed', 'running', 'suspended', 'completed', 'terminated', name='pilotstate', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('title', sa.String(120), nullable=False),
    sa.Column('full_title', sa.String(240), nullable=False),
    sa.Column('summary', sa.String(600), nullable=False),
    sa.Column('themes', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql'), nullable=False),
    sa.Column('pairing', sa.Enum('mandatory', 'optional', 'off', name='pairing', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('home_country', sa.String(2), nullable=False),
    sa.Column('min_cities', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=True),
    sa.Column('lead_id', sa.Integer(), nullable=True),
    sa.Column('mentor_id', sa.Integer(), nullable=True),
    sa.Column('budget_cents', sa.BigInteger(), nullable=True),
    sa.Column('months', sa.Integer(), nullable=True),
    sa.Column('starts_on', sa.Date(), nullable=True),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.Column('agreement', sa.String(40000), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('lead_signed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('lead_signed_by_id', sa.Integer(), nullable=True),
    sa.Column('lead_signed_revision', sa.Integer(), nullable=True),
    sa.Column('agreed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('cure_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('cure_expired_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('public_summary', sa.String(8000), nullable=False),
    sa.Column('replication_plan', sa.String(8000), nullable=False),
    sa.Column('notes', sa.String(8000), nullable=False),
    sa.Column('imported', sa.Boolean(), nullable=False),
    sa.Column('sources', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql'), nullable=False),
    sa.Column('facts', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql'), nullable=False),
    sa.CheckConstraint("cure_until IS NULL OR state = 'suspended'", name=op.f('ck_pilot_cure_only_suspended')),
    sa.CheckConstraint("imported OR state <> 'completed' OR (replication_plan <> '' AND public_summary <> '')", name=op.f('ck_pilot_completed_tells_results')),
    sa.CheckConstraint("imported OR state IN ('preparing', 'terminated') OR agreed_at IS NOT NULL", name=op.f('ck_pilot_agreed_at_once_agreed')),
    sa.CheckConstraint("imported OR state NOT IN ('running', 'completed') OR started_at IS NOT NULL", name=op.f('ck_pilot_started_at_once_running')),
    sa.CheckConstraint("title <> ''", name=op.f('ck_pilot_has_title')),
    sa.CheckConstraint('(lead_signed_at IS NULL) = (lead_signed_revision IS NULL)', name=op.f('ck_pilot_lead_signs_revision')),
    sa.CheckConstraint('budget_cents IS NULL OR budget_cents >= 0', name=op.f('ck_pilot_budget_not_negative')),
    sa.CheckConstraint('cure_expired_at IS NULL OR cure_until IS NOT NULL', name=op.f('ck_pilot_expired_only_with_cure')),
    sa.CheckConstraint('imported OR (proposal_id IS NOT NULL AND organisation_id IS NOT NULL AND lead_id IS NOT NULL AND budget_cents IS NOT NULL)', name=op.f('ck_pilot_known_unless_imported')),
    sa.CheckConstraint('length(home_country) = 2', name=op.f('ck_pilot_home_country_alpha2')),
    sa.CheckConstraint('min_cities >= 1', name=op.f('ck_pilot_min_cities_from_one')),
    sa.CheckConstraint('months IS NULL OR months BETWEEN 1 AND 120', name=op.f('ck_pilot_months_possible')),
    sa.CheckConstraint('starts_on IS NULL OR ends_on IS NULL OR starts_on <= ends_on', name=op.f('ck_pilot_starts_before_ends')),
    sa.ForeignKeyConstraint(['lead_id'], ['person.id'], name=op.f('fk_pilot_lead_id_person'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['lead_signed_by_id'], ['person.id'], name=op.f('fk_pilot_lead_signed_by_id_person'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['mentor_id'], ['person.id'], name=op.f('fk_pilot_mentor_id_person'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_pilot_organisation_id_organisation'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['proposal_id'], ['proposal.id'], name=op.f('fk_pilot_proposal_id_proposal'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_pilot_round_id_round'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_pilot')),
    sa.UniqueConstraint('code', name=op.f('uq_pilot_code'))
    )
    with op.batch_alter_table('pilot', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_pilot_lead_id'), ['lead_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_pilot_round_id'), ['round_id'], unique=False)
        batch_op.create_index('uq_pilot_proposal_live', ['proposal_id'], unique=True, sqlite_where=sa.text("state <> 'terminated'"), postgresql_where=sa.text("state <> 'terminated'"))

    op.create_table('preference',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('proposal_id', sa.Integer(), nullable=False),
    sa.Column('city_id', sa.Integer(), nullable=False),
    sa.Column('rating', sa.Integer(), nullable=False),
    sa.Column('comment', sa.String(2000), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.CheckConstraint('rating BETWEEN 1 AND 5', name=op.f('ck_preference_rating_one_to_five')),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_preference_by_id_person'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['city_id'], ['organisation.id'], name=op.f('fk_preference_city_id_organisation'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['proposal_id'], ['proposal.id'], name=op.f('fk_preference_proposal_id_proposal'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_preference')),
    sa.UniqueConstraint('proposal_id', 'city_id', name=op.f('uq_preference_proposal_id_city_id'))
    )
    with op.batch_alter_table('preference', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_preference_city_id'), ['city_id'], unique=False)

    op.create_table('proposal_challenge',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('proposal_id', sa.Integer(), nullable=False),
    sa.Column('submission_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['proposal_id'], ['proposal.id'], name=op.f('fk_proposal_challenge_proposal_id_proposal'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['submission_id'], ['submission.id'], name=op.f('fk_proposal_challenge_submission_id_submission'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_proposal_challenge')),
    sa.UniqueConstraint('proposal_id', 'submission_id', name=op.f('uq_proposal_challenge_proposal_id_submission_id'))
    )
    with op.batch_alter_table('proposal_challenge', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_proposal_challenge_submission_id'), ['submission_id'], unique=False)

    op.create_table('question',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(8), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('round_code', sa.String(8), nullable=False),
    sa.Column('submission_id', sa.Integer(), nullable=True),
    sa.Column('text', sa.String(2000), nullable=False),
    sa.Column('asked_by_id', sa.Integer(), nullable=True),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('answer', sa.String(5000), nullable=True),
    sa.Column('corrections', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql'), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answered_by_id', sa.Integer(), nullable=True),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('refused_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("text <> ''", name=op.f('ck_question_has_text')),
    sa.CheckConstraint('(answer IS NULL) = (answered_at IS NULL)', name=op.f('ck_question_answered_at_with_answer')),
    sa.CheckConstraint('published_at IS NULL OR refused_at IS NULL', name=op.f('ck_question_published_or_refused')),
    sa.ForeignKeyConstraint(['answered_by_id'], ['person.id'], name=op.f('fk_question_answered_by_id_person'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['asked_by_id'], ['person.id'], name=op.f('fk_question_asked_by_id_person'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_question_round_id_round'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['submission_id'], ['submission.id'], name=op.f('fk_question_submission_id_submission'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_question')),
    sa.UniqueConstraint('code', name=op.f('uq_question_code'))
    )
    with op.batch_alter_table('question', schema=None) as batch_op:
        batch_op.create_index('ix_question_open', ['round_id', 'asked_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_question_round_id'), ['round_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_question_submission_id'), ['submission_id'], unique=False)

    op.create_table('review',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(8), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('round_code', sa.String(8), nullable=False),
    sa.Column('proposal_id', sa.Integer(), nullable=False),
    sa.Column('juror_id', sa.Integer(), nullable=False),
    sa.Column('gate', sa.Enum('idea', 'pilot_proposal', 'full_proposal', name='gate', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('state', sa.Enum('assigned', 'declared', 'draft', 'submitted', 'reopened', 'recused', 'released', name='reviewstate', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revision_number', sa.Integer(), nullable=True),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('comment', sa.String(8000), nullable=False),
    sa.Column('confidence', sa.Integer(), nullable=True),
    sa.Column('saved_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("state <> 'submitted' OR (submitted_at IS NOT NULL AND revision_number IS NOT NULL)", name=op.f('ck_review_submitted_names_revision')),
    sa.CheckConstraint('confidence IS NULL OR confidence BETWEEN 1 AND 3', name=op.f('ck_review_confidence_low_to_high')),
    sa.ForeignKeyConstraint(['juror_id'], ['juror.id'], name=op.f('fk_review_juror_id_juror'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['proposal_id'], ['proposal.id'], name=op.f('fk_review_proposal_id_proposal'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_review_round_id_round'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_review')),
    sa.UniqueConstraint('code', name=op.f('uq_review_code')),
    sa.UniqueConstraint('gate', 'proposal_id', 'juror_id', name=op.f('uq_review_gate_proposal_id_juror_id'))
    )
    with op.batch_alter_table('review', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_review_juror_id'), ['juror_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_review_proposal_id'), ['proposal_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_review_round_id'), ['round_id'], unique=False)

    op.create_table('step_delivery',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('step_id', sa.Integer(), nullable=False),
    sa.Column('claimed_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('delivered_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['step_id'], ['step.id'], name=op.f('fk_step_delivery_step_id_step'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_step_delivery')),
    sa.UniqueConstraint('step_id', name=op.f('uq_step_delivery_step_id'))
    )
    with op.batch_alter_table('step_delivery', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_step_delivery_delivered_at'), ['delivered_at'], unique=False)

    op.create_table('step_text',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('step_id', sa.Integer(), nullable=False),
    sa.Column('given', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql'), nullable=False),
    sa.ForeignKeyConstraint(['step_id'], ['step.id'], name=op.f('fk_step_text_step_id_step'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_step_text')),
    sa.UniqueConstraint('step_id', name=op.f('uq_step_text_step_id'))
    )
    op.create_table('submission_city',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('submission_id', sa.Integer(), nullable=False),
    sa.Column('city_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['city_id'], ['organisation.id'], name=op.f('fk_submission_city_city_id_organisation'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['submission_id'], ['submission.id'], name=op.f('fk_submission_city_submission_id_submission'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_submission_city')),
    sa.UniqueConstraint('submission_id', 'city_id', name=op.f('uq_submission_city_submission_id_city_id'))
    )
    op.create_table('team_member',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('proposal_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('name', sa.String(120), nullable=False),
    sa.Column('email', sa.String(254), nullable=False),
    sa.Column('email_key', sa.String(254), nullable=False),
    sa.Column('role', sa.Enum('lead', 'co_lead', 'researcher', 'city_lead', 'city_expert', 'company', 'mentor', name='teamrole', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('invited_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('accepted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('left_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('(person_id IS NULL) = (accepted_at IS NULL)', name=op.f('ck_team_member_accepted_with_person')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_team_member_person_id_person'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['proposal_id'], ['proposal.id'], name=op.f('fk_team_member_proposal_id_proposal'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_team_member'))
    )
    with op.batch_alter_table('team_member', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_team_member_person_id'), ['person_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_team_member_proposal_id'), ['proposal_id'], unique=False)
        batch_op.create_index('uq_team_member_present', ['proposal_id', 'email_key'], unique=True, sqlite_where=sa.text('left_at IS NULL'), postgresql_where=sa.text('left_at IS NULL'))

    op.create_table('appeal',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(8), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('round_code', sa.String(8), nullable=False),
    sa.Column('proposal_id', sa.Integer(), nullable=True),
    sa.Column('submission_id', sa.Integer(), nullable=True),
    sa.Column('outcome_id', sa.Integer(), nullable=True),
    sa.Column('decided_by', sa.Integer(), nullable=True),
    sa.Column('decided_with', sa.Integer(), nullable=True),
    sa.Column('decision', sa.String(32), nullable=False),
    sa.Column('state', sa.Enum('filed', 'heard', 'upheld', 'dismissed', name='appealstate', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('grounds', sa.String(10000), nullable=False),
    sa.Column('filed_by', sa.Integer(), nullable=False),
    sa.Column('filed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('handler_id', sa.Integer(), nullable=True),
    sa.Column('taken_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('hearing', sa.String(10000), nullable=False),
    sa.Column('result', sa.String(10000), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(state IN ('upheld', 'dismissed')) = (ended_at IS NOT NULL)", name=op.f('ck_appeal_ended_at_when_ended')),
    sa.CheckConstraint("(state IN ('upheld', 'dismissed')) = (result <> '')", name=op.f('ck_appeal_result_when_ended')),
    sa.CheckConstraint("grounds <> ''", name=op.f('ck_appeal_has_grounds')),
    sa.CheckConstraint("state = 'filed' OR (handler_id IS NOT NULL AND hearing <> '')", name=op.f('ck_appeal_heard_by_handler')),
    sa.CheckConstraint('(handler_id IS NULL) = (taken_at IS NULL)', name=op.f('ck_appeal_taken_at_with_handler')),
    sa.CheckConstraint('(proposal_id IS NULL) <> (submission_id IS NULL)', name=op.f('ck_appeal_one_subject')),
    sa.CheckConstraint('handler_id IS NULL OR (handler_id <> filed_by AND (decided_by IS NULL OR handler_id <> decided_by) AND (decided_with IS NULL OR handler_id <> decided_with))', name=op.f('ck_appeal_handler_took_no_part')),
    sa.CheckConstraint('outcome_id IS NULL OR (proposal_id IS NOT NULL AND decided_by IS NOT NULL AND decided_with IS NOT NULL)', name=op.f('ck_appeal_outcome_names_deciders')),
    sa.ForeignKeyConstraint(['decided_by'], ['person.id'], name=op.f('fk_appeal_decided_by_person'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['decided_with'], ['person.id'], name=op.f('fk_appeal_decided_with_person'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['filed_by'], ['person.id'], name=op.f('fk_appeal_filed_by_person'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['handler_id'], ['person.id'], name=op.f('fk_appeal_handler_id_person'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['outcome_id', 'decided_by', 'decided_with'], ['outcome.id', 'outcome.proposed_by', 'outcome.approved_by'], name=op.f('fk_appeal_outcome_id_decided_by_decided_with_outcome')),
    sa.ForeignKeyConstraint(['proposal_id'], ['proposal.id'], name=op.f('fk_appeal_proposal_id_proposal'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_appeal_round_id_round'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['submission_id'], ['submission.id'], name=op.f('fk_appeal_submission_id_submission'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_appeal')),
    sa.UniqueConstraint('code', name=op.f('uq_appeal_code'))
    )
    with op.batch_alter_table('appeal', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_appeal_filed_by'), ['filed_by'], unique=False)
        batch_op.create_index(batch_op.f('ix_appeal_handler_id'), ['handler_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_appeal_proposal_id'), ['proposal_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_appeal_round_id'), ['round_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_appeal_submission_id'), ['submission_id'], unique=False)
        batch_op.create_index('uq_appeal_open_proposal', ['proposal_id'], unique=True, sqlite_where=sa.text("state IN ('filed', 'heard')"), postgresql_where=sa.text("state IN ('filed', 'heard')"))
        batch_op.create_index('uq_appeal_open_submission', ['submission_id'], unique=True, sqlite_where=sa.text("state IN ('filed', 'heard')"), postgresql_where=sa.text("state IN ('filed', 'heard')"))

    op.create_table('indicator',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(8), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('pilot_id', sa.Integer(), nullable=False),
    sa.Column('city_id', sa.Integer(), nullable=True),
    sa.Column('title', sa.String(160), nullable=False),
    sa.Column('unit', sa.String(40), nullable=False),
    sa.Column('baseline', sa.Numeric(precision=14, scale=4), nullable=True),
    sa.Column('target', sa.Numeric(precision=14, scale=4), nullable=True),
    sa.Column('actual', sa.Numeric(precision=14, scale=4), nullable=True),
    sa.Column('measured_on', sa.Date(), nullable=True),
    sa.Column('source', sa.String(400), nullable=False),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("title <> ''", name=op.f('ck_indicator_has_title')),
    sa.CheckConstraint('(actual IS NULL) = (measured_on IS NULL)', name=op.f('ck_indicator_actual_has_day')),
    sa.CheckConstraint('closed_at IS NULL OR actual IS NOT NULL', name=op.f('ck_indicator_closed_has_actual')),
    sa.ForeignKeyConstraint(['city_id'], ['organisation.id'], name=op.f('fk_indicator_city_id_organisation'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['pilot_id'], ['pilot.id'], name=op.f('fk_indicator_pilot_id_pilot'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_indicator')),
    sa.UniqueConstraint('code', name=op.f('uq_indicator_code'))
    )
    with op.batch_alter_table('indicator', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_indicator_pilot_id'), ['pilot_id'], unique=False)

    op.create_table('member_city',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('pilot_id', sa.Integer(), nullable=False),
    sa.Column('city_id', sa.Integer(), nullable=False),
    sa.Column('country', sa.String(2), nullable=False),
    sa.Column('role', sa.Enum('lead', 'pilot', 'follower', name='cityrole', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('joined_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('site', sa.String(600), nullable=False),
    sa.Column('signed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('signed_by_id', sa.Integer(), nullable=True),
    sa.Column('signed_revision', sa.Integer(), nullable=True),
    sa.CheckConstraint('(signed_at IS NULL) = (signed_by_id IS NULL)', name=op.f('ck_member_city_signed_by_somebody')),
    sa.CheckConstraint('(signed_at IS NULL) = (signed_revision IS NULL)', name=op.f('ck_member_city_signs_revision')),
    sa.ForeignKeyConstraint(['city_id', 'country'], ['organisation.id', 'organisation.country'], name=op.f('fk_member_city_city_id_country_organisation')),
    sa.ForeignKeyConstraint(['pilot_id'], ['pilot.id'], name=op.f('fk_member_city_pilot_id_pilot'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['signed_by_id'], ['person.id'], name=op.f('fk_member_city_signed_by_id_person'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_member_city')),
    sa.UniqueConstraint('pilot_id', 'city_id', name=op.f('uq_member_city_pilot_id_city_id'))
    )
    with op.batch_alter_table('member_city', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_member_city_city_id'), ['city_id'], unique=False)

    op.create_table('milestone',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(8), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('pilot_id', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(160), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('done_on', sa.Date(), nullable=True),
    sa.Column('evidence', sa.String(2000), nullable=False),
    sa.CheckConstraint("done_on IS NULL OR evidence <> ''", name=op.f('ck_milestone_done_has_evidence')),
    sa.CheckConstraint("title <> ''", name=op.f('ck_milestone_has_title')),
    sa.CheckConstraint('starts_on <= due_on', name=op.f('ck_milestone_starts_before_due')),
    sa.ForeignKeyConstraint(['pilot_id'], ['pilot.id'], name=op.f('fk_milestone_pilot_id_pilot'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_milestone')),
    sa.UniqueConstraint('code', name=op.f('uq_milestone_code'))
    )
    with op.batch_alter_table('milestone', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_milestone_pilot_id'), ['pilot_id'], unique=False)

    op.create_table('outcome_condition',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('outcome_id', sa.Integer(), nullable=False),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.Column('text', sa.String(1000), nullable=False),
    sa.Column('met_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('met_by', sa.Integer(), nullable=True),
    sa.CheckConstraint("text <> ''", name=op.f('ck_outcome_condition_has_text')),
    sa.CheckConstraint('(met_at IS NULL) = (met_by IS NULL)', name=op.f('ck_outcome_condition_met_at_with_by')),
    sa.ForeignKeyConstraint(['met_by'], ['person.id'], name=op.f('fk_outcome_condition_met_by_person'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['outcome_id'], ['outcome.id'], name=op.f('fk_outcome_condition_outcome_id_outcome'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_outcome_condition')),
    sa.UniqueConstraint('outcome_id', 'place', name=op.f('uq_outcome_condition_outcome_id_place'))
    )
    op.create_table('pilot_challenge',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('pilot_id', sa.Integer(), nullable=False),
    sa.Column('submission_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['pilot_id'], ['pilot.id'], name=op.f('fk_pilot_challenge_pilot_id_pilot'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['submission_id'], ['submission.id'], name=op.f('fk_pilot_challenge_submission_id_submission'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_pilot_challenge')),
    sa.UniqueConstraint('pilot_id', 'submission_id', name=op.f('uq_pilot_challenge_pilot_id_submission_id'))
    )
    with op.batch_alter_table('pilot_challenge', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_pilot_challenge_submission_id'), ['submission_id'], unique=False)

    op.create_table('report',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(8), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('pilot_id', sa.Integer(), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('round_code', sa.String(8), nullable=False),
    sa.Column('kind', sa.Enum('interim', 'final', 'financial', name='reportkind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('state', sa.Enum('due', 'submitted', 'returned', 'accepted', name='reportstate', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('answers', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql'), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('saved_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('submitted_by_id', sa.Integer(), nullable=True),
    sa.Column('points', sa.String(4000), nullable=False),
    sa.CheckConstraint("state <> 'returned' OR points <> ''", name=op.f('ck_report_returned_has_points')),
    sa.CheckConstraint("state = 'due' OR (submitted_at IS NOT NULL AND revision >= 1)", name=op.f('ck_report_submitted_has_revision')),
    sa.ForeignKeyConstraint(['pilot_id'], ['pilot.id'], name=op.f('fk_report_pilot_id_pilot'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_report_round_id_round'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['submitted_by_id'], ['person.id'], name=op.f('fk_report_submitted_by_id_person'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_report')),
    sa.UniqueConstraint('code', name=op.f('uq_report_code'))
    )
    with op.batch_alter_table('report', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_report_pilot_id'), ['pilot_id'], unique=False)

    op.create_table('score',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('review_id', sa.Integer(), nullable=False),
    sa.Column('criterion', sa.String(32), nullable=False),
    sa.Column('tenths', sa.Integer(), nullable=True),
    sa.Column('max_tenths', sa.Integer(), nullable=False),
    sa.Column('step_tenths', sa.Integer(), nullable=False),
    sa.Column('comment', sa.String(4000), nullable=False),
    sa.CheckConstraint('step_tenths > 0', name=op.f('ck_score_step_positive')),
    sa.CheckConstraint('tenths IS NULL OR (tenths >= 0 AND tenths <= max_tenths AND tenths % step_tenths = 0)', name=op.f('ck_score_on_the_scale')),
    sa.ForeignKeyConstraint(['review_id'], ['review.id'], name=op.f('fk_score_review_id_review'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_score')),
    sa.UniqueConstraint('review_id', 'criterion', name=op.f('uq_score_review_id_criterion'))
    )
    op.create_table('tranche',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(8), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('pilot_id', sa.Integer(), nullable=False),
    sa.Column('round_code', sa.String(8), nullable=False),
    sa.Column('report_id', sa.Integer(), nullable=True),
    sa.Column('state', sa.Enum('planned', 'due', 'approved', 'paid', 'cancelled', name='tranchestate', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('label', sa.String(120), nullable=False),
    sa.Column('cents', sa.BigInteger(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.CheckConstraint("label <> ''", name=op.f('ck_tranche_has_label')),
    sa.CheckConstraint('cents > 0', name=op.f('ck_tranche_cents_positive')),
    sa.ForeignKeyConstraint(['pilot_id'], ['pilot.id'], name=op.f('fk_tranche_pilot_id_pilot'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['report_id'], ['report.id'], name=op.f('fk_tranche_report_id_report'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tranche')),
    sa.UniqueConstraint('code', name=op.f('uq_tranche_code'))
    )
    with op.batch_alter_table('tranche', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_tranche_pilot_id'), ['pilot_id'], unique=False)

    # ### end Alembic commands ###

    for statement in TRIGGERS[op.get_bind().dialect.name]:
        op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    # ### commands auto generated by Alembic - please adjust! ###
    with op.batch_alter_table('tranche', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_tranche_pilot_id'))

    op.drop_table('tranche')
    op.drop_table('score')
    with op.batch_alter_table('report', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_report_pilot_id'))

    op.drop_table('report')
    with op.batch_alter_table('pilot_challenge', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_pilot_challenge_submission_id'))

    op.drop_table('pilot_challenge')
    op.drop_table('outcome_condition')
    with op.batch_alter_table('milestone', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_milestone_pilot_id'))

    op.drop_table('milestone')
    with op.batch_alter_table('member_city', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_member_city_city_id'))

    op.drop_table('member_city')
    with op.batch_alter_table('indicator', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_indicator_pilot_id'))

    op.drop_table('indicator')
    with op.batch_alter_table('appeal', schema=None) as batch_op:
        batch_op.drop_index('uq_appeal_open_submission', sqlite_where=sa.text("state IN ('filed', 'heard')"), postgresql_where=sa.text("state IN ('filed', 'heard')"))
        batch_op.drop_index('uq_appeal_open_proposal', sqlite_where=sa.text("state IN ('filed', 'heard')"), postgresql_where=sa.text("state IN ('filed', 'heard')"))
        batch_op.drop_index(batch_op.f('ix_appeal_submission_id'))
        batch_op.drop_index(batch_op.f('ix_appeal_round_id'))
        batch_op.drop_index(batch_op.f('ix_appeal_proposal_id'))
        batch_op.drop_index(batch_op.f('ix_appeal_handler_id'))
        batch_op.drop_index(batch_op.f('ix_appeal_filed_by'))

    op.drop_table('appeal')
    with op.batch_alter_table('team_member', schema=None) as batch_op:
        batch_op.drop_index('uq_team_member_present', sqlite_where=sa.text('left_at IS NULL'), postgresql_where=sa.text('left_at IS NULL'))
        batch_op.drop_index(batch_op.f('ix_team_member_proposal_id'))
        batch_op.drop_index(batch_op.f('ix_team_member_person_id'))

    op.drop_table('team_member')
    op.drop_table('submission_city')
    op.drop_table('step_text')
    with op.batch_alter_table('step_delivery', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_step_delivery_delivered_at'))

    op.drop_table('step_delivery')
    with op.batch_alter_table('review', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_review_round_id'))
        batch_op.drop_index(batch_op.f('ix_review_proposal_id'))
        batch_op.drop_index(batch_op.f('ix_review_juror_id'))

    op.drop_table('review')
    with op.batch_alter_table('question', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_question_submission_id'))
        batch_op.drop_index(batch_op.f('ix_question_round_id'))
        batch_op.drop_index('ix_question_open')

    op.drop_table('question')
    with op.batch_alter_table('proposal_challenge', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_proposal_challenge_submission_id'))

    op.drop_table('proposal_challenge')
    with op.batch_alter_table('preference', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_preference_city_id'))

    op.drop_table('preference')
    with op.batch_alter_table('pilot', schema=None) as batch_op:
        batch_op.drop_index('uq_pilot_proposal_live', sqlite_where=sa.text("state <> 'terminated'"), postgresql_where=sa.text("state <> 'terminated'"))
        batch_op.drop_index(batch_op.f('ix_pilot_round_id'))
        batch_op.drop_index(batch_op.f('ix_pilot_lead_id'))

    op.drop_table('pilot')
    with op.batch_alter_table('partner_city', schema=None) as batch_op:
        batch_op.drop_index('uq_partner_city_present', sqlite_where=sa.text('left_at IS NULL'), postgresql_where=sa.text('left_at IS NULL'))
        batch_op.drop_index('uq_partner_city_lead', sqlite_where=sa.text("role = 'lead' AND left_at IS NULL"), postgresql_where=sa.text("role = 'lead' AND left_at IS NULL"))
        batch_op.drop_index(batch_op.f('ix_partner_city_proposal_id'))
        batch_op.drop_index(batch_op.f('ix_partner_city_city_id'))

    op.drop_table('partner_city')
    with op.batch_alter_table('outcome', schema=None) as batch_op:
        batch_op.drop_index('uq_outcome_told', sqlite_where=sa.text("state = 'announced'"), postgresql_where=sa.text("state = 'announced'"))
        batch_op.drop_index('uq_outcome_reserve_rank', sqlite_where=sa.text("verdict = 'reserve' AND state <> 'superseded'"), postgresql_where=sa.text("verdict = 'reserve' AND state <> 'superseded'"))
        batch_op.drop_index('uq_outcome_pending', sqlite_where=sa.text("state IN ('proposed', 'approved')"), postgresql_where=sa.text("state IN ('proposed', 'approved')"))
        batch_op.drop_index(batch_op.f('ix_outcome_round_id'))
        batch_op.drop_index(batch_op.f('ix_outcome_release_id'))
        batch_op.drop_index(batch_op.f('ix_outcome_proposal_id'))

    op.drop_table('outcome')
    with op.batch_alter_table('message', schema=None) as batch_op:
        batch_op.drop_index('ix_message_inbox')

    op.drop_table('message')
    with op.batch_alter_table('letter', schema=None) as batch_op:
        batch_op.drop_index('ix_letter_waiting', sqlite_where=sa.text('sent_at IS NULL AND failed_at IS NULL'), postgresql_where=sa.text('sent_at IS NULL AND failed_at IS NULL'))
        batch_op.drop_index(batch_op.f('ix_letter_step_id'))
        batch_op.drop_index(batch_op.f('ix_letter_person_id'))

    op.drop_table('letter')
    with op.batch_alter_table('interest', schema=None) as batch_op:
        batch_op.drop_index('uq_interest_slot', sqlite_where=sa.text('withdrawn_at IS NULL'), postgresql_where=sa.text('withdrawn_at IS NULL'))
        batch_op.drop_index('uq_interest_live', sqlite_where=sa.text('withdrawn_at IS NULL'), postgresql_where=sa.text('withdrawn_at IS NULL'))
        batch_op.drop_index(batch_op.f('ix_interest_city_id'))

    op.drop_table('interest')
    with op.batch_alter_table('exclusion', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_exclusion_person_id'))

    op.drop_table('exclusion')
    with op.batch_alter_table('conflict', schema=None) as batch_op:
        batch_op.drop_index('uq_conflict_live', sqlite_where=sa.text("state <> 'lifted'"), postgresql_where=sa.text("state <> 'lifted'"))
        batch_op.drop_index(batch_op.f('ix_conflict_round_id'))
        batch_op.drop_index(batch_op.f('ix_conflict_proposal_id'))

    op.drop_table('conflict')
    with op.batch_alter_table('commitment', schema=None) as batch_op:
        batch_op.drop_index('uq_commitment_live', sqlite_where=sa.text("state IN ('asked', 'signed')"), postgresql_where=sa.text("state IN ('asked', 'signed')"))
        batch_op.drop_index(batch_op.f('ix_commitment_proposal_id'))
        batch_op.drop_index(batch_op.f('ix_commitment_city_id'))

    op.drop_table('commitment')
    op.drop_table('budget_line')
    op.drop_table('window')
    with op.batch_alter_table('tie_decision', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_tie_decision_round_id'))

    op.drop_table('tie_decision')
    with op.batch_alter_table('submission', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_submission_round_id'))
        batch_op.drop_index(batch_op.f('ix_submission_city_id'))

    op.drop_table('submission')
    with op.batch_alter_table('step', schema=None) as batch_op:
        batch_op.drop_index('ix_step_subject')
        batch_op.drop_index('ix_step_scope')

    op.drop_table('step')
    with op.batch_alter_table('sign_in_session', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_sign_in_session_person_id'))

    op.drop_table('sign_in_session')
    with op.batch_alter_table('sign_in_link', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_sign_in_link_person_id'))

    op.drop_table('sign_in_link')
    with op.batch_alter_table('seat_invitation', schema=None) as batch_op:
        batch_op.drop_index('uq_seat_invitation_open', sqlite_where=sa.text('accepted_at IS NULL AND ended_at IS NULL'), postgresql_where=sa.text('accepted_at IS NULL AND ended_at IS NULL'))
        batch_op.drop_index(batch_op.f('ix_seat_invitation_person_id'))

    op.drop_table('seat_invitation')
    with op.batch_alter_table('role', schema=None) as batch_op:
        batch_op.drop_index('uq_role_everywhere', sqlite_where=sa.text('round_id IS NULL'), postgresql_where=sa.text('round_id IS NULL'))

    op.drop_table('role')
    op.drop_table('revision')
    with op.batch_alter_table('result_release', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_result_release_round_id'))

    op.drop_table('result_release')
    with op.batch_alter_table('receipt', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_receipt_subject_code'))

    op.drop_table('receipt')
    with op.batch_alter_table('proposal', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_proposal_round_id'))
        batch_op.drop_index(batch_op.f('ix_proposal_lead_id'))

    op.drop_table('proposal')
    with op.batch_alter_table('membership', schema=None) as batch_op:
        batch_op.drop_index('uq_membership_lead', sqlite_where=sa.text("seat = 'lead'"), postgresql_where=sa.text("seat = 'lead'"))
        batch_op.drop_index(batch_op.f('ix_membership_organisation_id'))

    op.drop_table('membership')
    with op.batch_alter_table('juror', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_juror_person_id'))

    op.drop_table('juror')
    op.drop_table('idempotency_key')
    with op.batch_alter_table('extension', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_extension_subject_code'))

    op.drop_table('extension')
    with op.batch_alter_table('editing', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_editing_person_id'))

    op.drop_table('editing')
    op.drop_table('city_profile')
    with op.batch_alter_table('attachment', schema=None) as batch_op:
        batch_op.drop_index('ix_attachment_subject')

    op.drop_table('attachment')
    with op.batch_alter_table('approval', schema=None) as batch_op:
        batch_op.drop_index('uq_approval_open', sqlite_where=sa.text('approved_at IS NULL AND dropped_at IS NULL'), postgresql_where=sa.text('approved_at IS NULL AND dropped_at IS NULL'))

    op.drop_table('approval')
    with op.batch_alter_table('api_token', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_api_token_person_id'))

    op.drop_table('api_token')
    with op.batch_alter_table('announcement', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_announcement_round_id'))

    op.drop_table('announcement')
    with op.batch_alter_table('slot', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_slot_done_at'))

    op.drop_table('slot')
    with op.batch_alter_table('sign_in_attempt', schema=None) as batch_op:
        batch_op.drop_index('ix_sign_in_attempt_key_at')

    op.drop_table('sign_in_attempt')
    op.drop_table('round')
    with op.batch_alter_table('person', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_person_name_plain'))

    op.drop_table('person')
    with op.batch_alter_table('organisation', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_organisation_name_plain'))

    op.drop_table('organisation')
    # ### end Alembic commands ###

    if op.get_bind().dialect.name == "postgresql":
        for function in FUNCTIONS:
            op.execute(f"DROP FUNCTION {function}")
