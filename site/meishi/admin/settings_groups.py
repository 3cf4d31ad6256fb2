"""What the settings form asks for, in groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from meishi.admin.language import lazy_gettext


@dataclass(frozen=True, slots=True)
class Setting:
    """One input of the form; `key` is where it stands in the file, `kind` which input it is."""

    key: str
    label: str
    kind: str = "text"
    hint: str = ""
    example: str = ""
    choices: Sequence[tuple[str, str]] = field(default=())
    default: bool = False
    #: A switch whose absence means something: it is on as soon as its table says anything.
    explicit: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Settings that belong together."""

    id: str
    title: str
    hint: str
    settings: tuple[Setting, ...]


GROUPS = (
    Group(
        "site",
        lazy_gettext("The site"),
        "",
        (
            Setting("title", lazy_gettext("Name of the site")),
            Setting(
                "params.description",
                lazy_gettext("Line under the name"),
                hint=lazy_gettext("A little HTML is allowed. A language may have its own, below."),
            ),
            Setting(
                "baseURL",
                lazy_gettext("Address of the public site"),
                "url",
                lazy_gettext(
                    "With https:// and with its path, if it has one. Links, feeds and the domain follow it."
                ),
                "https://www.example.com/",
            ),
            Setting("copyright", lazy_gettext("Line at the foot"), example="© 2026"),
            Setting(
                "timeZone",
                lazy_gettext("Time zone"),
                "zone",
                lazy_gettext("Of dates without a zone of their own."),
                "UTC",
            ),
        ),
    ),
    Group(
        "look",
        lazy_gettext("The look"),
        lazy_gettext("Everything is drawn in paper, ink and this one colour."),
        (
            Setting(
                "params.accent",
                lazy_gettext("Accent"),
                "colour",
                lazy_gettext("As #rrggbb. Empty: vermilion."),
                "#c9371f",
            ),
            Setting(
                "params.background",
                lazy_gettext("Behind the card"),
                "background",
                lazy_gettext(
                    "A picture, a CSS gradient, “gradient” or “none”. Empty: hills and a rising sun."
                ),
                "images/harbour.jpg",
            ),
            Setting(
                "params.avatar",
                lazy_gettext("Your picture"),
                "picture",
                lazy_gettext("From static/. The browser's little icon is made of it, too."),
                "images/me.jpg",
            ),
            Setting("params.avatarAlt", lazy_gettext("The picture in words")),
            Setting(
                "params.logo",
                lazy_gettext("Or an icon in place of a picture"),
                "icon",
                example="mountain-sun",
            ),
            Setting(
                "params.colorScheme",
                lazy_gettext("Colours begin with"),
                "choice",
                choices=(
                    ("", lazy_gettext("the visitor's device")),
                    ("auto", lazy_gettext("the visitor's device (auto)")),
                    ("light", lazy_gettext("light")),
                    ("dark", lazy_gettext("dark")),
                ),
            ),
            Setting(
                "params.fontHeading",
                lazy_gettext("Fonts of headings"),
                hint=lazy_gettext(
                    "As CSS writes them, such as Optima, sans-serif. They must be on the visitor's device."
                ),
                example="Optima, Candara, sans-serif",
            ),
            Setting("params.fontBody", lazy_gettext("Fonts of the text"), example="Georgia, serif"),
        ),
    ),
    Group(
        "author",
        lazy_gettext("You"),
        lazy_gettext(
            "For the business card at /card/, the contact file and search engines. "
            "Leave out what you would not print on paper."
        ),
        (
            Setting("params.author.name", lazy_gettext("Name")),
            Setting("params.author.name_alt", lazy_gettext("Name in another script")),
            Setting("params.author.role", lazy_gettext("What you do")),
            Setting("params.author.organisation", lazy_gettext("Organisation")),
            Setting("params.author.email", lazy_gettext("E-mail"), "email"),
            Setting("params.author.phone", lazy_gettext("Telephone"), "tel"),
        ),
    ),
    Group(
        "guestbook",
        lazy_gettext("Guestbook"),
        lazy_gettext(
            "Visitors write on the server that runs this study; published pages show what is approved. "
            "Rooms, limits and retention stand in the text of the settings."
        ),
        (
            Setting("guestbook.enable", lazy_gettext("The site has a guestbook"), "switch", explicit=True),
            Setting(
                "guestbook.server",
                lazy_gettext("Address of the live guestbook"),
                "url",
                lazy_gettext(
                    "The server that visitors of the published site write to. "
                    "Empty: the published entries only."
                ),
                "https://live.example.com/",
            ),
            Setting(
                "guestbook.owner",
                lazy_gettext("Your name under your entries"),
                hint=lazy_gettext("Empty: your name as the author. Nobody else can sign with it."),
            ),
            Setting(
                "guestbook.mode",
                lazy_gettext("New entries"),
                "choice",
                choices=(
                    ("", lazy_gettext("as usual: hold those who write for the first time")),
                    ("open", lazy_gettext("Everything is shown at once")),
                    ("hold-first", lazy_gettext("Hold those who write for the first time")),
                    ("hold-links", lazy_gettext("Hold entries with links")),
                    ("hold-all", lazy_gettext("Hold everything")),
                    ("read-only", lazy_gettext("Read only")),
                ),
            ),
            Setting(
                "guestbook.slow",
                lazy_gettext("Slow mode, in seconds"),
                "number",
                lazy_gettext("So many seconds pass between two entries of one visitor. Empty: off."),
                "30",
            ),
            Setting(
                "guestbook.words",
                lazy_gettext("Words that hold an entry"),
                "words",
                lazy_gettext("Separated by commas."),
                "casino, 副業",
            ),
            Setting(
                "guestbook.pages",
                lazy_gettext("Pages have a guestbook of their own"),
                "switch",
            ),
            Setting("guestbook.openRooms", lazy_gettext("Visitors may open rooms"), "switch"),
            Setting(
                "guestbook.notices.about",
                lazy_gettext("You are told of"),
                "choice",
                choices=(
                    ("", lazy_gettext("as usual: every new entry")),
                    ("all", lazy_gettext("every new entry")),
                    ("held", lazy_gettext("entries that wait for you")),
                    ("none", lazy_gettext("nothing")),
                ),
            ),
            Setting(
                "guestbook.notices.mail",
                lazy_gettext("By mail to"),
                "email",
                lazy_gettext("It needs a mail server in the environment: MEISHI_SMTP_URL."),
                "me@example.com",
            ),
            Setting("guestbook.notices.mailFrom", lazy_gettext("Sender of these mails"), "email"),
            Setting(
                "guestbook.notices.feed",
                lazy_gettext("By a feed with a private address"),
                "switch",
                default=True,
            ),
        ),
    ),
    Group(
        "publishing",
        lazy_gettext("Publishing"),
        lazy_gettext("What the button “Publish” does. Passwords and tokens stay with git, never here."),
        (
            Setting(
                "publish.via",
                lazy_gettext("Where the pages are built"),
                "choice",
                choices=(
                    ("", lazy_gettext("here; the finished pages are sent")),
                    ("push", lazy_gettext("there: what you wrote is sent, and built by CI")),
                ),
            ),
            Setting(
                "publish.remote",
                lazy_gettext("Remote of git"),
                "name",
                lazy_gettext("Its name, as `git remote` lists it."),
                "origin",
            ),
            Setting(
                "publish.branch",
                lazy_gettext("Branch of the finished pages"),
                "name",
                lazy_gettext("GitHub Pages shows what is in it."),
                "gh-pages",
            ),
            Setting(
                "publish.patience",
                lazy_gettext("Seconds to wait until visitors see it"),
                "number",
                lazy_gettext("After that you are told where it hangs."),
                "600",
            ),
        ),
    ),
    Group(
        "saving",
        lazy_gettext("Saving"),
        "",
        (
            Setting(
                "admin.git",
                lazy_gettext("Commit every save to git, where the site is a git checkout"),
                "switch",
                default=True,
            ),
        ),
    ),
)
