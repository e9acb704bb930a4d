"""Log-ins as others keep them: made, reset, closed. What people do with their own is :mod:`.identity`'s."""

from __future__ import annotations

from callcenter.admin.first_secrets import FirstSecret, given
from callcenter.admin.identity import agent_login_id, login_id
from callcenter.admin.kinds import LOGIN, TENANT
from callcenter.admin.pages import FIRST, Ask, Page, paged
from callcenter.admin.principal import fits
from callcenter.admin.rows import refuse_frozen
from callcenter.admin.tenants import TOP, Level, Node, node_of
from callcenter.admin.turn import Turn
from callcenter.admin.usecase import listing, use_case
from callcenter.errors import PermissionRefused, UsageError
from callcenter.model.ids import AgentId, CenterId
from callcenter.model.times import Instant
from callcenter.model.value import changed, value
from callcenter.ports_people import PLATFORM, LogIn, LogInId, Role


@value
class LogInRow:
    """A log-in as a console shows it: everything but its secret.

    Attributes:
        name: As it is typed; of an agent ``CENTER/ID``.
        tenant: Where it stands.
        must_change: Whether its first secret was not changed yet.
        locked_until: Until when nothing is tried on it.
        online: How many sessions it has.
    """

    id: LogInId
    name: str
    role: Role
    tenant: str
    must_change: bool
    locked_until: Instant | None
    closed_at: Instant | None
    created_at: Instant
    created_by: str
    last_at: Instant | None
    last_address: str
    online: int


@listing("logins.list")
def list_(
    turn: Turn, ask: Ask = FIRST, *, name: str = "", tenant: str = "", role: Role | None = None
) -> Page[LogInRow]:
    """Return the log-ins of what is seen, by id.

    Args:
        turn: The run.
        ask: Which page.
        name: A part of it, in any case of letters.
        tenant: Only those that stand there.
        role: Only of this role.
    """
    seen = _seen(turn)
    if tenant:
        seen = (tenant,) if seen is None or tenant in seen else ()
    wanted = name.casefold()
    found = (
        login
        for login in turn.tx.people.log_ins(seen)
        if wanted in login.name.casefold() and role in {None, login.role}
    )
    page = paged(found, ask, lambda login: (login.id,))
    return page.each(lambda login: _row(turn, login))


def _seen(turn: Turn) -> tuple[str, ...] | None:
    """Return the tenants that are seen; None: all."""
    if turn.standing.place[-1].level is Level.PLATFORM:
        return None
    shop = turn.shop
    nodes = [turn.standing.place[-1]]
    nodes += [Node(level=Level.RESELLER, id=id) for id in shop.resellers]
    nodes += [Node(level=Level.ENTERPRISE, id=id) for id in shop.enterprises]
    for center in shop.centers.values():
        nodes.append(Node(level=Level.CENTER, id=center.id))
        nodes += [Node(level=Level.AGENT, id=agent, center=center.id) for agent in center.agents]
    return tuple(dict.fromkeys(node.text for node in nodes))


@use_case("logins.create", TENANT)
def create(turn: Turn, tenant: str, name: str, role: Role, secret: FirstSecret, *, reason: str = "") -> LogInId:
    """Make a log-in with a first secret, which is to be shown once and changed at the first log-in (P1).

    Args:
        turn: The run.
        tenant: Where it stands: ``platform``, ``reseller:ID``, ``enterprise:ID``, ``center:ID``, ``agent:CENTER/ID``.
        name: What is typed; of an agent nothing is looked at: it is known by center and id.
        role: That fits the place; an agent is a supervisor when the shop says so.
        secret: Of :func:`callcenter.admin.first_secrets.first_secret`.
        reason: For the trail.

    Raises:
        UsageError: E562, for a name that is taken; E563, for one that cannot be typed; E570, for a role that does not
            fit; E512, in a frozen center.
    """
    node = turn.place[-1]
    _refuse_frozen(turn, node)
    if not fits(role, node):
        raise UsageError("E570", role=role.value, tenant=tenant)
    id = agent_login_id(CenterId(node.center), AgentId(node.id)) if node.level is Level.AGENT else _new_id(name)
    shown = id if node.level is Level.AGENT else name.strip()
    login = LogIn(
        id=id,
        name=shown,
        role=role,
        tenant=node.text,
        secret="",
        created_at=turn.now,
        created_by=turn.who.name,
    )
    if not turn.tx.people.add(given(login, secret, turn.now)):
        raise UsageError("E562", name=shown)
    turn.target = f"login:{id}"
    turn.note(after={"name": shown, "role": role.value, "tenant": node.text})
    return id


@use_case("logins.reset", LOGIN)
def reset(turn: Turn, login: LogInId, secret: FirstSecret, *, reason: str = "") -> None:
    """Give a log-in a first secret in the place of its own; its sessions end.

    Args:
        turn: The run.
        login: Whose.
        secret: Of :func:`callcenter.admin.first_secrets.first_secret`, to be shown once.
        reason: For the trail.

    Raises:
        PermissionRefused: E573, for a closed one, which the platform alone opens again.
        UsageError: E512, in a frozen center.
    """
    found = known(turn, login)
    _refuse_frozen(turn, node_of(found.tenant))
    if found.closed_at is not None and turn.standing.place != TOP:
        raise PermissionRefused("E573", action="logins.reset")
    turn.tx.people.replace(given(changed(found, closed_at=None), secret, turn.now))
    turn.tx.people.revoke(login, turn.now)


@use_case("logins.close", LOGIN)
def close(turn: Turn, login: LogInId, *, reason: str = "") -> None:
    """Close a log-in: its sessions end, and it stays in the list; a reset by the platform opens it again."""
    found = known(turn, login)
    turn.tx.people.replace(changed(found, closed_at=found.closed_at or turn.now))
    turn.tx.people.revoke(login, turn.now)


def _refuse_frozen(turn: Turn, node: Node) -> None:
    """Refuse what would give somebody a secret in a frozen center (P3b); to close a log-in there is always possible."""
    if node.level in {Level.CENTER, Level.AGENT}:
        refuse_frozen(turn, CenterId(node.center or node.id))


def first_administrator(name: str, secret: FirstSecret, now: Instant) -> LogIn:
    """Return the first log-in of a platform; who starts it has nobody to ask for one.

    Raises:
        UsageError: E563, for a name that cannot be typed.
    """
    login = LogIn(
        id=_new_id(name),
        name=name.strip(),
        role=Role.PLATFORM,
        tenant=PLATFORM,
        secret="",
        created_at=now,
        created_by="",
    )
    return given(login, secret, now)


def known(turn: Turn, login: LogInId) -> LogIn:
    """Return a log-in that the frame has found."""
    found = turn.tx.people.find(login)
    assert found is not None
    return found


def _new_id(name: str) -> LogInId:
    id = login_id(name)
    if not 0 < len(id) <= 64 or not id.isprintable() or "/" in id or any(sign.isspace() for sign in id):
        raise UsageError("E563", name=repr(name[:60]))
    return id


def _row(turn: Turn, login: LogIn) -> LogInRow:
    return LogInRow(
        id=login.id,
        name=login.name,
        role=_role(turn, login),
        tenant=login.tenant,
        must_change=login.must_change,
        locked_until=login.locked_until if (login.locked_until or 0) > turn.now else None,
        closed_at=login.closed_at,
        created_at=login.created_at,
        created_by=login.created_by,
        last_at=login.last_at,
        last_address=login.last_address,
        online=len(turn.tx.people.sessions(login.id)),
    )


def _role(turn: Turn, login: LogIn) -> Role:
    """Return a role as it acts: the shop says which agents are supervisors."""
    node = node_of(login.tenant)
    if node.level is not Level.AGENT:
        return login.role
    center = turn.whole.centers.get(CenterId(node.center))
    agent = None if center is None else center.agents.get(AgentId(node.id))
    return login.role if agent is None else Role(agent.level.value)
