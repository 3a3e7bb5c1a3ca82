"""A whole state out of a file and into another, as TinyDB's JSON: laws, and the memory it takes."""

import io
import json
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from store_helpers import NAMES, TOKENS, USERS, open_store, store_of_each_kind, token
from tinydb.table import Document

from originstamp_cli.errors import StateDamaged
from originstamp_cli.store import Store
from originstamp_cli.store.json_reader import JsonReader, Malformed

store = store_of_each_kind()

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text()
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
DOCUMENTS = st.dictionaries(
    st.integers(1, 2**62), st.dictionaries(st.text(), VALUES, max_size=4), max_size=5
)
STATES = st.dictionaries(st.text(max_size=5), DOCUMENTS, max_size=4)


def in_pieces(text: str, size: int) -> JsonReader:
    """Return a reader of a text that comes in small pieces, whatever it asks for."""
    source = io.StringIO(text)
    return JsonReader(lambda _: source.read(size))


@given(STATES, st.integers(1, 40), st.sampled_from([None, 1, 4]), st.booleans())
def test_what_any_json_of_tinydbs_holds_is_read_record_by_record(
    state: dict[str, Any],
    size: int,
    indent: int | None,
    ascii_only: bool,  # noqa: FBT001 - drawn
) -> None:
    text = json.dumps(state, indent=indent, ensure_ascii=ascii_only)

    found = list(in_pieces(text, size).records())

    assert found == [
        (table, str(doc_id), document)
        for table, documents in state.items()
        for doc_id, document in documents.items()
    ]


@given(STATES, st.data())
def test_a_text_that_is_cut_short_anywhere_is_no_state(state: Any, data: st.DataObject) -> None:
    text = json.dumps(state)
    cut = data.draw(st.integers(0, len(text) - 1))

    with pytest.raises(Malformed):
        list(in_pieces(text[:cut], 7).records())


@given(st.text() | st.text('{}[]",:0123 a\\'))
def test_whatever_is_read_is_a_state_or_said_to_be_none(text: str) -> None:
    try:
        found = len(list(in_pieces(text, 3).records()))
    except Malformed:
        return
    assert found == sum(len(table) for table in json.loads(text).values())


@settings(max_examples=25)
@given(st.lists(st.tuples(st.integers(1, 2**40), st.text(max_size=8)), unique_by=lambda x: x[0]))
def test_what_goes_out_comes_in_again_with_its_ids_and_counters(
    tmp_path_factory: pytest.TempPathFactory, users: list[tuple[int, str]]
) -> None:
    folder = tmp_path_factory.mktemp("exchange")
    for name in NAMES:
        one, other = open_store(f"{folder}/one-{name}"), open_store(f"{folder}/other-{name}")
        with one.write() as state:
            state.table(TOKENS).insert_multiple([token(1), token(2)])
            state.table(TOKENS).remove(doc_ids=[2])
            for doc_id, text in users:
                body = {"username": f"{doc_id}", "about": text}
                state.table(USERS).insert(Document(body, doc_id))

        copied(one, other)

        assert "".join(other.dump()) == "".join(one.dump())
        with one.write() as state, other.write() as again:
            assert again.table(TOKENS).insert(token(3)) == state.table(TOKENS).insert(token(3)) == 3
            assert list(other.flaws()) == []
        Path(one.path).unlink()
        Path(other.path).unlink()


def copied(one: Store, other: Store) -> int:
    pieces = one.dump()
    return other.load(lambda _: next(pieces, ""), "a dump")


def test_a_load_that_fails_leaves_nothing(store: Store) -> None:
    text = '{"users": {"1": {"username": "a"}, "2": {"username": "a"}}}'

    with pytest.raises(StateDamaged, match="record 2 of table 'users' has a value that another"):
        store.load(io.StringIO(text).read, "a text")

    assert list(Path(store.path).parent.iterdir()) == []


def test_what_is_loaded_and_dumped_need_not_fit_into_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("originstamp_cli.store.sqlite_pending._MOST_CHARACTERS", 1_000_000)
    store = open_store(str(tmp_path / "state.db"))
    records, padding = 6_000, "x" * 2_000

    def text() -> Iterator[str]:
        yield '{"tokens":{'
        for number in range(1, records):
            yield f'"{number}":{json.dumps({**token(number), "padding": padding})},'
        yield f'"{records}":{{}}}}}}'

    pieces = text()
    tracemalloc.start()
    store.load(lambda _: next(pieces, ""), "a text")
    size = sum(len(piece) for piece in store.dump())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert size > records * len(padding)
    assert peak < size / 2
