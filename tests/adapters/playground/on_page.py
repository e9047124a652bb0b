"""What the tests of the page send to it, and the two things they do on it over and over."""

from __future__ import annotations

from playwright.async_api import Page

from bot.domain.messages import (
    Button,
    Buttons,
    ChoiceField,
    DateField,
    Form,
    Message,
    Option,
    PeopleField,
    Say,
    TextField,
)

CHANNEL = "channel-coffee"
PLAIN = Message((Say("sample.plain"),))
CHOICE = Message(
    (
        Say("sample.plain"),
        Buttons((Button("met:42", Say("sample.button"), "primary"), Button("not:42", Say("sample.other")))),
    )
)
FORM = Form(
    "thank",
    Say("sample.title"),
    Say("sample.submit"),
    (
        PeopleField("to", Say("sample.plain"), many=True),
        TextField("words", Say("sample.field"), long=True),
        ChoiceField("value", Say("sample.other"), (Option("care", Say("sample.button")),), required=False),
        DateField("until", Say("sample.alt"), required=False),
    ),
)

# A script of the page: the texts on it whose colour and ground are too near each other to be read.
CONTRASTS = """() => {
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const channels = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const light = ([r, g, b]) => [r, g, b].map((v) => v / 255)
    .map((v) => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = (element) => {
    for (let e = element; e; e = e.parentElement) {
      const colour = channels(getComputedStyle(e).backgroundColor);
      if (colour[3] > 250) return colour;
    }
    return [255, 255, 255];
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const bad = [];
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.textContent.trim() || !element.checkVisibility({ opacityProperty: true })) continue;
    if (getComputedStyle(element).opacity < 1) continue;
    const [a, b] = [light(channels(getComputedStyle(element).color)), light(ground(element))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) bad.push(`${walker.currentNode.textContent.trim()}: ${ratio.toFixed(2)}`);
  }
  return bad;
}"""


async def choose(page: Page, name: str) -> None:
    """Open a conversation by its name in the list."""
    await page.get_by_role("navigation").get_by_role("button", name=name).click()


async def type_and_send(page: Page, text: str) -> None:
    await page.get_by_label("Your message").fill(text)
    await page.keyboard.press("Enter")
