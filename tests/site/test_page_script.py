"""What the script of every page does: menus, solutions on paper, the search field, pages from the disk."""

from playwright.sync_api import expect

CHAPTER = "chapters/05-padding.html"


def test_folded_solutions_are_printed_and_folded_again(visit, server):
    page = visit(server, CHAPTER)
    solutions = page.locator("article details.solution")
    solutions.first.locator("summary").first.click()  # this one the reader has opened
    count = solutions.count()
    folded = page.locator("article details.solution:not([open])")
    assert count > 1 and folded.count() == count - 1
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert folded.count() == 0
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert folded.count() == count - 1


def test_a_menu_shuts_when_one_presses_elsewhere(visit, server):
    page = visit(server, CHAPTER)
    menu = page.locator("details.dropdown-download-buttons")
    menu.locator("summary").click()
    expect(menu.locator("a").first).to_be_visible()
    page.locator("article h1").click()
    expect(menu.locator("a").first).to_be_hidden()


def test_the_search_page_begins_in_its_field(visit, server):
    page = visit(server, "search.html")
    expect(page.locator(".bd-search-container form.bd-search input")).to_be_focused()


def test_from_the_disk_the_notebook_button_gives_the_zip_of_all_chapters(visit, site, server):
    button = "a.btn-download-source-button[href*=notebooks], a.btn-download-source-button[href$='.ipynb']"
    served = visit(server, CHAPTER).locator(button).first.get_attribute("href")
    assert served.endswith("05-padding.ipynb")
    page = visit(site.as_uri() + "/", CHAPTER)
    target = page.locator(button).first.evaluate("(link) => link.href")
    assert target.endswith("-notebooks.zip") and target.startswith(site.as_uri())
    assert (site / target.removeprefix(site.as_uri() + "/")).exists()
