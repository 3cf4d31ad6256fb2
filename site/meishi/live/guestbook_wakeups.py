"""Wake the other processes through Redis; what they then read stands in the database, not in the wake-up."""

from __future__ import annotations

import json
import logging
import secrets
import threading
from collections.abc import Callable, Mapping
from typing import Any

from meishi.guestbook.models import Announcement, Delta, OwnChange, QueueChange, RoomChange
from meishi.live.guestbook_clock import Clock
from meishi.live.guestbook_presence import Presence
from meishi.live.guestbook_reading import Readings
from meishi.live.guestbook_relay import Relay, author_name, room_name

CHANNEL = "meishi guestbook 1"
#: Seconds that Redis has to answer: it is never waited for by a visitor, but a task hangs on it.
_PATIENCE = 1.0
#: Seconds between two attempts to reach it, and the most.
_RETRY, _RETRIES = 0.5, 10.0
#: Seconds without a word, not even our own, after which the connection is taken for dead.
_SILENCE = 60.0
#: Own changes that may wait while Redis is away; rooms are few, and only their last head counts.
_OWN = 200

Start = Callable[..., Any]
Sleep = Callable[[float], None]


class Neighbours:
    """Tell the other processes what happened here, and hear what happened there.

    Without Redis, or while it is away, each process looks into the database at its ticks.
    """

    def __init__(
        self,
        url: str,
        relay: Relay,
        presence: Presence,
        readings: Readings,
        clock: Clock,
        log: logging.Logger,
    ) -> None:
        self._url = url
        self._name = secrets.token_hex(8)
        self._relay = relay
        self._presence = presence
        self._readings = readings
        self._clock = clock
        self._logger = log
        self._lock = threading.Lock()
        self._some = threading.Event()
        self._waiting: dict[str, Any] = {}
        self._stopped = False
        #: Which of the two directions work: "speak", "listen".
        self._works: set[str] = set()
        relay.outward = self.announce
        clock.outward = self.tell_presence

    @property
    def state(self) -> str:
        """Return "none" where no Redis is named, else "ok" or "away"."""
        return ("ok" if len(self._works) == 2 else "away") if self._url else "none"

    def start(self, start: Start, sleep: Sleep) -> None:
        """Begin to speak and to listen."""
        if self._url:
            start(self._speak, sleep)
            start(self._listen, sleep)

    def stop(self) -> None:
        """Say goodbye: nobody is here any more."""
        self._stopped = True
        self._some.set()

    def announce(self, news: Announcement) -> None:
        """Take in what happened here, to be told soon."""
        if isinstance(news, RoomChange):
            self._readings.forget()
        if not self._url:
            return
        with self._lock:
            if isinstance(news, Delta):
                self._waiting.setdefault("heads", {})[news.room] = [news.epoch, news.head]
            elif isinstance(news, QueueChange):
                desk = [news.head, news.arrival, news.held]
                self._waiting.setdefault("desks", {})[news.room] = desk
            elif isinstance(news, RoomChange):
                self._waiting.setdefault("modes", {})[news.room.slug] = news.room.as_json()
            elif isinstance(news, OwnChange):
                own = self._waiting.setdefault("own", [])
                own.append([news.author, [record.as_own() for record in news.records]])
                del own[:-_OWN]
        self._some.set()

    def tell_presence(self) -> None:
        """Tell the others who is here."""
        if not self._url:
            return
        rooms, owner = self._presence.told()
        with self._lock:
            self._waiting["here"] = {"rooms": rooms, "owner": owner}
        self._some.set()

    # Speaking

    def _speak(self, sleep: Sleep) -> None:
        client, wait = self._client(), _RETRY
        while not self._stopped:
            self._some.wait()
            self._some.clear()
            with self._lock:
                told, self._waiting = self._waiting, {}
            if not told:
                continue
            try:
                client.publish(CHANNEL, json.dumps({"from": self._name, **told}, ensure_ascii=False))
                wait = _RETRY
                self._found("speak")
            except _errors() as error:
                self._lost("speak", error)
                with self._lock:
                    self._waiting = _merged(told, self._waiting)
                self._some.set()
                sleep(wait)
                wait = min(wait * 2, _RETRIES)

    # Listening

    def _listen(self, sleep: Sleep) -> None:
        wait = _RETRY
        while not self._stopped:
            try:
                with self._client().pubsub(ignore_subscribe_messages=True) as channel:
                    channel.subscribe(CHANNEL)
                    wait = _RETRY
                    self._found("listen")
                    self._hear_all(channel)
            except _errors() as error:
                self._lost("listen", error)
                sleep(wait)
                wait = min(wait * 2, _RETRIES)

    def _hear_all(self, channel: Any) -> None:
        silent = 0.0
        while not self._stopped:
            message = channel.get_message(timeout=_PATIENCE)
            if message is not None:
                self._hear(message["data"])
                silent = 0.0
            elif (silent := silent + _PATIENCE) > _SILENCE:
                raise OSError("nothing was heard for a while")

    def _hear(self, data: bytes) -> None:
        try:
            told = json.loads(data)
            if told["from"] == self._name:
                return
            self._act(told)
        except (ValueError, TypeError, KeyError, AttributeError):
            self._logger.warning("guestbook: Redis brought something that is none of ours")

    def _act(self, told: Mapping[str, Any]) -> None:
        for room, place in told.get("heads", {}).items():
            known = self._relay.told(room)
            if known is not None and list(known) != place:
                self._relay.wake(room)
        for room, (head, arrival, held) in told.get("desks", {}).items():
            self._relay.desk(room, head, arrival, held)
        for room, rules in told.get("modes", {}).items():
            self._readings.forget()
            self._relay.emit("mode", rules, room_name(room))
        for author, entries in told.get("own", []):
            self._relay.emit("own", {"entries": entries}, author_name(author))
        if here := told.get("here"):
            self._presence.hear(told["from"], here["rooms"], here["owner"])

    # Redis

    def _client(self) -> Any:
        import redis

        return redis.Redis.from_url(
            self._url,
            socket_timeout=_PATIENCE,
            socket_connect_timeout=_PATIENCE,
            socket_keepalive=True,
            health_check_interval=15,
            client_name="meishi",
        )

    def _found(self, direction: str) -> None:
        if direction in self._works:
            return
        self._works.add(direction)
        # What happened while it was away was told to nobody.
        self.tell_presence()
        if self.state != "ok":
            return
        self._logger.info("guestbook: Redis answers")
        try:
            self._clock.catch_up()
        except Exception as error:  # noqa: BLE001 - the next tick asks again
            self._logger.warning("guestbook: %s", error)

    def _lost(self, direction: str, error: Exception) -> None:
        if self.state == "ok" and not self._stopped:
            self._logger.warning(
                "guestbook: Redis is away (%s); until it is back, each tick catches up", error
            )
        self._works.discard(direction)


def _merged(older: dict[str, Any], newer: dict[str, Any]) -> dict[str, Any]:
    """Join two messages; the newer one wins, and lists follow each other."""
    merged = dict(older)
    for key, value in newer.items():
        if key == "own":
            merged[key] = (merged.get(key, []) + value)[-_OWN:]
        elif key != "here" and isinstance(value, dict):
            merged[key] = {**merged.get(key, {}), **value}
        else:
            merged[key] = value
    return merged


def _errors() -> tuple[type[Exception], ...]:
    import redis

    return (redis.RedisError, OSError)
