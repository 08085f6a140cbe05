"""What the SQL files must say, and what they may read."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from schemas.extracts import all_extracts
from warehouse.sql_models import Budget, Clearance, ModelError, in_build_order, load_models, read_model

HEADER = """-- name core.thing
-- grain một dòng | one row
-- purpose để thử | to try
-- clearance analyst
-- key a
-- column a | cột a | column a
-- column b | cột b | column b | restricted
"""


def model_file(folder: Path, text: str, kind: str = "facts", name: str = "thing.sql") -> Path:
    file = folder / kind / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def test_every_model_stands_after_the_ones_it_reads() -> None:
    seen: set[str] = set()
    made = {model.name for model in load_models()}
    for model in load_models():
        assert model.upstream & made <= seen, model.name
        seen.add(model.name)


def test_marts_read_facts_dimensions_quality_and_references_only() -> None:
    for model in load_models():
        if model.kind == "marts":
            schemas = {table.split(".")[0] for table in model.upstream}
            assert schemas <= {"core", "mart", "quality", "reference"}, model.name


def test_dimensions_and_facts_do_not_read_marts() -> None:
    for model in load_models():
        if model.kind in {"dimensions", "facts", "stage"}:
            assert not any(table.startswith(("mart.", "quality.", "meta.")) for table in model.upstream), model.name


def test_published_models_say_what_their_columns_mean() -> None:
    for model in load_models():
        if model.is_published:
            assert model.columns, model.name
            assert set(model.key) <= model.columns.keys(), model.name


def test_the_folder_says_the_schema() -> None:
    schemas = {
        "stage": "stage",
        "dimensions": "core",
        "facts": "core",
        "marts": "mart",
        "quality": "quality",
        "meta": "meta",
        "history": "meta",
        "audits": "audits",
    }
    for model in load_models():
        assert model.name.split(".")[0] == schemas[model.kind], model.name


def test_a_model_is_read(tmp_path: Path) -> None:
    text = HEADER + "WITH own AS (SELECT a, b FROM ledger.other) SELECT a, b FROM own JOIN core.dim USING (a)"
    model = read_model(model_file(tmp_path, text))
    assert model.upstream == {"ledger.other", "core.dim"}
    assert model.columns["a"].clearance is Clearance.OPEN
    assert model.visible_columns(Clearance.ANALYST) == ("a",)
    assert model.visible_columns(Clearance.RESTRICTED) == ("a", "b")
    assert model.visible_columns(Clearance.OPEN) == ()
    assert model.grain == "một dòng — one row"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (HEADER.replace("-- grain một dòng | one row\n", "") + "SELECT 1 AS a, 2 AS b", "grain"),
        (HEADER.replace(" | to try", "") + "SELECT 1 AS a, 2 AS b", "purpose"),
        (HEADER.replace(" | column a\n", "\n") + "SELECT 1 AS a, 2 AS b", "column"),
        (HEADER + "SELECT 1 AS a; SELECT 2 AS b", "exactly one SELECT"),
        (HEADER + "CREATE TABLE x AS SELECT 1 AS a", "exactly one SELECT"),
        (HEADER + "SELECT a, b FROM nowhere", "needs its schema"),
        (HEADER + "SELECT FROM WHERE", "thing.sql"),
    ],
)
def test_a_model_that_does_not_say_what_it_must_is_refused(tmp_path: Path, text: str, complaint: str) -> None:
    with pytest.raises(ModelError, match=complaint):
        read_model(model_file(tmp_path, text))


def test_a_table_nobody_makes_is_refused(tmp_path: Path) -> None:
    model = read_model(model_file(tmp_path, HEADER + "SELECT a, b FROM core.absent"))
    with pytest.raises(ModelError, match=r"core\.absent"):
        in_build_order([model])


def test_models_that_read_each_other_are_refused(tmp_path: Path) -> None:
    one = HEADER + "SELECT a, b FROM core.other"
    other = HEADER.replace("core.thing", "core.other") + "SELECT a, b FROM core.thing"
    models = [read_model(model_file(tmp_path, one)), read_model(model_file(tmp_path, other, name="other.sql"))]
    with pytest.raises(ModelError, match="circle"):
        in_build_order(models)


def test_a_name_made_twice_is_refused(tmp_path: Path) -> None:
    model_file(tmp_path, HEADER + "SELECT 1 AS a, 2 AS b")
    model_file(tmp_path, HEADER + "SELECT 1 AS a, 2 AS b", name="again.sql")
    with pytest.raises(ModelError, match="another file"):
        load_models(tmp_path)


def test_a_budget_stands_in_the_header_and_must_be_readable(tmp_path: Path) -> None:
    budget = "-- budget removed 2 % changed 100 %\n"
    assert read_model(model_file(tmp_path, HEADER + budget + "SELECT 1 AS a, 2 AS b")).budget == Budget(0.02, 1.0)
    with pytest.raises(ModelError, match="budget"):
        read_model(model_file(tmp_path, HEADER + "-- budget some\nSELECT 1 AS a, 2 AS b"))


def test_a_fact_whose_rows_stand_in_a_file_says_in_the_files_of_which_extract() -> None:
    """`warehouse trace` follows the header: a name that is no extract would end in an error, none at all in silence."""
    for model in load_models():
        if model.extract is not None:
            assert model.extract in all_extracts(), model.name
        if model.kind == "facts" and "source_row" in model.columns:
            assert model.extract is not None, model.name


def test_every_fact_stands_in_the_sums_of_rows() -> None:
    read = {model.name: model.upstream for model in load_models()}
    summed = read["quality.conservation"] | read["stage.fact_tally"]
    facts = {model.name for model in load_models() if model.kind == "facts"}
    assert facts <= summed


FAMILY = """-- name quality.rows
-- grain một bảng | one table
-- purpose để thử | to try
-- clearance open
-- key fact
-- column fact | bảng | table
-- each core.fact_* except core.fact_left_out
SELECT
    each.name AS fact,
    each.extract AS extract,
    (SELECT count(*) FROM each.model) AS shown,
    count(*) AS rows,
    count(DISTINCT each.key) AS keys
FROM each.ledger AS record
"""


def family_files(folder: Path, *facts: str) -> None:
    model_file(folder, FAMILY, "quality", "rows.sql")
    for fact in facts:
        name, _, extract = fact.partition(" ")
        text = HEADER.replace("core.thing", f"core.{name}").replace("-- key a\n", f"-- key a, b\n{extract}\n")
        model_file(folder, text + "SELECT a, b FROM ledger.sent", name=f"{name}.sql")


def test_a_family_is_the_union_of_what_is_said_of_each(tmp_path: Path) -> None:
    family_files(
        tmp_path,
        "fact_one -- extract sent where a > 1",
        "fact_other -- extract also_sent",
        "fact_left_out -- extract also_sent",
    )
    model = next(each for each in load_models(tmp_path) if each.name == "quality.rows")
    assert model.upstream == {"core.fact_one", "core.fact_other", "ledger.sent", "ledger.also_sent"}
    with duckdb.connect() as con:
        con.execute("CREATE SCHEMA core; CREATE SCHEMA ledger")
        con.execute("CREATE TABLE ledger.sent AS SELECT unnest([1, 2, 2, 3]) AS a, 1 AS b")
        con.execute("CREATE TABLE ledger.also_sent AS SELECT 1 AS a, unnest([1, 2]) AS b")
        con.execute(
            "CREATE TABLE core.fact_one AS SELECT 2 AS a; CREATE TABLE core.fact_other AS SELECT 1 AS a LIMIT 0"
        )
        assert sorted(con.sql(model.sql).fetchall()) == [
            ("core.fact_one", "sent", 1, 3, 2),
            ("core.fact_other", "also_sent", 0, 2, 2),
        ]


def test_a_family_of_one_is_what_is_said_of_it(tmp_path: Path) -> None:
    family_files(tmp_path, "fact_one -- extract sent")
    model = next(each for each in load_models(tmp_path) if each.name == "quality.rows")
    assert model.upstream == {"core.fact_one", "ledger.sent"}


def test_a_family_without_members_or_with_one_of_no_extract_is_refused(tmp_path: Path) -> None:
    family_files(tmp_path)
    with pytest.raises(ModelError, match=r"quality\.rows"):
        load_models(tmp_path)
    family_files(tmp_path, "fact_one -- other")
    with pytest.raises(ModelError, match=r"core\.fact_one.*-- extract"):
        load_models(tmp_path)
