"""Set-based statements on readers: what is read from a file is merged as a whole."""

# One import at a time: two could each take half of what the other locks.
ALONE = "SELECT pg_advisory_xact_lock(hashtext('publisher.readers.import'))"

# Indexes of words take what a file brings in large portions, and are in order before it is seen;
# a file is put in order in memory.
PORTIONS = """
SELECT set_config('gin_pending_list_limit', '262144', true),
    set_config('maintenance_work_mem', '262144', true), set_config('work_mem', '131072', true)
"""
IN_ORDER = """
SELECT gin_clean_pending_list('readers_attributes'), gin_clean_pending_list('readers_by_name')
"""

# Where a file's good lines are copied to; gone when the transaction ends.
STAGING = """
CREATE TEMPORARY TABLE IF NOT EXISTS incoming_reader (
    line int, address text, hash text, name text, language text, attributes jsonb, wishes text[],
    key text GENERATED ALWAYS AS (lower(address)) STORED
) ON COMMIT DROP;
TRUNCATE incoming_reader
"""

COPY = """
COPY incoming_reader (line, address, hash, name, language, attributes, wishes) FROM STDIN
"""

# What follows is planned for as many lines as there are.
COUNTED = "ANALYZE incoming_reader"

# Whether an address stands on several lines; in most files none does.
REPEATS = """
SELECT EXISTS (SELECT FROM incoming_reader GROUP BY key HAVING count(*) > 1)
"""
INDEX = "CREATE INDEX IF NOT EXISTS incoming_reader_key ON incoming_reader (key)"

# Addresses that must not be written to are left out.
SUPPRESSED = """
DELETE FROM incoming_reader i USING publisher_suppression s WHERE s.address_hash = i.hash
"""

# An address that stands on several lines becomes one, on its last: what is said later wins.
GATHER = """
WITH many AS (
    SELECT key, max(line) AS last FROM incoming_reader GROUP BY key HAVING count(*) > 1
), gathered AS (
    SELECT m.last,
        (array_agg(i.name ORDER BY i.line DESC) FILTER (WHERE i.name <> ''))[1] AS name,
        (array_agg(i.language ORDER BY i.line DESC) FILTER (WHERE i.language <> ''))[1]
            AS language,
        (SELECT jsonb_object_agg(said.key, said.value ORDER BY j.line)
            FROM incoming_reader j, jsonb_each(j.attributes) said WHERE j.key = m.key)
            AS attributes,
        (SELECT array_agg(DISTINCT wish)
            FROM incoming_reader j, unnest(j.wishes) wish WHERE j.key = m.key) AS wishes
    FROM many m JOIN incoming_reader i ON i.key = m.key
    GROUP BY m.key, m.last
)
UPDATE incoming_reader i SET
    name = COALESCE(g.name, ''), language = COALESCE(g.language, ''),
    attributes = COALESCE(g.attributes, '{}'), wishes = COALESCE(g.wishes, '{}')
FROM gathered g WHERE i.line = g.last
"""
REPEATED = """
DELETE FROM incoming_reader i USING incoming_reader later
WHERE later.key = i.key AND later.line > i.line
"""

# What is said of readers whom only other organisations know is not taken from whose file it is.
OTHERS = """
UPDATE incoming_reader i SET name = '', language = '', attributes = '{}'
FROM publisher_reader r
WHERE lower(r.address) = i.key
    AND NOT EXISTS (
        SELECT FROM publisher_consent c JOIN publisher_organisation o ON o.id = c.organisation_id
        WHERE c.reader_id = r.id AND o.slug = ANY(%s)
    )
"""

# Known readers: what the file says goes over what we had; what it leaves empty stays.
CHANGE = """
UPDATE publisher_reader r SET
    name = COALESCE(NULLIF(i.name, ''), r.name),
    language = COALESCE(NULLIF(i.language, ''), r.language),
    attributes = r.attributes || i.attributes
FROM incoming_reader i
WHERE lower(r.address) = i.key AND (
    r.name <> COALESCE(NULLIF(i.name, ''), r.name)
    OR r.language <> COALESCE(NULLIF(i.language, ''), r.language)
    OR NOT r.attributes @> i.attributes
    OR r.attributes <> r.attributes || i.attributes
)
"""

# Readers not known yet.
ADD = """
INSERT INTO publisher_reader
    (address, address_hash, name, language, attributes, muted, created_at)
SELECT i.address, i.hash, i.name, COALESCE(NULLIF(i.language, ''), 'en'), i.attributes, '[]',
    %(now)s
FROM incoming_reader i
WHERE NOT EXISTS (SELECT FROM publisher_reader r WHERE lower(r.address) = i.key)
ORDER BY i.line
ON CONFLICT DO NOTHING
"""

# What is sent next is planned for as many readers as there are now, not for as many as there were.
LEARN = "ANALYZE publisher_reader, publisher_consent"

# What each reader of the file agreed to, beside what is known of it; gone with the transaction.
WISHED = """
DROP TABLE IF EXISTS incoming_consent;
CREATE TEMPORARY TABLE incoming_consent ON COMMIT DROP AS
WITH wished AS (
    SELECT r.id AS reader, o.id AS organisation, c.id AS channel
    FROM incoming_reader i
    JOIN publisher_reader r ON lower(r.address) = i.key
    CROSS JOIN LATERAL unnest(i.wishes) AS said(wish)
    JOIN publisher_organisation o ON o.slug = split_part(said.wish, '/', 1)
    JOIN publisher_channel c ON c.slug = split_part(said.wish, '/', 2)
)
SELECT w.*,
    bool_or(k.withdrawn_at IS NOT NULL) AS withdrawn,
    bool_or(k.withdrawn_at IS NULL AND k.confirmed_at IS NOT NULL) AS live,
    bool_or(k.id IS NOT NULL AND k.withdrawn_at IS NULL AND k.confirmed_at IS NULL) AS pending
FROM wished w LEFT JOIN publisher_consent k
    ON (k.reader_id, k.organisation_id, k.channel_id) = (w.reader, w.organisation, w.channel)
GROUP BY w.reader, w.organisation, w.channel
"""

# How many consents the file names that their reader took back: they stay so.
WITHDRAWN = "SELECT count(*) FROM incoming_consent WHERE withdrawn AND live IS NOT TRUE"

# What was asked for on a page and never confirmed is confirmed by the file's evidence.
CONFIRM = """
UPDATE publisher_consent k SET
    given_at = %(now)s, confirmed_at = %(now)s, source = %(source)s, wording = %(wording)s
FROM incoming_consent h
WHERE h.pending
    AND (k.reader_id, k.organisation_id, k.channel_id) = (h.reader, h.organisation, h.channel)
    AND k.withdrawn_at IS NULL AND k.confirmed_at IS NULL AND NOT h.withdrawn
"""

# New consents; what was ever withdrawn is not given again.
GIVE = """
INSERT INTO publisher_consent (
    reader_id, organisation_id, channel_id, given_at, confirmed_at, source, wording, withdrawn_by
)
SELECT reader, organisation, channel, %(now)s, %(now)s, %(source)s, %(wording)s, ''
FROM incoming_consent
WHERE withdrawn IS NOT TRUE AND live IS NOT TRUE AND pending IS NOT TRUE
ORDER BY reader
ON CONFLICT DO NOTHING
"""
