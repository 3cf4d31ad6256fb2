"""Nothing typed is lost: not by a crash on either side, a closed tab, a second one, or another program."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import pytest
from desk_of_the_owner import FILES, Editor, content
from playwright.sync_api import Error, expect
from study_server import StudyServer

from meishi.content.editing.desk import Desk

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page, Route

pytestmark = pytest.mark.browser


@pytest.fixture
def server(site: Path) -> Iterator[StudyServer]:
    found = StudyServer(site)
    found.start()
    yield found
    found.kill()


@pytest.fixture
def editor(server: StudyServer, new_page: Callable[..., Page], width: int) -> Editor:
    page = new_page(viewport={"width": width, "height": 860})
    return Editor(page, server.address).sign_in("/admin/edit/about.md")


def another(context: BrowserContext, server: StudyServer, name: str = "about.md") -> Editor:
    """Open a second tab of the same browser."""
    return Editor(context.new_page(), server.address).open(f"/admin/edit/{name}")


def journalled(editor: Editor, site: Path) -> None:
    """Wait until the server has every keystroke, and the editor knows that."""
    journal = Desk(site, site / "instance", clock=lambda: datetime.now(UTC)).journal
    text = editor.text
    editor.until(lambda: text in [draft.text for draft in journal.drafts(PurePosixPath("about.md"))])
    expect(editor.page.locator("[data-state-text]")).to_have_text("Not saved; kept in the journal")


def shelved(editor: Editor) -> None:
    """Wait until the browser's own journal has every keystroke."""
    script = """() => new Promise((resolve) => {
      const opening = indexedDB.open("meishi-editor", 1);
      opening.onsuccess = () => {
        const all = opening.result.transaction("drafts").objectStore("drafts").getAll();
        all.onsuccess = () => {
          opening.result.close();
          resolve(all.result.map((one) => one.text));
        };
      };
    })"""
    editor.until(lambda: editor.text in editor.page.evaluate(script))


def write(file: Path, text: str) -> None:
    """Change a file as most editors do: whoever reads it finds it whole."""
    fresh = file.with_name(f"{file.name}~")
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(file)


def test_the_server_is_killed_between_keystroke_and_save(
    editor: Editor, server: StudyServer, site: Path
) -> None:
    editor.to_end().type("\nBefore the crash.")
    journalled(editor, site)
    server.kill()
    assert content(site, "about.md") == FILES["content/about.md"]
    editor.type(" While it is away.").save().wait_state("offline")

    server.start()
    editor.wait_state("saved")
    wanted = FILES["content/about.md"] + "\nBefore the crash. While it is away."
    assert content(site, "about.md") == wanted


def test_a_closed_tab_leaves_its_text_to_be_looked_at(editor: Editor, server: StudyServer) -> None:
    editor.to_end().type("\nClosed too early.")
    context = editor.page.context
    fresh = context.new_page()
    editor.page.close()
    found = Editor(fresh, server.address).open("/admin/edit/about.md")

    dialog = fresh.get_by_role("dialog")
    dialog.get_by_text("Closed too early.").first.wait_for()
    dialog.get_by_role("button", name="Go on with this text").click()
    found.wait_end("Closed too early.").save().wait_state("saved")
    found.open("/admin/edit/about.md")
    expect(fresh.get_by_role("dialog")).to_be_hidden()


def test_a_crashed_tab_and_a_crashed_server(editor: Editor, server: StudyServer, site: Path) -> None:
    editor.to_end().type("\nAlmost lost.")
    journalled(editor, site)
    server.kill()
    editor.type(" Only the browser has this.")
    shelved(editor)
    context = editor.page.context
    fresh = context.new_page()
    with pytest.raises(Error, match="crash"):
        editor.page.goto("chrome://crash")
    server.start()
    found = Editor(fresh, server.address).open("/admin/edit/about.md")

    dialog = fresh.get_by_role("dialog")
    dialog.get_by_text("Only the browser has this.").first.wait_for()
    # The server's is an earlier state of the same typing.
    expect(dialog.get_by_role("tab")).to_have_count(1)
    dialog.get_by_role("button", name="Go on with this text").click()
    found.wait_end("Almost lost. Only the browser has this.")


def test_another_browser_finds_the_servers_journal(
    editor: Editor, server: StudyServer, new_page: Callable[..., Page], site: Path
) -> None:
    editor.to_end().type("\nFrom the laptop.")
    journalled(editor, site)
    editor.page.context.close()

    phone = new_page(viewport={"width": 390, "height": 760})
    Editor(phone, server.address).sign_in("/admin/edit/about.md")
    phone.get_by_role("dialog").get_by_text("From the laptop.").first.wait_for()


def test_text_that_is_put_aside_can_be_found_again(editor: Editor, server: StudyServer, site: Path) -> None:
    editor.to_end().type("\nPut aside.")
    journalled(editor, site)
    context = editor.page.context
    fresh = context.new_page()
    editor.page.close()
    found = Editor(fresh, server.address).open("/admin/edit/about.md")
    with fresh.expect_response("**/admin/journal/about.md"):
        fresh.get_by_role("button", name="Go on with the file as it is on disk").click()
    assert "Put aside." not in found.text
    found.open("/admin/edit/about.md")
    expect(fresh.get_by_role("dialog")).to_be_hidden()

    fresh.get_by_role("button", name="More about this page").click()
    fresh.get_by_role("button", name="Text put aside").click()
    fresh.get_by_role("dialog").get_by_text("Put aside.").first.wait_for()


def test_a_reloaded_tab_goes_on_where_it_was(editor: Editor) -> None:
    editor.to_end().type("\nHalf a thou")
    editor.page.reload()
    editor.wait()

    editor.wait_end("Half a thou")
    editor.page.get_by_role("button", name="See what differs").click()
    editor.page.get_by_role("dialog").get_by_text("Half a thou").first.wait_for()


def test_two_tabs_know_each_other_and_merge(editor: Editor, server: StudyServer, site: Path) -> None:
    other = another(editor.page.context, server)
    other.wait_told("This page is open in another tab")
    editor.page.bring_to_front()
    editor.to_line_after("One.").type(" Mine.")
    other.page.bring_to_front()
    other.to_line_after("Three.").type(" Theirs.").save().wait_state("saved")

    editor.page.locator(".cm-line", has_text="Three. Theirs.").wait_for()
    editor.page.bring_to_front()
    editor.save().wait_state("saved")
    text = content(site, "about.md")
    assert "One. Mine." in text
    assert "Three. Theirs." in text
    other.page.locator(".cm-line", has_text="One. Mine.").wait_for()


def test_a_tab_that_sleeps_is_known_and_keeps_its_text(
    editor: Editor, server: StudyServer, site: Path
) -> None:
    editor.to_end().type("\nStill being written.")
    journalled(editor, site)
    shelved(editor)
    sleeper = editor.page.context.new_cdp_session(editor.page)
    # As a browser does with tabs that nobody looks at: not one line of script runs any more.
    sleeper.send("Debugger.enable")
    sleeper.send("Debugger.pause")
    other = another(editor.page.context, server)

    other.wait_told("This page is open in another tab")
    expect(other.page.get_by_role("dialog")).to_be_hidden()


def test_a_tab_that_is_reloaded_keeps_its_name(editor: Editor) -> None:
    name = editor.page.evaluate("() => sessionStorage.getItem('meishi-editor-tab')")
    for _ in range(3):
        editor.page.reload()
        editor.wait()

    assert editor.page.evaluate("() => sessionStorage.getItem('meishi-editor-tab')") == name


def test_another_program_changes_the_file(editor: Editor, site: Path) -> None:
    editor.to_line_after("One.").type(" Mine.")
    file = site / "content/about.md"
    write(file, FILES["content/about.md"].replace("Three.", "Three, from vim."))
    editor.page.locator(".cm-line", has_text="Three, from vim.").wait_for()
    editor.type(" Typed on.").save().wait_state("saved")

    text = content(site, "about.md")
    assert "One. Mine. Typed on." in text
    assert "Three, from vim." in text


def test_a_clash_shows_all_sides_and_is_settled_part_by_part(editor: Editor, site: Path) -> None:
    page = editor.page
    editor.to_line_after("Two.").type(" Mine")
    file = site / "content/about.md"
    theirs = FILES["content/about.md"].replace("Two.", "Two. Theirs").replace("One.", "Changed.")
    write(file, theirs)
    page.get_by_text("Changed on disk in the same lines").first.wait_for()
    editor.save()
    dialog = page.get_by_role("dialog")
    dialog.locator("mark", has_text="Theirs").wait_for()
    expect(dialog.locator(".side-base pre")).to_have_text("Two.")
    assert file.read_text(encoding="utf-8") == theirs

    dialog.get_by_label("Both, mine first").check()
    dialog.get_by_role("button", name="Put it into my text").click()
    page.locator(".cm-line", has_text="Changed.").wait_for()
    editor.save().wait_state("saved")
    wanted = FILES["content/about.md"].replace("One.", "Changed.").replace("Two.", "Two. Mine\nTwo. Theirs")
    assert content(site, "about.md") == wanted


def test_a_deleted_file_is_made_anew_by_saving(editor: Editor, site: Path) -> None:
    editor.to_end().type("\nStill wanted.")
    (site / "content/about.md").unlink()
    editor.page.get_by_text("The file was deleted or renamed on disk").first.wait_for()
    editor.save().wait_state("saved")

    assert content(site, "about.md").endswith("Still wanted.")


def test_signed_out_meanwhile_keeps_the_text(editor: Editor, server: StudyServer, site: Path) -> None:
    editor.to_end().type("\nSigned out.")
    other = editor.page.context.new_page()
    other.goto(f"{server.address}/admin/account/")
    other.evaluate(
        "() => fetch('/admin/sign-out', { method: 'POST', headers: { 'X-CSRF-Token':"
        " document.querySelector('meta[name=csrf-token]').content } })"
    )
    editor.save().wait_state("signed_out")
    Editor(other, server.address).sign_in("/admin/edit/windows.md")
    editor.save().wait_state("saved")

    assert content(site, "about.md").endswith("Signed out.")


def test_history_shows_what_changed_and_brings_it_back(
    editor: Editor, server: StudyServer, site: Path
) -> None:
    editor.to_end().type("\nA second thought.").save().wait_state("saved")
    editor.type("\nA third one.").save().wait_state("saved")
    page = editor.page
    page.goto(f"{server.address}/admin/history/about.md")
    expect(page.locator("ins")).to_have_text(["A third one."])
    page.get_by_role("link", name="Edit content/about.md").nth(1).click()
    page.get_by_role("link", name="Against today's text").click()
    page.get_by_role("button", name="Restore this version").click()

    Editor(page, server.address).wait()
    assert content(site, "about.md") == FILES["content/about.md"] + "\nA second thought."


def test_saves_are_commits_of_that_file_alone(editor: Editor, site: Path) -> None:
    def git(*words: str) -> str:
        command = ["git", "-c", "user.name=T", "-c", "user.email=t@example.com", *words]
        return subprocess.run(command, cwd=site, check=True, capture_output=True, text=True).stdout

    git("init", "-q")
    git("add", "content")
    git("commit", "-qm", "begin")
    (site / "content/long.md").write_text("other work\n", encoding="utf-8")
    editor.to_end().type("\nCommitted.").save().wait_state("saved")

    assert git("show", "--name-only", "--format=%an <%ae>").split("\n\n") == [
        "Ichi <ichi@example.com>",
        "content/about.md\n",
    ]
    assert "content/long.md" in git("status", "--short")


def test_a_save_whose_answer_was_lost_is_no_clash_with_oneself(editor: Editor, site: Path) -> None:
    def save_and_break(route: Route) -> None:
        route.fetch()
        route.abort()

    editor.page.route("**/admin/edit/about.md", save_and_break, times=1)
    editor.page.route("**/admin/current/**", lambda route: route.abort())
    editor.to_end().type("\nOne line").save().wait_state("offline")
    assert content(site, "about.md").endswith("One line")
    editor.type(" goes on").wait_state("offline").save().wait_state("saved")

    expect(editor.page.get_by_role("dialog")).to_be_hidden()
    assert content(site, "about.md") == FILES["content/about.md"] + "\nOne line goes on"


def test_a_new_page_whose_first_save_had_no_answer_goes_on(
    editor: Editor, server: StudyServer, site: Path
) -> None:
    def save_and_break(route: Route) -> None:
        route.fetch()
        route.abort()

    editor.open("/admin/edit/fresh.md?new")
    editor.page.route("**/admin/edit/fresh.md", save_and_break, times=1)
    editor.page.route("**/admin/current/**", lambda route: route.abort())
    editor.to_end().type("Fresh").save().wait_state("offline")
    assert content(site, "fresh.md") == "Fresh"
    editor.page.unroute("**/admin/current/**")
    editor.wait_state("saved")
    editor.type(" and more").save().wait_state("saved")

    assert content(site, "fresh.md") == "Fresh and more"


def test_a_file_of_that_name_made_by_another_is_not_overwritten(editor: Editor, site: Path) -> None:
    editor.open("/admin/edit/fresh.md?new")
    editor.to_end().type("Mine")
    write(site / "content/fresh.md", "Theirs")
    editor.save().wait_state("failed")

    assert content(site, "fresh.md") == "Theirs"
    editor.wait_end("Mine")


def test_no_acknowledged_save_is_lost_however_often_the_server_dies(
    server: StudyServer, new_page: Callable[..., Page], site: Path
) -> None:
    editor = Editor(new_page(), server.address).sign_in("/admin/edit/about.md").to_end()
    for number in range(8):
        editor.type(f"\nLine {number}.")
        if number % 2:
            editor.save()
            if number % 4 == 1:
                editor.wait_state("saved")
                assert content(site, "about.md").endswith(f"Line {number}.")
        server.kill()
        assert content(site, "about.md").startswith(FILES["content/about.md"])
        server.start()
    editor.save().wait_state("saved")

    wanted = FILES["content/about.md"] + "".join(f"\nLine {number}." for number in range(8))
    assert content(site, "about.md") == wanted
