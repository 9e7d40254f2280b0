"""What was approved, frozen or written down stays: the database says so too.

- Approved minutes, and what they were made of. A decision may still be given its task, once; a rehearsal may move the
  meeting's own times, for the minutes keep theirs.
- An agenda pack's content and files.
- The history of a risk; an incident's first words and its log.
"""

from django.db import migrations

FUNCTION = """
CREATE FUNCTION readiness_meeting_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.state = 'approved' THEN
            RAISE EXCEPTION 'approved minutes are kept' USING ERRCODE = 'check_violation';
        END IF;
        RETURN OLD;
    END IF;
    IF OLD.state = 'approved' AND (
        NEW.state <> 'approved' OR NEW.minutes <> OLD.minutes OR NEW.digest <> OLD.digest OR NEW.title <> OLD.title
        OR NEW.place <> OLD.place OR NEW.unit_id <> OLD.unit_id OR NEW.chair <> OLD.chair OR NEW.writer <> OLD.writer
        OR NEW.approved_at <> OLD.approved_at
    ) THEN
        RAISE EXCEPTION 'approved minutes are not changed' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER readiness_meeting_fixed BEFORE UPDATE OR DELETE ON readiness_meeting
    FOR EACH ROW EXECUTE FUNCTION readiness_meeting_fixed();

CREATE FUNCTION readiness_part_of_minutes_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    stands text;
BEGIN
    SELECT state INTO stands FROM readiness_meeting
        WHERE id = CASE WHEN TG_OP = 'DELETE' THEN OLD.meeting_id ELSE NEW.meeting_id END;
    IF stands = 'approved' THEN
        RAISE EXCEPTION 'approved minutes are not changed' USING ERRCODE = 'check_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER readiness_item_fixed BEFORE INSERT OR UPDATE OR DELETE ON readiness_agendaitem
    FOR EACH ROW EXECUTE FUNCTION readiness_part_of_minutes_fixed();
CREATE TRIGGER readiness_attendee_fixed BEFORE INSERT OR UPDATE OR DELETE ON readiness_attendee
    FOR EACH ROW EXECUTE FUNCTION readiness_part_of_minutes_fixed();
CREATE TRIGGER readiness_decision_fixed BEFORE INSERT OR DELETE ON readiness_decision
    FOR EACH ROW EXECUTE FUNCTION readiness_part_of_minutes_fixed();

CREATE FUNCTION readiness_decision_given_its_task() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    stands text;
BEGIN
    SELECT state INTO stands FROM readiness_meeting WHERE id = NEW.meeting_id;
    IF stands = 'approved' AND (
        NEW.what <> OLD.what OR NEW.unit_id <> OLD.unit_id OR NEW.due <> OLD.due OR NEW.number <> OLD.number
        OR NEW.meeting_id <> OLD.meeting_id OR (OLD.task_id IS NOT NULL AND NEW.task_id IS DISTINCT FROM OLD.task_id)
    ) THEN
        RAISE EXCEPTION 'approved minutes are not changed' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER readiness_decision_given_its_task BEFORE UPDATE ON readiness_decision
    FOR EACH ROW EXECUTE FUNCTION readiness_decision_given_its_task();

CREATE FUNCTION readiness_brief_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.content <> OLD.content OR NEW.digest <> OLD.digest OR NEW.at <> OLD.at OR NEW.number <> OLD.number THEN
        RAISE EXCEPTION 'an agenda pack is not changed' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER readiness_brief_fixed BEFORE UPDATE ON readiness_brief
    FOR EACH ROW EXECUTE FUNCTION readiness_brief_fixed();

CREATE FUNCTION readiness_written_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is only added to', TG_TABLE_NAME USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER readiness_brief_file_fixed BEFORE UPDATE ON readiness_brieffile
    FOR EACH ROW EXECUTE FUNCTION readiness_written_once();

CREATE FUNCTION readiness_line_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Who wrote it may leave, and the step it ticked be dropped from its plan: then the key to them is let go, no more.
    IF TG_OP = 'UPDATE' AND (to_jsonb(NEW) - 'by_id' - 'step_id') = (to_jsonb(OLD) - 'by_id' - 'step_id') THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% is only added to', TG_TABLE_NAME USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER readiness_incident_line_fixed BEFORE UPDATE OR DELETE ON readiness_incidentline
    FOR EACH ROW EXECUTE FUNCTION readiness_line_fixed();
CREATE TRIGGER readiness_risk_event_fixed BEFORE UPDATE ON readiness_riskevent
    FOR EACH ROW EXECUTE FUNCTION readiness_line_fixed();

CREATE FUNCTION readiness_incident_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.what <> OLD.what OR NEW.place <> OLD.place OR NEW.kind <> OLD.kind OR NEW.at <> OLD.at
        OR NEW.entered <> OLD.entered OR NEW.unit_id <> OLD.unit_id
        OR (OLD.closed IS NOT NULL AND (NEW.closed IS DISTINCT FROM OLD.closed OR NEW.outcome <> OLD.outcome))
    THEN
        RAISE EXCEPTION 'an incident stays as it was entered' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER readiness_incident_fixed BEFORE UPDATE ON readiness_incident
    FOR EACH ROW EXECUTE FUNCTION readiness_incident_fixed();
"""

REVERSE = """
DROP TRIGGER readiness_incident_fixed ON readiness_incident;
DROP FUNCTION readiness_incident_fixed();
DROP TRIGGER readiness_risk_event_fixed ON readiness_riskevent;
DROP TRIGGER readiness_incident_line_fixed ON readiness_incidentline;
DROP FUNCTION readiness_line_fixed();
DROP TRIGGER readiness_brief_file_fixed ON readiness_brieffile;
DROP FUNCTION readiness_written_once();
DROP TRIGGER readiness_brief_fixed ON readiness_brief;
DROP FUNCTION readiness_brief_fixed();
DROP TRIGGER readiness_decision_given_its_task ON readiness_decision;
DROP FUNCTION readiness_decision_given_its_task();
DROP TRIGGER readiness_decision_fixed ON readiness_decision;
DROP TRIGGER readiness_attendee_fixed ON readiness_attendee;
DROP TRIGGER readiness_item_fixed ON readiness_agendaitem;
DROP FUNCTION readiness_part_of_minutes_fixed();
DROP TRIGGER readiness_meeting_fixed ON readiness_meeting;
DROP FUNCTION readiness_meeting_fixed();
"""


class Migration(migrations.Migration):
    dependencies = [("readiness", "0002_meetings")]

    operations = [migrations.RunSQL(FUNCTION, REVERSE)]
