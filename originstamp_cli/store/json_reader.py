"""A JSON file of TinyDB's, read a record at a time: it may be larger than memory.

Python's own decoder reads one value out of a text and says where it ends, at the speed of C; only
the two outer levels, tables and records, are walked here.
"""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

PIECE = 1024 * 1024  # characters that are read at once
LONGEST = 256 * PIECE  # characters of one record: more, and it is no record at all

_BLANKS = re.compile(r"[ \t\n\r]*")


class Malformed(ValueError):
    """The text is not TinyDB's JSON; the message completes "it is no state: "."""


def _no_number(text: str) -> object:
    raise ValueError(f"{text} is no number of JSON's")


_DECODER = json.JSONDecoder(parse_constant=_no_number)


class JsonReader:
    """Reads the records of a TinyDB file from `read(count)`, which gives text until it ends."""

    def __init__(self, read: Callable[[int], str]) -> None:
        self._read = read
        self._text = ""
        self._at = 0
        self._place = "its beginning"
        self.done = 0  # characters read so far

    def records(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """Yield table, document id and document of each record; raises `Malformed`."""
        self._expect("{")
        for table in self._keys():
            self._place = f"table {table!r}"
            self._expect("{")
            for doc_id in self._keys():
                self._place = f"record {doc_id} of table {table!r}"
                document = self._value()
                if not isinstance(document, dict):
                    raise Malformed(f"{self._place} is not a record")
                yield table, doc_id, document
        if self._look():
            raise Malformed("there is more after its end")

    def _keys(self) -> Iterator[str]:
        """Yield each key of an object that has begun; its value is to be read in between."""
        if self._look() == "}":
            self._at += 1
            return
        while True:
            if self._look() != '"':
                raise self._cut_or("a name is missing")
            key = str(self._value())
            self._expect(":")
            yield key
            if self._look() == "}":
                self._at += 1
                return
            self._expect(",")

    def _expect(self, sign: str) -> None:
        if self._look() != sign:
            raise self._cut_or(f"a {sign!r} is missing")
        self._at += 1

    def _cut_or(self, why: str) -> Malformed:
        if not self._look():
            return Malformed(f"it ends after {self._place}")
        return Malformed(f"{why} after {self._place}")

    def _look(self) -> str:
        """Return the next character that is no blank, nothing at the end."""
        while True:
            found = _BLANKS.match(self._text, self._at)
            self._at = found.end() if found else self._at
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more(PIECE):
                return ""

    def _value(self) -> object:
        """Return the next value, a text or a record, reading on for as long as it has no end."""
        self._look()
        while True:
            try:
                value, self._at = _DECODER.raw_decode(self._text, self._at)
            except (ValueError, RecursionError) as failure:
                # What is not whole yet and what is no JSON at all look the same from here.
                if not self._twice_as_much():
                    raise Malformed(f"{self._place} cannot be read") from failure
            else:
                return value

    def _twice_as_much(self) -> bool:
        """Read on, so that a long value is not tried too often; return whether there was more."""
        wanted = 2 * (len(self._text) - self._at)
        if wanted > 2 * LONGEST or not self._more(PIECE):
            return False
        while len(self._text) < wanted and self._more(PIECE):
            pass
        return True

    def _more(self, count: int) -> bool:
        """Read on, and return whether there was more."""
        try:
            piece = self._read(count)
        except UnicodeDecodeError as failure:
            raise Malformed("it is not text") from failure
        self._text = self._text[self._at :] + piece if self._at else self._text + piece
        self._at = 0
        self.done += len(piece)
        return bool(piece)
