"""One house, lived once and served on loopback, for every test; each visitor comes in once and keeps its cookie.

What is logged anywhere meanwhile is kept: at the end nothing secret may be in it.
"""

from __future__ import annotations

import logging
import re
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import httpx
import pytest
import uvicorn
from webconsole.app import create_app
from webconsole.house import House, live

from callcenter.admin import Principal, logins
from callcenter.admin.first_secrets import first_secret
from callcenter.admin.hashing import Hasher, Scrypt
from callcenter.admin.tenants import TOP
from callcenter.compat import override
from callcenter.ports_people import Role
from callcenter.store import MemoryStore

NEW = "blue heron walks 77"
"""What everybody takes for a password of its own."""


@dataclass
class Served:
    """A house with its address, and what should be in no log."""

    house: House
    address: str
    secrets: set[str] = field(default_factory=lambda: {NEW})
    told: list[str] = field(default_factory=list)


class Kept(logging.Handler):
    """Keeps every line that is logged."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__(logging.DEBUG)
        self.lines = lines

    @override
    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


@pytest.fixture(scope="session")
def served() -> Iterator[Served]:
    """Live the morning, and serve it until the last test is over."""
    house = live(MemoryStore(), hasher=Hasher(Scrypt(ln=4, r=1, p=1)))
    config = uvicorn.Config(create_app(house), host="127.0.0.1", port=0, ws="none", log_config=None)
    server = uvicorn.Server(config)
    told: list[str] = []
    kept = Kept(told)
    for name in ("uvicorn.access", "uvicorn.error", "callcenter", "webconsole"):
        logging.getLogger(name).addHandler(kept)
        logging.getLogger(name).setLevel(logging.DEBUG)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive(), told
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield Served(house, f"http://127.0.0.1:{port}", {NEW, *house.secrets.values()}, told)
    server.should_exit = True
    thread.join(30)
    assert not thread.is_alive()


@dataclass
class Person:
    """Somebody with a cookie, at the pages."""

    client: httpx.Client
    form_token: str = ""

    def see(self, path: str) -> httpx.Response:
        """Ask for a page."""
        return self.client.get(path)

    def do(self, path: str, **fields: str) -> httpx.Response:
        """Send a form of ours, as its page would."""
        return self.client.post(path, data={"form_token": self.form_token, **fields})


def token_of(answer: httpx.Response) -> str:
    """Return the token that a page's forms carry."""
    found = re.search(r'name="form_token" value="(\w+)"', answer.text)
    assert found is not None, answer.text
    return found[1]


def stranger(served: Served, **headers: str) -> httpx.Client:
    """Return somebody without a cookie."""
    return httpx.Client(base_url=served.address, follow_redirects=True, trust_env=False, timeout=60, headers=headers)


def enter(served: Served, name: str, secret: str) -> Person:
    """Come in with a first secret, change it, and stay."""
    person = Person(stranger(served, **{"accept-language": "en"}))
    first = person.client.post("/login", data={"name": name, "secret": secret})
    assert first.url.path == "/secret", first.text
    person.form_token = token_of(first)
    home = person.do("/secret", old=secret, new=NEW, again=NEW)
    assert home.url.path == "/", home.text
    person.form_token = token_of(home)
    served.secrets |= {person.client.cookies["session"], person.form_token}
    return person


As = Callable[[str], Person]


@pytest.fixture(scope="session")
def as_(served: Served) -> Iterator[As]:
    """Return people by the names of their log-ins."""
    inside: dict[str, Person] = {}

    def person(name: str) -> Person:
        if name not in inside:
            inside[name] = enter(served, name, served.house.secrets[name])
        return inside[name]

    yield person
    for each in inside.values():
        each.client.close()


@pytest.fixture
def fresh(served: Served) -> dict[str, str]:
    """Give the walk log-ins that nobody has used: first secrets by name."""
    starter = served.house.console.as_(Principal(name="demo", role=Role.PLATFORM, node=TOP[-1]))
    for name, tenant, role in (
        ("walk-east", "reseller:east", Role.RESELLER),
        ("walk-books", "enterprise:books", Role.ENTERPRISE),
    ):
        secret = first_secret(served.house.identity.hasher)
        logins.create(starter, served.house.clock(), tenant, name, role, secret)
        served.house.secrets[name] = secret.shown
        served.secrets.add(secret.shown)
    return served.house.secrets
