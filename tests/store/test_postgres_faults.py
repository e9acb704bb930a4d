"""What is said when the server, the way to it or its disk fails, and what stands then."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.postgres_server import Shelf
from tests.store.postgres_shelf import opened, past_the_library
from tests.store.shelf import ACT, DEMO, charge_one, code_of
from tests.tiers import tier, told

from callcenter.billing.accounts import center_account
from callcenter.billing.entries import call_entry
from callcenter.billing.ledger import Outcome
from callcenter.compat import override
from callcenter.errors import StoreError, UsageError
from callcenter.model.money import fen
from callcenter.model.times import Instant
from callcenter.ports import Transaction

if TYPE_CHECKING:
    from callcenter.store.postgres import PostgresStore


@pytest.fixture
def schema(postgres: Shelf) -> str:
    return postgres.schema()


@pytest.fixture
def store(postgres: Shelf, schema: str) -> Iterator[PostgresStore]:
    with opened(postgres, schema) as one:
        yield one


def faulty(statement: str, error: str) -> Any:
    """Return what makes connections on which statements that contain a text end in an error, as the server's would."""
    import psycopg

    class Faulty(psycopg.Connection[Any]):
        fail = ""

        @override
        def execute(self, query: Any, *values: Any, **more: Any) -> Any:
            if self.fail and self.fail in str(query):
                Faulty.fail = ""
                super().execute("DO $$ BEGIN RAISE EXCEPTION 'injected' USING ERRCODE = '" + error + "'; END $$")
            return super().execute(query, *values, **more)

    Faulty.fail = ""
    return Faulty, lambda: setattr(Faulty, "fail", statement)


@pytest.mark.parametrize(
    ("statement", "state", "code"),
    [
        ("INSERT INTO entry", "53100", "E401"),
        ("INSERT INTO entry", "40001", "E402"),
        ("INSERT INTO entry", "40P01", "E402"),
        ("pg_advisory", "55P03", "E402"),
        ("INSERT INTO entry", "58030", "E407"),
        ("INSERT INTO entry", "22003", "E410"),
        ("COMMIT", "53100", "E401"),
        ("COMMIT", "40001", "E402"),
        ("COMMIT", "23514", "E410"),
    ],
)
def test_a_failure_is_typed_and_leaves_nothing(
    postgres: Shelf, schema: str, statement: str, state: str, code: str
) -> None:
    """Full, busy, unreachable, unkeepable: the step can be repeated."""
    connection, arm = faulty(statement, state)
    with opened(postgres, schema, connect=connection.connect) as store:
        arm()
        with pytest.raises((StoreError, UsageError)) as caught:
            charge_one(store)
        assert code_of(caught.value) == code
        with store.transaction() as parts:
            assert parts.ledger.accounts() == ()
        assert charge_one(store) is Outcome.CREATED


@pytest.mark.parametrize("state", ["XX001", "XX002"])
def test_a_damaged_store_is_not_written_to_any_more(postgres: Shelf, schema: str, state: str) -> None:
    """F17: E403 at the first sign of it, and from then on."""
    connection, arm = faulty("INSERT INTO entry", state)
    with opened(postgres, schema, connect=connection.connect) as store:
        arm()
        for _time in range(2):
            with pytest.raises(StoreError) as caught:
                charge_one(store)
            assert code_of(caught.value) == "E403"


def test_an_error_that_is_swallowed_still_ends_the_transaction(store: PostgresStore) -> None:
    """The database refuses what follows a refused statement; leaving says why, and nothing stands."""

    def work(parts: Transaction) -> None:
        parts.notes.put("a", "1")
        with suppress(UsageError):
            parts.notes.put("b", "\0")

    with pytest.raises(UsageError) as caught, store.transaction() as parts:
        work(parts)
    assert code_of(caught.value) == "E410"
    with store.transaction() as parts:
        assert parts.notes.get("a") is None


# ---------------------------------------------------------------- the way to the server


class Proxy:
    """Passes bytes between a client and the server, and can cut the line at a COMMIT: before it, or after its answer."""

    def __init__(self, folder: Path, server: Path) -> None:
        self.folder, self._server = folder, str(server / ".s.PGSQL.5432")
        self.cut = ""
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(folder / ".s.PGSQL.5432"))
        self._listener.listen()
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client = self._listener.accept()[0]
                self._threads.append(threading.Thread(target=self._serve, args=(client,), daemon=True))
                self._threads[-1].start()

    def _serve(self, client: socket.socket) -> None:
        with client, socket.socket(socket.AF_UNIX) as server:
            server.connect(self._server)
            while data := client.recv(65536):
                cut = self.cut if b"COMMIT\0" in data else ""
                if cut == "before":
                    return
                server.sendall(data)
                if cut == "after":  # the server has answered, so it is durable; the client never hears of it
                    server.recv(65536)
                    return
                self._answer(server, client)

    def _answer(self, server: socket.socket, client: socket.socket) -> None:
        """Pass the answer on, up to the message that says the server is ready for the next query (or for a password)."""
        data = b""
        while not (data[-6:-1] == b"Z\0\0\0\5" or (data[:1] in {b"N", b"S"} and len(data) == 1)):
            received = server.recv(65536)
            if not received:
                return
            client.sendall(received)
            data = (data + received)[-65536:]

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join(10)


@pytest.fixture
def proxy(tmp_path: Path, postgres: Shelf) -> Iterator[Proxy]:
    one = Proxy(tmp_path, postgres.server.folder)
    yield one
    one.close()


@pytest.mark.parametrize("cut", ["before", "after"])
def test_an_unknown_outcome_is_found_out_by_opening_anew(postgres: Shelf, schema: str, proxy: Proxy, cut: str) -> None:
    """F4: the line is cut at the COMMIT and nobody knows. The store refuses to go on; opened anew, the key tells, and
    the same step posts once."""
    dsn = postgres.dsn.replace(str(postgres.server.folder), str(proxy.folder)) + " sslmode=disable"
    with opened(postgres, schema, dsn=dsn) as store:
        proxy.cut = cut
        for _time in range(2):
            with pytest.raises(StoreError) as caught:
                charge_one(store)
            assert code_of(caught.value) == "E406"
    proxy.cut = ""
    with opened(postgres, schema, dsn=dsn) as anew:
        with anew.transaction() as parts:
            assert (parts.ledger.entry("call:c:1") is not None) == (cut == "after")
        assert charge_one(anew) is (Outcome.EXISTS if cut == "after" else Outcome.CREATED)
        with anew.transaction() as parts:
            assert parts.ledger.balance(center_account(DEMO)) == fen(-12)


def test_a_line_lost_in_a_step_leaves_nothing_and_the_next_one_connects_anew(
    postgres: Shelf, schema: str, store: PostgresStore
) -> None:
    """E407 for the step that lost it; no restart is needed."""

    def lose(parts: Transaction) -> None:
        parts.notes.put("run", "1")
        pid = store._session._connection.info.backend_pid
        with past_the_library(postgres, schema) as raw:
            raw.execute("SELECT pg_terminate_backend(%s, 5000)", (pid,))
        parts.notes.put("run", "2")

    with pytest.raises(StoreError) as caught, store.transaction() as parts:
        lose(parts)
    assert code_of(caught.value) == "E407"
    assert charge_one(store) is Outcome.CREATED
    with store.transaction() as parts:
        assert parts.notes.get("run") is None


# ---------------------------------------------------------------- other processes


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_fork_with_an_open_connection_is_refused(store: PostgresStore) -> None:
    """F16: E404 in the child, whose end does not end the parent's connection."""
    child = os.fork()
    if child == 0:
        code = 1
        with suppress(BaseException):
            try:
                charge_one(store)
            except StoreError as error:
                store.close()
                code = 7 if error.code == "E404" else 2
        os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
    assert charge_one(store) is Outcome.CREATED


def test_a_store_that_is_held_too_long_is_busy(
    postgres: Shelf, schema: str, store: PostgresStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F15: E402 when the lock does not come in time, at once when it does; and then the step can be repeated."""
    from callcenter.store.postgres import session

    monkeypatch.setattr(session, "LOCK_TIMEOUT_MS", 100)
    with opened(postgres, schema) as other:
        with store.transaction():
            with pytest.raises(StoreError) as caught:
                charge_one(other)
            assert code_of(caught.value) == "E402"
        assert charge_one(other) is Outcome.CREATED


def test_two_alone_write_one_after_the_other(postgres: Shelf, schema: str, store: PostgresStore) -> None:
    """What a transaction reads does not change under it: the other one begins when it is over."""
    began, saw = threading.Event(), []

    def other() -> None:
        with opened(postgres, schema) as second:
            began.set()
            with second.transaction() as parts:
                saw.append(parts.journal.append(DEMO, "second", Instant(0), "", ""))

    thread = threading.Thread(target=other)
    with store.transaction() as parts:
        thread.start()
        began.wait(10)
        parts.journal.append(DEMO, "first", Instant(0), "", "")
        assert parts.journal.last(DEMO) == 1
        assert saw == []
    thread.join(10)
    assert saw == [2]


# ---------------------------------------------------------------- a server that dies


def test_a_server_killed_in_a_step_keeps_what_was_acknowledged(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """kill -9 of the server and all its children, again and again: what was acknowledged stands, each once, and the
    store goes on by itself when the server is there again."""
    import signal

    from tests.postgres_server import need_postgres, server

    from callcenter.store.postgres import PostgresStore

    need_postgres()
    rounds = tier(2, 3, 50)
    with server() as running:
        store = PostgresStore(running.dsn)
        acked: list[str] = []
        for number in range(rounds):
            for step in range(number + 2):
                key = f"call:c{number}.{step}:1"
                with store.transaction() as parts:
                    parts.ledger.post(call_entry(key, DEMO, fen(1), Instant(0), ACT))
                acked.append(key)
            code = ""
            try:
                with store.transaction() as parts:
                    parts.ledger.post(call_entry(f"call:lost{number}:1", DEMO, fen(1), Instant(0), ACT))
                    running.stop(signal.SIGKILL)
            except StoreError as error:
                code = error.code
            assert code == "E406"  # it was killed before the COMMIT, which nobody can know
            running.start()
            store.close()
            store = PostgresStore(running.dsn)
            with store.transaction() as parts:
                assert parts.ledger.balance(center_account(DEMO)) == fen(-len(acked))
                assert all(parts.ledger.entry(key) is not None for key in acked)
        store.close()
    told(capsys, f"{rounds} servers killed, {len(acked)} acknowledged, 0 lost")
