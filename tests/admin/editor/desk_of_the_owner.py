"""The editor as its owner sees it in a browser: what tests do there again and again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playwright.sync_api import expect
from visitors import PASSWORD

if TYPE_CHECKING:
    from playwright.sync_api import CDPSession, FrameLocator, Page

FILES: Mapping[str, str] = {
    "config.toml": (
        'baseURL = "https://www.example.com/"\ntitle = "Ichi"\ndefaultContentLanguage = "en"\n'
        '[languages.en]\nlanguageName = "English"\nweight = 1\n'
        '[languages.ja]\nlanguageName = "日本語"\nweight = 2\n'
        '[params.author]\nname = "Ichi"\nemail = "ichi@example.com"\n'
    ),
    "content/about.md": (
        "---\ntitle: About # the first panel\nweight: 10\ncolour: 'red'\n---\n\nOne.\n\nTwo.\n\nThree.\n"
    ),
    "content/about.ja.md": "---\ntitle: 私\nweight: 10\n---\n\n一。\n\n二。\n",
    "content/long.md": "---\ntitle: Long\n---\n\n"
    + "".join(f"Paragraph {number} of many, with some words in it.\n\n" for number in range(1, 121)),
    "content/windows.md": '+++\r\ntitle = "Windows"\r\n+++\r\n\r\nOne.\r\n',
    "content/broken.md": "---\ntitle: About\ntags: [one\n---\n\nText.\n",
}


# Notes go by themselves after some seconds, however slow the test is: this keeps their words.
NOTES = """
window.told = [];
addEventListener("DOMContentLoaded", () => {
  const place = document.querySelector("[data-notices]");
  if (place) new MutationObserver(() => told.push(place.textContent)).observe(place, { childList: true });
});
"""


class Editor:
    """One window with the editor in it."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.address = page, address
        page.add_init_script(NOTES)

    def sign_in(self, path: str) -> Editor:
        self.page.goto(f"{self.address}/admin/sign-in?next={path}")
        self.page.locator("#password").fill(PASSWORD)
        self.page.keyboard.press("Enter")
        self.page.wait_for_url(f"{self.address}{path}")
        return self.wait()

    def open(self, path: str) -> Editor:
        self.page.goto(f"{self.address}{path}")
        return self.wait()

    def wait(self) -> Editor:
        """Wait until everything that the editor does by itself at the start is done."""
        self.page.locator("form#editor[data-ready]").wait_for()
        return self

    @property
    def text(self) -> str:
        script = (
            "[...document.querySelectorAll('.surface .cm-line')].map((line) => line.textContent).join('\\n')"
        )
        return str(self.page.evaluate(script))

    def to_end(self) -> Editor:
        self.page.locator(".surface .cm-content").click()
        self.page.keyboard.press("Control+End")
        return self

    def to_line_after(self, text: str) -> Editor:
        """Put the cursor at the end of the line with this text."""
        self.page.locator(".surface .cm-line", has_text=text).first.click()
        self.page.keyboard.press("End")
        return self

    def type(self, text: str) -> Editor:
        self.page.keyboard.type(text)
        return self

    def save(self) -> Editor:
        self.page.keyboard.press("Control+s")
        return self

    def wait_state(self, kind: str) -> Editor:
        expect(self.page.locator("[data-state-text]")).to_have_attribute("data-kind", kind)
        return self

    def until(self, condition: Callable[[], bool]) -> Editor:
        """Wait for what cannot be seen in the page."""
        for _ in range(1200):
            if condition():
                return self
            self.page.wait_for_timeout(50)
        raise AssertionError("it never came to be")

    def show(self, view: str) -> Editor:
        self.page.locator(f"#tab-{view}").click()
        return self

    @property
    def frame(self) -> FrameLocator:
        return self.page.frame_locator("[data-frame]")

    def wait_preview(self, text: str) -> Editor:
        self.frame.get_by_text(text).first.wait_for(state="attached")
        return self

    def input_method(self) -> CDPSession:
        """Talk to the browser as an input method does."""
        return self.page.context.new_cdp_session(self.page)

    def compose(self, session: CDPSession, text: str) -> None:
        place = {"selectionStart": len(text), "selectionEnd": len(text)}
        session.send("Input.imeSetComposition", {"text": text, **place})

    def wait_end(self, text: str) -> Editor:
        """Wait until the text ends so."""
        return self.until(lambda: self.text.endswith(text))

    def wait_told(self, text: str) -> Editor:
        """Wait until a notice has said this, be it still there or not."""
        self.page.wait_for_function("(text) => told.some((one) => one.includes(text))", arg=text)
        return self

    def pass_time(self) -> Editor:
        """Let everything happen that was put off for some moments; the page's clock must be installed."""
        self.page.clock.run_for(5_000)
        return self

    def watch(self, *parts: str) -> list[dict[str, Any]]:
        """Note what is sent to addresses with one of these parts."""
        found: list[dict[str, Any]] = []

        def note(request: Any) -> None:
            if request.method == "POST" and any(part in request.url for part in parts):
                found.append({"url": request.url, "text": request.post_data or ""})

        self.page.on("request", note)
        return found


OpenEditor = Callable[..., Editor]


def content(root: Path, name: str) -> str:
    """Read a file of the site, line ends as they are."""
    return (root / "content" / name).read_bytes().decode()
