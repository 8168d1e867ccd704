"""The page as one self-contained answer, with a policy that lets nothing but its own script and style run."""

import base64
import hashlib
from dataclasses import dataclass
from functools import cache
from importlib import resources

import orjson
from starlette.responses import HTMLResponse


@dataclass(frozen=True, slots=True)
class Example:
    """A worked example: its title (the file's first comment), the document, and variables as JSON text."""

    name: str
    title: str
    document: str
    variables: str


@cache
def examples() -> tuple[Example, ...]:
    """Give the worked examples in the order of their file names."""
    folder = resources.files(__package__).joinpath("examples")
    found: list[Example] = []
    for file in sorted(folder.iterdir(), key=lambda each: each.name):
        if file.name.endswith(".graphql"):
            text = file.read_text(encoding="utf-8")
            variables = folder.joinpath(file.name.replace(".graphql", ".json"))
            found.append(
                Example(
                    name=file.name.removesuffix(".graphql"),
                    title=text.splitlines()[0].removeprefix("#").strip(),
                    document=text,
                    variables=variables.read_text(encoding="utf-8") if variables.is_file() else "",
                )
            )
    return tuple(found)


@cache
def _content() -> tuple[str, str]:
    """The page, and its policy."""
    folder = resources.files(__package__)
    script = folder.joinpath("page.js").read_text(encoding="utf-8")
    style = folder.joinpath("page.css").read_text(encoding="utf-8")
    shown = [{"title": each.title, "document": each.document, "variables": each.variables} for each in examples()]
    # Inside a script element only this one sequence could end it.
    data = orjson.dumps(shown).decode().replace("</", "<\\/")
    # A scope of its own, as browsers have globals of the same names.
    script = f"(() => {{\nconst EXAMPLES = {data};\n{script}}})();\n"
    page = folder.joinpath("page.html").read_text(encoding="utf-8")
    page = page.replace("/*STYLE*/", style).replace("/*SCRIPT*/", script)
    policy = "; ".join(
        (
            "default-src 'none'",
            f"script-src {_hash(script)}",
            f"style-src {_hash(style)}",
            "connect-src 'self'",
            "img-src 'none'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )
    return page, policy


def _hash(text: str) -> str:
    digest = base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode()
    return f"'sha256-{digest}'"


def explorer() -> HTMLResponse:
    """Give the page."""
    page, policy = _content()
    return HTMLResponse(page, headers={"content-security-policy": policy, "cache-control": "no-cache"})


_OFF = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>opsplan API</title></head><body>
<h1>opsplan API</h1>
<p>This service takes trusted documents only, so the page that explores its API is off. The schema is
graph_schema/public.graphql; a service for development has the page.</p>
</body></html>
"""


def no_explorer() -> HTMLResponse:
    """Give what a browser gets where the page is off."""
    return HTMLResponse(_OFF, status_code=404, headers={"cache-control": "no-cache"})
