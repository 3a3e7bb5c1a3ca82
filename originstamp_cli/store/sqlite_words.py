"""The statements that rows in SQLite are read and written with."""

from functools import lru_cache

CATALOG = (
    """CREATE TABLE _tables (
        name TEXT PRIMARY KEY, records INTEGER NOT NULL, size INTEGER NOT NULL,
        next_id INTEGER NOT NULL, indexes TEXT NOT NULL) WITHOUT ROWID""",
    """CREATE TABLE _counts (
        place TEXT, key BLOB, number INTEGER NOT NULL, PRIMARY KEY (place, key)) WITHOUT ROWID""",
)
TABLE_NAMES = "SELECT name FROM _tables WHERE name > '' ORDER BY name"

ENTRY = "SELECT records, size, next_id, indexes FROM _tables WHERE name = ?"
NEW_ENTRY = "INSERT INTO _tables VALUES (?, 0, 0, 1, '')"
DROP_ENTRY = "DELETE FROM _tables WHERE name = ?"
KEEP_ENTRY = "UPDATE _tables SET records = ?, size = ?, next_id = ? WHERE name = ?"
KEEP_INDEXES = "UPDATE _tables SET indexes = ? WHERE name = ?"

COUNT = "SELECT number FROM _counts WHERE place = ? AND key = ?"
NO_COUNTS = "DELETE FROM _counts WHERE place = ?"
KEEP_COUNT = (
    "INSERT INTO _counts VALUES (?, ?, ?) "
    "ON CONFLICT (place, key) DO UPDATE SET number = number + excluded.number"
)
DROP_COUNT = "DELETE FROM _counts WHERE place = ? AND key = ? AND number = 0"

# Those below are of one table, or of one index of it: `filled_in` names them.
NEW_TABLE = 'CREATE TABLE IF NOT EXISTS "{table}" (id INTEGER PRIMARY KEY, body TEXT NOT NULL)'
DROP_TABLE = 'DROP TABLE "{table}"'
BODY = 'SELECT body FROM "{table}" WHERE id = ?'
KEEP = 'REPLACE INTO "{table}" VALUES (?, ?)'
DISCARD = 'DELETE FROM "{table}" WHERE id = ?'
CLEAR = 'DELETE FROM "{table}"'
STRETCH = 'SELECT id, body FROM "{table}" WHERE id {beyond} ? ORDER BY id {way} LIMIT ?'

NEW_INDEX = (
    'CREATE TABLE "{table}.{index}" (key BLOB, doc INTEGER, PRIMARY KEY (key{rest})) WITHOUT ROWID'
)
DROP_INDEX = 'DROP TABLE "{table}.{index}"'
ENTER = 'INSERT INTO "{table}.{index}" VALUES (?, ?)'
LEAVE = 'DELETE FROM "{table}.{index}" WHERE key = ? AND doc = ?'
CLEAR_INDEX = 'DELETE FROM "{table}.{index}"'
HOLDER = 'SELECT doc FROM "{table}.{index}" WHERE key = ?'
HIGHEST = 'SELECT max(key) FROM "{table}.{index}"'
SPAN_COUNT = 'SELECT count(*) FROM "{table}.{index}" WHERE key >= ? AND key < ?'
SPAN_EXISTS = 'SELECT 1 FROM "{table}.{index}" WHERE key >= ? AND key < ? LIMIT 1'
_SPAN_FROM = (
    'SELECT d.id, d.body FROM "{table}.{index}" AS i CROSS JOIN "{table}" AS d ON d.id = i.doc '
)
SPAN = _SPAN_FROM + "WHERE i.key >= ? AND i.key < ? ORDER BY i.key {way}, i.doc {way} LIMIT ?"
HELD = _SPAN_FROM + "WHERE i.key = ?"
SPAN_BY_ID = _SPAN_FROM + "WHERE i.key >= ? AND i.key < ? ORDER BY i.doc {way} LIMIT ?"
SPAN_BEYOND = _SPAN_FROM + "WHERE i.key = ? AND i.doc {beyond} ? ORDER BY i.doc {way} LIMIT ?"


@lru_cache(256)
def filled_in(statement: str, table: str, index: str = "", **parts: str) -> str:
    """Return a statement about a table, or one of its indexes."""
    return statement.format(table=table, index=index, **parts)


def way(*, descending: bool) -> str:
    """Return the order of what is asked for."""
    return "DESC" if descending else "ASC"


def beyond(*, descending: bool) -> str:
    """Return what comes after a place in an order."""
    return "<" if descending else ">"
