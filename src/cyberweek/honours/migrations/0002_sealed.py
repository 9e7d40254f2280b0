"""Scores are written only while the jury works, and what they came to never changes: the database says so too."""

from django.db import migrations

FUNCTION = """
CREATE FUNCTION honours_score_sealed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    stands text;
BEGIN
    SELECT call.state INTO stands FROM honours_sheet sheet
        JOIN honours_juror juror ON juror.id = sheet.juror_id JOIN honours_call call ON call.id = juror.call_id
        WHERE sheet.id = NEW.sheet_id;
    IF stands IS DISTINCT FROM 'scoring' THEN
        RAISE EXCEPTION 'scores are sealed: the call is %', stands USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER honours_score_sealed BEFORE INSERT OR UPDATE ON honours_score
    FOR EACH ROW EXECUTE FUNCTION honours_score_sealed();

CREATE FUNCTION honours_result_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the outcome of a jury is not changed' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER honours_result_fixed BEFORE UPDATE ON honours_result
    FOR EACH ROW EXECUTE FUNCTION honours_result_fixed();
"""

REVERSE = """
DROP TRIGGER honours_result_fixed ON honours_result;
DROP FUNCTION honours_result_fixed();
DROP TRIGGER honours_score_sealed ON honours_score;
DROP FUNCTION honours_score_sealed();
"""


class Migration(migrations.Migration):
    dependencies = [("honours", "0001_honours")]

    operations = [migrations.RunSQL(FUNCTION, REVERSE)]
