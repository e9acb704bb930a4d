"""Log-in, sessions and secrets: one answer and one amount of work for whatever is wrong, and nothing that lasts for ever."""

from __future__ import annotations

from typing import Any

import pytest
from tests.admin import worlds
from tests.admin.worlds import CHEAP, NOW

from callcenter.admin import Console, choosing, logins, resellers
from callcenter.admin.first_secrets import FirstSecret, first_secret
from callcenter.admin.hashing import Hasher, Scrypt
from callcenter.admin.identity import Identity, LoggedIn, Timeouts, agent_login_id, login_id, token_hash
from callcenter.errors import CallCenterError, PermissionRefused, UsageError
from callcenter.extras.argon2id import Argon2Cost, Argon2id
from callcenter.model.ids import AgentId, CenterId
from callcenter.model.times import DAY, HOUR, MINUTE, SECOND, Duration, Instant
from callcenter.ports_people import LogIn, LogInId, Role, TrailFilter

GOOD = "seven quiet herons"
OTHER = "mild copper lantern"


def later(duration: int, since: Instant = NOW) -> Instant:
    """Return an instant some time later."""
    return Instant(since + duration)


class Door:
    """A door of the house with one log-in behind it: reseller west, its secret changed already."""

    def __init__(self, store: Any = None, hasher: Hasher = CHEAP, *, tenant: str = "reseller:west") -> None:
        self.store = store or worlds.CountingStore()
        self.console: Console = worlds.house(self.store)
        self.identity = Identity(self.console, hasher=hasher)
        platform = worlds.caller(self.console, Role.PLATFORM)
        first = first_secret(hasher)
        role = Role(tenant.partition(":")[0])
        if role is Role.AGENT:
            self.id = LogInId("demo/a1")
            logins.reset(platform, NOW, self.id, first)
        else:
            self.id = logins.create(platform, NOW, tenant, "Hilda", role, first)
        self.first: FirstSecret = first

    def settle(self) -> Door:
        """Change the first secret."""
        came = self.identity.log_in("hilda", self.first.shown, "192.0.2.7", NOW)
        self.identity.change_secret(came.token, self.first.shown, GOOD, NOW)
        return self

    def code(self, secret: str, now: Instant = NOW, name: str = "HILDA") -> str:
        """Try to log in, and return the code of the refusal, or nothing."""
        try:
            self.identity.log_in(name, secret, "192.0.2.7", now)
        except CallCenterError as error:
            return error.code
        return ""

    def login(self) -> LogIn:
        """Return the log-in as it is kept."""
        with self.store.transaction() as tx:
            found = tx.people.find(self.id)
        assert isinstance(found, LogIn)
        return found


# ---------------------------------------------------------------- first secrets


def test_a_first_secret_is_good_for_nothing_but_its_change() -> None:
    """P1: random, shown once, 72 hours; who holds it is let in and may do nothing else."""
    door = Door()
    came = door.identity.log_in("hilda", door.first.shown, "192.0.2.7", NOW)
    principal = door.identity.authenticate(came.token, NOW)
    assert principal.must_change
    with pytest.raises(PermissionRefused, match="E576"):
        resellers.list_(door.console.as_(principal), NOW)
    again = door.identity.change_secret(came.token, door.first.shown, GOOD, NOW)
    assert not again.principal.must_change
    assert resellers.list_(door.console.as_(again.principal), NOW).total == 1
    assert door.code(door.first.shown) == "E561"
    assert door.code(GOOD) == ""


def test_a_first_secret_ends_after_three_days() -> None:
    """At 72 hours it is wrong, like any other; just before it is right."""
    for at, code in ((72 * HOUR - 1, ""), (72 * HOUR, "E561")):
        door = Door()
        assert door.code(door.first.shown, later(at)) == code


def test_no_two_first_secrets_are_alike() -> None:
    """120 random bits, in groups that can be read out; shown nowhere by accident."""
    made = [first_secret(CHEAP) for _ in range(50)]
    assert len({each.shown for each in made}) == 50
    assert all(len(each.shown.replace("-", "")) == 24 for each in made)
    assert all(each.shown not in repr(each) and each.shown not in each.hash for each in made)


def test_a_reset_gives_a_first_secret_and_ends_the_sessions() -> None:
    """Started by somebody above; what the person had is worth nothing from then on."""
    door = Door().settle()
    came = door.identity.log_in("hilda", GOOD, "192.0.2.7", NOW)
    fresh = first_secret(CHEAP)
    logins.reset(worlds.caller(door.console, Role.PLATFORM), NOW, door.id, fresh, reason="forgotten")
    with pytest.raises(PermissionRefused, match="E575"):
        door.identity.authenticate(came.token, NOW)
    with pytest.raises(PermissionRefused, match="E575"):
        resellers.list_(door.console.as_(came.principal), NOW)
    assert door.code(GOOD) == "E561"
    assert door.code(fresh.shown) == ""
    assert door.login().must_change


def test_what_the_platform_closed_opens_for_the_platform_alone() -> None:
    """Who may not close a log-in may not open it again by a reset; an open one is reset as ever."""
    console = worlds.house()
    platform, center = worlds.caller(console, Role.PLATFORM), worlds.caller(console, Role.CENTER)
    id, fresh = LogInId("demo/a1"), first_secret(CHEAP)
    logins.reset(center, NOW, id, fresh)
    logins.close(platform, NOW, id)
    with pytest.raises(PermissionRefused, match="E573"):
        logins.reset(center, NOW, id, fresh)
    (row,) = logins.list_(platform, NOW, tenant="agent:demo/A1").rows
    assert row.closed_at == NOW
    logins.reset(platform, NOW, id, fresh)
    (row,) = logins.list_(platform, NOW, tenant="agent:demo/A1").rows
    assert row.closed_at is None


def test_the_log_ins_of_a_frozen_center_do_not_change() -> None:
    """Nor those of its agents; ending one is still possible, for it gives nobody anything."""
    store = worlds.CountingStore()
    data = worlds.shop()
    data["center"]["demo"]["status"] = "frozen"
    platform = worlds.caller(worlds.house(store, data=data), Role.PLATFORM)
    with pytest.raises(UsageError, match="E512"):
        logins.reset(platform, NOW, LogInId("demo/a1"), first_secret(CHEAP))
    with pytest.raises(UsageError, match="E512"):
        logins.create(platform, NOW, "center:demo", "desk", Role.CENTER, first_secret(CHEAP))
    logins.close(platform, NOW, LogInId("demo/a1"))


def test_what_is_shown_by_accident_holds_no_hash() -> None:
    """A log-in, a session and a principal leave theirs out of what a log would keep of them."""
    door = Door().settle()
    came = door.identity.log_in("hilda", GOOD, "192.0.2.7", NOW)
    hashed = token_hash(came.token)
    with door.console.look(NOW) as job:
        session = job.tx.people.session(hashed)
    assert hashed not in repr(session) + repr(came)
    assert door.login().secret not in repr(door.login())


# ---------------------------------------------------------------- one answer, one amount of work


def test_whatever_is_wrong_is_answered_and_done_alike() -> None:
    """Unknown, wrong, locked, closed, expired: the same code, the same words, the same asks of the store, one hash."""
    hashes: list[str] = []

    class Watching(Hasher):
        def matches(self, secret: str, text: str) -> bool:  # type: ignore[explicit-override]
            hashes.append("matches")
            return super().matches(secret, text)

        def make(self, secret: str, salt: bytes) -> str:  # type: ignore[explicit-override]
            hashes.append("make")
            return super().make(secret, salt)

    door = Door(hasher=Watching(Scrypt(ln=1, r=1, p=1))).settle()
    locked, closed = Door().settle(), Door().settle()
    for door_of, act in ((locked, "lock"), (closed, "close")):
        door_of.identity = Identity(door_of.console, hasher=door.identity.hasher)
        if act == "lock":
            for _ in range(5):
                door_of.code("wrong")
        else:
            logins.close(worlds.caller(door_of.console, Role.PLATFORM), NOW, door_of.id)
    expired = Door(hasher=door.identity.hasher)
    seen = set()
    for one, name, secret, now in (
        (door, "nobody", GOOD, NOW),
        (door, "demo/nobody", GOOD, NOW),
        (door, "hilda", "wrong", NOW),
        (locked, "hilda", GOOD, NOW),
        (closed, "hilda", GOOD, NOW),
        (expired, "hilda", expired.first.shown, later(73 * HOUR)),
    ):
        hashes.clear()
        one.store.asked.clear()
        try:
            one.identity.log_in(name, secret, "192.0.2.7", now)
        except PermissionRefused as error:
            seen.add((error.message("en"), error.message("zh"), tuple(hashes), tuple(one.store.asked)))
    assert len(seen) == 1


def test_five_failures_lock_for_longer_and_longer() -> None:
    """30 s after the fifth in a row, doubling to 15 min; the right secret is not taken meanwhile, and clears it after."""
    door, now = Door().settle(), NOW
    for _ in range(4):
        assert door.code("wrong", now) == "E561"
    assert door.code(GOOD, now) == ""
    for _ in range(5):
        door.code("wrong", now)
    for lasts in (30, 60, 120, 240, 480, 900, 900):
        assert door.login().locked_until == later(lasts * SECOND, now)
        assert door.code(GOOD, later(lasts * SECOND - 1, now)) == "E561"
        now = later(lasts * SECOND, now)
        door.code("wrong", now)
    now = later(900 * SECOND, now)
    assert door.code(GOOD, now) == ""
    assert (door.login().failures, door.login().locked_until) == (0, None)


def test_what_was_typed_for_a_name_that_nobody_has_is_not_kept() -> None:
    """People type their secret in the wrong field: the trail has a hash of it."""
    door = Door().settle()
    door.code("", name="my secret words")
    assert "my secret words" not in door.store.dump()
    with door.store.transaction() as tx:
        (row,) = tx.trail.rows(TrailFilter(what="session.login", outcome="E561"), 9)
    assert row.act.who.startswith("?")


# ---------------------------------------------------------------- sessions


def test_of_a_session_only_the_hash_is_kept() -> None:
    """128 random bits; neither token nor secret stands in the store, in the trail or in what is shown."""
    door = Door().settle()
    came = door.identity.log_in("hilda", GOOD, "192.0.2.7", NOW)
    text = door.store.dump()
    assert len(came.token) == 22
    assert came.token not in text
    assert GOOD not in text
    assert token_hash(came.token) in text
    assert came.token not in repr(came)


def test_a_session_ends_by_itself() -> None:
    """After half an hour without use, and after twelve hours in any case."""
    door = Door().settle()
    idle = door.identity.log_in("hilda", GOOD, "192.0.2.7", NOW)
    door.identity.authenticate(idle.token, later(30 * MINUTE - 1))
    door.identity.authenticate(idle.token, later(60 * MINUTE - 2))
    with pytest.raises(PermissionRefused, match="E575"):
        door.identity.authenticate(idle.token, later(90 * MINUTE))
    busy = door.identity.log_in("hilda", GOOD, "192.0.2.7", NOW)
    for at in range(1, 48):
        door.identity.authenticate(busy.token, later(at * 15 * MINUTE))
    with pytest.raises(PermissionRefused, match="E575"):
        door.identity.authenticate(busy.token, later(12 * HOUR))


def test_old_sessions_are_swept_out() -> None:
    """A log-in drops those that ended a day ago: the table does not grow for ever."""
    door = Door().settle()
    came = [door.identity.log_in("hilda", GOOD, "192.0.2.7", later(day * DAY)) for day in range(3)]
    with door.store.transaction() as tx:
        assert [each.token for each in tx.people.sessions(door.id)] == [token_hash(came[-1].token)]


def test_a_change_of_the_secret_ends_every_session() -> None:
    """While online, too (P1): all of them end, and the one that changed it goes on with a new token."""
    door = Door().settle()
    came = [door.identity.log_in("hilda", GOOD, "192.0.2.7", NOW) for _ in range(3)]
    again = door.identity.change_secret(came[0].token, GOOD, OTHER, NOW)
    for old in came:
        with pytest.raises(PermissionRefused, match="E575"):
            door.identity.authenticate(old.token, NOW)
    assert door.identity.authenticate(again.token, NOW).name == "Hilda"
    assert (door.code(GOOD), door.code(OTHER)) == ("E561", "")


def test_a_wrong_old_secret_counts_as_a_failure() -> None:
    """A stolen session cannot try secrets for ever."""
    door = Door().settle()
    came = door.identity.log_in("hilda", GOOD, "192.0.2.7", NOW)
    for _ in range(5):
        with pytest.raises(PermissionRefused, match="E561"):
            door.identity.change_secret(came.token, "wrong", OTHER, NOW)
    with pytest.raises(PermissionRefused, match="E561"):
        door.identity.change_secret(came.token, GOOD, OTHER, NOW)
    assert door.code(GOOD) == "E561"


def test_logging_out_is_safe() -> None:
    """The session ends, the others go on; again, or with a token that is none, nothing happens."""
    door = Door().settle()
    one, two = (door.identity.log_in("hilda", GOOD, "192.0.2.7", NOW) for _ in range(2))
    for token in (one.token, one.token, "nothing"):
        door.identity.log_out(token, NOW)
    with pytest.raises(PermissionRefused, match="E575"):
        door.identity.authenticate(one.token, NOW)
    assert door.identity.authenticate(two.token, NOW).name == "Hilda"


def test_a_closed_log_in_ends_at_once() -> None:
    """Its session is good for nothing the moment it is closed, whatever token is held; it stays in the list."""
    door = Door().settle()
    came = door.identity.log_in("hilda", GOOD, "192.0.2.7", NOW)
    platform = worlds.caller(door.console, Role.PLATFORM)
    logins.close(platform, NOW, door.id, reason="left")
    with pytest.raises(PermissionRefused, match="E575"):
        door.identity.authenticate(came.token, NOW)
    (row,) = logins.list_(platform, NOW, name="hilda").rows
    assert row.closed_at == NOW


# ---------------------------------------------------------------- names


def test_names_are_found_in_any_case() -> None:
    """And in full width; an agent by its center's id, 400 number or access number."""
    assert login_id("  Hilda ") == login_id("HILDA") == login_id("\uff28ilda") == "hilda"
    assert agent_login_id(CenterId("demo"), AgentId("CC1001")) == agent_login_id(CenterId("demo"), AgentId("cc1001"))
    door = Door(tenant="agent:demo/A1")
    for center in ("demo", "4000000001", "95990001"):
        came = door.identity.log_in_agent(center, "a1", door.first.shown, "198.51.100.4", NOW)
        assert came.principal.role is Role.AGENT
    assert door.login().last_address == "198.51.100.4"
    assert door.code(door.first.shown, name="far/a1") == "E561"


def test_agents_of_two_centers_with_one_id_are_two() -> None:
    """A log-in names center and id, whatever signs are in them."""
    assert agent_login_id(CenterId("a/b"), AgentId("c")) != agent_login_id(CenterId("a"), AgentId("b/c"))


@pytest.mark.parametrize("status", ["locked", "frozen", "closed"])
def test_a_locked_center_has_no_log_ins(status: str) -> None:
    """P3b: neither its own nor its agents', with the same answer as a wrong secret."""
    door = Door(tenant="agent:demo/A1")
    data = worlds.shop()
    data["center"]["demo"]["status"] = status
    from callcenter.center.office import Office

    assert door.code(door.first.shown, name="demo/a1") == ""
    Office(door.store).load(data, NOW)
    assert door.code(door.first.shown, name="demo/a1") == "E561"


# ---------------------------------------------------------------- hashes


def test_a_hash_of_an_older_way_is_made_anew_at_the_log_in() -> None:
    """From scrypt to Argon2id, or to another cost: by itself, for whoever comes with the right secret."""
    door = Door().settle()
    argon = Hasher(Argon2id(Argon2Cost(memory=64, passes=1)))
    door.identity = Identity(door.console, hasher=argon)
    assert door.login().secret.startswith("$scrypt$ln=1,r=1,p=1$")
    assert door.code("wrong") == "E561"
    assert door.login().secret.startswith("$scrypt$")
    assert door.code(GOOD) == ""
    assert door.login().secret.startswith("$argon2id$v=19$m=64,t=1,p=1$")
    assert door.code(GOOD) == ""
    dearer = Hasher(Argon2id(Argon2Cost(memory=128, passes=1)), known=())
    door.identity = Identity(door.console, hasher=dearer)
    assert door.code(GOOD) == ""
    assert "m=128" in door.login().secret


def test_the_real_cost_is_that_of_the_promise() -> None:
    """n = 2^14, r = 8, p = 5; the hash says so, and is the same for ever."""
    kept = "$scrypt$ln=14,r=8,p=5$MDEyMzQ1Njc4OWFiY2RlZg$impwxocn+TJuFmjQiZ/twtO/1E4ZrloQvEPsrpIX3YU"
    assert Scrypt().make(GOOD, b"0123456789abcdef") == kept
    assert not Scrypt().stale(kept)


@pytest.mark.parametrize(
    "text", ["", "$", "$scrypt$", "$scrypt$ln=99,r=1,p=1$AA$AA", "$scrypt$ln=1,r=0,p=1$AA$AA", "x" * 99]
)
def test_a_hash_that_is_none_is_that_of_no_secret(text: str) -> None:
    """Nor is it an error: nobody is told that it is broken."""
    assert not CHEAP.matches("", text)
    assert not CHEAP.matches(GOOD, text)


def test_the_same_signs_are_the_same_secret() -> None:
    """Typed on another keyboard: composed or not, full width or not."""
    text = CHEAP.make("caf\u00e9 \uff41\uff42\uff43 lantern", b"0" * 16)
    assert CHEAP.matches("cafe\u0301 abc lantern", text)


# ---------------------------------------------------------------- what may be chosen


@pytest.mark.parametrize(
    "secret",
    [
        *("short", "a" * 129, "aaaaaaaaaaaa", "abababababab", "1234567890", "0987654321", "abcdefghijkl"),
        *(
            "qwertyuiop",
            "password1234",
            "P@ssw0rd!!!!",
            "!!!password!!!",
            "passwordpassword",
            "Welcome 2009!",
            "密码密码密码密码密码",
        ),
        *("hilda12345", "4000000001", "call-center", "callcenter2009", "West West West", "west2009west"),
    ],
)
def test_what_others_would_guess_is_refused(secret: str) -> None:
    """Too short, a pattern, what many take, what stands on the page; never with the secret in the words."""
    with pytest.raises(UsageError, match="E564") as caught:
        choosing.refuse_weak(secret, ("hilda1", "4000000001", "west2009", "callcenter"))
    assert secret not in caught.value.message("en").replace("passwor", "")


@pytest.mark.parametrize("secret", [GOOD, OTHER, "correct horse battery", "绿色的鲸鱼在山上吃苹果", "Tr7#kq9!vLm2"])
def test_what_is_rare_is_taken(secret: str) -> None:
    """No rule about capitals, digits and signs."""
    choosing.refuse_weak(secret, ("hilda", "4000000001", "west", "callcenter"))


def test_a_weak_choice_changes_nothing() -> None:
    """Refused before anything is written; the old secret and the sessions stay."""
    door = Door().settle()
    came = door.identity.log_in("hilda", GOOD, "192.0.2.7", NOW)
    for weak in ("password99", "hilda hilda", GOOD):
        with pytest.raises(UsageError, match="E564"):
            door.identity.change_secret(came.token, GOOD, weak, NOW)
    assert door.identity.authenticate(came.token, NOW).name == "Hilda"
    assert door.code(GOOD) == ""


def test_time_outs_are_the_embedders() -> None:
    """Shorter ones hold."""
    door = Door().settle()
    door.identity = Identity(door.console, hasher=CHEAP, timeouts=Timeouts(idle=Duration(MINUTE), whole=Duration(HOUR)))
    came: LoggedIn = door.identity.log_in("hilda", GOOD, "192.0.2.7", NOW)
    with pytest.raises(PermissionRefused, match="E575"):
        door.identity.authenticate(came.token, later(MINUTE))


def test_the_id_of_a_log_in_is_free_once() -> None:
    """In any case of letters; a name that cannot be typed is refused."""
    door = Door()
    platform = worlds.caller(door.console, Role.PLATFORM)
    for name, code in (
        ("hILDA", "E562"),
        ("", "E563"),
        ("a b", "E563"),
        ("a/b", "E563"),
        ("x" * 65, "E563"),
        ("a\tb", "E563"),
    ):
        with pytest.raises(UsageError, match=code):
            logins.create(platform, NOW, "reseller:west", name, Role.RESELLER, door.first)
    with pytest.raises(UsageError, match="E570"):
        logins.create(platform, NOW, "reseller:west", "ok", Role.CENTER, door.first)
    assert logins.list_(platform, NOW, tenant="reseller:west", role=Role.RESELLER).rows[0].id == LogInId("hilda")
