"""Shorter pages that look and read the same: what figures repeat is said once, sound comes when played."""

import base64
import re
import zlib

# What lib.figures puts before every figure, for notebooks that are read alone; the site's sheet has it once.
FIGURE_STYLE = re.compile(r"<style>\s*(\.tc-figure\{.*?)</style>\s*", re.DOTALL)
FIGURE_FALLBACK = re.compile(r"<p>Drawing: [^<]* Run the notebook, or trust it, to see it\.</p>\s*")
# Names, punctuation, white space and operators in code get no colour of their own: it would be a third of the
# spans on a page. What is edited in the page follows (live/page/highlight.js).
PLAIN_CODE = re.compile(r'<span class="(?:n|o|p|w|nn)">([^<]*)</span>')
EMPTY_SPANS = re.compile(r"<span></span>")
SIGNATURE = re.compile(r'<dt class="sig .*?</dt>', re.DOTALL)
SIGNATURE_SPANS = re.compile(
    r'<(span|em) class="(?:n|o|p|w|pre|sig-paren|sig-param|default_value)">([^<]*)</\1>'
)
# Examples in the API show by their prompts what is typed and what comes; colours would be a kilobyte.
EXAMPLE = re.compile(r'<div class="doctest highlight-default notranslate">.*?</pre>', re.DOTALL)
COLOURS = re.compile(r'<span class="(?!gp")[^"]*">([^<]*)</span>')
# The link to itself beside each name of the API (the contents link there too), and classes without a style.
NAME_LINK = re.compile(r'<a class="headerlink" href="#lib[^"]*"[^>]*>#</a>')
FIELD = re.compile(r'<(d[td]) class="field-(?:odd|even)">')
# The link from a name of the API to its source.
SOURCE = re.compile(
    r'<a class="reference internal" href="([^"]*)"><span class="viewcode-link">.*?</span></a>'
)
AS_IT_IS = re.compile(r"(<pre.*?</pre>|<script.*?</script>|<textarea.*?</textarea>)", re.DOTALL)
CONTENTS = re.compile(r'<nav id="pst-page-toc-nav".*?</nav>', re.DOTALL)
INNER_LIST = re.compile(r"(</a>)\s*<ul(?:(?!<ul).)*?</ul>", re.DOTALL)  # one with no list in it
LONG = 60
CODE = re.compile(r'<code class="docutils literal notranslate"><span class="pre">([^<]*)</span></code>')
DATA = re.compile(r'(?<= src=")data:(?:audio|image)/(wav|png);base64,([^"]+)(?=")')


def shorten_signature(match):
    text, count = match[0], 1
    while count:  # the innermost first
        text, count = SIGNATURE_SPANS.subn(r"\2", text)
    return text


def lean(body):
    """`body` without what it repeats."""
    body = FIGURE_STYLE.sub("", body)
    body = FIGURE_FALLBACK.sub("", body)
    body = EMPTY_SPANS.sub("", PLAIN_CODE.sub(r"\1", body))
    body = FIELD.sub(r"<\1>", NAME_LINK.sub("", body)).replace('<span class="colon">:</span>', ":")
    body = SOURCE.sub(r'<a href="\1">source</a>', body)
    body = EXAMPLE.sub(lambda match: COLOURS.sub(r"\1", match[0]), body)
    return SIGNATURE.sub(shorten_signature, body)


def shorten_contents(match):
    """The contents of a page: plain names; of a very long page only its sections."""
    text = CODE.sub(r"\1", match[0])
    count = text.count("<li") > LONG
    while count:
        text, count = INNER_LIST.subn(r"\1", text)
    return text


def lean_frame(html):
    """A whole page without the lines that templates leave empty, and with plain names in its contents."""
    parts = AS_IT_IS.split(html)
    # the keys beside the word Search are no part of the button's name
    parts[0] = parts[0].replace('-button__kbd-shortcut"', '-button__kbd-shortcut" aria-hidden="true"')
    parts[::2] = [re.sub(r"\s*\n\s*", "\n", part) for part in parts[::2]]
    return CONTENTS.sub(shorten_contents, "".join(parts))


def data_as_files(body, folder, link):
    """`body` with sounds and pictures in files of their own, fetched when somebody plays or nears them."""

    def save(match):
        data = base64.b64decode(match[2])
        name = f"{zlib.crc32(data):08x}.{match[1]}"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
        return link(f"_images/{name}")

    return DATA.sub(save, body).replace("<audio ", '<audio preload="none" ')
