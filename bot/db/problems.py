"""Why a database cannot be used, as a sentence for a person."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DatabaseError, InterfaceError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

BUSY_SECONDS = 10  # how long a locked SQLite file is waited for

Unusable = (DatabaseError, InterfaceError, NoConnectionFree, OSError)
"""What is raised when a database cannot be used."""


class DatabaseProblem(Exception):
    """The database cannot be used; the text says why and what to do."""

    exit_status = 3


def explain(error: Exception, url: str | URL) -> DatabaseProblem:
    """What a person is told when the database at `url` cannot be used. No password is in it."""
    where = make_url(url)
    if where.get_backend_name() != "sqlite":
        return _of_a_server(error, where)
    path = _path(where)
    text = str(getattr(error, "orig", None) or error).lower()
    if "readonly" in text or "read-only" in text:
        return DatabaseProblem(f"{path} is read-only. Make the file and its folder writable for this user.")
    if "not a database" in text or "malformed" in text:
        return DatabaseProblem(
            f"{path} is not a Kinkeeper database. Move it away, or set DATABASE_URL to another file."
        )
    if "locked" in text or "busy" in text:
        return DatabaseProblem(
            f"{path} has been locked by another program for more than {BUSY_SECONDS} seconds. "
            "Close that program and try again."
        )
    if "unable to open" in text:
        return DatabaseProblem(f"{path} {_cannot_be_opened(path)}")
    if "no such table" in text or "already exists" in text or "no such column" in text:
        return DatabaseProblem(
            f"{path} does not have the tables that this version of Kinkeeper needs. Is it another program's file? "
            "Move it away, or set DATABASE_URL to another file."
        )
    if "full" in text:
        return DatabaseProblem(f"The disk that {path} is on is full. Make room and try again.")
    return DatabaseProblem(f"{path} cannot be used: {_first_line(error)}")


def _path(where: URL) -> Path:
    """The file, also where the address is a SQLite URI (`file:…?mode=ro&uri=true`)."""
    named = where.database or ":memory:"
    if named.startswith("file:"):
        named = unquote(named.removeprefix("file:").partition("?")[0])
    return Path(named)


def _cannot_be_opened(path: Path) -> str:
    if path.is_dir():
        return "is a folder. Set DATABASE_URL to a file in it, such as sqlite:///kinkeeper.db."
    if not path.parent.is_dir():
        return f"cannot be created, for there is no folder {path.parent}. Make it, or check DATABASE_URL."
    return "cannot be opened or created. Check DATABASE_URL and the folder's permissions."


def _of_a_server(error: Exception, where: URL) -> DatabaseProblem:
    socket = where.query.get("host")
    host = where.host or (socket if isinstance(socket, str) else "localhost")
    reason = _first_line(error).rstrip(".")
    if where.password:
        reason = reason.replace(str(where.password), "***")
    if "relation" in reason and ("does not exist" in reason or "already exists" in reason):
        return DatabaseProblem(
            f"The database at {host} does not have the tables that this version of Kinkeeper needs: {reason}. "
            "Run: kinkeeper db upgrade"
        )
    return DatabaseProblem(
        f"The database at {host}:{where.port or 5432} cannot be used: {reason}. "
        "Check DATABASE_URL, and that the server is running."
    )


def _first_line(error: Exception) -> str:
    origin = getattr(error, "orig", None) or error
    return str(origin).strip().splitlines()[0] if str(origin).strip() else type(origin).__name__
