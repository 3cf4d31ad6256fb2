"""The owner's ways through the door, as a person goes them: in Chromium, wide and narrow, by keys alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from flask import Flask
from playwright.sync_api import expect
from visitors import PASSWORD, Clock, Visitor, study_of

if TYPE_CHECKING:
    from playwright.sync_api import Page

NewPage = Callable[..., "Page"]
# How a script of the page finds its neighbour.
REQUEST = (
    "await import(document.querySelector('script[src*=\"/admin.js\"]').src.replace('admin.js', 'request.js'))"
)
pytestmark = pytest.mark.browser


def tab_to(page: Page, name: str) -> None:
    """Press Tab until something of this name has the focus, as somebody without a mouse does."""
    script = (
        "() => { const e = document.activeElement;"
        " return e.getAttribute('aria-label') ?? e.labels?.[0]?.textContent.trim() ?? e.textContent.trim() }"
    )
    for _ in range(40):
        if page.evaluate(script) == name:
            return
        page.keyboard.press("Tab")
    pytest.fail(f"Tab never reached {name}")


def fits(page: Page) -> bool:
    """Tell whether nothing is wider than the window."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


@pytest.fixture
def open_window(new_page: NewPage, width: int) -> Callable[..., Page]:
    return lambda **options: new_page(viewport={"width": width, "height": 860}, **options)


def test_the_first_set_up_by_keys_alone(
    new_app: Flask, served: Callable[..., str], open_window: Callable[..., Page]
) -> None:
    address = served(new_app).replace("127.0.0.1", "localhost")
    token = study_of(new_app).invitation.token()
    page = open_window()
    page.goto(f"{address}admin/set-up/{token}")
    assert fits(page)
    expect(page.locator("#password")).to_be_focused()
    page.keyboard.type("password1234")
    page.keyboard.press("Tab")
    page.keyboard.type("password1234")
    page.keyboard.press("Enter")
    page.get_by_text("This password is easy to guess").wait_for()
    expect(page.locator("#password")).to_be_focused()
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    tab_to(page, "Begin")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}admin/")

    expect(page.get_by_role("heading", name="Dashboard")).to_be_visible()
    assert fits(page)


def test_signing_in_and_out_by_keys_alone(
    study_address: str, open_window: Callable[..., Page], width: int
) -> None:
    page = open_window()
    page.goto(f"{study_address}/admin/account/")
    expect(page.locator("#password")).to_be_focused()
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{study_address}/admin/account/")
    assert fits(page)
    tab_to(page, "More")
    page.keyboard.press("Enter")
    tab_to(page, "Sign out")
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin/sign-in")

    page.goto(f"{study_address}/admin/account/")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_a_wrong_password_slows_the_next_one_down(
    study_address: str, open_window: Callable[..., Page], clock: Clock
) -> None:
    page = open_window()
    # Its seconds pass when the test says so.
    page.clock.install(time=0)
    page.clock.pause_at(1)
    page.goto(f"{study_address}/admin/")
    for _ in range(4):
        page.locator("#password").fill("wrong")
        page.keyboard.press("Enter")
        page.get_by_text("That is not the password.").wait_for()
        page.evaluate("document.querySelector('#password-error').remove()")
    page.locator("#password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_text("Too many attempts. Try again in one second.").wait_for()
    page.wait_for_load_state()
    page.clock.run_for(1_000)
    page.get_by_text("You can try again now.").wait_for()
    clock.pass_seconds(1)
    page.locator("#password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{study_address}/admin/")


def test_a_form_works_without_scripts(study_address: str, open_window: Callable[..., Page]) -> None:
    page = open_window(java_script_enabled=False)
    page.goto(f"{study_address}/admin/")
    page.locator("#password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()

    expect(page.get_by_role("heading", name="Dashboard")).to_be_visible()


def test_a_passkey_is_added_and_opens_the_door(
    owner_page: Callable[..., Page], study_address: str, width: int
) -> None:
    page = owner_page("/admin/account/", width=width)
    tools = page.context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    key = tools.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]

    page.get_by_label("Name of the new passkey").fill("<b>laptop</b>")
    page.locator("#passkey-password").fill("wrong")
    page.get_by_role("button", name="Add a passkey").click()
    page.get_by_text("The current password is not right.").wait_for()
    page.locator("#passkey-password").fill(PASSWORD)
    page.get_by_role("button", name="Add a passkey").click()
    page.get_by_text("The passkey is added.").wait_for()
    expect(page.get_by_text("<b>laptop</b>")).to_be_visible()
    assert fits(page)

    page.context.clear_cookies()
    page.goto(f"{study_address}/admin/sign-in?next=/admin/account/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url("**/admin/account/")
    expect(page.locator("#main")).to_contain_text("with a passkey")

    page.get_by_role("button", name="Remove the passkey <b>laptop</b>").click()
    page.get_by_text("The passkey is removed.").wait_for()
    page.context.clear_cookies()
    page.goto(f"{study_address}/admin/sign-in")
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_have_count(0)
    tools.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": key})


def test_a_passkey_that_does_not_know_its_user_is_refused(owner_page: Callable[..., Page]) -> None:
    page = owner_page("/admin/account/")
    tools = page.context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "usb", "hasResidentKey": True, "isUserVerified": False}
    tools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    page.locator("#passkey-password").fill(PASSWORD)
    page.get_by_role("button", name="Add a passkey").click()

    page.get_by_text("No passkey was made.").wait_for()


def test_everywhere_is_ended_from_one_browser(
    owner_page: Callable[..., Page], study_app: Flask, study_address: str, width: int
) -> None:
    other = Visitor(study_app)
    other.sign_in()
    page = owner_page("/admin/account/", width=width)
    page.get_by_role("button", name="Sign out everywhere, here too").click()
    page.wait_for_url("**/admin/sign-in")

    assert not other.is_in
    page.goto(f"{study_address}/admin/")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_the_navigation_is_reached_by_keys(owner_page: Callable[..., Page], width: int) -> None:
    page = owner_page("/admin/", width=width)
    if width < 1000:
        tab_to(page, "Menu")
        page.keyboard.press("Enter")
    tab_to(page, "Account")
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin/account/")

    expect(page.locator("nav [aria-current=page]")).to_have_text("Account")


def test_shortcuts_are_listed_and_work_and_can_be_turned_off(owner_page: Callable[..., Page]) -> None:
    page = owner_page("/admin/")
    # However long it takes to press two keys, they come one soon after the other.
    page.clock.set_fixed_time(0)
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Shortcuts")
    dialog.wait_for()
    expect(dialog.get_by_text("Account", exact=True)).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    page.keyboard.press("a")
    page.wait_for_url("**/admin/account/")

    page.keyboard.press("?")
    dialog.get_by_label("Use shortcuts of a single key").uncheck()
    page.keyboard.press("Escape")
    note_clicks(page)
    page.keyboard.press("g")
    page.keyboard.press("d")
    page.keyboard.press("?")
    assert clicks(page) == 0
    expect(dialog).to_be_hidden()

    page.locator("[data-shortcut-switch]").evaluate("(one) => one.click()")
    page.keyboard.press("g")
    page.keyboard.press("d")
    page.wait_for_url("**/admin/")


def note_clicks(page: Page) -> None:
    """Count from now on what shortcuts press, which they do before the key is let go."""
    page.evaluate("window.clicks = 0; addEventListener('click', () => (window.clicks += 1), true)")


def clicks(page: Page) -> int:
    return int(page.evaluate("window.clicks"))


def test_shortcuts_leave_typing_alone(owner_page: Callable[..., Page]) -> None:
    page = owner_page("/admin/account/")
    page.get_by_label("Name of the new passkey").focus()
    note_clicks(page)
    page.keyboard.type("gd?")

    expect(page.get_by_label("Name of the new passkey")).to_have_value("gd?")
    assert clicks(page) == 0
    expect(page.get_by_role("dialog", name="Shortcuts")).to_be_hidden()


def test_the_scheme_is_switched_and_kept(owner_page: Callable[..., Page], study_address: str) -> None:
    page = owner_page("/admin/", color_scheme="light")
    page.get_by_role("button", name="Colours: as the device").click()
    page.get_by_role("button", name="Colours: light").click()
    page.goto(f"{study_address}/admin/account/")

    expect(page.locator("html")).to_have_attribute("data-scheme", "dark")
    expect(page.locator("body")).to_have_css("color", "rgb(236, 230, 219)")


def test_a_page_that_was_open_while_the_owner_signed_in_again_still_sends(
    owner_page: Callable[..., Page], study_address: str
) -> None:
    page = owner_page("/admin/account/")
    other = page.context.new_page()
    other.goto(f"{study_address}/admin/account/")
    other.get_by_role("button", name="Sign out everywhere, here too").click()
    other.locator("#password").fill(PASSWORD)
    other.keyboard.press("Enter")
    other.wait_for_url("**/admin/")
    answer = page.evaluate(
        "async (address) => {"
        f" const {{ send }} = {REQUEST};"
        " return send(address, { json: { password: 'wrong' } }).catch((refusal) => refusal.status) }",
        "/admin/account/passkeys/request",
    )

    assert answer == 422


def test_a_signed_out_page_is_told(owner_page: Callable[..., Page], study_app: Flask) -> None:
    page = owner_page("/admin/account/")
    study_of(study_app).sessions.end_all()
    told = page.evaluate(
        "async () => {"
        f" const {{ send }} = {REQUEST};"
        " let told = null;"
        " document.addEventListener('signed-out', (event) => (told = event.detail.sign_in));"
        " await send('/admin/account/passkeys/request', { json: {} }).catch(() => null);"
        " return told }"
    )

    assert told == "/admin/sign-in"
