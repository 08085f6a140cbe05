"""Writing a draft into the source tree: the contract, the asset line, the golden delivery; nothing there is overwritten."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from schemas.periods import span
from warehouse.drafting.guess import Guesses, guess
from warehouse.drafting.made_up import golden_file, suffix_of
from warehouse.drafting.sample import Sample
from warehouse.drafting.source import Draft, asset_source, contract_source


class AlreadyThereError(Exception):
    """The tree has a file of that name already."""


@dataclass(frozen=True)
class Written:
    """What was made of a sample: the files, the contract's first, and what was guessed."""

    files: tuple[Path, ...]
    guesses: Guesses
    rows: int
    is_cut: bool


def write_draft(root: Path, found: Sample, draft: Draft) -> Written:
    """Write the draft below the project's root. Raises AlreadyThereError before anything is written."""
    guesses = guess(found.titles, found.rows, span(draft.period).last_on, found.totals)
    files = _files(found, draft, guesses)
    taken = [name for name in files if (root / name).exists() and not name.endswith("__init__.py")]
    if taken:
        raise AlreadyThereError(", ".join(taken))
    written = []
    for name, content in files.items():
        target = root / name
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
            written.append(target)
    return Written(tuple(written), guesses, found.rows.height, found.is_cut)


def _files(found: Sample, draft: Draft, guesses: Guesses) -> Mapping[str, bytes]:
    golden = f"tests/golden/{draft.name}/{draft.period}/{draft.name}{suffix_of(found)}"
    department = f'"""Extracts of the department \'{draft.department}\'."""\n'
    return {
        f"schemas/extracts/{draft.name}.py": contract_source(draft, guesses).encode(),
        f"assets/{draft.department}/__init__.py": department.encode(),
        f"assets/{draft.department}/{draft.name}.py": asset_source(draft).encode(),
        golden: golden_file(found, guesses.columns),
    }
