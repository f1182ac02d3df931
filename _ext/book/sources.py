"""The source of the library, one click from its documentation: a page a module, made by sphinx.ext.viewcode.

Here these pages get what all others have: a description, and the frame of this build. (viewcode makes a page
again only when its module has changed, whatever else is new in the book.) The links to them, one for each
name of the API, are written short in lean.py.
"""

import importlib
import re
import shutil
from pathlib import Path

FOLDER = "_modules"
BLOCK = re.compile(
    r'(?<=<div class="viewcode-block" id=")([^"]+)(">\s*<a class="viewcode-back" href="[^"#]*#)[^"]*'
)


def make_anew(app):
    """Before viewcode looks for pages that are up to date."""
    shutil.rmtree(Path(app.outdir) / FOLDER, ignore_errors=True)
    return []


def module_of(pagename):
    return pagename.removeprefix(f"{FOLDER}/").replace("/", ".")


def about(pagename):
    """What a module's page says of itself: the first sentence of the module."""
    if pagename == f"{FOLDER}/index":
        return "The source of the library, module by module, to read and to copy."
    module = module_of(pagename)
    first = importlib.import_module(module).__doc__.strip().split("\n\n")[0].replace("`", "")
    return f"The source of {module}. {' '.join(first.split())}"[:200]


def place_in_api(objects, module, name):
    """Where the API has `name` of `module`: under the module's own name, or that of a package above it."""
    fits = [full for full in objects if full.endswith(f".{name}")]
    fits = [full for full in fits if f"{module}.".startswith(full.removesuffix(name))]
    return objects[max(fits, key=len)].node_id


def finish(app, pagename, templatename, context, doctree):
    """Describe a page of source, and lead each way back to the name under which the API has it."""
    if pagename.startswith(f"{FOLDER}/"):
        objects, module = app.env.get_domain("py").objects, module_of(pagename)
        context["description"] = about(pagename)
        context["body"] = BLOCK.sub(
            lambda found: f"{found[1]}{found[2]}{place_in_api(objects, module, found[1])}", context["body"]
        )


def setup(app):
    app.setup_extension("sphinx.ext.viewcode")
    app.connect("html-collect-pages", make_anew, priority=100)  # viewcode's has 500
    app.connect("html-page-context", finish)
