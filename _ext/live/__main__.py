"""Has all that the page's Python needs before the book is built, and says what it did."""

from .compiled import main

main()
