"""Results as they come, in an SQLite database in the output folder.

Results that come together are a transaction that is on the disk before others are taken, so however
a run ends, its results stay. The database knows no secret: keys are made from one by
`gradpath.cohort.keys`.
"""

from __future__ import annotations

import contextlib
import os
import shlex
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import msgspec

from gradpath.cohort.artifacts import Kept
from gradpath.cohort.closing import Closing
from gradpath.cohort.keys import SALT_BYTES
from gradpath.cohort.out_folder import utc_now
from gradpath.cohort.request import GradeRequest
from gradpath.errors import GradpathError
from gradpath.grading.results import Result
from gradpath.text.languages import ENGLISH
from gradpath.text.messages import Message

NAME: Final = "results.sqlite"
SCHEMA: Final = 4
"""Stands in the file as its `user_version`; change it together with the tables."""

_TABLES: Final = f"""
    CREATE TABLE salt (bytes BLOB NOT NULL);
    CREATE TABLE result (key BLOB PRIMARY KEY, json BLOB NOT NULL) WITHOUT ROWID;
    CREATE TABLE kept (key BLOB PRIMARY KEY, source BLOB NOT NULL, runs BLOB NOT NULL,
        wall_seconds REAL NOT NULL, cpu_seconds REAL);
    CREATE TABLE published (student TEXT NOT NULL, assignment TEXT NOT NULL, key BLOB NOT NULL,
        said BLOB NOT NULL, PRIMARY KEY (student, assignment)) WITHOUT ROWID;
    CREATE TABLE run (request BLOB NOT NULL, proof BLOB NOT NULL, contents BLOB NOT NULL,
        fingerprint TEXT NOT NULL, started TEXT NOT NULL, finished TEXT);
    PRAGMA user_version = {SCHEMA};
"""
_FULL: Final = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR)
_DAMAGED: Final = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_SCHEMA)


class RecordedRun(msgspec.Struct, frozen=True):
    """The last run in a folder.

    `proof` tells whether a secret is the same, `contents` whether the submissions are.
    """

    request: GradeRequest
    proof: bytes
    contents: bytes
    fingerprint: str
    started: str
    finished: str | None = None


class Store(Closing):
    """The database of one output folder, which nobody else writes to: see `OutFolder`."""

    def __init__(self, folder: Path, *, create: bool = True) -> None:
        """Open the database; make it if it is missing.

        Args:
            folder: the output folder.
            create: whether a missing database is made.

        Raises:
            GradpathError: it is damaged, of another version, or cannot be written; or it is
                missing and shall not be made.
        """
        self.path = folder / NAME
        try:
            # SQLite would make the file readable for every reader of the folder.
            flags = os.O_RDWR | os.O_CLOEXEC | (os.O_CREAT if create else 0)
            os.close(os.open(self.path, flags, 0o600))
        except FileNotFoundError:
            raise GradpathError(
                Message("there is no run in {folder} to continue", folder=folder)
            ) from None
        except OSError as error:
            raise GradpathError(
                Message(
                    "{path} cannot be written: {reason}",
                    path=self.path,
                    reason=error.strerror or error,
                )
            ) from None
        with self._explained():
            # Threads take turns: `Run.grade_all` calls `progress` under a lock.
            self._database = sqlite3.connect(
                self.path, isolation_level=None, check_same_thread=False
            )
        try:
            with self._explained():
                self._set_up()
        except BaseException:
            self._database.close()
            raise

    def _set_up(self) -> None:
        # Alone with the file, SQLite needs no shared memory beside it, which some network file
        # systems do not have; where there is no write-ahead log either, a journal does as well.
        self._database.execute("PRAGMA locking_mode = EXCLUSIVE")
        version: int = self._one("PRAGMA user_version")
        if version == 0 and not self._one("SELECT count(*) FROM sqlite_master"):
            self._database.execute("PRAGMA journal_mode = WAL")
            self._database.execute("PRAGMA synchronous = FULL")
            with self._transaction():
                for statement in _TABLES.split(";"):
                    self._database.execute(statement)
                self._database.execute("INSERT INTO salt VALUES (?)", [os.urandom(SALT_BYTES)])
        elif version != SCHEMA:
            raise GradpathError(
                Message(
                    "{path} was written by another version of gradpath (its store has version "
                    "{version}, this one {schema}); delete it, and everything is graded again",
                    path=self.path,
                    version=version,
                    schema=SCHEMA,
                )
            )
        elif self._one("PRAGMA quick_check(1)") != "ok":
            raise self._damaged()
        else:
            self._database.execute("PRAGMA journal_mode = WAL")
            self._database.execute("PRAGMA synchronous = FULL")
        self.salt: bytes = self._one("SELECT bytes FROM salt")

    def get(self, keys: Iterable[bytes]) -> dict[bytes, Result]:
        """Return the stored results among these keys."""
        results: dict[bytes, Result] = {}
        with self._explained():
            for key in keys:
                row = self._database.execute("SELECT json FROM result WHERE key = ?", [key])
                for (json,) in row:
                    results[key] = msgspec.json.decode(json, type=Result)
        return results

    def put(self, key: bytes, result: Result, kept: Kept | None = None) -> None:
        """Store a result and artifacts; they are on the disk when this returns."""
        json = msgspec.json.encode(result)
        with self._explained(), self._transaction():
            self._database.execute("INSERT OR REPLACE INTO result VALUES (?, ?)", [key, json])
            if kept is not None:
                row = (key, kept.packed_source, kept.packed_runs)
                self._database.execute(
                    "INSERT OR REPLACE INTO kept VALUES (?, ?, ?, ?, ?)",
                    [*row, kept.wall_seconds, kept.cpu_seconds],
                )

    def publish(
        self,
        keys: Mapping[tuple[str, str], bytes],
        said: Mapping[tuple[str, str], Any] = MappingProxyType({}),
    ) -> None:
        """Note which stored results are those of results.jsonl, by student and assignment.

        Args:
            keys: their keys.
            said: the trees of their messages; of a late one, the stored message says less.
        """
        with self._explained(), self._transaction():
            self._database.execute("DELETE FROM published")
            self._database.executemany(
                "INSERT INTO published VALUES (?, ?, ?, ?)",
                [
                    (*name, key, msgspec.msgpack.encode(said.get(name)))
                    for name, key in keys.items()
                ],
            )

    def published(self) -> dict[tuple[str, str], bytes]:
        """Return the keys of the stored results in results.jsonl, by student and assignment."""
        with self._explained():
            rows = self._database.execute("SELECT student, assignment, key FROM published")
            return {(student, assignment): key for student, assignment, key in rows}

    def with_trees(self, result: Result) -> Result:
        """Return a result of results.jsonl in English, with the trees of its messages.

        One that is not stored, or whose assignment has changed since, is returned as it is.
        """
        with self._explained():
            row = self._database.execute(
                "SELECT json, said FROM published JOIN result USING (key) "
                "WHERE student = ? AND assignment = ?",
                [result.student, result.assignment],
            ).fetchone()
            if row is None:
                return result
            stored: Result = msgspec.json.decode(row[0], type=Result)
            said = msgspec.msgpack.decode(row[1])
        if [check.points for check in stored.checks] != [check.points for check in result.checks]:
            return result
        message = result.message if said is None else ENGLISH.render(said)
        return msgspec.structs.replace(result, checks=stored.checks, message=message, said=said)

    def kept(self, student: str, assignment: str, *, runs: bool = True) -> Kept | None:
        """Return the artifacts of a submission that has a result in results.jsonl.

        Args:
            student: the student, as results name them.
            assignment: the assignment's slug.
            runs: whether its runs are wanted, which are most of it; without, there are none.

        Returns:
            Its source, its runs of public checks and its seconds; None where nothing was kept,
            as of a file that could not be read twice.
        """
        column = "kept.runs" if runs else "x''"
        with self._explained():
            row = self._database.execute(
                f"SELECT source, {column}, wall_seconds, cpu_seconds FROM published "
                "JOIN kept USING (key) WHERE student = ? AND assignment = ?",
                [student, assignment],
            ).fetchone()
        return None if row is None else Kept(*row)

    def count(self) -> int:
        """Return the number of stored results."""
        with self._explained():
            count: int = self._one("SELECT count(*) FROM result")
        return count

    def begin(self, run: RecordedRun, forget: Sequence[bytes] = ()) -> None:
        """Record a run as the one to continue, and forget results that it shall not find."""
        values = (run.request.to_record(), run.proof, run.contents, run.fingerprint)
        with self._explained(), self._transaction():
            self._database.execute("DELETE FROM run")
            self._database.execute(
                "INSERT INTO run VALUES (?, ?, ?, ?, ?, ?)", [*values, run.started, run.finished]
            )
            for table in ("result", "kept"):
                self._database.executemany(
                    f"DELETE FROM {table} WHERE key = ?", [[key] for key in forget]
                )

    def last_run(self) -> RecordedRun | None:
        """Return the run that was recorded last."""
        with self._explained():
            row = self._database.execute("SELECT * FROM run").fetchone()
            if row is None:
                return None
            return RecordedRun(GradeRequest.from_json(row[0]), *row[1:])

    def finished_run(self) -> RecordedRun:
        """Return the run whose results are those of the files beside the database.

        Raises:
            GradpathError: it has not been finished.
        """
        run = self.last_run()
        if run is None or (run.finished is None and not run.request.regrade):
            folder = self.path.parent
            shard = run.request.shard if run is not None else None
            raise GradpathError(
                Message(
                    "{run} in {folder} has not been finished; continue it with `gradpath grade "
                    "--resume --out {path}`",
                    run=Message("shard {shard}", shard=shard) if shard else Message("the run"),
                    folder=folder,
                    path=shlex.quote(str(folder)),
                )
            )
        return run

    def finish(self) -> None:
        """Note that everything of the recorded run has been written."""
        with self._explained():
            self._database.execute("UPDATE run SET finished = ?", [utc_now()])

    def _one(self, statement: str) -> Any:
        row = self._database.execute(statement).fetchone()
        if row is None:
            raise self._damaged()
        return row[0]

    @contextlib.contextmanager
    def together(self) -> Iterator[None]:
        """Put many results on the disk at once, or none of them."""
        with self._explained(), self._transaction():
            yield

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[None]:
        if self._database.in_transaction:
            yield  # a part of `together`
            return
        self._database.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._database.execute("COMMIT")
        except BaseException:
            if self._database.in_transaction:
                self._database.execute("ROLLBACK")
            raise

    @contextlib.contextmanager
    def _explained(self) -> Iterator[None]:
        """Turn an error of SQLite's into one line with advice."""
        try:
            yield
        except sqlite3.Error as error:
            code = getattr(error, "sqlite_errorcode", 0) & 0xFF
            if code in _FULL:
                raise GradpathError(
                    Message(
                        "{path} cannot be written ({reason}); make room on that disk",
                        path=self.path,
                        reason=error,
                    )
                ) from None
            if code in _DAMAGED or not code or code == sqlite3.SQLITE_ERROR:
                raise self._damaged() from None
            raise GradpathError(
                Message("{path} cannot be used: {reason}", path=self.path, reason=error)
            ) from None
        except (msgspec.MsgspecError, UnicodeDecodeError):
            raise self._damaged() from None

    def _damaged(self) -> GradpathError:
        return GradpathError(
            Message("{path} is damaged; delete it, and everything is graded again", path=self.path)
        )

    def close(self) -> None:
        """Close the database. On a full disk its log stays beside it, and loses nothing."""
        with contextlib.suppress(sqlite3.Error):
            self._database.close()


def language_of_run(folder: Path) -> str:
    """Return the code of the language of a folder's run; empty for English or without a run."""
    try:
        with Store(folder, create=False) as store:
            run = store.last_run()
    except GradpathError:
        return ""  # files can be made without the store, or whoever needs it says that it fails
    return run.request.language if run is not None else ""
