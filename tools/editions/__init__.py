"""The book in other forms: PDF, EPUB, archive, notebooks that run where they land.

All are made of the built site, `_build/html`, where formulas, figures and links are already set:

    pages      the site's pages in the order of _toc.yml, and what paper cannot do made still
    answers    solutions and answers, taken out of the pages and put at the end
    links      one name for every place of the book, whatever file it is in
    terms      the index: the glossary's words and the library's names, with the sections that speak of them
    pdf        one document, printed by Chromium, with page numbers in contents and index
    epub       one file a page, in a package
    check      what holds for every edition: no page missing, no link dead, no picture without words
    notebooks  each chapter with all it needs inside, and all of them as one zip
    archive    the site as one file
    zips       the same bytes for the same content
    shelf      the list of what there is to take, on the landing page
"""
