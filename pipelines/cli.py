"""The `warehouse` command: what a person types, what is printed, and which exit code comes back.

Heavy modules are imported by the command that needs them, so that `warehouse --help` answers at once. Work is done elsewhere.
"""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from schemas.periods import Cadence

app = typer.Typer(
    name="warehouse",
    help="Kho dữ liệu dùng chung tỉnh Thái Bình. / The province's shared data warehouse: take in, judge, publish, explain.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode=None,
)
contracts_app = typer.Typer(
    help="Các hợp đồng dữ liệu: xuất ra chuẩn mở. / The contracts: export them in open standards.", no_args_is_help=True
)
synonym_app = typer.Typer(help="Tiêu đề cột được xác nhận. / Titles confirmed to mean a column.", no_args_is_help=True)
release_app = typer.Typer(
    help="Các bản phát hành: liệt kê, so sánh, duyệt, quay lại. / Releases: list, compare, decide, verify, roll back.",
    no_args_is_help=True,
)
app.add_typer(contracts_app, name="contracts")
app.add_typer(synonym_app, name="synonym")
app.add_typer(release_app, name="release")


class Form(StrEnum):
    """How rows are printed."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"


class Language(StrEnum):
    """In which language something is printed."""

    VIETNAMESE = "vi"
    ENGLISH = "en"


class Edition(StrEnum):
    """Which file of a release is opened."""

    ANALYST = "analyst"
    RESTRICTED = "restricted"


ExtractArgument = Annotated[str, typer.Argument(help="Loại số liệu. / The extract.")]
HomeOption = Annotated[
    str | None,
    typer.Option(
        "--home", envvar="WAREHOUSE_HOME", help="Thư mục kho (mặc định data/). / The warehouse home (default: data/)."
    ),
]


def main() -> None:
    """Run the command line; answers are UTF-8 whatever the terminal says.

    A home of a newer version ends it with code 2; a home that is busy, or a machine that fails, with code 1.
    """
    from warehouse.formats import NewerFormatError

    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8")
    try:
        app()
    except NewerFormatError as newer:
        sys.stderr.write(f"{newer}\n")
        raise SystemExit(2) from None
    except Exception as error:
        from pipelines.outages import said_of

        if (said := said_of(error)) is None:
            raise
        sys.stderr.write(f"{said}\n")
        raise SystemExit(1) from None


@app.command()
def simulate(
    out: Annotated[
        Path,
        typer.Option(
            envvar="WAREHOUSE_HOME",
            help="Nơi ghi landing/ và truth/. / Where landing/ and truth/ are written.",
        ),
    ] = Path("data"),
    year: Annotated[int, typer.Option(min=2023, max=2023, help="Năm báo cáo. / The reported year.")] = 2023,
    scale: Annotated[
        float, typer.Option(min=0.002, max=1.0, help="1.0 là cả tỉnh. / 1.0 is the whole province.")
    ] = 1.0,
    seed: Annotated[int, typer.Option(help="Cùng số, cùng tệp. / The same number makes the same files.")] = 1,
    dirt: Annotated[float, typer.Option(min=0.0, max=0.2, help="Tỷ lệ dòng lỗi. / Share of dirty rows.")] = 0.02,
    all_extracts: Annotated[
        bool, typer.Option(help="Mọi biểu, không chỉ năm biểu chính. / Every extract, not only the five main ones.")
    ] = False,
) -> None:
    """Tạo số liệu mô phỏng của các sở. / Write simulated files as the departments would send them."""
    from pipelines.console import Counted, say, size_text
    from samples import simulate as make_province
    from samples.shares import LARGEST, ONE_IN
    from schemas.extracts import all_extracts as contracts

    with Counted("Tệp mô phỏng / Simulated files") as files:
        make_province(
            year=year, scale=scale, seed=seed, dirt=dirt, all_extracts=all_extracts, out=out, on_progress=files.made
        )
    landed = [file for file in (out / "landing").rglob("*") if file.is_file()]
    size = size_text(sum(file.stat().st_size for file in landed))
    say(f"Số liệu MÔ PHỎNG / SIMULATED data: {out / 'landing'} ({size})")
    if all_extracts:
        largest = [contracts()[name] for name in LARGEST]
        say(f"Chỉ tạo 1/{ONE_IN} số dòng: {', '.join(extract.vi for extract in largest)}.")
        say(f"Only 1 row in {ONE_IN} is made: {', '.join(extract.en for extract in largest)}.")


@app.command()
def run(
    home: HomeOption = None,
    extract: Annotated[str | None, typer.Option(help="Chỉ loại số liệu này. / Only this extract.")] = None,
    period: Annotated[
        str | None, typer.Option(help="Chỉ kỳ này, vd 2023-05. / Only this period, such as 2023-05.")
    ] = None,
    until: Annotated[
        str | None, typer.Option(help="Chỉ tệp nhận đến hết ngày này. / Only files received by the end of this day.")
    ] = None,
) -> None:
    """Nhận, kiểm tra, dựng và phát hành kho, viết báo cáo. / Take in, judge, build, publish and report."""
    from pipelines.run_command import run_command

    _check_extract("--extract", extract)
    _check_period("--period", period, extract)
    _check_day("--until", until)
    raise typer.Exit(run_command(home, extract, period, until))


@app.command()
def pull(
    name: Annotated[str | None, typer.Argument(help="Nguồn; mặc định: mọi nguồn. / The source; default: all.")] = None,
    home: HomeOption = None,
    period: Annotated[
        str | None,
        typer.Option(help="Kỳ cần lấy, vd 2023-05; mặc định: kỳ vừa hết. / The period; default: the last ended."),
    ] = None,
) -> None:
    """Lấy số liệu từ các nguồn đã khai trong pulls.toml. / Fetch from the sources declared in pulls.toml into landing.

    Mã thoát / exit code: 0 xong / done, 1 có nguồn bị lỗi / a source failed, 2 không có gì để lấy / nothing to fetch.
    """
    from pipelines.pull_command import pull_command

    raise typer.Exit(pull_command(home, name, period))


@app.command()
def check(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="Tệp cần kiểm tra. / The file to check.")],
    extract: Annotated[str, typer.Option(help="Loại số liệu. / The extract.")],
    period: Annotated[str, typer.Option(help="Kỳ, vd 2023-05-17, 2023-W05, 2023-05, 2023-Q4. / The period.")],
    supplier: Annotated[str | None, typer.Option(help="Đơn vị gửi. / The supplier.")] = None,
) -> None:
    """Kiểm tra một tệp trước khi gửi. / Check a file before it is sent; nothing is kept of it.

    Mã thoát / exit code: 0 sạch / clean, 1 có dòng bị giữ lại / rows rejected, 2 tệp bị từ chối / file refused.
    """
    from pipelines.check_command import check_command

    _check_extract("--extract", extract)
    _check_period("--period", period, extract)
    raise typer.Exit(check_command(file, extract, period, supplier))


@app.command()
def template(
    extract: ExtractArgument,
    out: Annotated[
        Path | None, typer.Option(dir_okay=False, help="Tệp .xlsx; mặc định mau-<biểu>.xlsx. / The file to write.")
    ] = None,
    period: Annotated[
        str | None, typer.Option(help="Danh mục theo kỳ này; mặc định hôm nay. / Code lists as of this period.")
    ] = None,
) -> None:
    """Mẫu Excel cho đơn vị gửi. / The Excel template for suppliers: titles, drop-downs, checks and notes."""
    from pipelines.authoring_commands import write_template

    _check_extract("extract", extract)
    _check_period("--period", period, extract)
    raise typer.Exit(write_template(extract, out, period))


@app.command()
def unpark(
    extract: ExtractArgument,
    supplier: Annotated[str | None, typer.Argument(help="Đơn vị gửi; mặc định: mọi đơn vị. / The supplier.")] = None,
    period: Annotated[str | None, typer.Argument(help="Kỳ; mặc định: mọi kỳ. / The period.")] = None,
    home: HomeOption = None,
) -> None:
    """Cho thử lại tệp từng làm dừng kiểm tra. / Let files that judging died of be tried again."""
    from pipelines.unpark_command import unpark_command

    _check_extract("extract", extract)
    _check_period("period", period, extract)
    raise typer.Exit(unpark_command(home, extract, supplier, period))


@app.command("new-extract")
def new_extract_command(
    sample: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, help="Tệp mẫu của đơn vị. / A sample file of the department.")
    ],
    name: Annotated[str | None, typer.Option(help="Mã biểu, vd library_visit. / The extract's name.")] = None,
    title: Annotated[str | None, typer.Option(help="Tên biểu. / Its title in Vietnamese.")] = None,
    supplier: Annotated[str, typer.Option(help="Đơn vị gửi, vd SVHTTDL. / The agency that owes it.")] = "VPUB",
    department: Annotated[str, typer.Option(help="Thư mục trong assets/. / The folder in assets/.")] = "office",
    cadence: Annotated[Cadence, typer.Option(help="Kỳ gửi. / How often it is owed.")] = Cadence.MONTHLY,
    period: Annotated[str | None, typer.Option(help="Kỳ của mẫu; mặc định kỳ này. / The sample's period.")] = None,
) -> None:
    """Phác thảo một biểu mới từ tệp mẫu. / Draft a new extract from a sample: contract, asset, golden folder, template."""
    from pipelines.new_extract_command import new_extract
    from schemas.periods import is_period_of

    if period is not None and not is_period_of(period, cadence):
        raise typer.BadParameter(f"cần kỳ / a {cadence.value} period is needed", param_hint="--period")
    raise typer.Exit(new_extract(sample, name, title, supplier, department, cadence, period))


@app.command()
def sql(
    query: Annotated[str, typer.Argument(help="Một câu SELECT. / One SELECT.")],
    home: HomeOption = None,
    form: Annotated[Form, typer.Option("--format", help="Cách in. / How rows are printed.")] = Form.TABLE,
    edition: Annotated[Edition, typer.Option(help="Bản dùng để hỏi. / The edition asked.")] = Edition.ANALYST,
    as_of: Annotated[
        str | None,
        typer.Option(
            metavar="DAY", help="Từ tệp nhận đến hết ngày này. / From what was received by the end of this day."
        ),
    ] = None,
    as_published: Annotated[
        str | None,
        typer.Option(
            metavar="DAY", help="Như đã công bố vào cuối ngày này. / As it was published at the end of this day."
        ),
    ] = None,
) -> None:
    """Hỏi kho bằng SQL, chỉ đọc. / Ask the current release with SQL, read-only."""
    from pipelines.sql_command import sql_command

    if as_of and as_published:
        raise typer.BadParameter("chỉ một trong hai / only one of the two", param_hint="--as-of, --as-published")
    for option, day in (("--as-of", as_of), ("--as-published", as_published)):
        _check_day(option, day)
    raise typer.Exit(sql_command(home, query, form.value, edition.value, as_of=as_of, as_published=as_published))


@app.command()
def impact(
    delivery_id: Annotated[str, typer.Argument(help="Mã nội dung gửi, 16 ký tự. / The delivery's id, 16 characters.")],
    home: HomeOption = None,
) -> None:
    """Một tệp chạm đến bảng, chỉ tiêu, kỳ nào. / Which tables, indicators and periods a delivery reaches."""
    from pipelines.impact_command import impact_command

    raise typer.Exit(impact_command(home, delivery_id))


@app.command()
def withdraw(
    delivery_id: Annotated[str, typer.Argument(help="Mã nội dung gửi, 16 ký tự. / The delivery's id, 16 characters.")],
    by: Annotated[str, typer.Option("--by", help="Ai quyết định rút. / Who decided to withdraw it, by name.")],
    reason: Annotated[str, typer.Option("--reason", help="Vì sao; giữ mãi. / Why; kept for ever.")],
    document: Annotated[str | None, typer.Option("--document", help="Số văn bản. / Number of the letter.")] = None,
    home: HomeOption = None,
) -> None:
    """Rút lại một tệp đã gửi; tệp trước đó lại được tính. / Take a delivery back; the one before it counts again."""
    from pipelines.withdraw_command import withdraw_command

    raise typer.Exit(withdraw_command(home, delivery_id, by, reason, document))


@app.command()
def replay(
    home: HomeOption = None,
    extract: Annotated[str | None, typer.Option(help="Chỉ loại số liệu này. / Only this extract.")] = None,
    since: Annotated[
        str | None, typer.Option(metavar="PERIOD", help="Chỉ từ kỳ này, vd 2023-05. / Only from this period on.")
    ] = None,
    rule: Annotated[
        str | None, typer.Option(metavar="CODE", help="Chỉ biểu có luật này. / Only extracts with this rule.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Chỉ thử, không ghi gì. / Only try; nothing is written.")
    ] = False,
) -> None:
    """Kiểm tra lại tệp cũ theo luật hiện nay. / Judge again, by today's rules, what earlier rules judged."""
    from pipelines.replay_command import replay_command

    _check_extract("--extract", extract)
    _check_period("--since", since)
    raise typer.Exit(replay_command(home, extract=extract, since=since, rule=rule, is_trial=dry_run))


@app.command()
def trace(
    table: Annotated[str, typer.Argument(help="Bảng, vd core.fact_dossier. / The table, such as core.fact_dossier.")],
    key: Annotated[str, typer.Argument(help="Khoá, vd mã hồ sơ. / The key, such as a dossier code.")],
    home: HomeOption = None,
    reveal: Annotated[
        str | None,
        typer.Option(
            metavar="REASON",
            help="Lý do xem dữ liệu cá nhân; được ghi nhật ký. / Why personal data must be seen; the reason is logged.",
        ),
    ] = None,
) -> None:
    """Một con số từ đâu ra: tệp nào, dòng nào. / Where a row comes from: which file, which line."""
    from pipelines.trace_command import trace_command

    raise typer.Exit(trace_command(home, table, key, reveal))


@app.command()
def report(
    home: HomeOption = None,
    period: Annotated[
        str | None, typer.Option(help="Kỳ, vd 2023, 2023-12; mặc định như bảng chỉ tiêu. / The period.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(dir_okay=False, help="Tệp .pdf hoặc .html; mặc định vào site/. / Where to.")
    ] = None,
    language: Annotated[
        Language, typer.Option(help="Ngôn ngữ của tệp PDF. / Language of the PDF.")
    ] = Language.VIETNAMESE,
    with_causes: Annotated[
        bool,
        typer.Option(
            "--with-causes",
            help="Kèm nguyên nhân, giải pháp như đơn vị viết; cần quyền đọc bản hạn chế. "
            "/ With causes and remedies as written; needs the restricted edition.",
        ),
    ] = False,
) -> None:
    """Báo cáo tháng hoặc năm để in và ký. / The report of a month or a year, to print and sign."""
    from pipelines.report_command import report_command

    raise typer.Exit(report_command(home, period, out, language.value, has_causes=with_causes))


@app.command()
def site(
    home: HomeOption = None,
    page: Annotated[
        str, typer.Option(help="Trang cần mở, vd unit/336.html. / The page to open, such as unit/336.html.")
    ] = "index.html",
    rewrite: Annotated[
        bool, typer.Option("--rewrite", help="Viết lại mọi trang trước. / Write all pages again first.")
    ] = False,
    browser: Annotated[
        bool, typer.Option(help="Mở trình duyệt, hay chỉ in địa chỉ. / Open a browser, or only print the address.")
    ] = True,
) -> None:
    """Mở trang Trung tâm điều hành thông minh. / Open the pages of the Smart Operations Centre."""
    from pipelines.site_command import site_command

    raise typer.Exit(site_command(home, page, is_rewritten=rewrite, is_opened=browser))


@app.command()
def doctor(home: HomeOption = None) -> None:
    """Kho có khoẻ không. / Is the warehouse well: last good nightly, disk, versions, keys, permissions."""
    from pipelines.console import show_findings
    from pipelines.doctor import examine
    from warehouse.storage import open_home

    findings = examine(open_home(home))
    show_findings(findings)
    raise typer.Exit(0 if all(finding.is_well for finding in findings) else 1)


@app.command()
def ui(
    home: HomeOption = None,
    port: Annotated[int, typer.Option(help="Cổng. / The port.")] = 3000,
) -> None:
    """Mở giao diện Dagster. / Open the Dagster UI, with its schedule and sensor running."""
    from pipelines.history import open_ui
    from warehouse.storage import open_home

    open_ui(open_home(home), port)


@contracts_app.command("export")
def export_command(
    out: Annotated[Path, typer.Option(file_okay=False, help="Thư mục ghi. / The folder to write to.")],
) -> None:
    """Xuất mọi hợp đồng: ODCS (YAML) và JSON Schema. / Export every contract as ODCS (YAML) and JSON Schema."""
    from pipelines.authoring_commands import export_contracts

    raise typer.Exit(export_contracts(out))


@synonym_app.command("confirm")
def confirm_command(
    extract: ExtractArgument,
    title: Annotated[str, typer.Argument(help="Tiêu đề như trong tệp. / The title as it stands in the file.")],
    column: Annotated[str, typer.Argument(help="Tên cột trong hợp đồng. / The contract's column it means.")],
) -> None:
    """Ghi nhớ một tiêu đề. / Remember that a title means a column; the file that remembers belongs to the sources."""
    from pipelines.authoring_commands import confirm_synonym

    _check_extract("extract", extract)
    raise typer.Exit(confirm_synonym(extract, title, column))


@app.command()
def backup(
    target: Annotated[str, typer.Argument(help="Thư mục hoặc URL (vd s3://…). / A folder or a URL such as s3://…")],
    home: HomeOption = None,
) -> None:
    """Sao lưu, chỉ chép phần mới; không gồm khoá. / Back up what is new; the key is not in it."""
    from pipelines.backup_command import back_up_to

    raise typer.Exit(back_up_to(home, target))


@app.command()
def restore(
    source: Annotated[str, typer.Argument(help="Nơi có bản sao lưu. / Where the backup is.")],
    home: Annotated[Path, typer.Option(help="Thư mục kho mới, còn trống. / The new home, still empty.")],
) -> None:
    """Phục hồi vào một kho mới và kiểm tra từng tệp. / Restore into a new home and check every file."""
    from pipelines.backup_command import restore_into

    raise typer.Exit(restore_into(source, home))


@app.command()
def drill(
    source: Annotated[str, typer.Argument(help="Nơi có bản sao lưu. / Where the backup is.")],
    scratch: Annotated[
        Path | None, typer.Option(help="Nơi dựng thử, xoá sau đó. / Where to try it; cleared away afterwards.")
    ] = None,
) -> None:
    """Diễn tập phục hồi: dựng lại và so với bản gốc. / Try a backup out: restore, rebuild, compare with the original.

    Mã thoát / exit code: 0 đạt / passed, 1 không đạt / failed, 2 không có bản sao lưu / no backup.
    """
    from pipelines.backup_command import drill_from

    raise typer.Exit(drill_from(source, scratch))


@release_app.command("list")
def list_command(home: HomeOption = None) -> None:
    """Các bản phát hành, mới nhất ở cuối. / Releases, the newest last; removed, held and marked ones are told."""
    from pipelines.release_command import list_all

    raise typer.Exit(list_all(home))


@release_app.command("verify")
def verify_command(
    release_id: Annotated[
        str | None, typer.Argument(help="Mặc định: bản hiện hành. / Default: the current one.")
    ] = None,
    home: HomeOption = None,
) -> None:
    """Dựng lại từ sổ cái và so mã băm. / Rebuild from the ledger alone and compare content hashes."""
    from pipelines.release_command import verify

    raise typer.Exit(verify(home, release_id))


@release_app.command("rollback")
def rollback_command(
    release_id: Annotated[
        str | None, typer.Argument(help="Mặc định: bản ngay trước. / Default: the one before.")
    ] = None,
    home: HomeOption = None,
) -> None:
    """Quay lại một bản phát hành trước. / Put an earlier release back in place; readers notice no gap."""
    from pipelines.release_command import roll_back

    raise typer.Exit(roll_back(home, release_id))


@release_app.command("vintage")
def vintage_command(
    kpi_code: Annotated[str, typer.Argument(metavar="KPI", help="Mã chỉ tiêu, vd T10. / The indicator, such as T10.")],
    period: Annotated[str | None, typer.Option(help="Chỉ kỳ này, vd 2023-12. / Only this period.")] = None,
    unit: Annotated[str, typer.Option(help="Mã đơn vị; mặc định toàn tỉnh. / The unit; default: the province.")] = "34",
    home: HomeOption = None,
    form: Annotated[Form, typer.Option("--format", help="Cách in. / How rows are printed.")] = Form.TABLE,
) -> None:
    """Mọi giá trị từng công bố của một chỉ tiêu, vì đâu mà đổi. / Every value ever published of an indicator, and why."""
    from pipelines.release_command import show_vintages

    raise typer.Exit(show_vintages(home, kpi_code, unit, period, form.value))


ReleaseArgument = Annotated[str, typer.Argument(help="Mã bản phát hành. / The release.")]
ByOption = Annotated[str, typer.Option("--by", help="Ai quyết định. / Who decides, by name.")]
ReasonOption = Annotated[str, typer.Option("--reason", help="Vì sao; giữ mãi. / Why; kept for ever.")]


@release_app.command("diff")
def diff_command(
    older: Annotated[str | None, typer.Argument(help="Mặc định: bản ngay trước. / Default: the one before.")] = None,
    newer: Annotated[
        str | None,
        typer.Argument(
            help="Mặc định: bản chờ duyệt, nếu không bản hiện hành. / Default: the held one, else the current."
        ),
    ] = None,
    home: HomeOption = None,
    form: Annotated[Form, typer.Option("--format", help="Cách in. / How rows are printed.")] = Form.TABLE,
) -> None:
    """So hai bản: dòng thêm, mất, đổi của từng bảng, số liệu đổi. / Compare two releases: rows per table, figures moved."""
    from pipelines.release_command import show_difference

    raise typer.Exit(show_difference(home, older, newer, form.value))


@release_app.command("approve")
def approve_command(release_id: ReleaseArgument, by: ByOption, reason: ReasonOption, home: HomeOption = None) -> None:
    """Duyệt bản đang chờ và phát hành. / Approve the release that is held, and publish it."""
    from pipelines.release_command import approve

    raise typer.Exit(approve(home, release_id, by, reason))


@release_app.command("reject")
def reject_command(release_id: ReleaseArgument, by: ByOption, reason: ReasonOption, home: HomeOption = None) -> None:
    """Bác một bản: không dựng lại từ cùng đầu vào. / Reject a release: it is not built again from the same inputs."""
    from pipelines.release_command import reject

    raise typer.Exit(reject(home, release_id, by, reason))


@release_app.command("mark")
def mark_command(
    release_id: ReleaseArgument,
    why: Annotated[str, typer.Option("--why", help="Vì sao phải giữ. / Why it must stay.")],
    by: ByOption,
    home: HomeOption = None,
) -> None:
    """Giữ một bản dù đã cũ. / Keep a release whatever its age."""
    from pipelines.release_command import mark

    raise typer.Exit(mark(home, release_id, by, why, is_kept=True))


@release_app.command("unmark")
def unmark_command(
    release_id: ReleaseArgument,
    why: Annotated[str, typer.Option("--why", help="Vì sao thôi giữ. / Why it need not stay.")],
    by: ByOption,
    home: HomeOption = None,
) -> None:
    """Thôi giữ một bản. / Keep a release no longer than others."""
    from pipelines.release_command import mark

    raise typer.Exit(mark(home, release_id, by, why, is_kept=False))


@release_app.command("prune")
def prune_command(
    home: HomeOption = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Chỉ nói, không xoá. / Only say which.")] = False,
) -> None:
    """Xoá bản cũ: giữ 7 ngày, 4 tuần, 12 tháng, bản được giữ. / Remove old releases; 7 daily, 4 weekly, 12 monthly stay."""
    from pipelines.release_command import prune

    raise typer.Exit(prune(home, dry_run=dry_run))


# Names and dates that mean nothing are refused before anything heavy begins.


def _check_extract(option: str, name: str | None) -> None:
    from schemas.extracts import all_extracts

    if name is not None and name not in all_extracts():
        known = ", ".join(all_extracts())
        raise typer.BadParameter(f"không có / no such extract; có / known: {known}", param_hint=option)


def _check_period(option: str, period: str | None, extract: str | None = None) -> None:
    """Any period will do, or one of the kind that a known extract is sent by."""
    from schemas.extracts import all_extracts
    from schemas.periods import is_period_of, like, span

    if period is None:
        return
    cadence = all_extracts()[extract].cadence if extract is not None else None
    needed = f"; cần dạng / one like {like(cadence)}" if cadence is not None else ""
    try:
        span(period)
    except ValueError:
        raise typer.BadParameter(f"kỳ không hợp lệ / not a period{needed}", param_hint=option) from None
    if cadence is not None and not is_period_of(period, cadence):
        raise typer.BadParameter(f"cần kỳ / a {cadence} period is needed{needed}", param_hint=option)


def _check_day(option: str, day: str | None) -> None:
    from datetime import datetime

    if day is not None:
        try:
            datetime.fromisoformat(day)
        except ValueError:
            raise typer.BadParameter("ngày dạng / a date like 2023-12-31", param_hint=option) from None
