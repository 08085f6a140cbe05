"""Builds the pretend province's year and sends its files: the one entry of this package.

What belongs here: the order of the steps. What does not: any fact, draw or defect.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from samples.article import YEAR, Sizes, sizes
from samples.digital_infrastructure import send_digital_infrastructure
from samples.dossier_files import send_daily_files
from samples.dossier_spelling import World
from samples.dossiers import make_dossiers, make_records, people_of
from samples.figures import expected_figures
from samples.further_extracts import LISTS_OF_PEOPLE, SENDERS
from samples.identity_issuance import send_identity_issuance
from samples.landing import Landing
from samples.people import make_people
from samples.procedure_catalogue import send_procedure_lists
from samples.procedures import make_procedures
from samples.province import load_province
from samples.work_file_processing import send_work_files

_WORTH_A_PROCESS: Final = 0.1
"""The scale from which on it takes longer to make the lists of people than to build the province once more for them."""


def simulate(
    *,
    out: Path,
    year: int = YEAR,
    scale: float = 1.0,
    seed: int = 1,
    dirt: float = 0.02,
    all_extracts: bool = False,
    on_progress: Callable[[str, int], None] | None = None,
) -> None:
    """Write a year of deliveries to ``out/landing`` and the truth about them to ``out/truth``.

    ``scale`` (0.002 to 1) multiplies counts: at 1 there are a million dossiers; all files exist at every scale.
    ``dirt`` is the share of spoilt records; 0 makes every file right, complete and on time. ``all_extracts`` adds the
    extracts the article's figures do not come from; the files of the others stay the same. The same arguments give
    the same bytes. ``on_progress`` is called with the extract's name and 1 for each file sent. Raises ``ValueError``
    for another year than 2023, the one whose figures are known, and for values out of range. Files of an earlier
    simulation in ``out`` with other arguments are not removed: give each its own folder.
    """
    if year != YEAR:
        raise ValueError(f"only {YEAR} can be simulated, not {year}")
    if not 0 <= dirt <= 0.2:
        raise ValueError(f"dirt must lie between 0 and 0.2, not {dirt}")
    scaled = sizes(scale)
    with ExitStack() as stack:
        is_worth_a_process = all_extracts and scale >= _WORTH_A_PROCESS
        made_beside = stack.enter_context(_lists_of_people(out, scale, seed, dirt)) if is_worth_a_process else None
        world = _world(seed, scaled)
        province, procedures, dossiers, records = world.province, world.procedures, world.dossiers, world.records
        landing = stack.enter_context(Landing(out, on_progress))
        send_procedure_lists(landing, province, procedures, seed, dirt)
        send_identity_issuance(landing, province, scaled, seed, dirt)
        send_work_files(landing, province, scaled, seed, dirt)
        send_digital_infrastructure(landing, province, scaled, seed, dirt)
        send_daily_files(landing, world, seed, scale, dirt)
        senders = SENDERS if made_beside else (*SENDERS, *LISTS_OF_PEOPLE)
        for send in senders if all_extracts else ():
            send(landing, world, seed, scale, dirt)
        if made_beside:
            landing.adopt(made_beside())
        landing.finish()
    figures = expected_figures(scaled, province, procedures, dossiers, records)
    text = json.dumps({"year": year, "scale": scale, "seed": seed, "dirt": dirt, "figures": figures}, indent=2)
    (out / "truth" / "figures.json").write_text(text + "\n", encoding="utf-8")


def _world(seed: int, scaled: Sizes) -> World:
    province = load_province()
    procedures = make_procedures(seed, province, scaled.procedures)
    dossiers = make_dossiers(seed, scaled, province, procedures)
    records = make_records(seed, dossiers)
    return World(province, procedures, make_people(seed, people_of(dossiers)), dossiers, records)


@contextmanager
def _lists_of_people(out: Path, scale: float, seed: int, dirt: float) -> Iterator[Callable[[], Path]]:
    """Have the lists of people sent by a process of its own; what is given waits for it and says where their truth lies."""
    with TemporaryDirectory(prefix="truth-") as folder:
        # A process with Polars' threads cannot be forked.
        process = get_context("spawn").Process(
            target=_send_lists_of_people, args=(out, Path(folder), scale, seed, dirt), daemon=True
        )
        process.start()

        def finished() -> Path:
            process.join()
            if process.exitcode:
                raise RuntimeError(f"the lists of people were not made, exit code {process.exitcode}")
            return Path(folder)

        try:
            yield finished
        finally:
            process.terminate()
            process.join()


def _send_lists_of_people(out: Path, truth: Path, scale: float, seed: int, dirt: float) -> None:
    world = _world(seed, sizes(scale))
    with Landing(out, truth=truth) as landing:
        for send in LISTS_OF_PEOPLE:
            send(landing, world, seed, scale, dirt)
        landing.finish()
