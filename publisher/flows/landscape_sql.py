"""Set-based statements on work items and the index of their titles."""

# One writer at a time; who only looks is not held up until the index is changed over.
ALONE = "SELECT pg_advisory_xact_lock(hashtext('publisher.landscape'))"

# The columns are those of `landscape._COLUMNS`.
COPY = """
COPY publisher_workitem (
    organisation_id, identifier, work, works, same_as, mentions, title, scope, words, committees,
    ics, stage, stage_code, state, edition, published, url, answer_by, answer_to, source, conflicts,
    decided, missing_since, first_seen_at, changed_at
) FROM STDIN
"""

# Every title that a work has or had, once for each organisation.
TITLES = """
SET CONSTRAINTS ALL IMMEDIATE;
TRUNCATE publisher_indexedtitle, publisher_indexedword;
INSERT INTO publisher_indexedtitle (organisation_id, item_id, work, title, words, lexemes)
SELECT DISTINCT ON (organisation_id, work, words)
    organisation_id, id, work, title, words, array_to_tsvector(words)
FROM publisher_workitem WHERE cardinality(words) > 0 AND missing_since IS NULL
ORDER BY organisation_id, work, words, length(title), published DESC, id
"""

# In how many titles each word stands; the empty word: how many titles there are.
WORDS = """
INSERT INTO publisher_indexedword (word, titles)
SELECT word, count(*) FROM publisher_indexedtitle, unnest(tsvector_to_array(lexemes)) AS word
GROUP BY word
UNION ALL SELECT '', count(*) FROM publisher_indexedtitle
"""

HOW_MANY = "SELECT titles FROM publisher_indexedword WHERE word = ''"

SETTLE = "ANALYZE publisher_indexedtitle, publisher_indexedword"

# The planner thinks rows of a small table cheaper to read than they are to match: 46 ms, not 12.
BY_INDEX = "SET LOCAL enable_seqscan = off"

# What a title's words are worth together, and how long it is: the candidates' order.
_WORTH = "(CASE WHEN lexemes @@ %s::tsquery THEN %s::float8 ELSE 0 END)"
CANDIDATES = """
SELECT t.organisation_id, t.work, t.item_id, t.title
FROM publisher_indexedtitle t
WHERE t.lexemes @@ %s::tsquery AND t.organisation_id <> ALL(%s)
ORDER BY ({worth}) / sqrt(length(t.lexemes)) DESC, t.id LIMIT %s
"""


def candidates(words: int) -> str:
    """Give the statement for so many words that are worth something."""
    return CANDIDATES.format(worth=" + ".join([_WORTH] * words))


# Which work items have one of these ICS codes, or of these committees, or what is below one.
# Those without any code come as well, to be looked at by their committees.
FITTING = """
SELECT i.id, cardinality(%(ics)s::text[]) = 0 OR cardinality(i.ics) > 0, o.slug, i.committees
FROM publisher_workitem i JOIN publisher_organisation o ON o.id = i.organisation_id
WHERE (cardinality(%(ics)s::text[]) = 0 OR cardinality(i.ics) = 0 OR EXISTS (
        SELECT 1 FROM unnest(i.ics) AS one, unnest(%(ics)s::text[]) AS wanted
        WHERE one = wanted OR starts_with(one, wanted || '.')))
    AND (cardinality(%(committees)s::text[]) = 0 OR EXISTS (
        SELECT 1 FROM unnest(i.committees) AS one, unnest(%(committees)s::text[]) AS wanted
        WHERE one = wanted OR starts_with(one, wanted || '/')))
"""

# Which committees work in a field: every committee of an item whose ICS codes begin so.
COMMITTEES = """
SELECT DISTINCT left(code, 2), o.slug, committee
FROM publisher_workitem i JOIN publisher_organisation o ON o.id = i.organisation_id,
    unnest(i.ics) AS code, unnest(i.committees) AS committee
WHERE left(code, 2) = ANY(%s)
"""

# One title more, without writing the whole index anew; the counts of its words follow.
ADD_TITLE = """
INSERT INTO publisher_indexedtitle (organisation_id, item_id, work, title, words, lexemes)
SELECT organisation_id, id, work, title, words, array_to_tsvector(words)
FROM publisher_workitem WHERE id = %s AND cardinality(words) > 0
"""
ADD_WORDS = """
INSERT INTO publisher_indexedword (word, titles)
SELECT word, 1 FROM publisher_indexedtitle t,
    unnest(tsvector_to_array(t.lexemes) || ARRAY['']) AS word
WHERE t.item_id = %s
ON CONFLICT (word) DO UPDATE SET titles = publisher_indexedword.titles + 1
"""
