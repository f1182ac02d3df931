"""What a reader takes along: buttons to the repository, Binder and Colab, and notebooks that run anywhere.

A button is there if the address is known that it leads to, see tools/address.py.
"""

import html
import re

from sphinx.errors import ExtensionError

from tools import address
from tools.editions import notebooks, pages, shelf

from . import licences

BINDER, COLAB = "https://mybinder.org", "https://colab.research.google.com"
# The theme's icons for these are files of a folder that no page loads.
ICONS = {"_static/images/logo_binder.svg": "fas fa-rocket", "_static/images/logo_colab.png": "fas fa-cloud"}


def buttons(repository, branch, has_notebooks):
    """The theme's options for a repository at this address."""
    if not repository:
        return {}
    launch = {"notebook_interface": "jupyterlab"}
    if re.match(r"https://git(hub|lab)\.com/", repository):
        launch["binderhub_url"] = BINDER
    if repository.startswith("https://github.com/") and has_notebooks:
        launch["colab_url"] = COLAB
    options = {"repository_url": repository, "repository_branch": branch, "launch_buttons": launch}
    return options | {"use_repository_button": True, "use_issues_button": True}


def set_addresses(app, config):
    config.html_baseurl = address.site()  # canonical links, and the picture that messengers show
    options = buttons(address.repository(), address.branch(), address.has_notebooks_branch())
    config.html_theme_options = {**config.html_theme_options, **options}


def lead_to_what_runs(app, pagename, templatename, context, doctree):
    """Colab opens the chapter as it runs anywhere; and each button has an icon that the site has."""
    for group in context.get("header_buttons", ()):
        for button in group.get("buttons", ()):
            icon = button.get("icon") or ""
            button["icon"] = next((ours for theirs, ours in ICONS.items() if icon.endswith(theirs)), icon)
            if button.get("url", "").startswith(COLAB):
                button["url"] = button["url"].replace(
                    f"/blob/{address.branch()}/", f"/blob/{address.NOTEBOOKS}/"
                )


def check_pages(site):
    """Every page that the book names is there: a build that makes fewer is a failed one."""
    missing = [name for _, name in pages.order() if not (site / f"{name}.html").exists()]
    if missing:
        words = f"_toc.yml names pages that were not made: {', '.join(missing)}"
        raise ExtensionError(f"{words}. If they were there and have been removed: make clean")


def site_map(names, base):
    """The list of all pages for search engines, in the book's order."""
    places = (f"{base}{name}.html" for name in names)  # as the canonical links have them
    inside = "".join(f"<url><loc>{html.escape(place)}</loc></url>\n" for place in places)
    head = '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    return f'<?xml version="1.0" encoding="utf-8"?>\n{head}\n{inside}</urlset>\n'


def write_site_map(site, base):
    file = site / "sitemap.xml"
    if base:
        file.write_text(site_map([name for _, name in pages.order()], base), encoding="utf-8", newline="\n")
    else:
        file.unlink(missing_ok=True)


def finish(app, site):
    """The files to take along."""
    shelf.clear(site)
    licences.write(site)
    write_site_map(site, address.site())
    notebooks.write(site)
    shelf.show(site)


def setup(app):
    app.connect("config-inited", set_addresses, priority=900)
    app.connect("html-page-context", lead_to_what_runs, priority=800)  # when the theme has made them
