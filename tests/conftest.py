"""Fixtures and settings that every test shares; what only one room needs belongs in that room's own conftest."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

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


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Where tests run side by side, those of a file stay together, and those that share one pretend province too."""
    for item in items:
        room = item.path.parent
        item.add_marker(pytest.mark.xdist_group(room.name if room.name == "acceptance" else str(item.path)))


@pytest.fixture(scope="session")
def project_root() -> Path:
    """The folder that holds pyproject.toml."""
    return Path(__file__).resolve().parent.parent
