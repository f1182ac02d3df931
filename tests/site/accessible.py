"""What axe finds on a page, asked once and in seconds.

Two of its rules are about colours. They take most of its time and give one answer for all texts of one look,
so they are asked at a few places for each look. Text in drawings: tests/test_contrast.py. What a picture is
drawn of is thousands of shapes that no reading device ever names: meanwhile they are not there.
"""

import json

from axe_playwright_python.base import AXE_SCRIPT

# What the theme writes itself. Everything else that axe finds is ours to mend.
UPSTREAM = {
    "region",  # the theme's logo stands outside a landmark
}
# Marks the places where axe looks at colours: for each look of a text (its colour and size, and all that
# lies behind it) the three elements with the least inside. Of thousands of texts some fifty looks remain.
MARK_LOOKS = """() => {
    const looks = new Map();
    const seen = (e) => e.checkVisibility({ opacityProperty: true, visibilityProperty: true }) &&
        e.getBoundingClientRect().width > 1;
    const nowhere = "svg, script, style, noscript";
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
        const e = texts.currentNode.parentElement;
        if (!texts.currentNode.textContent.trim() || e.closest(nowhere) || !seen(e)) continue;
        const { color, fontSize, fontWeight, textShadow } = getComputedStyle(e);
        const link = e.closest("a[href]");
        const look = [color, fontSize, fontWeight, textShadow, Boolean(e.closest(":disabled")),
            link && getComputedStyle(link).textDecorationLine];
        for (let behind = e; behind; behind = behind.parentElement) {
            const { backgroundColor, backgroundImage, opacity } = getComputedStyle(behind);
            if (backgroundColor !== "rgba(0, 0, 0, 0)" || backgroundImage !== "none" || opacity !== "1")
                look.push(backgroundColor, backgroundImage, opacity);
        }
        const key = look.join("|");
        looks.set(key, [...(looks.get(key) ?? []), e]);
    }
    const inside = (e) => e.getElementsByTagName("*").length;
    for (const e of document.querySelectorAll("[data-look]")) e.removeAttribute("data-look");
    for (const alike of looks.values()) {
        alike.sort((a, b) => inside(a) - inside(b));
        for (const e of alike.slice(0, 3))
            for (const marked of [e, e.closest("a[href]")]) marked?.setAttribute("data-look", "");
    }
    return looks.size;
}"""
CONFIGURED = (
    AXE_SCRIPT
    + """
axe.configure({ rules: [
    { id: "color-contrast", selector: "[data-look]" },
    { id: "link-in-text-block", selector: "a[href][data-look]" },
] });"""
)
# Runs a function while the pictures are empty: the parts of one count as the picture, if none can be reached.
WITHOUT_PARTS = """async (run) => {
    const drawn = [...document.querySelectorAll("[role=img] svg, svg[role=img]")]
        .filter((svg) => !svg.querySelector("a, button, input, [tabindex], [role], [aria-label]"));
    const parts = drawn.map((svg) => [svg, [...svg.childNodes]]);
    const names = (all) => all.filter((part) => part.matches?.("title, desc"));
    for (const [svg, all] of parts) svg.replaceChildren(...names(all));
    try {
        return await run();
    } finally {
        for (const [svg, all] of parts) svg.replaceChildren(...all);
    }
}"""
# preload would fetch the style sheets once more, which a page opened from the disk may not do. The answer
# comes as text: Playwright looks at every word of it several times over.
FOUND = f"""() => ({WITHOUT_PARTS})(async () => {{
    const {{ passes, violations }} = await axe.run({{ preload: false, resultTypes: ["violations"] }});
    return JSON.stringify({{ passes: passes.length, violations }});
}})"""


def check_accessible(page, looks=5, allowed=frozenset(UPSTREAM)):
    """axe finds nothing; there are more than that many looks on the page."""
    page.evaluate("() => Promise.allSettled(document.getAnimations().map((change) => change.finished))")
    assert page.evaluate(MARK_LOOKS) > looks
    page.evaluate(CONFIGURED)
    found = json.loads(page.evaluate(FOUND))
    assert found["passes"] > 15
    ours = [rule for rule in found["violations"] if rule["id"] not in allowed]
    places = [(rule, node["html"][:200]) for rule in ours for node in rule["nodes"][:3]]
    assert not ours, "\n".join(f"{rule['id']}: {rule['help']}: {html}" for rule, html in places)
