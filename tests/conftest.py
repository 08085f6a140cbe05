"""Fixtures and settings that every test shares; what only one room needs belongs in that room's own conftest."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

# One slow example on a busy machine is not a failure; a failing one is printed so that it can be kept as a test.
settings.register_profile("warehouse", deadline=None, print_blob=True)
settings.load_profile("warehouse")


@pytest.fixture(scope="session", autouse=True)
def _private_surroundings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep tests away from the keys, settings and data of whoever runs them."""
    away = tmp_path_factory.mktemp("surroundings")
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith(("WAREHOUSE_", "DAGSTER_"))]:
            patch.delenv(name)
        patch.setenv("HOME", str(away))
        patch.setenv("XDG_CONFIG_HOME", str(away / "config"))
        patch.setenv("XDG_CACHE_HOME", str(away / "cache"))
        patch.setenv("XDG_DATA_HOME", str(away / "share"))
        patch.setenv("DAGSTER_DISABLE_TELEMETRY", "true")
        yield


class _ByProvince(LoadFileScheduling):  # type: ignore[misc]  # xdist tells no types of its schedulers
    """Tests of one file stay together, and so do those of the room that shares one pretend province."""

    def _split_scope(self, nodeid: str) -> str:
        file: str = super()._split_scope(nodeid)
        return "acceptance" if "acceptance" in Path(file).parts else file


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadFileScheduling | None:
    """Which tests run in one process where they run side by side; None leaves it to xdist."""
    return _ByProvince(config, log) if config.getvalue("dist") == "loadfile" else None


@pytest.fixture(scope="session")
def project_root() -> Path:
    """The folder that holds pyproject.toml."""
    return Path(__file__).resolve().parent.parent
