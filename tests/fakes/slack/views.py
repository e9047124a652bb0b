"""Modals and home pages: `views.*`.

https://docs.slack.dev/reference/methods/views.open
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.fakes.slack import payloads
from tests.fakes.slack.arguments import Arguments
from tests.fakes.slack.checking import is_too_large, view_problems
from tests.fakes.slack.records import Json, Refusal, Trigger, View
from tests.fakes.slack.workspace import Workspace

TRIGGER_LASTS = timedelta(seconds=3)
DEEPEST = 3  # modals over one another


def open_(there: Workspace, given: Arguments) -> Json:
    content = checked(given.document("view", error="invalid_arguments"), kind="modal")
    trigger = _take(there, given)
    view = show(there, trigger.person, content)
    return {"view": payloads.view(view)}


def push(there: Workspace, given: Arguments) -> Json:
    content = checked(given.document("view", error="invalid_arguments"), kind="modal")
    trigger = _take(there, given)
    if trigger.view is None or not there.modals.get(trigger.person):
        raise Refusal("view_not_found")
    return {"view": payloads.view(lay_over(there, trigger.person, content))}


def update(there: Workspace, given: Arguments) -> Json:
    content = given.document("view", error="invalid_arguments")
    view = there.view(given.text("view_id")) if given.text("view_id") else _by_external_id(there, given)
    if view is None:
        raise Refusal("not_found")
    if given.text("hash") and given.text("hash") != view.hash:
        raise Refusal("hash_conflict")
    replace(there, view, checked(content, kind=str(view.content["type"])))
    return {"view": payloads.view(view)}


def publish(there: Workspace, given: Arguments) -> Json:
    if not there.app.has_home:
        raise Refusal("not_enabled")
    person = there.person(given.needed("user_id", error="user_not_found"))
    content = checked(given.document("view", error="invalid_arguments"), kind="home")
    view = there.homes.get(person.id)
    if view is None:
        view = there.homes[person.id] = _made(there, person.id, content)
    elif given.text("hash") and given.text("hash") != view.hash:
        raise Refusal("hash_conflict")
    else:
        replace(there, view, content)
    return {"view": payloads.view(view)}


def checked(content: Any, *, kind: str) -> Json:
    """A view that Slack takes there."""
    problems = view_problems(content)
    if not problems and content["type"] != kind:
        problems = [f"[ERROR] must be {kind} here [json-pointer:/view/type]"]
    if problems:
        raise Refusal("invalid_arguments", response_metadata={"messages": problems})
    if is_too_large(content):
        raise Refusal("view_too_large")
    view: Json = content
    return view


def show(there: Workspace, person: str, content: Json) -> View:
    """A first modal, in the place of any that was open."""
    view = _made(there, person, content)
    there.modals[person] = [view]
    return view


def lay_over(there: Workspace, person: str, content: Json) -> View:
    """A modal over those that are open."""
    stack = there.modals[person]
    if len(stack) >= DEEPEST:
        raise Refusal("push_limit_reached")
    view = _made(there, person, content)
    view.root, view.previous = stack[0].id, stack[-1].id
    stack.append(view)
    return view


def replace(there: Workspace, view: View, content: Json) -> None:
    view.content = content
    view.hash = f"{there.number()}.{view.id}"
    _name_blocks(there, view)


def _made(there: Workspace, person: str, content: Json) -> View:
    made = f"V{there.number()}"
    view = View(made, f"{there.number()}.{made}", person, content, root=made)
    _name_blocks(there, view)
    return view


def _name_blocks(there: Workspace, view: View) -> None:
    for block in view.blocks:
        block.setdefault("block_id", f"b{there.number()}")
        for element in [block.get("element"), block.get("accessory"), *(block.get("elements") or ())]:
            if isinstance(element, dict) and block["type"] in {"input", "actions", "section"}:
                element.setdefault("action_id", f"a{there.number()}")


def _take(there: Workspace, given: Arguments) -> Trigger:
    """Use up a trigger: once, within three seconds."""
    trigger = there.triggers.get(given.needed("trigger_id"))
    if trigger is None:
        raise Refusal("invalid_trigger_id")
    if trigger.used:
        raise Refusal("exchanged_trigger_id")
    if there.clock.now() - trigger.issued_at > TRIGGER_LASTS:
        raise Refusal("expired_trigger_id")
    trigger.used = True
    return trigger


def _by_external_id(there: Workspace, given: Arguments) -> View | None:
    shown = [v for stack in there.modals.values() for v in stack]
    wanted = given.text("external_id")
    return next((v for v in shown if wanted and v.content.get("external_id") == wanted), None)
