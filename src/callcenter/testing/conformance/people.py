"""What a store promises of log-ins, sessions and the audit trail."""

from __future__ import annotations

from callcenter.model.times import Instant
from callcenter.model.value import changed
from callcenter.ports_people import (
    BEGIN,
    AuditAct,
    AuditRow,
    ConsoleSession,
    LogIn,
    LogInId,
    Role,
    TokenHash,
    TrailFilter,
    chained,
    first_flaw,
    hash_of,
)
from callcenter.testing.conformance.base import Suite
from callcenter.testing.conformance.transactions import code_of

ALL = TrailFilter()


def person(id: str = "anna", tenant: str = "reseller:west") -> LogIn:
    """Return a log-in with something in every field."""
    return LogIn(
        id=LogInId(id),
        name=id.upper(),
        role=Role.RESELLER,
        tenant=tenant,
        secret="$scrypt$ln=4$c2FsdA$aGFzaA",  # noqa: S106 - the hash of nothing
        must_change=True,
        secret_until=Instant(99),
        failures=2,
        locked_until=Instant(7),
        closed_at=None,
        created_at=Instant(1),
        created_by="root",
        last_at=Instant(5),
        last_address="192.0.2.1",
    )


def seat(name: str = "t1", login: str = "anna", at: int = 1) -> ConsoleSession:
    """Return a session."""
    return ConsoleSession(
        token=TokenHash(name), login=LogInId(login), created_at=Instant(at), seen_at=Instant(at), address="::1"
    )


def act(
    who: str = "anna", at: int = 1, tenant: str = "reseller:west", what: str = "edit", target: str = ""
) -> AuditAct:
    """Return an act with something in every field."""
    return AuditAct(
        at=Instant(at),
        who=who,
        role="reseller",
        address="192.0.2.1",
        tenant=tenant,
        what=what,
        target=target,
        outcome="done",
        before='{"名": "甲"}',
        after='{"名": "乙"}',
        reason="because",
    )


class PeopleConformance(Suite):
    """Who may log in, and who has."""

    def test_a_log_in_comes_back_as_it_is(self) -> None:
        """Every field, also what is absent."""
        bare = LogIn(
            id=LogInId("bare"),
            name="",
            role=Role.AUDITOR,
            tenant="platform",
            secret="",
            created_at=Instant(0),
            created_by="",
        )
        with self.parts() as parts:
            assert parts.people.add(person())
            assert parts.people.add(bare)
            assert parts.people.find(LogInId("anna")) == person()
            assert parts.people.find(LogInId("bare")) == bare
            assert parts.people.find(LogInId("ANNA")) is None

    def test_every_role_is_kept(self) -> None:
        """The list of the store is that of the enum."""
        with self.parts() as parts:
            for role in Role:
                assert parts.people.add(changed(person(role.value), role=role))
            assert {login.role for login in parts.people.log_ins()} == set(Role)

    def test_an_id_is_given_once(self) -> None:
        """The second time changes nothing and says so."""
        with self.parts() as parts:
            parts.people.add(person())
            assert not parts.people.add(changed(person(), name="other"))
            assert parts.people.find(LogInId("anna")) == person()

    def test_a_log_in_takes_the_place_of_the_one_of_its_id(self) -> None:
        """In every field; of an unknown id nothing is kept."""
        closed = changed(person(), failures=0, locked_until=None, closed_at=Instant(9), must_change=False, secret="")
        with self.parts() as parts:
            assert not parts.people.replace(person())
            assert parts.people.log_ins() == ()
            parts.people.add(person())
            parts.people.add(person("bert"))
            assert parts.people.replace(closed)
            assert parts.people.log_ins() == (closed, person("bert"))

    def test_log_ins_are_found_by_their_tenants(self) -> None:
        """By id, of those tenants and of no other; of none when none is named."""
        with self.parts() as parts:
            for id, tenant in (
                ("c", "center:demo"),
                ("a", "reseller:west"),
                ("b", "center:demo2"),
                ("d", "center:demo"),
            ):
                parts.people.add(person(id, tenant))
            found = parts.people.log_ins(("reseller:west", "center:demo", "center:demo"))
            assert [login.id for login in found] == ["a", "c", "d"]
            assert parts.people.log_ins(()) == ()
            assert [login.id for login in parts.people.log_ins()] == ["a", "b", "c", "d"]

    def test_a_session_is_used_and_ended(self) -> None:
        """It comes back as it is, with its last use; ended it stays, and is not ended twice."""
        with self.parts() as parts:
            assert parts.people.open(seat())
            assert not parts.people.open(seat(login="other"))
            parts.people.see(TokenHash("t1"), Instant(5))
            parts.people.see(TokenHash("unknown"), Instant(5))
            assert parts.people.session(TokenHash("t1")) == changed(seat(), seen_at=Instant(5))
            assert parts.people.session(TokenHash("unknown")) is None
            assert parts.people.revoke(LogInId("anna"), Instant(6)) == 1
            assert parts.people.revoke(LogInId("anna"), Instant(7)) == 0
            ended = parts.people.session(TokenHash("t1"))
            assert ended == changed(seat(), seen_at=Instant(5), revoked_at=Instant(6))

    def test_one_session_or_all_are_ended(self) -> None:
        """Of the log-in that is named, and of no other; a token of another is not ended."""
        with self.parts() as parts:
            for token, login, at in (("t3", "anna", 1), ("t2", "anna", 2), ("t1", "anna", 2), ("u", "bert", 1)):
                parts.people.open(seat(token, login, at))
            assert [each.token for each in parts.people.sessions(LogInId("anna"))] == ["t3", "t1", "t2"]
            assert parts.people.revoke(LogInId("anna"), Instant(9), TokenHash("u")) == 0
            assert parts.people.revoke(LogInId("anna"), Instant(9), TokenHash("t1")) == 1
            assert [each.token for each in parts.people.sessions(LogInId("anna"))] == ["t3", "t2"]
            assert parts.people.revoke(LogInId("anna"), Instant(9)) == 2
            assert len(parts.people.sessions(LogInId("bert"))) == 1

    def test_old_sessions_are_forgotten(self) -> None:
        """Those last used, or ended, before the instant; the count tells how many."""
        with self.parts() as parts:
            for token, at in (("a", 1), ("b", 5), ("c", 9)):
                parts.people.open(seat(token, token, at))
            parts.people.revoke(LogInId("c"), Instant(4))
            assert parts.people.forget(Instant(5)) == 2
            assert parts.people.session(TokenHash("b")) == seat("b", "b", 5)
            assert parts.people.session(TokenHash("a")) is None


class TrailConformance(Suite):
    """Append-only, chained, found by what it is asked for."""

    def test_rows_are_numbered_and_chained(self) -> None:
        """1 for the first, no gap; each hash covers the row before."""
        with self.parts() as parts:
            rows = [parts.trail.append(act(at=at)) for at in (3, 2, 9)]
            assert [row.seq for row in rows] == [1, 2, 3]
            assert rows[0].hash == hash_of(BEGIN, 1, act(at=3))
            assert rows[2] == chained(rows[1], act(at=9))
            assert parts.trail.last() == rows[2]
            assert parts.trail.since(0, 9) == tuple(rows)
            assert parts.trail.since(1, 1) == (rows[1],)
            assert first_flaw(parts.trail.since(0, 9)) is None

    def test_an_empty_trail_answers_with_nothing(self) -> None:
        """None, no rows, zero."""
        with self.parts() as parts:
            assert parts.trail.last() is None
            assert parts.trail.since(0, 9) == ()
            assert parts.trail.rows(ALL, 9) == ()
            assert parts.trail.count(ALL) == 0

    def test_rows_are_found_by_each_filter(self) -> None:
        """Who, what, target, range of time, and all of them at once; newest first."""
        with self.parts() as parts:
            parts.trail.append(act("anna", 1, what="edit", target="center:a"))
            parts.trail.append(act("bert", 2, what="edit", target="center:b"))
            parts.trail.append(act("anna", 3, what="close", target="center:b"))
            for asked, expected in (
                (TrailFilter(who="anna"), [3, 1]),
                (TrailFilter(what="edit"), [2, 1]),
                (TrailFilter(target="center:b"), [3, 2]),
                (TrailFilter(since=Instant(2)), [3, 2]),
                (TrailFilter(until=Instant(2)), [1]),
                (TrailFilter(since=Instant(3), until=Instant(3)), []),
                (TrailFilter(who="anna", what="edit", target="center:a", since=Instant(1), until=Instant(2)), [1]),
                (TrailFilter(who=""), []),
                (TrailFilter(outcome="done", who="bert"), [2]),
                (TrailFilter(outcome="E574"), []),
                (ALL, [3, 2, 1]),
            ):
                assert [row.seq for row in parts.trail.rows(asked, 9)] == expected
                assert parts.trail.count(asked) == len(expected)

    def test_rows_are_found_under_a_tenant(self) -> None:
        """The tenant itself and what is below it; no neighbour whose name begins alike."""
        paths = [
            "reseller:west",
            "reseller:west/center:a",
            "reseller:west0",
            "reseller:wes",
            "reseller:west.b",
            "platform",
        ]
        with self.parts() as parts:
            for path in paths:
                parts.trail.append(act(tenant=path))
            found = parts.trail.rows(TrailFilter(under="reseller:west"), 9)
            assert [row.act.tenant for row in found] == ["reseller:west/center:a", "reseller:west"]
            assert parts.trail.count(TrailFilter(under="reseller:west")) == 2

    def test_pages_by_number_and_by_key_are_the_same(self) -> None:
        """Offsets, what is below a row, what is above one: the same rows in the same order."""
        with self.parts() as parts:
            for at in range(7):
                parts.trail.append(act(at=at))
            assert [row.seq for row in parts.trail.rows(ALL, 3)] == [7, 6, 5]
            assert [row.seq for row in parts.trail.rows(ALL, 3, offset=3)] == [4, 3, 2]
            assert [row.seq for row in parts.trail.rows(ALL, 3, below=5)] == [4, 3, 2]
            assert [row.seq for row in parts.trail.rows(ALL, 3, above=2)] == [5, 4, 3]
            assert [row.seq for row in parts.trail.rows(ALL, 3, above=6)] == [7]
            assert parts.trail.rows(ALL, 3, below=1) == ()
            assert parts.trail.rows(ALL, 0) == ()

    def test_a_row_of_a_dump_is_written_as_it_is(self) -> None:
        """Also one whose hash is wrong, so that loading hides nothing; but only as the next."""
        wrong = AuditRow(seq=2, act=act(at=2), hash="f" * 64)
        with self.parts() as parts:
            first = parts.trail.append(act())
            for row in (changed(wrong, seq=1), changed(wrong, seq=3)):
                assert code_of(lambda row=row: parts.trail.restore(row)) == "E417"
            parts.trail.restore(wrong)
            third = parts.trail.append(act(at=3))
            rows = parts.trail.since(0, 9)
            assert rows == (first, wrong, third)
            assert first_flaw(rows) == wrong
