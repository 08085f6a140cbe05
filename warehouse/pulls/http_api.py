"""Services that answer in JSON: all pages of an answer or none, asked again when the line or the service fails.

Numbers keep the digits they were sent with. What a record means is for the gate to find out.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import urljoin, urlsplit

import orjson
import polars as pl
import requests
import tenacity
from tenacity.stop import stop_base

from warehouse import duck
from warehouse.pulls.fetching import Answer, NotModified, PullFailed, Secrets, Window
from warehouse.pulls.sources import HttpSource, Paging

CONNECT_TIMEOUT_S = 10.0
LONGEST_WAIT_S = 30.0
MOST_PAGE_BYTES = 100_000_000
MOST_PAGES = 100_000
_CHUNK_BYTES = 1 << 16
_BATCH_ROWS = 50_000
_MEMORY = "500MB"
_LINE = orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE | orjson.OPT_PASSTHROUGH_SUBCLASS
_ASK_AGAIN = {
    HTTPStatus.REQUEST_TIMEOUT,
    HTTPStatus.TOO_EARLY,
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.INTERNAL_SERVER_ERROR,
    HTTPStatus.BAD_GATEWAY,
    HTTPStatus.SERVICE_UNAVAILABLE,
    HTTPStatus.GATEWAY_TIMEOUT,
}
_Record: TypeAlias = dict[str, Any]


class _Digits(str):
    """A number as the text that was sent."""

    __slots__ = ()


class _Passing(Exception):
    """A failure that may be gone at the next try; `wait_s` is how long the service asks us to stay away."""

    def __init__(self, seen: str, wait_s: float = 0.0) -> None:
        super().__init__(seen)
        self.seen = seen
        self.wait_s = wait_s


class _OutOfTime(stop_base):
    """Ends the trying when the pause before the next try would outlast the pull."""

    def __init__(self, deadline_s: float) -> None:
        self._deadline_s = deadline_s

    def __call__(self, retry_state: tenacity.RetryCallState) -> bool:
        return time.monotonic() + retry_state.upcoming_sleep >= self._deadline_s


@dataclass(frozen=True)
class _Page:
    document: Any
    etag: str | None
    next_address: str | None
    """What the Link header calls next."""


def fetch(
    source: HttpSource, window: Window, secrets: Secrets, into: Path, scratch: Path, etag: str | None
) -> Answer | NotModified:
    """Write the records of all pages to `into`. `etag` is the tag of the answer we have, if it spoke for all of it.

    Raises PullFailed; then nothing of the answer counts, however many pages had come.
    """
    with closing(_Asking(source, window, secrets)) as asking:
        pages = _pages(asking, source, etag)
        first = next(pages, None)
        if first is None:
            return NotModified()
        collected = _Collected(source, into, scratch)
        with closing(collected):
            collected.add(first)
            for page in pages:
                collected.add(page)
            rows = collected.finish()
    # A tag speaks for one page; whether it speaks for the pages behind it, nobody says.
    return Answer(into, rows, first.etag if collected.pages == 1 else None, collected.pages)


class _Asking:
    """A session with a service: one address at a time, with patience up to the time that the whole pull may take."""

    def __init__(self, source: HttpSource, window: Window, secrets: Secrets) -> None:
        self._source = source
        self._deadline_s = time.monotonic() + source.timeout_s
        self._session = requests.Session()
        # A password that happens to lie in ~/.netrc would replace the declared header.
        self._session.auth = lambda request: request
        self._session.headers["Accept"] = "application/json"
        for header, variable in source.headers_from.items():
            self._session.headers[header] = secrets.value(variable)
        self.address = _filled(source.url, window)
        self.query = {name: _filled(text, window) for name, text in source.query.items()}

    def close(self) -> None:
        """Let go of the connections."""
        self._session.close()

    def page(self, address: str, query: Mapping[str, str], etag: str | None = None) -> _Page | NotModified:
        """One page. Failures that may pass are tried again, with pauses that grow or that the service asks for."""
        patience = tenacity.Retrying(
            retry=tenacity.retry_if_exception_type(_Passing),
            stop=tenacity.stop_any(tenacity.stop_after_attempt(self._source.attempts), _OutOfTime(self._deadline_s)),
            wait=self._wait_s,
            reraise=True,
        )
        try:
            return patience(self._asked, address, query, etag)
        except _Passing as last:
            raise PullFailed(
                "pull.unreachable",
                f"dịch vụ không trả lời được sau nhiều lần hỏi: {last.seen}",
                f"the service did not answer after many tries: {last.seen}",
            ) from None
        except requests.RequestException as error:
            # The words of an error may hold the address with its query, or a header.
            kind = type(error).__name__
            raise PullFailed("pull.unreachable", f"không hỏi được: {kind}", f"cannot be asked: {kind}") from None

    def _wait_s(self, state: tenacity.RetryCallState) -> float:
        grown_s: float = min(self._source.first_wait_s * 2 ** (state.attempt_number - 1), LONGEST_WAIT_S)
        error = state.outcome.exception() if state.outcome else None
        return max(grown_s, error.wait_s if isinstance(error, _Passing) else 0.0)

    def _asked(self, address: str, query: Mapping[str, str], etag: str | None) -> _Page | NotModified:
        headers = {"If-None-Match": etag} if etag else {}
        left_s = max(self._deadline_s - time.monotonic(), 0.001)
        try:
            with self._session.get(
                address,
                params=query,
                headers=headers,
                timeout=(min(CONNECT_TIMEOUT_S, left_s), min(self._source.answer_timeout_s, left_s)),
                allow_redirects=False,
                # Said here and not to the session, which a bundle named in the environment would overrule.
                verify=self._source.ca_file or True,
                stream=True,
            ) as response:
                if etag and response.status_code == HTTPStatus.NOT_MODIFIED:
                    return NotModified()
                _check_status(response)
                body = self._body(response)
                return _Page(_parsed(body), response.headers.get("ETag"), response.links.get("next", {}).get("url"))
        except requests.exceptions.SSLError:
            raise
        except (
            requests.ConnectionError,
            requests.Timeout,
            requests.exceptions.ChunkedEncodingError,
            requests.exceptions.ContentDecodingError,
        ) as error:
            raise _Passing(type(error).__name__) from None

    def _body(self, response: requests.Response) -> bytes:
        body = bytearray()
        for chunk in response.iter_content(_CHUNK_BYTES):
            body += chunk
            if len(body) > MOST_PAGE_BYTES:
                size = f"> {MOST_PAGE_BYTES // 1_000_000} MB"
                raise PullFailed("pull.page_too_large", f"một trang quá lớn: {size}", f"one page is too large: {size}")
            if time.monotonic() > self._deadline_s:
                raise _Passing("timeout")
        return bytes(body)


def _filled(text: str, window: Window) -> str:
    for word, value in window.words.items():
        text = text.replace("{" + word + "}", value)
    return text


def _check_status(response: requests.Response) -> None:
    status = response.status_code
    if status in _ASK_AGAIN:
        raise _Passing(f"HTTP {status}", _asked_to_wait_s(response.headers.get("Retry-After")))
    if status != HTTPStatus.OK:
        raise PullFailed("pull.refused", f"dịch vụ trả lời HTTP {status}", f"the service answers HTTP {status}")


def _asked_to_wait_s(said: str | None) -> float:
    """Seconds of a Retry-After header, which holds seconds or a moment."""
    if not said:
        return 0.0
    if said.strip().isdigit():
        return float(said)
    try:
        moment = parsedate_to_datetime(said)
    except ValueError:
        return 0.0
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max((moment - datetime.now(UTC)).total_seconds(), 0.0)


def _parsed(body: bytes) -> Any:
    """The document of a page, every number in the digits it was sent with.

    A page that is no JSON was cut or comes from something between us and the service, and may be whole at the next try.
    """
    try:
        return json.loads(body, parse_int=_Digits, parse_float=_Digits, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise _Passing("not JSON") from None


def _no_number(word: str) -> None:
    raise ValueError(word)


def _pages(asking: _Asking, source: HttpSource, etag: str | None) -> Iterator[_Page]:
    """All pages of an answer, in order; none when the first is the one we have."""
    first = asking.page(asking.address, asking.query | _first_query(source.paging), etag)
    if isinstance(first, NotModified):
        return
    yield first
    if source.paging is None:
        return
    page, so_far, seen = first, len(_records(first.document, source)), set[str]()
    while (step := _next_step(asking, source, source.paging, page, so_far, len(seen) + 1)) is not None:
        address, query = step
        place = f"{address} {sorted(query.items())}"
        if place in seen or len(seen) >= MOST_PAGES:
            raise PullFailed("pull.endless", "các trang lặp lại không dứt", "the pages never end")
        seen.add(place)
        following = asking.page(address, query)
        assert isinstance(following, _Page)
        yield following
        page, so_far = following, so_far + len(_records(following.document, source))


def _first_query(paging: Paging | None) -> dict[str, str]:
    if paging is None:
        return {}
    query = {paging.size_parameter: str(paging.size)} if paging.size_parameter else {}
    if paging.by in ("page", "offset") and paging.parameter:
        query[paging.parameter] = str(paging.first if paging.by == "page" else 0)
    return query


def _next_step(
    asking: _Asking, source: HttpSource, paging: Paging, page: _Page, so_far: int, pages: int
) -> tuple[str, dict[str, str]] | None:
    """Where the next page is; None after the last.

    Counted pages end with an empty one or when all announced records have come: a short page may only mean that the
    service gives fewer at a time than was asked for.
    """
    if paging.by in ("page", "offset"):
        total = _total(page.document, source)
        if not _records(page.document, source) or (total is not None and so_far >= total):
            return None
        count = paging.first + pages if paging.by == "page" else so_far
        return asking.address, asking.query | _first_query(paging) | {paging.parameter or "": str(count)}
    said = page.next_address if paging.at == "header" else _text(_at(page.document, paging.at))
    if not said:
        return None
    if paging.by == "cursor":
        return asking.address, asking.query | _first_query(paging) | {paging.parameter or "": said}
    following = urljoin(asking.address, said)
    if urlsplit(following)[:2] != urlsplit(asking.address)[:2]:
        # Our secret would go along.
        raise PullFailed(
            "pull.other_host", "trang tiếp theo ở một máy chủ khác", "the next page is said to be on another host"
        )
    return following, {}


def _at(document: Any, path: str | None) -> Any:
    for name in path.split(".") if path else ():
        document = document.get(name) if isinstance(document, dict) else None
    return document


def _text(value: Any) -> str | None:
    return str(value) if isinstance(value, str) else None


def _records(document: Any, source: HttpSource) -> list[_Record]:
    records = _at(document, source.records)
    if not isinstance(records, list) or not all(isinstance(record, dict) for record in records):
        where = source.records or "—"
        raise PullFailed(
            "pull.no_records", f"không thấy danh sách bản ghi ở: {where}", f"no list of records at: {where}"
        )
    return records


def _total(document: Any, source: HttpSource) -> int | None:
    if source.total is None:
        return None
    said = _text(_at(document, source.total))
    if said is None or not said.isdigit():
        raise PullFailed(
            "pull.no_total", f"không thấy tổng số ở: {source.total}", f"no number of records at: {source.total}"
        )
    return int(said)


class _Collected:
    """The records of the pages so far; what tells that they changed under way is found here."""

    def __init__(self, source: HttpSource, into: Path, scratch: Path) -> None:
        self._source = source
        self._total: int | None = None
        self._rows = 0
        self.pages = 0
        self._sink = into.open("wb")
        # Records that have a key are put in its order, on the disk where memory is not enough.
        self._con = duck.connect(memory_limit=_MEMORY, spill_into=scratch / "spill") if source.key else None
        if self._con:
            self._con.execute("CREATE TABLE record (key VARCHAR, line VARCHAR)")

    def close(self) -> None:
        """Let go of file and database."""
        self._sink.close()
        if self._con:
            self._con.close()

    def add(self, page: _Page) -> None:
        """Take in a page."""
        total = _total(page.document, self._source)
        if self.pages and total != self._total:
            raise _changed(f"{self._total} → {total}")
        self._total = total
        self.pages += 1
        records = _records(page.document, self._source)
        self._rows += len(records)
        lines = [_line(record) for record in records]
        if self._con is None:
            self._sink.writelines(lines)
        elif records:
            page_records = pl.DataFrame(  # noqa: F841  # DuckDB finds it by its name
                {"key": [self._key(record) for record in records], "line": [line.decode() for line in lines]}
            )
            self._con.execute("INSERT INTO record SELECT key, line FROM page_records")

    def finish(self) -> int:
        """Write what is not written yet; the number of records. Raises PullFailed when they changed under way."""
        if self._total is not None and self._rows != self._total:
            raise _changed(f"{self._total} → {self._rows}")
        if self._con:
            ((repeated,),) = self._con.execute("SELECT count(*) - count(DISTINCT key) FROM record").fetchall()
            if repeated:
                raise _changed(f"× {repeated}")
            in_order = self._con.execute("SELECT line FROM record ORDER BY key")
            for batch in in_order.to_arrow_reader(_BATCH_ROWS):
                self._sink.writelines(line.encode() for line in batch.column("line").to_pylist())
        return self._rows

    def _key(self, record: _Record) -> str:
        values = [record.get(name) for name in self._source.key]
        if None in values:
            names = ", ".join(self._source.key)
            raise PullFailed("pull.no_key", f"bản ghi thiếu khoá: {names}", f"a record lacks its key: {names}")
        return orjson.dumps(values).decode()


def _changed(found: str) -> PullFailed:
    return PullFailed(
        "pull.changed_under_way",
        f"dữ liệu thay đổi trong lúc lấy ({found}); không nhận nửa chừng, sẽ lấy lại lần sau",
        f"the data changed while they were fetched ({found}); nothing is half-taken, the next pull tries again",
    )


def _digits_of(value: object) -> orjson.Fragment:
    """A number within a value, as it was sent."""
    if not isinstance(value, _Digits):
        raise TypeError
    return orjson.Fragment(str(value))


def _line(record: _Record) -> bytes:
    """A record as one line; a number becomes the text of its digits, which no reader rounds."""
    texts = {name: str(value) if isinstance(value, _Digits) else value for name, value in record.items()}
    try:
        return orjson.dumps(texts, default=_digits_of, option=_LINE)
    except TypeError:
        raise PullFailed("pull.bad_text", "có chữ không phải Unicode", "a text is not Unicode") from None
