"""What somebody may type that one platform or another would read as its own syntax."""

from __future__ import annotations

from hypothesis import strategies as st

ALONE = (
    "@everyone",
    "@here",
    "@channel",
    "<@11>",
    "<@!11>",
    "<@&12>",
    "<#33>",
    "<@U024BE7LH>",
    "<@U024BE7LH|ana>",
    "<#C024BE7LR>",
    "<!channel>",
    "<!here|here>",
    "<!everyone>",
    "<!subteam^SAZ94GDB8|@makers>",
    "<!date^1700000000^{date}|soon>",
    "<t:1700000000:R>",
    "<id:customize>",
    "</coffee why:14>",
    "<ana@example.org>",
    "<+4930123>",
    "<mailto:ana@example.org|ana>",
    "[here](https://example.org/)",
    "![x](y)",
    "# heading",
    "-# small",
    "> quote",
    ">>> quote",
    "- item",
    "1. item",
    "**bold** *slanted* __under__ _low_ ~~struck~~ ~struck~",
    "||spoiler||",
    "`code` ``code``",
    "```py\nfence\n```",
    ":_a_: :a_: :white_check_mark:",
    "https://example.org/_a_?b=*c*",
    "https://example.org/_a\ufeff*b* _c_",
    "https://example.org/a\x1f*b*",
    "http://",
    "\\",
    "&lt;@11&gt; &amp;",
    "{person}",
    "\0001\000",
)
"""Each is read letter for letter; 11, 33 and the ids with letters may be somebody's or something's."""

BITS = (
    *ALONE,
    "\u200b",
    "\u200d",
    "\ufeff",
    "\u202e",
    "<",
    ">",
    "@",
    "<@",
    "11>",
    "[",
    "](",
    ")",
    "`",
    "*",
    "_",
    "\n",
    " ",
)

mixed = st.lists(st.sampled_from(BITS) | st.text(max_size=3), min_size=1, max_size=8).map("".join)
"""Such things side by side, and one within another."""

long = st.tuples(mixed, st.integers(1, 300), st.integers(0, 80)).map(lambda t: "x" * t[2] + t[0] * t[1])
"""So much of it that a message cannot hold it all: it is torn anywhere."""
