"""Ask git, with the owner's own credentials and in an environment that is ours; no secret is ever shown."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from meishi.errors import PublishError, RemoteError
from meishi.publishing.masking import Mask

#: Where a hook or another git may have pointed us; the folder alone decides.
_ELSEWHERE = (
    "GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR", "GIT_NAMESPACE",
    "GIT_PREFIX", "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_QUARANTINE_PATH", "GIT_TRACE_REDACT",
)  # fmt: skip
_PERCENT = re.compile(r"^(?:remote: )?([A-Z][\w ]+):\s+(\d+)% \((\d+)/(\d+)\)")


class CancelledError(PublishError):
    """Stop because the owner wished it."""


@dataclass(frozen=True, slots=True)
class Done:
    """How a git command ended; without secrets."""

    code: int
    out: str
    err: str

    @property
    def complaint(self) -> str:
        """Return the line that says most about what went wrong."""
        lines = [line.strip() for line in self.err.splitlines() if line.strip()]
        telling = [line for line in lines if line.startswith(("fatal:", "error:", "remote:", "ssh:"))]
        line = next((each for each in telling if not each.startswith("error: failed to push")), "")
        line = line or (lines[0] if lines else self.out.strip().partition("\n")[0])
        return line.removeprefix("fatal: ").removeprefix("error: ") or f"exit code {self.code}"


def _never() -> bool:
    return False


def environment_of(environ: Mapping[str, str], *, interactive: bool) -> dict[str, str]:
    """Return the environment for git: the owner's, but nothing that points to another repository."""
    kept = {name: value for name, value in environ.items() if name not in _ELSEWHERE}
    kept |= {"LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0", "GIT_LITERAL_PATHSPECS": "1"}
    # A connection that stands still is given up, not waited for.
    kept.setdefault("GIT_HTTP_LOW_SPEED_LIMIT", "100")
    kept.setdefault("GIT_HTTP_LOW_SPEED_TIME", "60")
    if not interactive:
        kept["GIT_TERMINAL_PROMPT"] = "0"
        kept.setdefault("SSH_ASKPASS_REQUIRE", "never")
    return kept


@dataclass(frozen=True)
class Git:
    """Run git in one folder. `header` holds (address, header) to send to the remote at that address alone."""

    folder: Path
    environ: Mapping[str, str]
    mask: Mask
    program: str = "git"
    interactive: bool = False
    stop: Callable[[], bool] = _never
    header: tuple[str, str] | None = field(default=None, repr=False)

    def environment(self, *, network: bool = False) -> dict[str, str]:
        """Return the environment that git gets; a token is in it for commands that ask the remote."""
        found = environment_of(self.environ, interactive=self.interactive)
        if network and self.header is not None:
            count = int(found.get("GIT_CONFIG_COUNT", "0") or 0)
            key = f"http.{self.header[0]}.extraHeader"
            # An empty value forgets headers of the same name that a CI left in .git/config: two are refused.
            for place, value in enumerate(("", self.header[1]), count):
                found[f"GIT_CONFIG_KEY_{place}"], found[f"GIT_CONFIG_VALUE_{place}"] = key, value
            found["GIT_CONFIG_COUNT"] = str(count + 2)
        return found

    def attempt(self, *arguments: str, text: str = "", timeout: float = 60) -> Done:
        """Run a command that asks no network."""
        try:
            done = subprocess.run(
                [self.program, *arguments],
                cwd=self.folder, env=self.environment(), input=text, capture_output=True, check=False,
                timeout=timeout, encoding="utf-8", errors="surrogateescape",
            )  # fmt: skip
        except FileNotFoundError as error:
            raise _no_git() from error
        except subprocess.TimeoutExpired as error:
            raise RemoteError(
                f"git {arguments[0]} did not end within {timeout:g} seconds",
                hint="Look at what it waits for, and publish again",
            ) from error
        return Done(done.returncode, done.stdout, self.mask(done.stderr))

    def ask(self, *arguments: str, text: str = "", timeout: float = 60) -> str:
        """Return what a command prints, or raise what it complains about."""
        done = self.attempt(*arguments, text=text, timeout=timeout)
        if done.code:
            raise RemoteError(
                f"git {arguments[0]}: {done.complaint}", hint="Publish again when it is put right"
            )
        return done.out

    def bytes(self, *arguments: str) -> bytes | None:
        """Return the bytes that a command prints, None if it fails."""
        done = subprocess.run(
            [self.program, *arguments],
            cwd=self.folder, env=self.environment(), stdin=subprocess.DEVNULL, capture_output=True,
            check=False,
        )  # fmt: skip
        return None if done.returncode else done.stdout

    def network(
        self, *arguments: str, timeout: float = 600, told: Callable[[str, int, int], None] | None = None
    ) -> Done:
        """Run a command that asks the remote; it can be cancelled, and tells of its progress."""
        try:
            process = subprocess.Popen(
                [self.program, *arguments],
                cwd=self.folder, env=self.environment(network=True), stdin=None if self.interactive else
                subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8",
                errors="surrogateescape", start_new_session=not self.interactive and os.name == "posix",
            )  # fmt: skip
        except FileNotFoundError as error:
            raise _no_git() from error
        err: list[str] = []
        reader = threading.Thread(target=_listen, args=(process, err, told), daemon=True)
        reader.start()
        try:
            out = self._wait(process, timeout, arguments[0])
        finally:
            if process.poll() is None:
                _end(process)
            reader.join(5)
            for stream in (process.stdout, process.stderr):
                if stream is not None and not (stream is process.stderr and reader.is_alive()):
                    stream.close()
        return Done(process.returncode, self.mask(out), self.mask("\n".join(err)))

    def _wait(self, process: subprocess.Popen[str], timeout: float, what: str) -> str:
        """Wait for the end, the owner's wish to stop, or the time-out."""
        said: list[str] = []
        assert process.stdout is not None
        stream = process.stdout
        collector = threading.Thread(target=lambda: said.append(stream.read()), daemon=True)
        collector.start()
        left = timeout
        # The first waits are short: most commands end at once.
        pause = 0.005
        while True:
            try:
                process.wait(pause)
                break
            except subprocess.TimeoutExpired:
                left -= pause
                pause = min(pause * 2, 0.2)
                if self.stop():
                    raise CancelledError("Stopped", hint="Nothing was published") from None
                if left <= 0:
                    raise RemoteError(
                        f"git {what} did not end within {timeout:g} seconds",
                        hint="Look at the connection, and publish again",
                    ) from None
        collector.join(5)
        return "".join(said)


def _no_git() -> PublishError:
    return PublishError("git is not installed", hint="Install it from https://git-scm.com/downloads")


def _listen(
    process: subprocess.Popen[str], lines: list[str], told: Callable[[str, int, int], None] | None
) -> None:
    """Collect what git says; its progress goes to who wants to hear of it."""
    assert process.stderr is not None
    # Universal newlines: progress ends in a carriage return, which counts as a line's end.
    for line in process.stderr:
        progress = _PERCENT.match(line)
        if progress is None:
            lines.append(line.rstrip("\n"))
        elif told is not None:
            told(progress[1], int(progress[3]), int(progress[4]))


def _end(process: subprocess.Popen[str]) -> None:
    """End git and what it started (ssh, the helpers for http)."""
    try:
        if os.name == "posix" and os.getpgid(process.pid) == process.pid:
            os.killpg(process.pid, signal.SIGTERM)
        else:
            process.terminate()
        process.wait(5)
    except (OSError, subprocess.TimeoutExpired):
        process.kill()
        process.wait()
