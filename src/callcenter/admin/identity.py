"""Who somebody is: log-in, sessions, the change of a secret, first secrets.

Theory of operation. Hashing takes a quarter of a second, so it is done between two transactions: the first reads the
log-in, the second judges it as it stands then. An unknown name, a wrong secret, a closed, locked or expired log-in get
one answer after the same work: one hash, the same reads, the same writes. After five failures in a row a log-in is
locked for 30 s, and twice as long after each further one, up to 15 min; while it is locked nothing is tried.

Of a session only the hash of its token is kept. It ends after half an hour without use, after twelve hours in any case,
and at once when its secret changes, when its log-in is closed, or when somebody logs out.
"""

from __future__ import annotations

import base64
import hashlib
import unicodedata
from collections.abc import Iterator
from typing import Final

from callcenter.admin.choosing import refuse_weak
from callcenter.admin.console import Console
from callcenter.admin.fitness import refuse_unfit
from callcenter.admin.hashing import SALT_BYTES, Hasher
from callcenter.admin.principal import Principal, standing
from callcenter.admin.tenants import Level, Node, node_of, path_of, place_of
from callcenter.center.jobs import Job
from callcenter.compat import override
from callcenter.errors import PermissionRefused
from callcenter.files.shop import Shop
from callcenter.model.ids import AgentId, CenterId, EnterpriseId, ResellerId, agent_key
from callcenter.model.times import HOUR, MINUTE, SECOND, Duration, Instant
from callcenter.model.value import changed, value
from callcenter.ports import Transaction
from callcenter.ports_people import AuditAct, ConsoleSession, LogIn, LogInId, Role, TokenHash

TOKEN_BYTES: Final = 16
FREE_FAILURES: Final = 5
FIRST_LOCK: Final = Duration(30 * SECOND)
LONGEST_LOCK: Final = Duration(15 * MINUTE)
_SEEN_EVERY: Final = Duration(MINUTE)


@value
class Timeouts:
    """How long a session lasts.

    Attributes:
        idle: Without use.
        whole: In any case.
    """

    idle: Duration = Duration(30 * MINUTE)
    whole: Duration = Duration(12 * HOUR)


@value
class LoggedIn:
    """Somebody has come in.

    Attributes:
        token: For the client alone: a cookie that scripts cannot read. Shown once, kept nowhere.
    """

    token: str
    principal: Principal

    @override
    def __repr__(self) -> str:
        """Leave the token out: what is shown may end in a log."""
        return f"LoggedIn(principal={self.principal!r})"


class Identity:
    """The door of a console.

    Args:
        console: To which it leads.
        hasher: How secrets are hashed; tests take a cheap one.
        timeouts: Of sessions.
    """

    def __init__(self, console: Console, *, hasher: Hasher | None = None, timeouts: Timeouts | None = None) -> None:
        self._console: Final = console
        self._timeouts: Final = timeouts or Timeouts()
        self.hasher: Final = hasher or Hasher()

    # ---------------------------------------------------------------- coming in

    def log_in(self, name: str, secret: str, address: str, now: Instant) -> LoggedIn:
        """Let somebody in who knows a secret.

        Args:
            name: In any case of letters; of an agent ``CENTER/ID``.
            secret: As typed.
            address: Where the client is.
            now: The moment.

        Raises:
            PermissionRefused: E561, whatever it is that is wrong.
        """
        refuse_unfit((name, secret, address))
        with self._console.look(now) as job:
            id = self._id_of(_shop(job), name)
            known = job.tx.people.find(id)
        hash_asked = known.secret if known is not None else ""
        right = self.hasher.matches(secret, hash_asked)
        renewed = self._renewed(secret, hash_asked) if right else hash_asked
        token = self._token()
        with self._console.look(now) as job:
            shop, login = _shop(job), job.tx.people.find(id)
            judged = login or _nobody(id, now)
            good = right and login is not None and login.secret == hash_asked and admits(job.tx, shop, login, now)
            if good:
                judged = changed(
                    judged, secret=renewed, failures=0, locked_until=None, last_at=now, last_address=address
                )
            else:
                judged = failed(judged, now)
            job.tx.people.replace(judged)
            job.tx.trail.append(_row(shop, judged, "login", address, now, login is not None, good=good))
            if good:
                return self._opened(job.tx, judged, token, address, now)
        raise PermissionRefused("E561")

    def log_in_agent(self, center: str, agent: str, secret: str, address: str, now: Instant) -> LoggedIn:
        """Let the client of an agent in; see :meth:`log_in`.

        Args:
            center: Its id, its log-in name (the 400 number) or its access number.
            agent: Its id, in any case of letters.
            secret: As typed.
            address: Where the client is.
            now: The moment.
        """
        return self.log_in(f"{center}/{agent}", secret, address, now)

    def _id_of(self, shop: Shop, name: str) -> LogInId:
        center, slash, agent = name.strip().rpartition("/")
        if not slash:
            return login_id(name)
        named = (found.id for found in shop.centers.values() if center in {found.id, found.login, found.access_number})
        return agent_login_id(next(named, CenterId(center)), AgentId(agent))

    def _renewed(self, secret: str, text: str) -> str:
        if not self.hasher.stale(text):
            return text
        return self.hasher.make(secret, self._console.services.random(SALT_BYTES))

    def _token(self) -> str:
        return base64.urlsafe_b64encode(self._console.services.random(TOKEN_BYTES)).decode().rstrip("=")

    def _opened(self, tx: Transaction, login: LogIn, token: str, address: str, now: Instant) -> LoggedIn:
        tx.people.forget(Instant(now - self._timeouts.whole))
        session = ConsoleSession(token=token_hash(token), login=login.id, created_at=now, seen_at=now, address=address)
        tx.people.open(session)
        return LoggedIn(token=token, principal=principal_of(login, session))

    # ---------------------------------------------------------------- being in

    def authenticate(self, token: str, now: Instant) -> Principal:
        """Return who a token belongs to, and note its use (once a minute).

        Raises:
            PermissionRefused: E575, for a token that is none, or whose session has ended.
        """
        refuse_unfit((token,))
        with self._console.look(now) as job:
            login, session = self._live(job.tx, token, now)
            principal = principal_of(login, session)
            standing(job.tx, _shop(job), principal, now)
            if now - session.seen_at >= _SEEN_EVERY:
                job.tx.people.see(session.token, now)
            return principal

    def _live(self, tx: Transaction, token: str, now: Instant) -> tuple[LogIn, ConsoleSession]:
        session = tx.people.session(token_hash(token))
        login = None if session is None else tx.people.find(session.login)
        if session is None or login is None or session.revoked_at is not None or login.closed_at is not None:
            raise PermissionRefused("E575")
        if now >= session.seen_at + self._timeouts.idle or now >= session.created_at + self._timeouts.whole:
            raise PermissionRefused("E575")
        return login, session

    def change_secret(self, token: str, old: str, new: str, now: Instant) -> LoggedIn:
        """Change one's own secret, at any time; every session of the log-in ends, and a new one begins.

        Raises:
            PermissionRefused: E575; E561, for a wrong old secret, which counts as a failed log-in.
            UsageError: E564, for a new one that somebody would guess.
        """
        refuse_unfit((token, old, new))
        with self._console.look(now) as job:
            login, session = self._live(job.tx, token, now)
            around = tuple(context(_shop(job), login))
        right = self.hasher.matches(old, login.secret)
        if right:
            refuse_weak(new, (*around, old))
        renewed = self.hasher.make(new, self._console.services.random(SALT_BYTES))
        fresh = self._token()
        with self._console.look(now) as job:
            stands, session = self._live(job.tx, token, now)
            shop = _shop(job)
            good = right and stands.secret == login.secret and not is_locked(stands, now)
            if good:
                kept = changed(
                    stands, secret=renewed, must_change=False, secret_until=None, failures=0, locked_until=None
                )
                job.tx.people.revoke(stands.id, now)
            else:
                kept = failed(stands, now)
            job.tx.people.replace(kept)
            job.tx.trail.append(_row(shop, kept, "change_secret", session.address, now, known=True, good=good))
            if good:
                return self._opened(job.tx, kept, fresh, session.address, now)
        raise PermissionRefused("E561")

    def log_out(self, token: str, now: Instant) -> None:
        """End a session; of a token that is none nothing is said."""
        refuse_unfit((token,))
        with self._console.look(now) as job:
            session = job.tx.people.session(token_hash(token))
            login = None if session is None else job.tx.people.find(session.login)
            if session is None or login is None or not job.tx.people.revoke(login.id, now, session.token):
                return
            job.tx.trail.append(_row(_shop(job), login, "logout", session.address, now, known=True, good=True))


# ---------------------------------------------------------------- names and hashes


def login_id(name: str) -> LogInId:
    """Return the id of a log-in name: the same in any case of letters, full width or not."""
    return LogInId(unicodedata.normalize("NFKC", name).strip().casefold())


def agent_login_id(center: CenterId, agent: AgentId) -> LogInId:
    """Return the id of an agent's log-in, which names its center."""
    return LogInId(Node(level=Level.AGENT, id=agent_key(agent), center=center).text.partition(":")[2])


def token_hash(token: str) -> TokenHash:
    """Return the hash by which a session is kept; a token has 128 random bits, so one round is enough."""
    return TokenHash(hashlib.sha256(token.encode()).hexdigest())


def principal_of(login: LogIn, session: ConsoleSession | None = None) -> Principal:
    """Return a log-in as somebody who acts."""
    return Principal(
        name=login.name,
        role=login.role,
        node=node_of(login.tenant),
        address="" if session is None else session.address,
        session=None if session is None else session.token,
        login=login.id,
        must_change=login.must_change,
    )


# ---------------------------------------------------------------- judging


def is_locked(login: LogIn, now: Instant) -> bool:
    """Tell whether nothing is tried on a log-in at the moment."""
    return login.locked_until is not None and now < login.locked_until


def admits(tx: Transaction, shop: Shop, login: LogIn, now: Instant) -> bool:
    """Tell whether a log-in whose secret is right may come in."""
    expired = login.secret_until is not None and now >= login.secret_until
    if is_locked(login, now) or login.closed_at is not None or expired:
        return False
    try:
        standing(tx, shop, principal_of(login), now)
    except PermissionRefused:
        return False
    return True


def failed(login: LogIn, now: Instant) -> LogIn:
    """Return a log-in after a failure: locked for 30 s from the fifth on, each time twice as long, at most 15 min."""
    if is_locked(login, now):
        return login
    failures = min(login.failures + 1, 99)
    if failures < FREE_FAILURES:
        return changed(login, failures=failures)
    lasts = min(FIRST_LOCK << (failures - FREE_FAILURES), LONGEST_LOCK)
    return changed(login, failures=failures, locked_until=Instant(now + lasts))


def context(shop: Shop, login: LogIn) -> Iterator[str]:
    """Return what stands around a log-in and is no secret: its name, and names and numbers of where it stands."""
    yield login.name
    for node in place_of(shop, node_of(login.tenant)) or ():
        yield node.id
        match node.level:
            case Level.RESELLER:
                yield shop.resellers[ResellerId(node.id)].name
            case Level.ENTERPRISE:
                enterprise = shop.enterprises[EnterpriseId(node.id)]
                yield from (enterprise.name, enterprise.phone, enterprise.pinyin)
            case Level.CENTER:
                center = shop.centers[CenterId(node.id)]
                yield from (center.access_number, center.login, center.code)
            case Level.AGENT:
                agent = shop.centers[CenterId(node.center)].agents[AgentId(node.id)]
                yield from (agent.name, agent.phone)
            case _:
                yield "callcenter"


def _shop(job: Job) -> Shop:
    """Return the shop; one without anything in it for a store that has none yet."""
    return Shop() if job.tx.shop.latest() is None else job.shop


def _nobody(id: LogInId, now: Instant) -> LogIn:
    """Return what stands for a log-in that is not there, so that it takes the same work; it is never kept."""
    return LogIn(id=id, name="", role=Role.AGENT, tenant="platform", secret="", created_at=now, created_by="")


def _row(shop: Shop, login: LogIn, what: str, address: str, now: Instant, known: bool, *, good: bool) -> AuditAct:
    """Return the row of the trail; what was typed for a name that nobody has may have been a secret, and is hashed."""
    place = place_of(shop, node_of(login.tenant))
    unknown = f"?{hashlib.sha256(login.id.encode()).hexdigest()[:8]}"
    return AuditAct(
        at=now,
        who=login.name if known else unknown,
        role=login.role.value if known else "",
        address=address,
        tenant=path_of(place) if place else "platform",
        what=f"session.{what}",
        target=f"login:{login.id}" if known else "",
        outcome="done" if good else "E561",
    )
