"""The directory as files: CSV, JSON and a page to read. Pure."""

from __future__ import annotations

import csv
import io
import json
from html import escape

from core.models import Assigned, Directory, parse_iso

DIRECTORY_CSV = "directory/agent_extensions.csv"
DIRECTORY_JSON = "directory/directory.json"
INDEX_HTML = "directory/index.html"

# A cell that begins so is a formula to a spreadsheet.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_TYPES = {"csv": "text/csv", "json": "application/json", "html": "text/html"}


def content_type(key: str) -> str:
    """The media type of a file, by its key."""
    return f"{_TYPES[key.rpartition('.')[2]]}; charset=utf-8"


def export_files(directory: Directory, run_id: str) -> dict[str, bytes]:
    """The files of one export by S3 key: the current three, and dated copies of the two for programs."""
    table, data = to_csv(directory), to_json(directory)
    dated = f"history/{directory.at[:10]}/{run_id}"
    return {
        f"{dated}/agent_extensions.csv": table,
        f"{dated}/directory.json": data,
        DIRECTORY_CSV: table,
        INDEX_HTML: to_html(directory),
        DIRECTORY_JSON: data,
    }


def to_csv(directory: Directory) -> bytes:
    """`user,extension`, as the older project wrote them, then name and team."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["user", "extension", "name", "team"])
    for entry in directory.entries:
        cells = (entry.username, entry.extension, entry.name, entry.team)
        writer.writerow([_harmless(cell) for cell in cells])
    return text.getvalue().encode()


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def to_json(directory: Directory) -> bytes:
    """`{"version", "at", "entries": [{"extension", "agent_id", "username", "name", "team"}]}`."""
    entries = [
        {
            "extension": entry.extension,
            "agent_id": entry.agent_id,
            "username": entry.username,
            "name": entry.name,
            "team": entry.team,
        }
        for entry in directory.entries
    ]
    content = {"version": directory.version, "at": directory.at, "entries": entries}
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def to_html(directory: Directory) -> bytes:
    """One page without dependencies: the agents by name, with a box that narrows the list."""
    at = parse_iso(directory.at)
    by_name = sorted(directory.entries, key=lambda entry: (entry.label.casefold(), entry.extension))
    rows = "\n".join(_row(entry) for entry in by_name) or _EMPTY
    page = _PAGE.replace("{count}", f"{len(by_name):,}").replace("{at}", f"{at:%d %B %Y, %H:%M} UTC")
    return page.replace("{rows}", rows).encode()


def _row(entry: Assigned) -> str:
    cells = f"<td>{escape(entry.label)}</td><td>{escape(entry.username)}</td><td>{escape(entry.team)}</td>"
    return f'<tr><th scope="row">{escape(entry.extension)}</th>{cells}</tr>'


_EMPTY = '<tr><td colspan="4">Nobody has an extension yet.</td></tr>'
_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>Extensions</title>
<style>
  :root { color-scheme: light dark; font: 16px/1.45 system-ui, sans-serif; }
  body { max-width: 48rem; margin: 2rem auto; padding: 0 1rem; }
  h1 { margin: 0; }
  p { margin: .25rem 0 1rem; opacity: .75; }
  input { font: inherit; width: 100%; box-sizing: border-box; padding: .5rem .75rem; border-radius: .5rem;
    border: 1px solid #8888; }
  table { width: 100%; table-layout: fixed; border-collapse: collapse; margin-top: 1rem; }
  th, td { text-align: left; padding: .45rem .5rem; border-bottom: 1px solid #8884; }
  th, td { overflow-wrap: break-word; }
  th:nth-child(1) { width: 5rem; }
  th:nth-child(3) { width: 38%; }
  th:nth-child(4) { width: 7rem; }
  thead { position: sticky; top: 0; background: Canvas; }
  tbody th { font-variant-numeric: tabular-nums; letter-spacing: .05em; }
  @media (max-width: 34rem) { th:nth-child(4), td:nth-child(4) { display: none; } }
</style>
<h1>Extensions</h1>
<p>{count} agents, as of {at}. Slack has the numbers as they are now: <code>/ext name</code>.</p>
<input type="search" id="find" placeholder="Name, username, team or number" aria-label="Narrow the list"
  autofocus>
<table>
<thead><tr><th scope="col">Number</th><th scope="col">Name</th><th scope="col">Username</th>
<th scope="col">Team</th></tr></thead>
<tbody>
{rows}
</tbody>
</table>
<script>
  const plain = text => text.normalize("NFD").replace(/\\p{M}/gu, "").toLowerCase();
  const rows = [...document.querySelectorAll("tbody tr")].map(row => [row, plain(row.textContent)]);
  document.getElementById("find").addEventListener("input", event => {
    const words = plain(event.target.value).split(/\\s+/);
    for (const [row, text] of rows) row.hidden = !words.every(word => text.includes(word));
  });
</script>
</html>
"""
