"""Uses every control of the report in a browser: by mouse, by keyboard, at two widths."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

WIDTHS = {"wide": 1280, "narrow": 390}
CONTROLS = "summary, button, select, input, textarea, a[href], [role=button]"
STATE = """() => {
  const all = (selector) => [...document.querySelectorAll(selector)];
  return JSON.stringify([
    location.hash, all("details").map((node) => node.open),
    all("[aria-sort]").map((node) => node.textContent + node.ariaSort),
    all("tbody, #x-out, output").map((node) => node.textContent),
    all("tr, [data-reading], details").map((node) => node.hidden),
  ]);
}"""
"""What a reader sees change; what a control itself holds is left out."""
UNFOLD = "document.querySelectorAll('details').forEach((node) => { node.open = true; })"
FOLD = "document.querySelectorAll('details').forEach((node) => { node.open = false; })"
SERIOUS = """async () => (await axe.run()).violations
  .filter((found) => ["serious", "critical"].includes(found.impact))
  .map((found) => `${found.id}: ${found.nodes[0].html.slice(0, 200)}`)"""


@contextmanager
def opened(browser: Any, file: Path, faults: list[str], **context: Any) -> Iterator[Any]:
    """A page; what it prints, throws, or asks of the network is added to ``faults``."""
    with browser.new_context(**context) as tab:
        page = tab.new_page()
        page.on("console", lambda message: faults.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: faults.append(f"error: {error}"))
        page.on("dialog", lambda dialog: faults.append(f"dialog: {dialog.message}"))
        page.goto(file.as_uri())
        page.on("request", lambda request: faults.append(f"request: {request.url}"))
        page.wait_for_selector("#x-out h3")
        yield page


def use_all(page: Any, keyboard: bool) -> list[str]:
    """Use every visible control that was not used yet; returns those that changed nothing."""
    page.evaluate(UNFOLD)
    found = [each for each in page.query_selector_all(CONTROLS) if each.is_visible()]
    idle = []
    for control in found:
        if control.evaluate("(node) => !node.isConnected || node.used || !(node.used = true)"):
            continue
        page.evaluate(UNFOLD)  # the one before may have folded this one away
        name = control.evaluate("(node) => node.outerHTML.slice(0, 120)")
        use = USES.get(control.evaluate("(node) => node.localName"), press)
        idle += [f"{name}: {fault}" for fault in use(page, control, keyboard)]
    return idle


def press(page: Any, control: Any, keyboard: bool) -> Iterator[str]:
    """A button, a sortable header, or the head of a folded part."""
    before = page.evaluate(STATE)
    push(page, control, keyboard)
    if page.evaluate(STATE) == before:
        yield "changes nothing"


def follow(page: Any, link: Any, keyboard: bool) -> Iterator[str]:
    """A link: its target is there, unfolded, and at the top of the window."""
    page.evaluate(FOLD)
    link.evaluate("(node) => { for (let n = node; n; n = n.parentElement) n.open = true; }")
    push(page, link, keyboard)
    page.wait_for_timeout(50)
    target = page.evaluate(
        "(name) => document.getElementById(name)?.getBoundingClientRect().toJSON()",
        link.get_attribute("href").removeprefix("#"),
    )
    bottom = page.evaluate("document.scrollingElement.scrollHeight - innerHeight - scrollY")
    if not target or not target["height"]:
        yield "has no visible target"
    elif not (-1 <= target["top"] <= 1 or bottom <= 1):
        yield f"does not scroll to its target, which is at {target['top']}"
    page.evaluate(UNFOLD)


def choose(page: Any, select: Any, keyboard: bool) -> Iterator[str]:
    """A choice: every option shows something else than the one before, and its controls work."""
    count = select.evaluate("(node) => node.options.length")
    if count < 2:
        yield "has nothing to choose"
    for place in [*range(1, count), 0]:
        before = page.evaluate(STATE)
        if keyboard:
            select.press("Home" if place == 0 else "ArrowDown")
        else:
            select.select_option(index=place)
        if page.evaluate(STATE) == before:
            yield f"option {place} changes nothing"
        yield from use_all(page, keyboard)


def write(page: Any, field: Any, keyboard: bool) -> Iterator[str]:
    """A text field: a text that is not there, and then what it held before."""
    first = field.input_value()
    for text in ("no such text", first):
        before = page.evaluate(STATE)
        if keyboard:
            field.focus()
            page.keyboard.press("ControlOrMeta+a")
            page.keyboard.press("Delete")
            page.keyboard.type(text)
            page.keyboard.press("Enter")
        else:
            field.click()
            field.fill(text)
            field.dispatch_event("change")
        if page.evaluate(STATE) == before:
            yield f"{text!r} changes nothing"


def push(page: Any, control: Any, keyboard: bool) -> None:
    """Click a control, or press Enter on it."""
    if not keyboard:
        return control.click()
    control.focus()
    if not control.evaluate("(node) => node === document.activeElement && node.tabIndex >= 0"):
        raise AssertionError("a control cannot be reached by Tab")
    return page.keyboard.press("Enter")


USES = {"a": follow, "select": choose, "input": write, "textarea": write}
"""Name of an element -> how it is used; anything else is pressed."""
