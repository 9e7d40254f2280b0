"""The statements that bring a plan to its units: each for a batch of units, each harmless when it is run again.

Parameters: plan, above (the plan's unit), edition, opening (its first day), units (the batch), number and at of the
issue, by, issue (its key), day (today in the edition), taken (the names of what a task takes over).
"""

# ruff: noqa: S608 -- put together from constants of this file; values are parameters

from __future__ import annotations

from typing import Final

# What is issued of each arrangement, as columns. A theme day that is gone is none.
_ISSUED: Final = """
    issued AS MATERIALIZED (
        SELECT a.id, a.revision, a.issued AS says, (a.issued->>'withdrawn')::boolean AS withdrawn,
               a.withdrawn_because AS because,
               %(opening)s::date + (a.issued->>'begins')::int AS begins,
               %(opening)s::date + (a.issued->>'due')::int AS due,
               (SELECT d.id FROM editions_themeday d WHERE d.id = (a.issued->>'theme_day')::bigint) AS theme_day,
               (a.issued->>'is_milestone')::boolean AS is_milestone,
               (a.issued->>'needs_evidence')::boolean AS needs_evidence,
               ARRAY(SELECT jsonb_array_elements_text(a.issued->'levels')) AS levels,
               ARRAY(SELECT jsonb_array_elements_text(a.issued->'sectors')) AS sectors,
               ARRAY(SELECT jsonb_array_elements_text(a.issued->'units')::bigint) AS units
        FROM planning_arrangement a WHERE a.plan_id = %(plan)s AND a.issued <> '{}'::jsonb
    )"""

_FALLS_TO: Final = """
    (u.ancestry @> ARRAY[%(above)s::bigint] AND NOT i.withdrawn AND (
        ((cardinality(i.levels) > 0 OR cardinality(i.sectors) > 0)
            AND (cardinality(i.levels) = 0 OR u.level = ANY (i.levels))
            AND (cardinality(i.sectors) = 0 OR u.sector = ANY (i.sectors)))
        OR u.id = ANY (i.units)))"""

_WANTED: Final = f"""{_ISSUED},
    wanted AS (
        SELECT i.*, u.id AS unit_id, u.accountable_id FROM issued i CROSS JOIN regions_unit u
        WHERE u.id = ANY (%(units)s) AND {_FALLS_TO}
    )"""

# Told is who is accountable for the task, or else who coordinates its unit.
_TELL: Final = """
    INSERT INTO planning_notice (person_id, task_id, kind, day, at)
    SELECT who.person_id, hit.id, 'changed', %(day)s, %(at)s FROM hit CROSS JOIN LATERAL (
        SELECT hit.accountable_id AS person_id WHERE hit.accountable_id IS NOT NULL
        UNION
        SELECT p.person_id FROM regions_post p JOIN accounts_user person ON person.id = p.person_id
        WHERE hit.accountable_id IS NULL AND p.unit_id = hit.unit_id AND 'coordinator' = ANY (p.roles)
            AND person.is_active
    ) who ON CONFLICT DO NOTHING"""

MAKE: Final = f"""
WITH {_WANTED},
    made AS (
        INSERT INTO planning_task (
            edition_id, unit_id, arrangement_id, title, what, deliverables, begins, due, theme_day_id, is_milestone,
            needs_evidence, state, progress, blocker, accountable_id, own, revision, plan_revision, created, changed)
        SELECT %(edition)s, w.unit_id, w.id, w.says->'title', w.says->'what', w.says->'deliverables', w.begins, w.due,
            w.theme_day, w.is_milestone, w.needs_evidence, 'todo', 0, '', w.accountable_id, '{{}}', 1, %(number)s,
            %(at)s, %(at)s
        FROM wanted w ORDER BY w.unit_id, w.due, w.id
        ON CONFLICT (arrangement_id, unit_id) WHERE parent_id IS NULL DO NOTHING
        RETURNING id, accountable_id
    ),
    happened AS (
        INSERT INTO planning_taskevent (task_id, kind, at, by_id, text, progress, before, after)
        SELECT id, 'issued', %(at)s, %(by)s, '', 0, '{{}}', '{{}}' FROM made
    ),
    told AS (
        INSERT INTO planning_notice (person_id, task_id, kind, day, at)
        SELECT accountable_id, id, 'assigned', %(day)s, %(at)s FROM made WHERE accountable_id IS NOT NULL
    )
SELECT count(*) FROM made"""

_TAKE_OVER: Final = """
    title = CASE WHEN 'title' = ANY (t.own) THEN t.title ELSE i.says->'title' END,
    what = CASE WHEN 'what' = ANY (t.own) THEN t.what ELSE i.says->'what' END,
    deliverables = CASE WHEN 'deliverables' = ANY (t.own) THEN t.deliverables ELSE i.says->'deliverables' END,
    begins = CASE WHEN 'begins' = ANY (t.own) THEN t.begins
        WHEN 'due' = ANY (t.own) THEN least(i.begins, t.due) ELSE i.begins END,
    due = CASE WHEN 'due' = ANY (t.own) THEN t.due
        WHEN 'begins' = ANY (t.own) THEN greatest(i.due, t.begins) ELSE i.due END,
    theme_day_id = CASE WHEN 'theme_day' = ANY (t.own) THEN t.theme_day_id ELSE i.theme_day END,
    is_milestone = CASE WHEN 'is_milestone' = ANY (t.own) THEN t.is_milestone ELSE i.is_milestone END,
    needs_evidence = CASE WHEN 'needs_evidence' = ANY (t.own) THEN t.needs_evidence ELSE i.needs_evidence END,
    plan_revision = %(number)s, revision = t.revision + 1, changed = %(at)s"""

# What the plan took back and now asks for again. What the unit dropped itself stays dropped.
REVIVE: Final = f"""
WITH {_WANTED},
    hit AS (
        UPDATE planning_task t SET state = 'todo', {_TAKE_OVER}
        FROM wanted i
        WHERE t.arrangement_id = i.id AND t.unit_id = i.unit_id AND t.parent_id IS NULL AND t.state = 'dropped'
            AND (SELECT e.kind FROM planning_taskevent e WHERE e.task_id = t.id ORDER BY e.id DESC LIMIT 1) = 'withdrawn'
        RETURNING t.id, t.unit_id, t.accountable_id
    ),
    happened AS (
        INSERT INTO planning_taskevent (task_id, kind, at, by_id, text, progress, before, after)
        SELECT id, 'issued', %(at)s, %(by)s, '', 0, '{{"state": "dropped"}}', '{{"state": "todo"}}' FROM hit
    ),
    told AS ({_TELL})
SELECT count(*) FROM hit"""

FOLLOW: Final = f"""
WITH {_WANTED},
    said AS (
        SELECT c.key::bigint AS id, c.value->'before' AS before, c.value->'after' AS after
        FROM planning_issue n, jsonb_each(n.changed) c
        WHERE n.id = %(issue)s AND c.value->'after' <> '{{}}'::jsonb
    ),
    hit AS (
        UPDATE planning_task t SET {_TAKE_OVER}
        FROM wanted i JOIN said ON said.id = i.id
        WHERE t.arrangement_id = i.id AND t.unit_id = i.unit_id AND t.parent_id IS NULL AND t.state <> 'dropped'
            AND t.plan_revision < %(number)s
        RETURNING t.id, t.unit_id, t.accountable_id, t.progress, said.before, said.after
    ),
    happened AS (
        INSERT INTO planning_taskevent (task_id, kind, at, by_id, text, progress, before, after)
        SELECT id, 'plan-changed', %(at)s, %(by)s, '', progress, before, after FROM hit
    ),
    told AS ({_TELL})
SELECT count(*) FROM hit"""

# Tasks of the plan that it no longer asks of their unit: withdrawn, addressed to others, or the unit has moved away.
_GONE: Final = f"""{_ISSUED},
    gone AS (
        SELECT t.id, i.because, CASE WHEN i.withdrawn THEN 'withdrawn' ELSE 'not-addressed' END AS why,
            t.state = 'todo' AND t.progress = 0
                AND NOT EXISTS (SELECT FROM planning_task part WHERE part.parent_id = t.id) AS untouched
        FROM planning_task t JOIN issued i ON i.id = t.arrangement_id JOIN regions_unit u ON u.id = t.unit_id
        WHERE t.unit_id = ANY (%(units)s) AND t.parent_id IS NULL AND t.state IN ('todo', 'doing', 'blocked')
            AND NOT t.own @> %(taken)s::varchar[] AND NOT {_FALLS_TO}
    )"""

DROP: Final = f"""
WITH {_GONE},
    hit AS (
        UPDATE planning_task t SET state = 'dropped', plan_revision = %(number)s, revision = t.revision + 1,
            changed = %(at)s
        FROM gone WHERE gone.id = t.id AND gone.untouched
        RETURNING t.id, t.unit_id, t.accountable_id, gone.because, gone.why
    ),
    happened AS (
        INSERT INTO planning_taskevent (task_id, kind, at, by_id, text, progress, before, after)
        SELECT id, 'withdrawn', %(at)s, %(by)s, because, 0, '{{"state": "todo"}}',
            jsonb_build_object('state', 'dropped', 'why', why) FROM hit
    ),
    told AS ({_TELL})
SELECT count(*) FROM hit"""

# What is under way becomes the unit's own in every field: no later issue touches it.
KEEP: Final = f"""
WITH {_GONE},
    hit AS (
        UPDATE planning_task t SET own = %(taken)s::varchar[], plan_revision = %(number)s, revision = t.revision + 1,
            changed = %(at)s
        FROM gone WHERE gone.id = t.id AND NOT gone.untouched
        RETURNING t.id, t.unit_id, t.accountable_id, t.progress, gone.because, gone.why
    ),
    happened AS (
        INSERT INTO planning_taskevent (task_id, kind, at, by_id, text, progress, before, after)
        SELECT id, 'withdrawn', %(at)s, %(by)s, because, progress, '{{}}', jsonb_build_object('why', why) FROM hit
    ),
    told AS ({_TELL})
SELECT count(*) FROM hit"""

# A task waits for that of its own unit; where the unit has none, for the nearest above; else for those right below.
_PAIRS: Final = """
    pairs AS MATERIALIZED (
        SELECT a.id AS arrangement, b.id AS waits_for
        FROM planning_arrangement a
        CROSS JOIN LATERAL jsonb_array_elements_text(a.issued->'after') w(id)
        JOIN planning_arrangement b ON b.id = w.id::bigint
        WHERE a.plan_id = %(plan)s AND a.issued <> '{}'::jsonb AND b.issued <> '{}'::jsonb
            AND NOT (a.issued->>'withdrawn')::boolean AND NOT (b.issued->>'withdrawn')::boolean
    ),
    waiting AS MATERIALIZED (
        SELECT t.id, t.created, t.unit_id, pairs.waits_for, pairs.arrangement
        FROM pairs JOIN planning_task t ON t.arrangement_id = pairs.arrangement AND t.parent_id IS NULL
            AND t.unit_id = ANY (%(units)s) AND t.state <> 'dropped'
    ),
    beside AS MATERIALIZED (
        SELECT w.*, b.id AS other, b.created AS other_created
        FROM waiting w LEFT JOIN planning_task b
            ON b.arrangement_id = w.waits_for AND b.unit_id = w.unit_id AND b.parent_id IS NULL AND b.state <> 'dropped'
    ),
    above AS MATERIALIZED (
        SELECT w.id, w.created, w.unit_id, w.waits_for, w.arrangement, up.id AS other, up.created AS other_created
        FROM beside w JOIN regions_unit u ON u.id = w.unit_id
        LEFT JOIN LATERAL (
            SELECT b.id, b.created FROM planning_task b
            WHERE b.arrangement_id = w.waits_for AND b.unit_id = ANY (u.ancestry) AND b.parent_id IS NULL
                AND b.state <> 'dropped'
            ORDER BY array_position(u.ancestry, b.unit_id) DESC LIMIT 1
        ) up ON true
        WHERE w.other IS NULL
    ),
    below AS (
        SELECT w.id, w.created, w.waits_for, w.arrangement, b.id AS other, b.created AS other_created
        FROM above w JOIN regions_unit c ON c.parent_id = w.unit_id
        JOIN planning_task b ON b.arrangement_id = w.waits_for AND b.unit_id = c.id AND b.parent_id IS NULL
            AND b.state <> 'dropped'
        WHERE w.other IS NULL
    ),
    found AS (
        SELECT id, other, created, other_created, arrangement, waits_for FROM beside WHERE other IS NOT NULL
        UNION ALL
        SELECT id, other, created, other_created, arrangement, waits_for FROM above WHERE other IS NOT NULL
        UNION ALL
        SELECT id, other, created, other_created, arrangement, waits_for FROM below
    )"""

LINK_NEW: Final = f"""
WITH {_PAIRS},
    linked AS (
        INSERT INTO planning_dependency (task_id, after_id) SELECT id, other FROM found
        ON CONFLICT (task_id, after_id) DO NOTHING RETURNING 1
    )
SELECT count(*) FROM linked"""

# Later issues add what is new, leave what a unit took away, and leave out what would close a circle with its own.
LINK_MORE: Final = f"""
WITH RECURSIVE {_PAIRS},
    candidates AS MATERIALIZED (
        SELECT id, other FROM found
        WHERE (created = %(at)s OR other_created = %(at)s
                OR arrangement::text || '>' || waits_for::text = ANY (%(fresh)s::text[]))
            AND NOT EXISTS (
                SELECT FROM planning_dependency d WHERE d.task_id = found.id AND d.after_id = found.other)
    ),
    reached (id, other, at_task) AS (
        SELECT id, other, other FROM candidates
        UNION
        SELECT r.id, r.other, e.after_id FROM reached r JOIN LATERAL (
            SELECT d.after_id FROM planning_dependency d WHERE d.task_id = r.at_task
            UNION ALL
            SELECT c.other FROM candidates c WHERE c.id = r.at_task
        ) e ON true
        WHERE r.at_task <> r.id
    ),
    linked AS (
        INSERT INTO planning_dependency (task_id, after_id)
        SELECT c.id, c.other FROM candidates c
        WHERE NOT EXISTS (SELECT FROM reached r WHERE r.id = c.id AND r.other = c.other AND r.at_task = c.id)
        ON CONFLICT (task_id, after_id) DO NOTHING RETURNING 1
    )
SELECT count(*) FROM linked"""

UNLINK: Final = """
WITH loosened AS (
        DELETE FROM planning_dependency d USING planning_task t, planning_task b
        WHERE d.task_id = t.id AND d.after_id = b.id AND t.unit_id = ANY (%(units)s)
            AND t.arrangement_id::text || '>' || b.arrangement_id::text = ANY (%(stale)s::text[])
        RETURNING 1
    )
SELECT count(*) FROM loosened"""

# Linking looks up hundreds of thousands of tasks made a moment ago, of which the planner knows nothing yet.
KNOW_TASKS: Final = "ANALYZE planning_task (arrangement_id, unit_id, parent_id, state)"

MOVE_TASKS: Final = """
UPDATE planning_task SET begins = begins + %(days)s, due = due + %(days)s WHERE edition_id = %(edition)s"""

MOVE_PLANS: Final = """
UPDATE planning_plan SET opening = opening + %(days)s WHERE edition_id = %(edition)s"""

# Of each arrangement as it is written now: units that it falls to, those among them without a task yet, and what is
# there of units that it does not fall to, not begun and under way. Only of these last, who are few, the rows are read.
# Whether it falls to a unit is decided once for each level and sector, not for each of hundreds of thousands of pairs.
REACH: Final = """
WITH issued AS MATERIALIZED (
        SELECT a.id, a.is_withdrawn AS withdrawn, a.levels, a.sectors,
            ARRAY(SELECT n.unit_id FROM planning_arrangement_units n WHERE n.arrangement_id = a.id) AS units
        FROM planning_arrangement a WHERE a.plan_id = %(plan)s
    ),
    inside AS MATERIALIZED (
        SELECT u.id, u.level, u.sector FROM regions_unit u WHERE u.ancestry @> ARRAY[%(above)s::bigint]
    ),
    by_kind AS MATERIALIZED (
        SELECT i.id, k.level, k.sector, k.units
        FROM issued i JOIN (SELECT level, sector, count(*) AS units FROM inside GROUP BY level, sector) k
            ON (cardinality(i.levels) > 0 OR cardinality(i.sectors) > 0)
            AND (cardinality(i.levels) = 0 OR k.level = ANY (i.levels))
            AND (cardinality(i.sectors) = 0 OR k.sector = ANY (i.sectors))
        WHERE NOT i.withdrawn
    ),
    by_name AS MATERIALIZED (
        SELECT i.id, u.id AS unit_id FROM issued i JOIN inside u ON u.id = ANY (i.units)
        WHERE NOT i.withdrawn AND NOT EXISTS (
            SELECT FROM by_kind k WHERE k.id = i.id AND k.level = u.level AND k.sector = u.sector)
    ),
    wanted AS (
        SELECT id, sum(units) AS units
        FROM (SELECT id, units FROM by_kind UNION ALL SELECT id, 1 FROM by_name) each GROUP BY id
    ),
    there AS MATERIALIZED (
        SELECT t.arrangement_id AS id, t.unit_id, t.state, k.id IS NOT NULL OR n.id IS NOT NULL AS falls
        FROM planning_task t LEFT JOIN inside u ON u.id = t.unit_id
        LEFT JOIN by_kind k ON k.id = t.arrangement_id AND k.level = u.level AND k.sector = u.sector
        LEFT JOIN by_name n ON n.id = t.arrangement_id AND n.unit_id = t.unit_id
        WHERE t.parent_id IS NULL AND t.arrangement_id IN (SELECT id FROM issued)
    ),
    counted AS (
        SELECT id, count(*) AS tasks, count(*) FILTER (WHERE state <> 'dropped') AS there
        FROM there WHERE falls GROUP BY id
    ),
    left_over AS (
        SELECT t.arrangement_id AS id, t.state = 'todo' AND t.progress = 0
            AND NOT EXISTS (SELECT FROM planning_task part WHERE part.parent_id = t.id) AS untouched
        FROM there JOIN planning_task t
            ON t.arrangement_id = there.id AND t.unit_id = there.unit_id AND t.parent_id IS NULL
        WHERE NOT there.falls AND t.state IN ('todo', 'doing', 'blocked') AND NOT t.own @> %(taken)s::varchar[]
    ),
    over AS (
        SELECT id, count(*) FILTER (WHERE untouched) AS untouched, count(*) FILTER (WHERE NOT untouched) AS begun
        FROM left_over GROUP BY id
    )
SELECT i.id, coalesce(wanted.units, 0)::int, (coalesce(wanted.units, 0) - coalesce(counted.tasks, 0))::int,
    coalesce(over.untouched, 0), coalesce(over.begun, 0), coalesce(counted.there, 0)
FROM issued i LEFT JOIN wanted USING (id) LEFT JOIN counted USING (id) LEFT JOIN over USING (id)"""

# Units that something issued falls to and that have no task of it.
COME_SINCE: Final = f"""
WITH {_ISSUED},
    wanted AS MATERIALIZED (
        SELECT i.id, u.id AS unit_id FROM issued i CROSS JOIN regions_unit u WHERE {_FALLS_TO}
    ),
    there AS MATERIALIZED (
        SELECT t.arrangement_id AS id, t.unit_id FROM planning_task t
        WHERE t.parent_id IS NULL AND t.arrangement_id IN (SELECT id FROM issued)
    )
SELECT count(DISTINCT w.unit_id) FROM wanted w LEFT JOIN there t USING (id, unit_id) WHERE t.unit_id IS NULL"""
