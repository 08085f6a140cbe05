"""Sources that extracts are fetched from, as `pulls.toml` declares them; a secret is named there and never written.

How a source is asked belongs to the module of its kind.
"""

from __future__ import annotations

import hashlib
import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator
from upath import UPath

from schemas.extracts import all_extracts
from warehouse.storage import Home

VARIABLE = "WAREHOUSE_PULLS"
FILE = "pulls.toml"
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,40}")
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
VariableName: TypeAlias = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]*$")]
_VIETNAMESE = {
    "missing": "thiếu khoá này",
    "extra_forbidden": "không có khoá này",
    "literal_error": "giá trị không nằm trong danh sách cho phép",
    "union_tag_invalid": "không có loại nguồn này",
    "union_tag_not_found": "thiếu loại nguồn (kind)",
    "string_pattern_mismatch": "phải là tên một biến môi trường, viết hoa",
}


class SourcesInvalid(Exception):
    """The file of sources says something that cannot be meant; each problem is one line, in both languages."""

    def __init__(self, file: UPath, problems: list[str]) -> None:
        super().__init__("\n".join(f"{file}: {problem}" for problem in problems))
        self.problems = problems


class _Declared(BaseModel):
    # Unknown keys are refused: a misspelt one would silently not apply.
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class _Source(_Declared):
    """What every source says."""

    extract: str
    supplier: str
    lookback: Annotated[int, Field(ge=1, le=366)] = 1
    """How many of the last ended periods are asked for each time; what has not changed since makes no new sending."""
    timeout_s: Annotated[float, Field(gt=0, le=21_600)] = 600.0
    """Longest time of a whole pull."""

    @model_validator(mode="after")
    def _is_owed(self) -> _Source:
        contract = all_extracts().get(self.extract)
        if contract is None:
            raise ValueError(f"không có loại số liệu “{self.extract}” / there is no extract “{self.extract}”")
        if self.supplier not in contract.suppliers:
            owed = ", ".join(contract.suppliers)
            raise ValueError(
                f"đơn vị “{self.supplier}” không gửi loại này; cần {owed}"
                f" / “{self.supplier}” does not owe it; {owed} does"
            )
        return self


class Paging(_Declared):
    """How a service hands out its answer in pages.

    `page` and `offset` count in `parameter`; `cursor` sends back what the page before says at `at`; `next_link` follows
    the address there, or the Link header when `at` is "header".
    """

    by: Literal["page", "offset", "cursor", "next_link"]
    parameter: str | None = None
    first: int = 1
    size_parameter: str | None = None
    size: Annotated[int, Field(ge=1)] | None = None
    at: str | None = None

    @model_validator(mode="after")
    def _is_whole(self) -> Paging:
        needed = {"page": ("parameter",), "offset": ("parameter",), "cursor": ("parameter", "at"), "next_link": ("at",)}
        absent = [name for name in needed[self.by] if getattr(self, name) is None]
        if absent:
            raise ValueError(f"paging “{self.by}”: thiếu / missing: {', '.join(absent)}")
        if (self.size is None) != (self.size_parameter is None):
            raise ValueError("size và size_parameter đi cùng nhau / size and size_parameter go together")
        return self


class HttpSource(_Source):
    """A JSON service. `query` and the address may hold {period}, {first_on}, {last_on} and {next_on}.

    `records` is the path of the list in the answer ("data.items"; none: the answer is the list), `total` that of the
    number of all records. With `key`, the fields that tell records apart, records are ordered by it and none comes twice.
    """

    kind: Literal["http"]
    url: str
    query: Mapping[str, str] = Field(default_factory=dict)
    headers_from: Mapping[str, VariableName] = Field(default_factory=dict)
    records: str | None = None
    total: str | None = None
    key: tuple[str, ...] = ()
    paging: Paging | None = None
    attempts: Annotated[int, Field(ge=1, le=50)] = 8
    first_wait_s: Annotated[float, Field(gt=0)] = 0.5
    answer_timeout_s: Annotated[float, Field(gt=0)] = 60.0
    ca_file: str | None = None
    allow_plain_http: bool = False

    @field_validator("url")
    @classmethod
    def _has_no_secret(cls, url: str) -> str:
        if urlsplit(url).scheme not in ("http", "https"):
            raise ValueError("url phải bắt đầu bằng https:// / url must begin with https://")
        if "@" in urlsplit(url).netloc:
            raise ValueError("không ghi mật khẩu trong url / no password in the url: headers_from")
        return url

    @model_validator(mode="after")
    def _is_private(self) -> HttpSource:
        address = urlsplit(self.url)
        is_open = address.scheme == "http" and address.hostname not in _LOOPBACK
        if is_open and self.headers_from and not self.allow_plain_http:
            raise ValueError(
                "gửi khoá bí mật qua http:// không mã hoá; dùng https:// hoặc allow_plain_http = true"
                " / a secret would travel unencrypted; use https:// or allow_plain_http = true"
            )
        return self


class _WithSql(_Source):
    """A source that is asked with an SQL file, whose path counts from where `pulls.toml` lies."""

    sql: str
    password_from: VariableName | None = None


class ServerSource(_WithSql):
    """A PostgreSQL or MySQL/MariaDB database; `socket` is that of a MySQL on this machine."""

    kind: Literal["postgres", "mysql"]
    host: str
    socket: str | None = None
    port: Annotated[int, Field(ge=1, le=65_535)] | None = None
    database: str
    user: str
    connect_timeout_s: Annotated[int, Field(ge=1, le=300)] = 10


class OdbcSource(_WithSql):
    """Any database with an ODBC driver; `connection` is its connection string without the password."""

    kind: Literal["odbc"]
    connection: str

    @field_validator("connection")
    @classmethod
    def _has_no_secret(cls, connection: str) -> str:
        if re.search(r"(?i)\b(pwd|password)\s*=", connection):
            raise ValueError("không ghi mật khẩu trong connection / no password in connection: password_from")
        return connection


Source: TypeAlias = HttpSource | ServerSource | OdbcSource


class _File(_Declared):
    sources: dict[str, Annotated[Source, Field(discriminator="kind")]] = Field(default_factory=dict)

    @field_validator("sources")
    @classmethod
    def _names_are_plain(cls, sources: dict[str, Source]) -> dict[str, Source]:
        for name in sources:
            # The name becomes part of names of files.
            if not _NAME.fullmatch(name):
                raise ValueError(f"tên nguồn / name of a source: “{name}”: a-z 0-9 _ -")
        return sources


def sources_file(home: Home) -> UPath:
    """Where sources are declared: $WAREHOUSE_PULLS, else `pulls.toml` in the home."""
    named = os.environ.get(VARIABLE)
    return UPath(Path(named).expanduser().absolute()) if named else home.root / FILE


def read_sources(home: Home) -> dict[str, Source]:
    """The declared sources by name; none where there is no file.

    Raises SourcesInvalid with every problem, what was found left out: somebody may have written a password there.
    """
    file = sources_file(home)
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        if os.environ.get(VARIABLE):
            raise SourcesInvalid(file, ["không có tệp này / there is no such file"]) from None
        return {}
    try:
        declared = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SourcesInvalid(file, [f"không phải TOML / not TOML: {_place(error)}"]) from None
    try:
        return _File.model_validate(declared).sources
    except ValidationError as error:
        raise SourcesInvalid(file, list(_problems(error))) from None


def query_text(home: Home, source: ServerSource | OdbcSource) -> str:
    """The text of a source's SQL file. Raises SourcesInvalid when it cannot be read."""
    file = sources_file(home).parent / source.sql
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise SourcesInvalid(file, ["không đọc được / cannot be read"]) from None


def definition_of(home: Home, source: Source) -> str:
    """A digest of everything that decides what is asked: 64 hex characters."""
    digest = hashlib.sha256(source.model_dump_json().encode())
    if not isinstance(source, HttpSource):
        digest.update(query_text(home, source).encode())
    return digest.hexdigest()


def _place(error: tomllib.TOMLDecodeError) -> str:
    """Line and column, without the text there."""
    found = re.search(r"line \d+, column \d+|end of document", str(error))
    return found[0] if found else "?"


def _problems(error: ValidationError) -> Iterator[str]:
    for problem in error.errors(include_input=False, include_url=False):
        at = ".".join(str(part) for part in problem["loc"]) or "sources"
        if problem["type"] == "value_error":
            yield f"{at}: {_said(problem)}"
        else:
            vietnamese = _VIETNAMESE.get(problem["type"], "giá trị không dùng được")
            yield f"{at}: {vietnamese} / {problem['msg']}"


def _said(problem: Mapping[str, Any]) -> str:
    """The words of a check of ours, which are in both languages already."""
    return str(problem["ctx"]["error"])
