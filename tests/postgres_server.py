"""A PostgreSQL server for the tests: started on first use as user ``postgres``, on a socket in a folder of its own.

The server is a child of the test process and dies with it. PostgreSQL refuses to run as root, so root starts it as
``postgres``; anybody else starts it as themselves. Where no server is installed, what needs one is skipped with a loud
reason; under ``CI`` it fails instead, for nothing may be skipped there.
"""

from __future__ import annotations

import atexit
import ctypes
import itertools
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

import pytest

from callcenter.compat import override

SETTINGS: Final = {
    "listen_addresses": "",
    "shared_buffers": "32MB",
    "max_connections": "40",
    "deadlock_timeout": "100ms",
    "log_min_messages": "fatal",
    "checkpoint_timeout": "30min",
    "max_wal_size": "1GB",
    "autovacuum": "off",
    "jit": "off",
}


_FIRST: list[Path] = []
"""A data folder that was just made."""


def binaries() -> Path | None:
    """Return the folder of the newest installed server, or None."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name.split(".")[0]))
    beside = shutil.which("postgres")
    if beside is not None:
        folders.append(Path(beside).resolve().parent)
    whole = [folder for folder in folders if (folder / "initdb").exists() and (folder / "postgres").exists()]
    return whole[-1] if whole else None


def missing() -> str:
    """Return why there can be no server here, or nothing."""
    if not sys.platform.startswith("linux"):
        return "the tests start PostgreSQL on Linux only"
    if binaries() is None:
        return "PostgreSQL is not installed (Debian: apt-get install postgresql)"
    try:
        import psycopg  # noqa: F401
    except ImportError:
        return "psycopg is not installed (the extra postgres)"
    return ""


def need_postgres() -> None:
    """Skip, saying so loudly; under CI fail."""
    reason = missing()
    if reason and os.environ.get("CI"):
        pytest.fail(f"nothing is skipped under CI: {reason}", pytrace=False)
    if reason:
        pytest.skip(f"NOT TESTED HERE: {reason}")


class Server:
    """One server with its data; may be killed and started again."""

    def __init__(self, folder: Path, **settings: str) -> None:
        bin_folder = binaries()
        assert bin_folder is not None
        self.folder: Final = folder
        self.data: Final = folder / "data"
        self._bin = bin_folder
        self._settings = SETTINGS | settings
        self._user: dict[str, Any] = {}
        if os.geteuid() == 0:
            owner = pwd.getpwnam("postgres")
            self._user = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
            os.chown(folder, owner.pw_uid, owner.pw_gid)
        folder.chmod(0o700)
        self.process: subprocess.Popen[bytes] | None = None
        self.dsn: Final = f"host={folder} user=callcenter dbname=postgres"

    def make(self) -> None:
        """Make the data folder; the second one of this process is a copy of the first."""
        if _FIRST:
            subprocess.run(["cp", "-a", str(_FIRST[0]), str(self.data)], check=True)
            return
        self._init()
        kept = Path(tempfile.mkdtemp(prefix="callcenter-pg-", dir=self.folder.parent))
        atexit.register(shutil.rmtree, kept, ignore_errors=True)
        subprocess.run(["cp", "-a", str(self.data), str(kept / "data")], check=True)
        _FIRST.append(kept / "data")

    def _init(self) -> None:
        words = ["-D", str(self.data), "-U", "callcenter", "-A", "trust", "-E", "UTF8", "--locale=C", "-N", "-k"]
        made = subprocess.run(
            [str(self._bin / "initdb"), *words], cwd="/", capture_output=True, text=True, check=False, **self._user
        )
        assert made.returncode == 0, made.stderr

    def start(self) -> None:
        """Start the server and wait until it answers."""
        options = [word for name, value in self._settings.items() for word in ("-c", f"{name}={value}")]
        words = [str(self._bin / "postgres"), "-D", str(self.data), "-k", str(self.folder), *options]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                words,
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                preexec_fn=_dies_with_us,  # noqa: PLW1509 - one call into the C library
                **self._user,
            )
        import psycopg

        end = time.monotonic() + 60
        while True:
            assert self.process.poll() is None, (self.folder / "log").read_text("utf-8")
            with suppress(psycopg.OperationalError):
                psycopg.connect(self.dsn).close()
                return
            assert time.monotonic() < end, (self.folder / "log").read_text("utf-8")
            time.sleep(0.02)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """End the server: SIGINT at once and cleanly, SIGKILL as if the power went (with all its children)."""
        process, self.process = self.process, None
        if process is None:
            return
        children = _children(process.pid) if how == signal.SIGKILL else []
        process.send_signal(how)
        for child in children:
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        process.wait(60)
        for child in children:
            while _status(child)[:1] not in ([], ["Z"]):
                time.sleep(0.002)


def _dies_with_us() -> None:
    """Ask the kernel to end this process when the one that started it is gone."""
    ctypes.CDLL(None).prctl(1, signal.SIGINT)


def _status(pid: int) -> list[str]:
    """Return state and parent of a process as the kernel words them; nothing of one that is gone."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()[:2]
    return []


def _children(pid: int) -> list[int]:
    pids = (int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit())
    return [child for child in pids if _status(child)[1:] == [str(pid)]]


@contextmanager
def server(*, in_memory: bool = True, **settings: str) -> Iterator[Server]:
    """Make a server of one's own, and end it; its disk is memory where there is some, unless told otherwise."""
    memory = "/dev/shm" if in_memory and os.access("/dev/shm", os.W_OK) else None
    folder = Path(tempfile.mkdtemp(prefix="callcenter-pg-", dir=memory))
    one = Server(folder, **settings)
    try:
        one.make()
        one.start()
        yield one
    finally:
        one.stop()
        shutil.rmtree(folder, ignore_errors=True)


class Shelf:
    """A server with stores that can be had empty in a few milliseconds: a handful of schemas, swept and given again.

    Args:
        running: The server.
        schemas: How many stores may be in use at a time.
    """

    def __init__(self, running: Server, schemas: int = 3) -> None:
        self.server: Final = running
        self.dsn: Final = running.dsn
        self._names = itertools.cycle([f"store{number}" for number in range(schemas)])
        self._kept: dict[str, Any] = {}

    def schema(self) -> str:
        """Return the name of a schema with an empty store in it; a few calls later it is given away again."""
        from callcenter.store.postgres import PostgresStore

        name = next(self._names)
        if name in self._kept:
            self._sweep(name)
        else:
            self._kept[name] = _kept(self.dsn)
            PostgresStore(self.dsn, schema=name, connect=lambda *_words, **_more: self._kept[name]).close()
        return name

    def connect_to(self, schema: str) -> Callable[..., Any]:
        """Return what gives a store of this schema a connection that knows its tables already: an open costs nothing."""
        return lambda *_words, **_more: self._kept[schema]

    def close(self) -> None:
        """Let go of the connections."""
        for connection in self._kept.values():
            connection.end()

    def _sweep(self, name: str) -> None:
        tables = (
            "adjustment",
            "leg",
            "entry",
            "account",
            "hold",
            "center",
            "journal",
            "outbox",
            "snapshot",
            "shop",
            "note",
        )
        records = ("call_record", "work_session", "charge", "rejected_call", "voicemail")
        people = ("login", "session", "trail")
        work = "; ".join(f"DELETE FROM {table}" for table in (*tables, *records, *people))
        # The triggers against DELETE do not fire in a replica's session, which only the server's owner may have.
        self._kept[name].execute(
            f"SET search_path = {name}; SET synchronous_commit = off; SET session_replication_role = replica; {work};"
            " RESET session_replication_role".encode()
        )


@contextmanager
def shelf() -> Iterator[Shelf]:
    """Make a server with empty stores on it, and end it."""
    with server() as running:
        one = Shelf(running)
        yield one
        one.close()


def _kept(dsn: str) -> Any:
    import psycopg

    class Kept(psycopg.Connection[Any]):
        """A connection that stays open when it is closed, with nothing left undone in it."""

        @override
        def close(self) -> None:
            if self.info.transaction_status is not psycopg.pq.TransactionStatus.IDLE:
                self.execute("ROLLBACK")

        def end(self) -> None:
            """Truly close it."""
            super().close()

    return Kept.connect(dsn, autocommit=True)
