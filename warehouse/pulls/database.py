"""Databases: PostgreSQL and MySQL attached read-only, ODBC through its driver; one SELECT of an SQL file, one snapshot.

Every value leaves as the text it has in the source. What the rows mean is for the gate to find out.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import polars as pl
import sqlglot
from sqlglot import exp

from warehouse import duck
from warehouse.pulls.fetching import Answer, PullFailed, Secrets, Window
from warehouse.pulls.sources import OdbcSource, ServerSource

CATALOG = "source"
"""What the SQL file calls the database; for ODBC the name of the variable that holds the connection."""
_EXTENSIONS = {"postgres": "postgres_scanner", "mysql": "mysql_scanner", "odbc": "odbc_scanner"}
_BATCH_ROWS = 50_000
_MEMORY = "500MB"
_FLOATING = ("DOUBLE", "FLOAT")


def fetch(
    source: ServerSource | OdbcSource, query: str, window: Window, secrets: Secrets, into: Path, scratch: Path
) -> Answer:
    """Write the rows of a query to `into`, in the order of their columns; memory does not grow with their number.

    The query may use $period, $first_on, $last_on and $next_on. Raises PullFailed.
    """
    select = _parsed(query)
    used = {word: text for word, text in window.words.items() if word in _parameters(select)}
    with (
        duck.connect(memory_limit=_MEMORY, spill_into=scratch / "spill") as con,
        _within(con, source.timeout_s),
    ):
        _connect(con, source, secrets)
        try:
            rows = _write(con, select, used, into)
        except duckdb.InterruptException:
            raise _too_slow(source.timeout_s) from None
        except (duckdb.BinderException, duckdb.CatalogException, duckdb.ParserException) as error:
            # These speak of names in the query, before any row is read.
            first_line = str(error).splitlines()[0]
            raise PullFailed(
                "pull.bad_query", f"câu truy vấn không chạy được: {first_line}", f"the query cannot run: {first_line}"
            ) from None
        except duckdb.Error as error:
            # Its words may quote a row.
            kind = type(error).__name__
            raise PullFailed("pull.query_failed", f"truy vấn bị lỗi: {kind}", f"the query failed: {kind}") from None
    return Answer(into, rows)


def _parsed(query: str) -> exp.Query:
    try:
        statements = [statement for statement in sqlglot.parse(query, read="duckdb") if statement is not None]
    except sqlglot.errors.SqlglotError:
        statements = []
    if len(statements) != 1 or not isinstance(statements[0], exp.Query):
        raise PullFailed(
            "pull.bad_query", "tệp SQL phải là đúng một câu SELECT", "the SQL file must be exactly one SELECT"
        )
    return statements[0]


def _parameters(select: exp.Query) -> set[str]:
    return {str(placeholder.this) for placeholder in select.find_all(exp.Placeholder, exp.Parameter)}


@contextmanager
def _within(con: duckdb.DuckDBPyConnection, timeout_s: float) -> Iterator[None]:
    timer = threading.Timer(timeout_s, con.interrupt)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()


def _too_slow(timeout_s: float) -> PullFailed:
    return PullFailed("pull.too_slow", f"quá {timeout_s:g} giây", f"took longer than {timeout_s:g} s")


def _connect(con: duckdb.DuckDBPyConnection, source: ServerSource | OdbcSource, secrets: Secrets) -> None:
    extension = _EXTENSIONS[source.kind]
    password = secrets.value(source.password_from) if source.password_from else ""
    try:
        if not duck.load_extension(con, extension):
            package = duck.package_of(extension)
            raise PullFailed(
                "pull.extension_missing",
                f"muốn đọc nguồn này cần cài {package}",
                f"to read this source, install {package}",
            )
        if isinstance(source, OdbcSource):
            _open_odbc(con, source, password)
        else:
            _attach(con, source, password)
    except duckdb.Error as error:
        # What a driver says may hold the connection string; only its last line is wanted, and never with a password.
        said = str(error).splitlines()[0]
        if isinstance(source, OdbcSource) or (password and password in said):
            said = type(error).__name__
        raise PullFailed("pull.unreachable", f"không kết nối được: {said}", f"cannot connect: {said}") from None


def _open_odbc(con: duckdb.DuckDBPyConnection, source: OdbcSource, password: str) -> None:
    connection = source.connection.rstrip(";")
    if password:
        connection += ";PWD={" + password.replace("}", "}}") + "}"
    con.execute("SET VARIABLE source = odbc_connect($connection)", {"connection": connection})


_SECRETS = {
    "postgres": (
        "CREATE TEMPORARY SECRET source"
        " (TYPE postgres, HOST $host, PORT $port, DATABASE $database, USER $user, PASSWORD $password)"
    ),
    "mysql": (
        "CREATE TEMPORARY SECRET source"
        " (TYPE mysql, HOST $host, PORT $port, DATABASE $database, USER $user, PASSWORD $password)"
    ),
}
_PORTS = {"postgres": 5432, "mysql": 3306}


def _attach(con: duckdb.DuckDBPyConnection, source: ServerSource, password: str) -> None:
    """The password goes in as a secret, which DuckDB shows in no message and no listing."""
    con.execute(
        _SECRETS[source.kind],
        {
            "host": source.host,
            "port": source.port or _PORTS[source.kind],
            "database": source.database,
            "user": source.user,
            "password": password,
        },
    )
    options = f"socket={source.socket}" if source.socket else ""
    if source.kind == "postgres":
        limit_ms = int(source.timeout_s * 1000)
        options = f"connect_timeout={source.connect_timeout_s} options='-c statement_timeout={limit_ms}'"
    else:
        # Digits stay digits, and an order is made here: a server's collation takes different texts for equal.
        con.execute("SET mysql_tinyint1_as_boolean = false")
        con.execute("SET mysql_order_pushdown_enabled = false")
        con.execute("SET mysql_query_timeout_max_ms = $limit_ms", {"limit_ms": int(source.timeout_s * 1000)})
    attach = exp.Attach(
        this=exp.alias_(exp.Literal.string(options), CATALOG),
        expressions=[
            exp.AttachOption(this=exp.Var(this="TYPE"), expression=exp.Var(this=source.kind)),
            exp.AttachOption(this=exp.Var(this="SECRET"), expression=exp.Var(this=CATALOG)),
            exp.AttachOption(this=exp.Var(this="READ_ONLY")),
        ],
    )
    con.execute(attach.sql("duckdb"))


def _write(con: duckdb.DuckDBPyConnection, select: exp.Query, words: dict[str, str], into: Path) -> int:
    described = con.execute(exp.Describe(this=select).sql("duckdb", normalize_functions=False), words).fetchall()
    columns = {str(name): str(kind) for name, kind, *_ in described}
    if inexact := [name for name, kind in columns.items() if kind in _FLOATING]:
        names = ", ".join(inexact)
        raise PullFailed(
            "pull.inexact_number",
            f"cột {names} đến dưới dạng số gần đúng; đổi sang numeric(p,s) hoặc text ngay tại nguồn,"
            " hoặc ghi CAST(… AS VARCHAR)",
            f"column {names} arrives as a floating-point number; make it numeric(p,s) or text in the source,"
            " or write CAST(… AS VARCHAR)",
        )
    rows = 0
    ordered = (
        exp.select(*(_as_text(name, kind) for name, kind in columns.items()))
        .from_(select.subquery("pulled"))
        .order_by(*(exp.column(name, table="pulled", quoted=True) for name in columns))
    )
    # One transaction is one snapshot of the source.
    with duck.transaction(con), into.open("wb") as sink:
        for batch in con.execute(ordered.sql("duckdb", normalize_functions=False), words).to_arrow_reader(_BATCH_ROWS):
            frame = pl.DataFrame(batch)
            frame.write_ndjson(sink)
            rows += frame.height
    return rows


def _as_text(name: str, kind: str) -> exp.Expr:
    """A value's text: moments in ISO form and local time, everything else as DuckDB writes it, exactly."""
    column: exp.Expr = exp.column(name, table="pulled", quoted=True)
    if kind.startswith("TIMESTAMP"):
        written = exp.cast(exp.cast(column, "TIMESTAMP") if "ZONE" in kind else column, "VARCHAR", dialect="duckdb")
        column = exp.func("replace", written, exp.Literal.string(" "), exp.Literal.string("T"), dialect="duckdb")
    return exp.alias_(exp.cast(column, "VARCHAR", dialect="duckdb"), name, quoted=True)
