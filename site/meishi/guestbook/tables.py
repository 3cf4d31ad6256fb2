"""The guestbook's tables. What is changed here needs a step in migrations/versions/, and a test compares."""

from __future__ import annotations

from typing import cast

from sqlalchemy import (
    BigInteger,
    Boolean,
    Float,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

#: Moments are milliseconds since 1970 in UTC: the same in every database.
Moment = BigInteger
_SERIAL = BigInteger().with_variant(Integer, "sqlite")


class Base(DeclarativeBase):
    """Hold the tables together."""


class RoomRow(Base):
    """A room; its row is locked while its log grows."""

    __tablename__ = "guestbook_rooms"

    slug: Mapped[str] = mapped_column(String(255), primary_key=True)
    epoch: Mapped[str] = mapped_column(String(32))
    head: Mapped[int] = mapped_column(BigInteger, default=0)
    #: Positions up to this one are no longer whole: what was erased below it may be gone.
    floor: Mapped[int] = mapped_column(BigInteger, default=0)
    numbered: Mapped[int] = mapped_column(BigInteger, default=0)
    arrival: Mapped[int] = mapped_column(BigInteger, default=0)
    shown: Mapped[int] = mapped_column(BigInteger, default=0)
    held: Mapped[int] = mapped_column(BigInteger, default=0)
    mode: Mapped[str] = mapped_column(String(16), default="")
    slow: Mapped[int | None] = mapped_column(Integer)
    paused: Mapped[bool] = mapped_column(Boolean, default=False)
    made: Mapped[int] = mapped_column(Moment)
    latest: Mapped[int | None] = mapped_column(Moment)


class EntryRow(Base):
    """An entry in any state; an erased one keeps its place and nothing else."""

    __tablename__ = "guestbook_entries"
    __table_args__ = (
        UniqueConstraint("room", "id", name="guestbook_entries_id"),
        Index("guestbook_entries_log", "room", "version"),
        Index("guestbook_entries_order", "room", "number"),
        Index("guestbook_entries_arrival", "room", "arrival"),
        Index("guestbook_entries_author", "author", "state"),
        Index("guestbook_entries_likeness", "likeness", "at"),
        Index("guestbook_entries_state", "state", "serial"),
    )

    serial: Mapped[int] = mapped_column(_SERIAL, primary_key=True, autoincrement=True)
    room: Mapped[str] = mapped_column(String(255))
    id: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(8))
    number: Mapped[int | None] = mapped_column(BigInteger)
    version: Mapped[int | None] = mapped_column(BigInteger)
    arrival: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[int] = mapped_column(Moment)
    edited: Mapped[int | None] = mapped_column(Moment)
    decided: Mapped[int | None] = mapped_column(Moment)
    name: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    link: Mapped[str | None] = mapped_column(Text)
    answers: Mapped[str | None] = mapped_column(String(64))
    page: Mapped[str | None] = mapped_column(String(255))
    owner: Mapped[bool] = mapped_column(Boolean, default=False)
    author: Mapped[str] = mapped_column(String(32))
    face: Mapped[str] = mapped_column(String(16))
    address: Mapped[str | None] = mapped_column(String(32))
    language: Mapped[str] = mapped_column(String(16))
    score: Mapped[int] = mapped_column(Integer, default=0)
    reasons: Mapped[str] = mapped_column(Text, default="[]")
    likeness: Mapped[str | None] = mapped_column(String(32))


class BanRow(Base):
    """A ban; one of an address is by the scrambled address of a day."""

    __tablename__ = "guestbook_bans"

    id: Mapped[int] = mapped_column(_SERIAL, primary_key=True, autoincrement=True)
    kind: Mapped[str] = mapped_column(String(8))
    key: Mapped[str] = mapped_column(String(32))
    day: Mapped[str] = mapped_column(String(10), default="")
    until: Mapped[int | None] = mapped_column(Moment)
    note: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[int] = mapped_column(Moment)


class DayKeyRow(Base):
    """The key of a day with which addresses are scrambled; once it is deleted, nobody can undo that."""

    __tablename__ = "guestbook_day_keys"

    day: Mapped[str] = mapped_column(String(10), primary_key=True)
    key: Mapped[bytes] = mapped_column(LargeBinary)


class DeedRow(Base):
    """Something the owner did, with the states before it as JSON: [[room, id, state before, after], …]."""

    __tablename__ = "guestbook_deeds"

    id: Mapped[int] = mapped_column(_SERIAL, primary_key=True, autoincrement=True)
    what: Mapped[str] = mapped_column(String(16))
    at: Mapped[int] = mapped_column(Moment)
    steps: Mapped[str] = mapped_column(Text, default="[]")
    ban: Mapped[int | None] = mapped_column(BigInteger)
    undone: Mapped[bool] = mapped_column(Boolean, default=False)


class NoteRow(Base):
    """A note of the owner's side: a seen position, a cursor, a lease."""

    __tablename__ = "guestbook_notes"

    key: Mapped[str] = mapped_column(String(255), primary_key=True)
    value: Mapped[str] = mapped_column(Text, default="")
    until: Mapped[float | None] = mapped_column(Float)


# Statements are written on the tables: nothing here needs SQLAlchemy's sessions and identities.
ROOMS = cast(Table, RoomRow.__table__)
ENTRIES = cast(Table, EntryRow.__table__)
BANS = cast(Table, BanRow.__table__)
DAY_KEYS = cast(Table, DayKeyRow.__table__)
DEEDS = cast(Table, DeedRow.__table__)
NOTES = cast(Table, NoteRow.__table__)
