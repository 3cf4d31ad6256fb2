"""The owner is told once of each entry, by whichever process comes first, and again when it failed."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from meishi.config.guestbook import GuestbookSettings, NoticeSettings, RoomSettings
from meishi.config.secret import Secret
from meishi.guestbook.models import Entry, Record, Signing, Visitor
from meishi.guestbook.notice_channels import Channel, NoticeError
from meishi.guestbook.notice_texts import Notice
from meishi.guestbook.notices import Means, Notices, Site
from meishi.guestbook.opening import database_address, open_guestbook
from meishi.guestbook.service import Guestbook
from meishi.guestbook.unread import mark_read

ABOUT = {
    about: GuestbookSettings(enabled=True, notices=NoticeSettings(about=about)) for about in ("all", "held")
}
TWO_ROOMS = GuestbookSettings(
    enabled=True, rooms=(RoomSettings("lobby"), RoomSettings("tea", {"": "Tea room"}))
)


@dataclass
class Clock:
    moment: datetime = field(default_factory=lambda: datetime(2026, 11, 25, 10, 0, tzinfo=UTC))

    def __call__(self) -> datetime:
        return self.moment

    def pass_seconds(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)


@dataclass
class Letterbox:
    """A channel that keeps what it is given, or refuses it."""

    name: str = "mail"
    sent: list[Notice] = field(default_factory=list)
    broken: bool = False
    arrived: threading.Event = field(default_factory=threading.Event)

    def send(self, notice: Notice) -> None:
        if self.broken:
            raise NoticeError("the mail server did not take the mail")
        self.sent.append(notice)
        self.arrived.set()


@dataclass
class House:
    """A guestbook, its owner's letterbox, and the time."""

    book: Guestbook
    box: Letterbox
    clock: Clock
    count: int = 0

    def notices(self, *channels: Channel, book: Guestbook | None = None) -> Notices:
        def used() -> Sequence[Channel]:
            return channels or (self.box,)

        site = Site("Ichi", "en", "https://live.example.com/admin/guestbook/")
        return Notices(Means(lambda: book or self.book, used, lambda: site, self.clock, settle=0.0))

    def write(self, *bodies: str, state: str = "held", room: str = "lobby", owner: bool = False) -> None:
        records = []
        for body in bodies:
            self.count += 1
            entry = Entry(f"entry-{self.count:04}", 0, 0, self.clock(), "Hana", body, owner=owner)
            records.append(Record(room, entry, state))
        assert self.book.take_in(records).added == len(records)

    def sign(self, body: str) -> None:
        """Write as a visitor does."""
        ticket = self.book.ticket()
        self.clock.pass_seconds(5)
        wish = Signing("lobby", "entry-signed", "Vic", body, Visitor("t" * 32, "198.51.100.7"), ticket=ticket)
        assert self.book.sign([wish])[0].ok

    @property
    def told(self) -> list[list[str]]:
        return [[entry.body for entry in notice.entries] for notice in self.box.sent]


def opened(folder: Path, clock: Clock, settings: GuestbookSettings = TWO_ROOMS) -> Guestbook:
    return open_guestbook(settings, Secret(b"k" * 32), database_address(folder), now=clock)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    clock = Clock()
    book = opened(tmp_path, clock)
    yield House(book, Letterbox(), clock)
    book.close()


def test_entries_are_told_together_and_once(house: House) -> None:
    notices = house.notices()
    house.write("one", "two")
    house.write("three", state="shown", room="tea")
    notices.round()
    notices.round()

    assert house.told == [["one", "two", "three"]]
    (notice,) = house.box.sent
    assert (notice.new, notice.held) == (3, 2)
    assert [entry.room for entry in notice.entries] == ["lobby", "lobby", "Tea room"]


def test_what_comes_soon_after_a_mail_waits_for_the_next_one(house: House) -> None:
    notices = house.notices()
    house.write("one")
    notices.round()
    house.write("two")
    wait = notices.round()
    assert house.told == [["one"]]
    assert 0 < wait <= 60
    house.clock.pass_seconds(100)
    house.write("three")
    notices.round()
    house.clock.pass_seconds(201)
    notices.round()

    assert house.told == [["one"], ["two", "three"]]


def test_a_failed_notice_is_told_later_and_its_error_is_kept(house: House) -> None:
    notices = house.notices()
    house.box.broken = True
    house.write("one")
    notices.round()
    post = notices.posts()["mail"]
    assert "did not take the mail" in post.error
    assert post.failures == 1

    house.box.broken = False
    notices.round()
    assert house.told == [], "not before its time"
    house.clock.pass_seconds(61)
    notices.round()
    assert house.told == [["one"]]
    assert notices.posts()["mail"].error == ""


def test_a_broken_channel_does_not_keep_another_one_waiting(house: House) -> None:
    other = Letterbox("webhook")
    house.box.broken = True
    house.write("one")
    house.notices(house.box, other).round()

    assert [notice.new for notice in other.sent] == [1]


def test_of_two_processes_one_tells(house: House, tmp_path: Path) -> None:
    with_other = opened(tmp_path, house.clock)
    house.write("one")
    assert house.book.claim("notice-mail", 120), "the first process is telling just now"
    house.notices(book=with_other).round()
    assert house.told == []
    house.book.release("notice-mail")
    house.notices(book=with_other).round()
    house.notices().round()
    with_other.close()

    assert house.told == [["one"]]


def test_a_process_that_died_while_telling_is_followed_by_another(house: House) -> None:
    house.write("one")
    house.book.claim("notice-mail", 120)
    house.clock.pass_seconds(121)
    house.notices().round()

    assert house.told == [["one"]]


def test_the_owner_is_not_told_of_what_they_have_seen_or_written(house: House) -> None:
    notices = house.notices()
    house.write("seen")
    mark_read(house.book)
    notices.round()
    house.write("mine", state="shown", owner=True)
    notices.round()
    assert house.told == []

    house.write("new")
    notices.round()
    assert house.told == [["new"]]


def test_an_entry_that_was_decided_upon_meanwhile_is_told_as_it_is_now(house: House) -> None:
    house.write("good", "bad")
    records = {record.entry.body: record.ref for record in house.book.queue()}
    house.book.approve([records["good"]])
    house.book.hide([records["bad"]])
    house.notices().round()

    assert house.told == [["good"]]
    assert house.box.sent[0].held == 0


@pytest.mark.parametrize(("about", "told"), [("all", [["held", "shown"]]), ("held", [["held"]])])
def test_the_owner_chooses_what_to_be_told_of(house: House, about: str, told: list[list[str]]) -> None:
    house.book.reconfigure(ABOUT[about])
    house.write("held")
    house.write("shown", state="shown")
    house.notices().round()

    assert house.told == told


def test_a_flood_becomes_one_mail_that_counts_all(house: House) -> None:
    house.write(*(f"number {number}" for number in range(150)))
    house.notices().round()

    (notice,) = house.box.sent
    assert notice.new == 150
    assert [entry.body for entry in notice.entries] == [f"number {number}" for number in range(130, 150)]


def test_an_entry_wakes_the_thread(house: House) -> None:
    notices = house.notices()
    house.book.subscribe(notices.hear)
    try:
        house.sign("one")
        assert house.box.arrived.wait(30)
    finally:
        notices.stop()

    assert house.told == [["one"]]


def test_what_came_while_the_server_was_down_is_told_at_its_start(house: House) -> None:
    house.write("one")
    notices = house.notices()
    notices.start()
    try:
        assert house.box.arrived.wait(30)
    finally:
        notices.stop()
        notices.stop()


def test_a_test_says_that_it_is_one(house: House) -> None:
    house.notices().test("mail")

    assert house.box.sent[0].test
    with pytest.raises(NoticeError, match="nothing is set up"):
        house.notices().test("pigeon")
