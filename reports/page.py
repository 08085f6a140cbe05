"""The shell of every static page: one self-contained, bilingual HTML file that asks nothing of any network.

What belongs here: the template environment, the content security policy, writing a page. What does not: what a page
says, which its own module decides.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib.resources import files
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from upath import UPath

from warehouse.storage import put_bytes

_POLICY: Final = (
    "default-src 'none'; style-src '{style}'; script-src '{script}'; img-src data:; base-uri 'none'; form-action 'none'"
)


def render(template: str, **content: object) -> str:
    """The HTML of a template in `reports/templates`; style and script are inlined, allowed by their digests."""
    style, script = _asset("page.css"), _asset("page.js")
    return (
        _environment()
        .get_template(template)
        .render(
            style=style,
            script=script,
            policy=_POLICY.format(style=_digest(style), script=_digest(script)),
            **content,
        )
    )


def write(target: UPath, html: str) -> UPath:
    """Put a page in its place, whole or not at all."""
    put_bytes(target, html.encode())
    return target


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("reports", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def _asset(name: str) -> str:
    return files("reports").joinpath("templates", name).read_text(encoding="utf-8")


def _digest(content: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
