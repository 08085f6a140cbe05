"""Fetching from a service: all pages or nothing, once however often it is asked, whatever the line and the service do."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import formatdate
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from tests.pipelines.conftest import record
from tests.warehouse.pulls.conftest import DAY, SECRET, Fetching
from tests.warehouse.pulls.service import Service, serving
from warehouse.pulls import http_api

DOSSIERS = 40
SIGNED_IN = {"PORTAL_AUTHORIZATION": f"Bearer {SECRET}"}
PAGINGS = {
    "page": 'by = "page"\nparameter = "page"',
    "offset": 'by = "offset"\nparameter = "offset"\nsize_parameter = "size"\nsize = 100',
    "cursor": 'by = "cursor"\nparameter = "cursor"\nat = "next"',
    "next_link": 'by = "next_link"\nat = "next_link"',
    "link_header": 'by = "next_link"\nat = "header"',
}


@pytest.fixture
def service() -> Iterator[Service]:
    with serving([record(number, DAY, SoTienPhaiNop=number * 1000) for number in range(1, DOSSIERS + 1)]) as listening:
        listening.authorization = f"Bearer {SECRET}"
        yield listening


def declared(service: Service, *, paging: str | None = "page", more: str = "", total: bool = True) -> str:
    return "\n".join(
        [
            "[sources.portal]",
            'extract = "one_stop_dossier"\nsupplier = "VPUB"\nkind = "http"',
            f'url = "{service.address}"\nrecords = "data.items"\nkey = ["MaHoSo"]\nfirst_wait_s = 0.001',
            'total = "data.total"' if total else "",
            'query = { tu_ngay = "{first_on}", truoc_ngay = "{next_on}" }',
            'headers_from = { Authorization = "PORTAL_AUTHORIZATION" }',
            more,
            f"[sources.portal.paging]\n{PAGINGS[paging]}" if paging else "",
        ]
    )


def test_a_service_that_fails_half_of_its_requests_ends_in_one_accepted_delivery(
    fetching: Fetching, service: Service
) -> None:
    service.share_of_failures = 0.5
    fetching.declare(declared(service, more="attempts = 30"))
    first, second = fetching.pull(SIGNED_IN), fetching.pull(SIGNED_IN)
    assert (first.outcome, first.rows, second.outcome) == ("landed", DOSSIERS, "unchanged")
    assert service.failures >= 5
    (receipt,) = fetching.take_in()
    assert receipt.status == "accepted"
    rows = fetching.rows(receipt).sort("dossier_code")
    assert rows["dossier_code"].to_list() == [each["MaHoSo"] for each in service.records]
    assert rows["amount_due_vnd"].to_list() == [each["SoTienPhaiNop"] for each in service.records]
    assert "tu_ngay=2023-05-17&truoc_ngay=2023-05-18" in service.requests[0]


@pytest.mark.parametrize("total", [True, False])
@pytest.mark.parametrize("paging", PAGINGS)
def test_every_way_of_paging_gives_every_record_in_the_order_of_the_key(
    fetching: Fetching, service: Service, paging: str, total: bool
) -> None:
    service.records.reverse()
    fetching.declare(declared(service, paging=paging, total=total))
    assert fetching.pull(SIGNED_IN).outcome == "landed"
    (file,) = fetching.landed()
    codes = [json.loads(line)["MaHoSo"] for line in file.read_text(encoding="utf-8").splitlines()]
    assert codes == sorted(each["MaHoSo"] for each in service.records)


def test_the_same_records_in_another_order_are_the_same_content(fetching: Fetching, service: Service) -> None:
    fetching.declare(declared(service))
    assert fetching.pull(SIGNED_IN).outcome == "landed"
    service.records = [dict(reversed(each.items())) for each in reversed(service.records)]
    assert fetching.pull(SIGNED_IN).outcome == "unchanged"
    service.records[3]["TrangThaiHoSo"] = 5
    assert fetching.pull(SIGNED_IN).outcome == "landed"
    service.records[3]["TrangThaiHoSo"] = 4
    assert fetching.pull(SIGNED_IN).outcome == "landed", "what came back is news again"
    assert len(fetching.landed()) == 3


def test_a_tag_saves_the_body_of_an_answer_of_one_page(fetching: Fetching, service: Service) -> None:
    fetching.declare(declared(service, paging=None).replace("query = {", 'query = { all = "1",'))
    assert fetching.pull(SIGNED_IN).etag
    assert fetching.pull(SIGNED_IN).outcome == "unchanged"
    assert "If-None-Match" in service.headers[1]
    service.records.pop()
    assert fetching.pull(SIGNED_IN).outcome == "landed"
    for file in fetching.landed():
        file.unlink()
    assert fetching.pull(SIGNED_IN).outcome == "landed", "what was lost before it was taken in is fetched again"


def test_the_tag_of_a_first_page_is_not_trusted_for_the_pages_behind_it(fetching: Fetching, service: Service) -> None:
    fetching.declare(declared(service))
    fetching.pull(SIGNED_IN)
    service.records[-1]["TrangThaiHoSo"] = 5
    assert fetching.pull(SIGNED_IN).outcome == "landed"


@pytest.mark.parametrize("more_or_less", [1, -1])
def test_data_that_change_while_they_are_fetched_are_refused_whole(
    fetching: Fetching, service: Service, more_or_less: int
) -> None:
    def change(service: Service, query: dict[str, str]) -> None:
        if query.get("page") == "3":
            if more_or_less == 1:
                service.records.append(record(999, DAY))
            else:
                service.records.pop(0)

    service.before_answer = change
    fetching.declare(declared(service))
    note = fetching.pull(SIGNED_IN)
    assert (note.outcome, note.code) == ("failed", "pull.changed_under_way")
    assert fetching.landed() == []
    assert "nothing is half-taken" in str(note.reason_en)


def test_a_record_that_slid_to_the_next_page_is_seen_without_a_total(fetching: Fetching, service: Service) -> None:
    def slide(service: Service, query: dict[str, str]) -> None:
        if query.get("page") == "2":
            service.records.insert(0, record(0, DAY))

    service.before_answer = slide
    fetching.declare(declared(service, total=False))
    assert fetching.pull(SIGNED_IN).code == "pull.changed_under_way"


@pytest.mark.parametrize("as_a_moment", [False, True])
def test_the_pause_that_a_service_asks_for_is_kept(fetching: Fetching, service: Service, as_a_moment: bool) -> None:
    def busy(service: Service, _: dict[str, str]) -> tuple[int, dict[str, str]] | None:
        said = formatdate(time.time() + 2, usegmt=True) if as_a_moment else "1"
        return (429, {"Retry-After": said}) if len(service.requests) == 1 else None

    service.before_answer = busy
    fetching.declare(declared(service))
    began_at = time.monotonic()
    assert fetching.pull(SIGNED_IN).outcome == "landed"
    # A moment is written in whole seconds.
    assert time.monotonic() - began_at >= 1.0


def test_a_pause_longer_than_the_pull_may_take_ends_it_at_once(fetching: Fetching, service: Service) -> None:
    service.before_answer = lambda *_: (503, {"Retry-After": "3600"})
    fetching.declare(declared(service, more="timeout_s = 30"))
    began_at = time.monotonic()
    note = fetching.pull(SIGNED_IN)
    assert (note.code, len(service.requests)) == ("pull.unreachable", 1)
    assert "HTTP 503" in str(note.reason_en)
    assert time.monotonic() - began_at < 5.0


def test_a_page_larger_than_a_page_may_be_is_not_read_on(
    fetching: Fetching, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_api, "MOST_PAGE_BYTES", 1000)
    fetching.declare(declared(service))
    assert fetching.pull(SIGNED_IN).code == "pull.page_too_large"


def test_a_wrong_password_is_not_tried_again(fetching: Fetching, service: Service) -> None:
    fetching.declare(declared(service))
    note = fetching.pull({"PORTAL_AUTHORIZATION": "Bearer wrong"})
    assert (note.code, note.reason_en) == ("pull.refused", "the service answers HTTP 401")
    assert len(service.requests) == 1


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A key and the certificate of 127.0.0.1 that it signed itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    plain = (Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file = tmp_path / "certificate.pem"
    file.write_bytes(key.private_bytes(*plain) + signed.public_bytes(Encoding.PEM))
    return file


def test_a_service_that_nobody_vouches_for_is_not_told_the_secret(fetching: Fetching, certificate: Path) -> None:
    with serving([record(1, DAY)], certificate) as service:
        fetching.declare(declared(service))
        note = fetching.pull(SIGNED_IN)
        assert (note.code, note.reason_en) == ("pull.unreachable", "cannot be asked: SSLError")
        assert service.requests == []
        fetching.declare(declared(service, more=f'ca_file = "{certificate}"'))
        note = fetching.pull(SIGNED_IN)
        assert note.outcome == "landed", note


def test_a_next_page_on_another_host_is_not_followed(fetching: Fetching, service: Service) -> None:
    service.same_answer = {"data": {"items": [], "total": 9}, "next_link": "https://evil.example/x"}
    fetching.declare(declared(service, paging="next_link"))
    assert fetching.pull(SIGNED_IN).code == "pull.other_host"


def test_pages_that_never_end_are_given_up(fetching: Fetching, service: Service) -> None:
    service.same_answer = {"data": {"items": [record(1, DAY)]}, "next": "5"}
    fetching.declare(declared(service, paging="cursor", total=False))
    assert fetching.pull(SIGNED_IN).code == "pull.endless"


@pytest.mark.parametrize("number", ["1.10", "12345678901234567890.123456789", "1E5", "-0"])
def test_a_number_keeps_the_digits_it_was_sent_with(fetching: Fetching, service: Service, number: str) -> None:
    service.records = [record(1, DAY, SoTienPhaiNop="@", Khac={"a": ["@"]})]
    service.number = number
    fetching.declare(declared(service))
    assert fetching.pull(SIGNED_IN).outcome == "landed"
    (file,) = fetching.landed()
    assert f'"SoTienPhaiNop":"{number}"' in file.read_text(encoding="utf-8")
    assert f'"Khac":{{"a":[{number}]}}' in file.read_text(encoding="utf-8")


def test_an_answer_without_records_yet_makes_no_file(fetching: Fetching, service: Service) -> None:
    service.records = []
    fetching.declare(declared(service))
    assert fetching.pull(SIGNED_IN).outcome == "empty"
    assert fetching.landed() == []


def test_the_secret_is_written_nowhere_and_said_nowhere(
    fetching: Fetching, service: Service, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    fetching.declare(declared(service, more="attempts = 3"))
    said: list[Any] = [fetching.pull(SIGNED_IN)]
    service.share_of_failures = 1.0
    said.append(fetching.pull(SIGNED_IN))
    service.authorization = "another"
    said.append(fetching.pull(SIGNED_IN))
    said.append(fetching.pull({"PORTAL_AUTHORIZATION": f"Bearer {SECRET}\nX: y"}))
    said.append(fetching.pull({}))
    fetching.take_in()
    assert [note.outcome for note in said] == ["landed", "failed", "failed", "failed", "failed"]
    assert SECRET in service.headers[0]["Authorization"]
    assert SECRET not in "".join([*map(str, said), caplog.text, *capfd.readouterr()])
    assert SECRET.encode() not in fetching.written()
