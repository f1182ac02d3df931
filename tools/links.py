"""What became of the addresses that the book names: `make links`, from what Sphinx's linkcheck found.

A link that is broken is named with its page. Where no address at all answers, the machine has no connection,
and that is what is said.
"""

import json
import sys
from pathlib import Path
from urllib.parse import urlsplit

FOUND = Path(__file__).resolve().parent.parent / "_build" / "links" / "_build" / "html" / "output.json"
ALIVE = {"working", "redirected"}
DEAD = {"broken", "timeout"}
# What is said where nobody was reached: the name has no address, or nobody answers there.
SILENT = (
    "NameResolutionError",
    "Max retries exceeded",
    "timed out",
    "Connection aborted",
    "Connection refused",
)


def read(file):
    """The links to other places: a list of what linkcheck says of each."""
    lines = file.read_text(encoding="utf-8").splitlines()
    return [link for link in map(json.loads, lines) if link["status"] in ALIVE | DEAD]


def sort(links):
    """(those that answer, those that are broken, those whose host was not reached)."""
    alive = [link for link in links if link["status"] in ALIVE]
    dead = [link for link in links if link["status"] in DEAD]
    silent = [link for link in dead if any(words in link["info"] for words in SILENT)]
    return alive, [link for link in dead if link not in silent], silent


def report(links):
    """The lines to print, the last a sentence on all; and whether every link answers."""
    alive, broken, silent = sort(links)
    hosts = sorted({urlsplit(link["uri"]).netloc for link in silent})
    if silent and not alive and not broken:
        return [
            f"None of the {len(hosts)} places that the book links to can be reached: no connection."
        ], False
    lines = [f"{link['filename']}: {link['uri']} ({link['info'][:100]})" for link in broken]
    lines += [f"not reached: {host}" for host in hosts]
    said = f"{len(alive)} addresses answer, {len(broken)} are broken, {len(silent)} were not reached."
    return [*lines, said], not (broken or silent)


def main():
    lines, well = report(read(FOUND))
    print("\n".join(lines))
    sys.exit(not well)


if __name__ == "__main__":
    main()
