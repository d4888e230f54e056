"""Set-based statements on the calendar: what a page shows of it, in a few of them."""

_WANTED = """
(NOT %(narrows)s OR EXISTS (
    SELECT FROM publisher_placement p
    JOIN publisher_outlet u ON u.id = p.outlet_id
    JOIN publisher_channel c ON c.id = u.channel_id
    JOIN publisher_organisation g ON g.id = u.organisation_id
    JOIN publisher_audience a ON a.id = p.audience_id
    WHERE p.occurrence_id = o.id
        AND (%(organisation)s = '' OR g.slug = %(organisation)s)
        AND (%(audience)s = '' OR a.slug = %(audience)s)
        AND (%(channel)s = '' OR c.slug = %(channel)s)
        AND (%(state)s = '' OR p.state = %(state)s)
))
"""

# What a line says: the entry's zone is its own, else its first speaker's, else UTC.
_SAID = """
e.slug, e.spec->'title' AS title, e.spec->>'repeat' IS NOT NULL AS repeats,
coalesce(e.spec->>'zone', (
    SELECT g.spec->>'time_zone' FROM publisher_organisation g
    WHERE g.slug = e.spec->'speaks_for'->>0 AND g.retired_at IS NULL
), 'UTC') AS zone, s.states, s.audiences, s.channels
"""

_STANDING = """
LEFT JOIN LATERAL (
    SELECT array_agg(p.state ORDER BY p.id) AS states,
        array_agg(DISTINCT a.slug) AS audiences, array_agg(DISTINCT c.slug) AS channels
    FROM publisher_placement p
    JOIN publisher_outlet u ON u.id = p.outlet_id
    JOIN publisher_channel c ON c.id = u.channel_id
    JOIN publisher_audience a ON a.id = p.audience_id
    WHERE p.occurrence_id = r.id
) s ON true
"""

# The first lines of each day, and how many each day has.
DAYS = f"""
WITH found AS (
    SELECT o.id, o.key, o.entry_id, o.at_local, o.due_at,
        (o.due_at AT TIME ZONE %(zone)s)::date AS day
    FROM publisher_occurrence o
    JOIN publisher_entry e ON e.id = o.entry_id AND e.retired_at IS NULL
    WHERE o.due_at >= %(start)s AND o.due_at < %(end)s AND {_WANTED}
), ranked AS (
    SELECT *, row_number() OVER (PARTITION BY day ORDER BY due_at, id) AS place,
        count(*) OVER (PARTITION BY day) AS of_day
    FROM found
)
SELECT r.key, r.at_local, r.due_at, r.day, r.of_day, {_SAID}
FROM ranked r JOIN publisher_entry e ON e.id = r.entry_id {_STANDING}
WHERE r.place <= %(most)s
ORDER BY r.due_at, e.slug
"""  # noqa: S608  # only our own constants stand in it

# What waits for the launch.
AT_LAUNCH = f"""
SELECT r.key, r.at_local, r.due_at, NULL::date AS day, {_SAID}
FROM publisher_occurrence r
JOIN publisher_entry e ON e.id = r.entry_id AND e.retired_at IS NULL {_STANDING}
WHERE r.due_at IS NULL AND {_WANTED.replace("o.id", "r.id")}
ORDER BY e.slug LIMIT %(most)s
"""  # noqa: S608  # only our own constants stand in it

# What readers are written: once for an occurrence, an audience and a channel, when it comes first.
# A page or a feed disturbs nobody. Moments come as seconds and days as numbers from 1 January of
# the year 1: reading thousands of them as text takes longer than finding them.
HEARINGS = """
WITH writing AS MATERIALIZED (
    SELECT u.id, c.slug AS channel, g.spec->>'time_zone' AS zone
    FROM publisher_outlet u
    JOIN publisher_channel c ON c.id = u.channel_id
    JOIN publisher_organisation g ON g.id = u.organisation_id
    WHERE coalesce((c.spec->>'asks_consent')::boolean, true)
), heard AS (
    SELECT DISTINCT ON (p.audience_id, o.id, w.channel)
        p.audience_id, o.entry_id, o.id, w.channel, w.zone, p.due_at
    FROM publisher_occurrence o
    JOIN publisher_placement p ON p.occurrence_id = o.id
    JOIN writing w ON w.id = p.outlet_id
    WHERE o.due_at >= %(start)s AND o.due_at < %(end)s AND p.due_at IS NOT NULL
        AND p.state = ANY(%(states)s)
    ORDER BY p.audience_id, o.id, w.channel, p.due_at, p.id
)
SELECT a.slug, e.slug, h.id, h.channel, extract(epoch FROM h.due_at)::float8,
    (h.due_at AT TIME ZONE h.zone)::date - DATE '0001-01-01' + 1
FROM heard h
JOIN publisher_entry e ON e.id = h.entry_id AND e.retired_at IS NULL
JOIN publisher_audience a ON a.id = h.audience_id
"""
