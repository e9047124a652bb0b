"""`python -m tests.fakes.slack [PORT]`: a make-believe Slack with a small team, for trying `kinkeeper run` by hand.

It prints what people can read as it appears. What they do is typed, a line each: `ana /coffee why`, `ana press met:42`
(the newest message with that button), `ana submit words=Hello to=<@U0BEN>`, `ana home`, `ana says hello`.
"""

from __future__ import annotations

import asyncio
import sys

from tests.fakes.slack.server import FakeSlack

PEOPLE = ("ana", "ben", "chloe", "dev", "emeka", "fatima", "gunnar")


def say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - what it is for


async def serve(port: int) -> None:
    """Serve until interrupted; says what to set first."""
    slack = FakeSlack()
    everybody = [slack.workspace.add_person(name, is_admin=name == "ana").id for name in PEOPLE]
    for channel in ("coffee", "team", "general"):
        slack.workspace.add_channel(channel, members=everybody)
    await slack.start(port=port)
    for name, value in slack.variables.items():
        say(f"export {name}={value}")
    try:
        await asyncio.gather(show(slack), listen(slack))
    finally:
        await slack.stop()


async def show(slack: FakeSlack) -> None:
    """Print each message, modal and page as it stands, once."""
    printed: set[str] = set()
    while True:
        await asyncio.sleep(0.3)
        now = []
        for post in slack.workspace.posts:
            whom = f" only for {slack.eyes.name(post.only_for)}" if post.only_for else ""
            actions = " ".join(slack.eyes.actions(post.blocks))
            now.append(f"#{slack.eyes.name(post.channel)}{whom}\n{slack.eyes.text(post)}\n{actions}".strip())
        views = [v for stack in slack.workspace.modals.values() for v in stack] + [
            *slack.workspace.homes.values()
        ]
        for view in views:
            actions = " ".join([*slack.eyes.actions(view.blocks), *(b["block_id"] for b in view.inputs())])
            now.append(
                f"{view.content['type']} of {slack.eyes.name(view.person)}\n{slack.eyes.view(view)}\n{actions}"
            )
        for text in now:
            if text not in printed:
                printed.add(text)
                say(f"\n{text}")


async def listen(slack: FakeSlack) -> None:
    """Do what is typed."""
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), sys.stdin
    )
    while line := (await reader.readline()).decode().strip():
        name, _, deed = line.partition(" ")
        try:
            await act(slack, f"U0{name.upper()}", deed)
        except Exception as problem:  # noqa: BLE001 - whatever it is, the next line may be better
            say(f"that did not work: {problem!r}")


async def act(slack: FakeSlack, person: str, deed: str) -> None:
    """One typed deed of somebody."""
    verb, _, rest = deed.partition(" ")
    match verb:
        case "press":
            modal = slack.hands.view_of(person)
            for view in filter(None, [modal, slack.workspace.homes.get(person)]):
                if rest in slack.eyes.actions(view.blocks):
                    await slack.hands.press_on(person, view, rest)
                    return
            posts = [p for p in slack.workspace.posts if rest in slack.eyes.actions(p.blocks)]
            await slack.hands.press(person, posts[-1], rest)
        case "submit":
            pieces = [piece.partition("=") for piece in rest.split()]
            await slack.hands.submit(person, {field: value.replace("_", " ") for field, _, value in pieces})
            say(str(dict(slack.hands.errors_of(person)) or "submitted"))
        case "home":
            await slack.news.opens_home(person)
        case "says":
            await slack.news.says(person, rest)
        case _:
            await slack.hands.command(person, verb, rest)


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]) if len(sys.argv) > 1 else 4000))
