"""The API's own documentation as one page of plain HTML, made of its OpenAPI document.

Swagger UI and its like load themselves from other hosts; this page loads nothing at all.
"""

import json
from collections.abc import Iterator, Mapping
from html import escape
from pathlib import Path
from typing import Any

ABOUT = (
    "Ask a library of articles over HTTP. Every reply is the JSON object that the command line "
    "prints with --json; every error is an object with one sentence under `error`. All offsets "
    "count code points of the article's text, half open. The server asks for the token in "
    "the address that it printed: send it as Authorization: Bearer TOKEN, or as ?token=TOKEN."
)
EXAMPLES: dict[str, dict[str, Any]] = json.loads(
    Path(__file__).with_name("examples.json").read_text("utf-8")
)
"""A request as a curl command and a reply of the sample library, by method and path."""

STYLE = """
body { font: 16px/1.5 Georgia, serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem;
  color: #1b1b1b; background: #fff; }
h1, h2, h3 { line-height: 1.2; }
h2 { margin-top: 2.5rem; border-top: 1px solid #bbb; padding-top: 1rem; }
code, pre { font: 14px/1.45 ui-monospace, monospace; }
h2 code { font-size: 18px; }
pre { background: #f4f2ec; padding: .75rem; overflow: auto; max-height: 24rem; }
table { border-collapse: collapse; width: 100%; }
td, th { text-align: left; vertical-align: top; padding: .3rem .6rem .3rem 0; min-width: 5rem;
  border-bottom: 1px solid #ddd; overflow-wrap: anywhere; }
nav li { margin: .2rem 0; }
a { color: #7a1f1f; }
@media (prefers-color-scheme: dark) {
  body { background: #161513; color: #e9e5dc; }
  pre { background: #24221e; }
  a { color: #e6a39a; }
  td, th { border-color: #444; }
}
"""


def render_documentation(document: Mapping[str, Any]) -> str:
    """The page for an OpenAPI document."""
    operations = list(list_operations(document))
    links = "".join(
        f'<li><a href="#{anchor(method, path)}"><code>{method} {escape(path)}</code></a> '
        f"{escape(first_sentence(operation))}</li>"
        for method, path, operation in operations
    )
    sections = "".join(render_operation(document, *operation) for operation in operations)
    schemas = "".join(
        f'<h3 id="{escape(name)}">{escape(name)}</h3>{render_fields(document, schema)}'
        for name, schema in document["components"]["schemas"].items()
    )
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>Dateline: the API</title><style>{STYLE}</style></head><body><main>"
        f"<h1>Dateline: the API</h1><p>{render_words(document['info']['description'])}</p>"
        '<p>For programs: <a href="openapi.json">openapi.json</a>. '
        'For people: <a href="/">the page</a>.</p>'
        f"<nav><ul>{links}</ul></nav>{sections}<h2>Objects</h2>{schemas}</main></body></html>"
    )


def list_operations(document: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Method, path and operation of everything that the document describes."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), "/api" + path, operation


def render_operation(
    document: Mapping[str, Any], method: str, path: str, operation: Mapping[str, Any]
) -> str:
    """What can be sent to one route, what comes back, and an example of both."""
    parts = [
        f'<h2 id="{anchor(method, path)}"><code>{method} {escape(path)}</code></h2>',
        *(f"<p>{render_words(part)}</p>" for part in operation["description"].split("\n\n")),
    ]
    if operation.get("parameters"):
        rows = "".join(
            render_row(item["name"], item["schema"], item.get("required", False))
            for item in sorted(operation["parameters"], key=lambda item: not item.get("required"))
        )
        parts.append(f"<table>{rows}</table>")
    for kind, body in operation.get("requestBody", {}).get("content", {}).items():
        parts.append(f"<p>Body, <code>{escape(kind)}</code>:</p>")
        parts.append(render_fields(document, body["schema"]))
    reply = operation["responses"]["200"]["content"]["application/json"]
    parts.append(f"<p>Reply: {render_type(reply['schema'])}</p>")
    example = EXAMPLES.get(f"{method} {path}")
    if example:
        parts.append(f"<pre>{escape(example['curl'])}</pre>")
        text = json.dumps(example["reply"], ensure_ascii=False, indent=2)
        parts.append(f"<pre>{escape(text)}</pre>")
    return "".join(parts)


def render_fields(document: Mapping[str, Any], schema: Mapping[str, Any]) -> str:
    """The fields of an object as a table."""
    if "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    needed = schema.get("required", [])
    rows = "".join(
        render_row(name, field, name in needed)
        for name, field in sorted(
            schema.get("properties", {}).items(), key=lambda item: item[0] not in needed
        )
    )
    return f"<p>{render_words(schema.get('description', ''))}</p><table>{rows}</table>"


def render_row(name: str, field: Mapping[str, Any], needed: bool) -> str:
    """One field: its name, its type, whether it may be left out, and what it means."""
    default = field.get("default")
    optional = "" if needed else f", else <code>{escape(json.dumps(default))}</code>"
    return (
        f"<tr><th><code>{escape(name)}</code></th><td>{render_type(field)}{optional}</td>"
        f"<td>{render_words(field.get('description', ''))}</td></tr>"
    )


def render_type(field: Mapping[str, Any]) -> str:
    """The type of a field in words, with a link where it is one of the objects."""
    if "$ref" in field:
        name = escape(field["$ref"].rpartition("/")[2])
        return f'<a href="#{name}">{name}</a>'
    if "anyOf" in field:
        return " or ".join(render_type(item) for item in field["anyOf"])
    if field.get("type") == "array":
        return f"list of {render_type(field['items'])}"
    if "enum" in field:
        return " or ".join(f"<code>{escape(json.dumps(item))}</code>" for item in field["enum"])
    bounds = {"minimum": " from {:,g}", "maximum": " to {:,g}", "maxLength": ", {:,g} at most"}
    limits = [words.format(field[name]) for name, words in bounds.items() if name in field]
    return escape(str(field.get("type", "any"))) + "".join(limits)


def render_words(text: str) -> str:
    """A sentence with what stands between backquotes as code."""
    parts = escape(text).replace("``", "`").split("`")
    return "".join(
        f"<code>{part}</code>" if number % 2 else part for number, part in enumerate(parts)
    )


def first_sentence(operation: Mapping[str, Any]) -> str:
    """What an operation does, in its shortest form."""
    return str(operation["description"]).partition("\n")[0]


def anchor(method: str, path: str) -> str:
    """The name under which an operation is found on the page."""
    return f"{method}{path}".replace("/", "-").replace("{", "").replace("}", "").replace(":", "-")
