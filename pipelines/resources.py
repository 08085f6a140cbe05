"""Resources: what jobs and assets are given to work with. What they do with it belongs to them."""

from __future__ import annotations

import dagster as dg

from pipelines.watcher import Watcher
from warehouse.storage import Home, open_home


@dg.resource(
    config_schema={"path": dg.Field(str, is_required=False, description="Default: $WAREHOUSE_HOME, else data/")}
)
def warehouse_home(context: dg.InitResourceContext) -> Home:
    """The warehouse home, opened when a run begins and not when the code is loaded."""
    return open_home(context.resource_config.get("path"))


RESOURCES = {"home": warehouse_home, "watcher": Watcher()}
"""What runs started by the daemon or the UI are given; the command line gives a watcher that draws progress bars."""
