"""The errors a user can cause, each with its file, its line and a way out.

MeishiError
├── ConfigError             config.toml or a MEISHI_… variable
├── ContentError            something in content/
│   ├── FrontMatterError    the block at the top of a page
│   ├── MarkdownError       the text below it
│   ├── ShortcodeError      {{< … >}}
│   ├── LinkError           a link to a page or file that is not there
│   └── ImageError          a picture that cannot be read
├── TemplateError           a template of the theme or of the owner
├── FreezeError             building build/
│   └── BrokenOutputError   what was built does not hold together
└── PublishError            publishing build/
    ├── RemoteError         git and the remote: not reached, not allowed, refused
    └── RemoteMovedError    someone else published meanwhile
"""

from __future__ import annotations

from pathlib import PurePath


class MeishiError(Exception):
    """Report something that the owner of the site can put right."""

    def __init__(
        self,
        message: str,
        *,
        path: PurePath | str | None = None,
        line: int | None = None,
        hint: str | None = None,
    ) -> None:
        super().__init__(message, path, line, hint)
        self.message = message
        self.path = path
        self.line = line
        self.hint = hint

    @property
    def place(self) -> str:
        """Name the file and line, as editors and terminals link them."""
        if self.path is None:
            return ""
        name = self.path.as_posix() if isinstance(self.path, PurePath) else self.path
        return f"{name}:{self.line}" if self.line is not None else name

    def __reduce__(self) -> tuple[object, ...]:
        # Worker processes hand errors back by pickle, which knows no keyword arguments.
        return (_rebuild, (type(self), self.message, self.path, self.line, self.hint))

    def __str__(self) -> str:
        text = self.message.rstrip(".")
        if self.place:
            text = f"{self.place}: {text}"
        return f"{text}. {self.hint}" if self.hint else f"{text}."


def _rebuild(
    kind: type[MeishiError], message: str, path: PurePath | str | None, line: int | None, hint: str | None
) -> MeishiError:
    return kind(message, path=path, line=line, hint=hint)


class ConfigError(MeishiError):
    """Reject a setting in config.toml or in the environment."""


class ContentError(MeishiError):
    """Reject something in content/."""


class FrontMatterError(ContentError):
    """Reject the block at the top of a page."""


class MarkdownError(ContentError):
    """Reject the text of a page."""


class ShortcodeError(ContentError):
    """Reject a shortcode."""


class LinkError(ContentError):
    """Reject a link to a page or file that does not exist."""


class ImageError(ContentError):
    """Reject a picture that cannot be read."""


class TemplateError(MeishiError):
    """Reject a template that does not compile or fails while it is filled."""


class FreezeError(MeishiError):
    """Stop a build; the old one stays whole."""


class BrokenOutputError(FreezeError):
    """Reject a build whose links, fragments or pictures do not hold together."""


class PublishError(MeishiError):
    """Stop a publication; what was published before stays."""


class RemoteError(PublishError):
    """Report what git or the remote refused."""


class RemoteMovedError(PublishError):
    """Report that someone else published between the plan and the push."""
