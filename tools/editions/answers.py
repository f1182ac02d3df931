"""Solutions and answers to predictions: out of the pages and to the end, each with a way there and back."""

from .pages import new

ANSWER = "answer"


def take(pages):
    """Move every answer out of its page into `page.answers`; other folds are opened where they stand."""
    for page in pages:
        for number, fold in enumerate(page.tree.select("details"), start=1):
            title = fold.summary.get_text().strip() if fold.summary else ""
            if "solution" in fold.get("class", []) or ANSWER in title.lower():
                move(page, fold, number)
            else:
                open_up(fold, title)


def move(page, fold, number):
    """Leave a link in the place of a fold, and keep what was in it."""
    exercise = fold.find_previous(class_="exercise") if "solution" in fold.get("class", []) else None
    here, there = f"asked-{number}", f"answer-{number}"
    if fold.summary:
        fold.summary.decompose()
    fold.name, fold.attrs = "div", {"class": "answer"}
    link = new("p", attributes={"class": "to-answer", "id": here})
    link.append(new("a", "Solution" if exercise else "Answer", {"href": f"#{there}", "class": "page-of"}))
    fold.replace_with(link)
    heading = new("h3", name_of(exercise, number), {"id": there})
    back = new("a", "back", {"href": f"#{here}", "class": "back"})
    heading.append(" ")
    heading.append(back)
    fold.insert(0, heading)
    page.answers.append(fold)


def name_of(exercise, number):
    """What an answer is called at the end of the book."""
    title = exercise.select_one(".admonition-title") if exercise else None
    return " ".join(title.get_text().split()) if title else "A question in the text"


def open_up(fold, title):
    """A fold that holds no answer: a box with its title."""
    if fold.summary:
        fold.summary.attrs = {"class": "box-title"}
        fold.summary.name = "p"
    fold.name, fold.attrs = "div", {"class": "box"}
