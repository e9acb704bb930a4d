"""The peer of P7 and P8: the same books as classes mapped by SQLAlchemy's ORM.

What it does without: balances kept by the database, legs that must sum to zero, tables that only grow.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from sqlalchemy import Engine, ForeignKey, create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship

from callcenter.billing.ledger import Entry


class Base(DeclarativeBase):
    """The tables."""


class Leg(Base):
    """What an entry adds to an account."""

    __tablename__ = "leg"
    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), index=True)
    account: Mapped[str] = mapped_column(index=True)
    effective_at: Mapped[int]
    hao: Mapped[int]


class Posted(Base):
    """An entry."""

    __tablename__ = "entry"
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    effective_at: Mapped[int]
    recorded_at: Mapped[int]
    actor: Mapped[str]
    legs: Mapped[list[Leg]] = relationship()


class Charge(Base):
    """A line of the charge detail."""

    __tablename__ = "charge"
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    account: Mapped[str] = mapped_column(index=True)
    at: Mapped[int]
    kind: Mapped[str]
    hao: Mapped[int]


def books(path: str) -> Engine:
    """Return an engine over new tables; every commit is durable, as ours are."""
    engine = create_engine(f"sqlite:///{path}")
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA journal_mode = WAL")
        connection.exec_driver_sql("PRAGMA synchronous = FULL")
    Base.metadata.create_all(engine)
    return engine


def post(engine: Engine, entries: Iterable[Entry], batch: int, *, lines: bool) -> int:
    """Post entries, some at a time, each with its line where one is wanted."""
    rest, count = iter(entries), 0
    while part := list(islice(rest, batch)):
        with Session(engine) as session:
            for entry in part:
                session.add(_posted(entry))
                if lines:
                    account, amount = entry.legs[0]
                    session.add(
                        Charge(
                            key=entry.key,
                            account=account,
                            at=entry.effective_at,
                            kind=entry.kind.value,
                            hao=-amount.hao,
                        )
                    )
            session.commit()
        count += len(part)
    return count


def _posted(entry: Entry) -> Posted:
    legs = [Leg(account=account, effective_at=entry.effective_at, hao=amount.hao) for account, amount in entry.legs]
    return Posted(
        key=entry.key,
        kind=entry.kind.value,
        effective_at=entry.effective_at,
        recorded_at=entry.recorded_at,
        actor=entry.actor,
        legs=legs,
    )
