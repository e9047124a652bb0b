"""Files in three steps: an address, the bytes, and the sharing.

https://docs.slack.dev/messaging/working-with-files#uploading_files
"""

from __future__ import annotations

from tests.fakes.slack.arguments import Arguments
from tests.fakes.slack.chat import LONGEST_TEXT, checked, may_post
from tests.fakes.slack.records import Json, Refusal, Upload
from tests.fakes.slack.workspace import BOT_USER, Workspace


def get_upload_url(there: Workspace, given: Arguments, *, root: str) -> Json:
    length = given.number("length", otherwise=0)
    if length < 1:
        raise Refusal("invalid_arguments")
    made = Upload(
        f"F{there.number()}",
        given.needed("filename"),
        length,
        alt=given.text("alt_txt"),
    )
    there.files[made.id] = made
    return {"upload_url": f"{root}/upload/v1/{made.id}", "file_id": made.id}


def receive(there: Workspace, file: str, content: bytes) -> str:
    """The bytes at the address; what it answers."""
    upload = there.files.get(file)
    if upload is None:
        raise Refusal("file_not_found")
    if len(content) != upload.length:
        raise Refusal("file_upload_size_mismatch")
    upload.content = content
    return f"OK - {len(content)}"


def complete_upload(there: Workspace, given: Arguments) -> Json:
    asked = given.document("files", error="invalid_arguments")
    if not isinstance(asked, list) or not asked:
        raise Refusal("invalid_arguments")
    found = [_uploaded(there, one) for one in asked]
    if channel := given.text("channel_id"):
        conversation = there.visible(channel)
        may_post(there, conversation)
        text = given.text("initial_comment")
        if len(text) > LONGEST_TEXT:
            raise Refusal("msg_too_long")
        blocks = [] if text else checked(given.document("blocks", error="invalid_blocks_format"))
        thread = given.text("thread_ts") or None
        there.post(channel, BOT_USER, text=text, blocks=blocks, files=found, thread_ts=thread)
    for upload in found:
        upload.shared = True
    return {"files": [{"id": u.id, "title": u.title or u.name} for u in found]}


def _uploaded(there: Workspace, asked: Json) -> Upload:
    upload = there.files.get(str(asked.get("id")))
    if upload is None or upload.content is None:
        raise Refusal("file_not_found")
    if upload.shared:
        raise Refusal("file_update_failed")
    upload.title = str(asked.get("title") or "")
    return upload
