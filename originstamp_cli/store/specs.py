"""The tables of a state, and which questions each answers without being read whole."""

from typing import Any

from . import keys


class Index:
    """A promise to answer `==` on the first field, ordered by the fields after it, without a scan.

    A `unique` index also refuses a second document with the same value; documents in which the
    value is None are not in it. A `counted` one keeps the number of documents for each value of
    its first field. Without the first field, a document is in no index on it.
    """

    __slots__ = ("counted", "description", "fields", "name", "unique")

    def __init__(self, *fields: str, unique: bool = False, counted: bool = False) -> None:
        if not fields or not all(field.isidentifier() for field in fields):
            raise ValueError(f"An index needs plain field names, not {fields!r}.")
        if unique and len(fields) > 1:
            raise ValueError(f"Only a single field can be unique, not {fields!r}.")
        self.fields = fields
        self.unique = unique
        self.counted = counted
        self.name = ",".join(fields)
        # Kept in the file: an index whose description differs was made by another version.
        self.description = self.name + "!" * unique + "#" * counted

    def __repr__(self) -> str:
        return f"Index({self.description!r})"

    def key(self, document: dict[str, Any]) -> bytes | None:
        """Return where the document stands in this index, or None when it does not.

        A later field that is missing has a place of its own before all values: without it, `==` on
        the first field would overlook the document.
        """
        first = self.fields[0]
        if first not in document or (self.unique and document[first] is None):
            return None
        return b"".join(
            keys.encode(document[field]) if field in document else keys.MISSING
            for field in self.fields
        )


class TableSpec:
    """The name of a table and its indexes."""

    __slots__ = ("indexes", "name")

    def __init__(self, name: str, indexes: tuple[Index, ...] = ()) -> None:
        # SQLite does not tell upper case from lower in names, and those with a tail of their own
        # at the front are the store's.
        if not name.isidentifier() or name != name.lower() or name.startswith(("_", "sqlite")):
            raise ValueError(f"A table cannot be called {name!r}.")
        self.name = name
        self.indexes = indexes

    def __repr__(self) -> str:
        return f"TableSpec({self.name!r}, {self.indexes!r})"

    @classmethod
    def undeclared(cls, name: str) -> "TableSpec":
        """Return a table found in a file, under whatever name it has there."""
        spec = cls.__new__(cls)
        spec.name = name
        spec.indexes = ()
        return spec

    def keys(self, document: dict[str, Any]) -> list[bytes | None]:
        """Return where the document stands in each index; `TypeError` if a value has no place."""
        return [index.key(document) for index in self.indexes]
