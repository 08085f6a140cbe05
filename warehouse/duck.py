"""The one place where DuckDB connections are made and where names and literals become SQL text.

What the SQL says belongs in `sql/`; this module knows settings, attaching, commenting and nothing about the warehouse.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import duckdb
from sqlglot import exp

TIME_ZONE = "Asia/Ho_Chi_Minh"
STORAGE_VERSION = "v1.0.0"
"""Read by every 1.x client."""
ENCRYPTED_STORAGE_VERSION = "v1.4.0"
"""The first that can be encrypted."""


class EncryptionUnavailableError(Exception):
    """An encrypted file cannot be written, because the extension that brings sound cryptography is not installed."""


def connect(
    database: Path | None = None,
    *,
    read_only: bool = False,
    memory_limit: str = "1000MB",
    threads: int | None = None,
    spill_into: Path | None = None,
) -> duckdb.DuckDBPyConnection:
    """A connection that never installs or loads an extension by itself; without `database` it lives in memory.

    `spill_into` is the folder for what does not fit in `memory_limit`. Row order is not kept: whoever needs an order asks.
    """
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": memory_limit,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "preserve_insertion_order": False,
    }
    if threads is not None:
        config["threads"] = threads
    if spill_into is not None:
        spill_into.mkdir(parents=True, exist_ok=True)
        config["temp_directory"] = str(spill_into)
    con = duckdb.connect(str(database) if database else ":memory:", read_only=read_only, config=config)
    # Every Parquet file read here is written once and never changed.
    con.execute("SET parquet_metadata_cache = true")
    con.execute("SET TimeZone = ?", [TIME_ZONE])
    # Progress bars would be drawn into whatever terminal or log the caller owns.
    con.execute("SET enable_progress_bar = false")
    return con


@contextmanager
def transaction(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """All or nothing, and one flush to the disk instead of one per statement; writes into one catalog only."""
    con.begin()
    try:
        yield
    except BaseException:
        con.rollback()
        raise
    con.commit()


def attach(
    con: duckdb.DuckDBPyConnection,
    file: Path,
    alias: str,
    *,
    read_only: bool = False,
    encryption_key: str | None = None,
) -> None:
    """Attach a database file under a catalog name; a new file is written in the oldest storage version that can hold it.

    What is written is safe once it is detached, not before: no log is kept beside the file.
    """
    options: dict[str, exp.Expression | None] = {}
    if read_only:
        options["READ_ONLY"] = None
    else:
        version = ENCRYPTED_STORAGE_VERSION if encryption_key else STORAGE_VERSION
        options["STORAGE_VERSION"] = exp.Literal.string(version)
        # A build that dies is thrown away with its file; a log would have every row and every statement written twice.
        options["RECOVERY_MODE"] = exp.Literal.string("NO_WAL_WRITES")
    if encryption_key and not read_only:
        _load_cryptography(con)
    if encryption_key:
        options["ENCRYPTION_KEY"] = exp.Literal.string(encryption_key)
    statement = exp.Attach(
        this=exp.alias_(exp.Literal.string(str(file)), alias),
        expressions=[exp.AttachOption(this=exp.Var(this=name), expression=text) for name, text in options.items()],
    )
    con.execute(statement.sql("duckdb"))


def _load_cryptography(con: duckdb.DuckDBPyConnection) -> None:
    """DuckDB reads encrypted files by itself but writes them soundly only with OpenSSL, which comes with httpfs."""
    if not load_extension(con, "httpfs"):
        raise EncryptionUnavailableError(
            f"Muốn ghi kho mã hoá cần cài: / To write an encrypted warehouse, install: {package_of('httpfs')}"
        )


def package_of(extension: str) -> str:
    """The package, with its version, that brings an extension."""
    return f"duckdb-extension-{extension.replace('_', '-')}=={duckdb.__version__}"


def load_extension(con: duckdb.DuckDBPyConnection, name: str) -> bool:
    """Load an extension from its package, which goes with one version of DuckDB; False when that is not installed."""
    package = find_spec(f"duckdb_extension_{name}")
    if package is None or package.origin is None:
        return False
    file = Path(package.origin).parent / "extensions" / f"v{duckdb.__version__}" / f"{name}.duckdb_extension"
    if not file.exists():
        return False
    con.load_extension(str(file))
    return True


def detach(con: duckdb.DuckDBPyConnection, alias: str) -> None:
    """Write everything of a catalog to its file and let go of it."""
    con.execute(exp.Detach(this=exp.to_identifier(alias, quoted=True)).sql("duckdb"))


def checkpoint(con: duckdb.DuckDBPyConnection, alias: str) -> None:
    """Write everything of a catalog to its file, so that what was freed in it can be used again."""
    con.execute(exp.Command(this="CHECKPOINT", expression=exp.to_identifier(alias, quoted=True)).sql("duckdb"))


def create_schema(con: duckdb.DuckDBPyConnection, catalog: str, schema: str) -> None:
    """Create a schema unless it exists."""
    table = exp.Table(db=exp.to_identifier(schema, quoted=True), catalog=exp.to_identifier(catalog, quoted=True))
    con.execute(exp.Create(this=table, kind="SCHEMA", exists=True).sql("duckdb"))


def copy_table(con: duckdb.DuckDBPyConnection, source: str, target: str, columns: Iterable[str]) -> None:
    """Copy columns of one `catalog.schema.table` into a new one."""
    query = exp.select(*(exp.column(name, quoted=True) for name in columns)).from_(
        exp.to_table(source, dialect="duckdb")
    )
    create_table(con, target, query)


def create_table(con: duckdb.DuckDBPyConnection, table: str, query: exp.Query) -> None:
    """Create `catalog.schema.table` with the rows of a query."""
    # The relational API forgets the catalog of the table it creates.
    con.execute(exp.Create(this=exp.to_table(table, dialect="duckdb"), kind="TABLE", expression=query).sql("duckdb"))


def replace_rows(
    con: duckdb.DuckDBPyConnection, source: str, target: str, columns: Iterable[str], stale: exp.Expression
) -> None:
    """Put columns of one `catalog.schema.table` in the place of the rows of another that a condition names."""
    with transaction(con):
        con.execute(exp.delete(exp.to_table(target, dialect="duckdb"), where=stale).sql("duckdb"))
        _insert(con, target, list(columns), exp.to_table(source, dialect="duckdb"))


def note_changes(
    con: duckdb.DuckDBPyConnection,
    source: str,
    target: str,
    key: Iterable[str],
    columns: Iterable[str],
    stale: exp.Expression,
    changes: str,
) -> None:
    """Create the table `changes`: how one `catalog.schema.table` differs from the rows of another that a condition names.

    One row for each key that differs: the key, `old_row` where the target has such a row, `new_row` where the source has.
    """
    old = exp.select("rowid", "*").from_(exp.to_table(target, dialect="duckdb")).where(stale).subquery("old")
    old_row, new_row = (exp.column("rowid", table=side) for side in ("old", "new"))
    is_new = old_row.is_(exp.null())
    by = {name: [exp.column(name, table=side, quoted=True) for side in ("new", "old")] for name in key}
    query = (
        exp.select(
            *(exp.func("if", is_new, *sides).as_(name, quoted=True) for name, sides in by.items()),
            old_row.as_(OLD_ROW),
            new_row.as_(NEW_ROW),
        )
        .from_(old)
        .join(exp.to_table(source, dialect="duckdb").as_("new"), on=is_same("old", "new", by), join_type="full")
        .where(exp.or_(is_new, new_row.is_(exp.null()), exp.not_(is_same("old", "new", columns))))
    )
    create_table(con, changes, query)


def make_changes(
    con: duckdb.DuckDBPyConnection, source: str, target: str, key: Iterable[str], columns: Iterable[str], changes: str
) -> None:
    """Do in a table what `note_changes` wrote down, in some of the columns, the key among them."""
    gone = (
        exp.select(exp.column("rowid", table="old"))
        .from_(exp.to_table(target, dialect="duckdb").as_("old"))
        .join(exp.to_table(changes, dialect="duckdb").as_("noted"), on=is_same("old", "noted", key))
        .where(exp.not_(exp.column(OLD_ROW, table="noted").is_(exp.null())))
    )
    is_gone = exp.column("rowid").isin(query=gone)
    with transaction(con):
        con.execute(exp.delete(exp.to_table(target, dialect="duckdb"), where=is_gone).sql("duckdb"))
        _insert(con, target, list(columns), exp.to_table(source, dialect="duckdb"), where=is_noted(changes, NEW_ROW))


OLD_ROW, NEW_ROW = "old_row", "new_row"


def is_noted(changes: str, which: str) -> exp.Expr:
    """Whether a row of the target is among the `OLD_ROW`, one of the source among the `NEW_ROW` of a table of changes."""
    return exp.column("rowid").isin(query=exp.select(which).from_(exp.to_table(changes, dialect="duckdb")))


def is_same(one: str, other: str, columns: Iterable[str]) -> exp.Expr:
    """Whether two tables of a query say the same in some columns."""
    sides = (tuple(exp.column(name, table=side, quoted=True) for side in (one, other)) for name in columns)
    return exp.and_(*(exp.NullSafeEQ(this=left, expression=right) for left, right in sides))


def _insert(
    con: duckdb.DuckDBPyConnection, target: str, columns: list[str], source: exp.Table, where: exp.Expr | None = None
) -> None:
    rows = exp.select(*(exp.column(name, quoted=True) for name in columns)).from_(source)
    named = [exp.to_identifier(name, quoted=True) for name in columns]
    wanted = rows if where is None else rows.where(where)
    con.execute(exp.insert(wanted, exp.to_table(target, dialect="duckdb"), columns=named).sql("duckdb"))


def drop_table(con: duckdb.DuckDBPyConnection, table: str) -> None:
    """Drop `catalog.schema.table` if it is there."""
    con.execute(exp.Drop(tables=[exp.to_table(table, dialect="duckdb")], kind="TABLE", exists=True).sql("duckdb"))


def tables_of(con: duckdb.DuckDBPyConnection, catalog: str) -> list[str]:
    """The tables of a catalog, `schema.table` each."""
    rows = con.execute(
        "SELECT schema_name || '.' || table_name FROM duckdb_tables() WHERE database_name = ? ORDER BY ALL", [catalog]
    ).fetchall()
    return [name for (name,) in rows]


def create_view(con: duckdb.DuckDBPyConnection, view: str, query: exp.Query) -> None:
    """Create the view `catalog.schema.name` over a query."""
    con.execute(exp.Create(this=exp.to_table(view, dialect="duckdb"), kind="VIEW", expression=query).sql("duckdb"))


def parquet_files(files: Iterable[Path], alias: str, *, may_differ: bool = False) -> exp.Expr:
    """What a query reads from when it reads Parquet files as one table; at least one file.

    Those that `may_differ` in their columns are all opened whenever the query is planned, others only when they are read.
    """
    listed: list[exp.Expression] = [exp.Array(expressions=[exp.Literal.string(str(file)) for file in files])]
    if may_differ:
        listed.append(exp.EQ(this=exp.Var(this="union_by_name"), expression=exp.true()))
    return exp.alias_(exp.Table(this=exp.Anonymous(this="read_parquet", expressions=listed)), alias, table=True)


def comment_on_table(con: duckdb.DuckDBPyConnection, catalog: str, table: str, text: str) -> None:
    """Set the comment of `schema.table`."""
    target = exp.to_table(table, dialect="duckdb", catalog=catalog)
    con.execute(exp.Comment(this=target, kind="TABLE", expression=exp.Literal.string(text)).sql("duckdb"))


def comment_on_column(con: duckdb.DuckDBPyConnection, catalog: str, table: str, column: str, text: str) -> None:
    """Set the comment of a column of `schema.table`."""
    schema, name = table.split(".")
    target = exp.column(column, table=name, db=schema, catalog=catalog, quoted=True)
    con.execute(exp.Comment(this=target, kind="COLUMN", expression=exp.Literal.string(text)).sql("duckdb"))
