"""The shell of every static page: a bilingual HTML file that, with the files in `assets/`, asks nothing of any network.

What belongs here: the template environment, the content security policy, writing a page. What does not: what a page
says, which its own module decides.
"""

from __future__ import annotations

from functools import cache
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from upath import UPath

from reports import site_assets, wording
from warehouse.storage import put_bytes

# Only files of the site run. `file:` says the same for a site opened from a folder, where not every browser takes it
# for "self"; over HTTP it allows nothing, because no page there may load a local file.
POLICY: Final = (
    "default-src 'none'; style-src 'self' file:; script-src 'self' file:; img-src data:; base-uri 'none'; "
    "form-action 'none'"
)


def render(template: str, *, depth: int = 0, **content: object) -> str:
    """The HTML of a template in `reports/templates`, for a page that lies `depth` folders below the top of the site.

    Templates begin addresses of other pages with `root`.
    """
    return environment().get_template(template).render(root="../" * depth, policy=POLICY, **content)


def write(target: UPath, html: str, *, depth: int = 0) -> UPath:
    """Put a page in its place, whole or not at all, after the files that all pages share; `depth` as in `render`."""
    site_assets.put(target.parents[depth])
    put_bytes(target, html.encode())
    return target


@cache
def environment() -> Environment:
    """Where templates are found and how they are filled: everything is escaped, nothing may be missing."""
    made = Environment(
        loader=PackageLoader("reports", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.tests["swapped"] = wording.is_swapped
    made.globals["asset"] = site_assets.href
    made.globals["drawing"] = site_assets.DRAWING
    return made
