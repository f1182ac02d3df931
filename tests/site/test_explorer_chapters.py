"""The explorer of every chapter, in the built page: its cells, its numbers, every control that it shows."""

from explorer_page import ExplorerPage, lib_matrix


def use_controls(explorer, opening, every_value):
    """Use each control; see that it does what its name says and that the numbers stay those of `lib`.

    A slider goes to each of its values, or to its two ends.
    """
    for field in opening["controls"]:
        before = explorer.state
        if field == "transposed":
            matrix = lib_matrix(before)
            explorer.field(field).click()
            assert (lib_matrix(explorer.state) == matrix.T).all()
        elif field == "view":
            other = {"stamps": "padded window", "window": "stamps"}[before["view"]]
            explorer.field(other).check()
            assert explorer.state["view"] != before["view"]
        elif field == "dimensions":
            flat = not isinstance(before["input"][0], list)
            explorer.field("2-D" if flat else "1-D").check()
            assert isinstance(explorer.state["input"][0], list) is flat
        elif field == "per_axis":
            if explorer.field(field).is_enabled():
                explorer.field(field).click()
                assert explorer.state["per_axis"] is not before["per_axis"]
        elif field == "two_ends":
            for two in (not before["two_ends"], before["two_ends"]):
                explorer.field(field).set_checked(two)
                assert explorer.state["two_ends"] is two
        elif field == "bias":
            explorer.field(field).fill("-3")
            explorer.field(field).press("Enter")
            assert explorer.state["bias"] == -3
        elif field == "step":
            explorer.button("step").click()
            assert explorer.state["step"] is not None
            assert explorer.state["chosen"]
        elif field == "speed":
            explorer.set(field, 5)
            assert explorer.state["speed"] == 5
        elif field == "undo":
            explorer.button("undo").click()
        elif field == "preset":
            explorer.root.get_by_label("preset", exact=True).select_option(index=2)
            assert explorer.state["stride"] == 2
        elif field in ("code", "save"):
            menu = explorer.root.get_by_label({"code": "copy as", "save": "save as"}[field], exact=True)
            assert menu.locator("option").count() == {"code": 7, "save": 5}[field]
        elif field == "link":
            href = explorer.root.get_by_text("Link to this state").get_attribute("href")
            assert href.startswith("#explorer-")
        elif field != "reset":
            name = field if not before["per_axis"] else f"{field} axis 0"
            slider = explorer.field(name)
            if slider.is_enabled():
                values = range(int(slider.get_attribute("min")), int(slider.get_attribute("max")) + 1)
                values_used = values if every_value else (values[0], values[-1])
                for value, (said, _) in zip(values_used, explorer.slide(name, values_used), strict=True):
                    assert int(said["value"]) == value
                    assert not said["refused"], f"{field} {value}"
                assert len(values) > 1 or field == "input_size", f"{field} cannot be moved at all"
        if explorer.state["step"] is None:
            explorer.check_numbers()
    if "reset" in opening["controls"]:
        explorer.button("reset").click()
        assert explorer.state == opening


def test_every_explorer_of_a_page(visit, address, page_with_explorer):
    page = visit(address, page_with_explorer)
    page.clock.install()  # the player's pauses pass at once
    count = page.locator("[data-explorer]").count()
    assert count > 0
    for explorer in (ExplorerPage(page, n) for n in range(count)):
        opening = explorer.state
        assert explorer.root.get_by_role("status").count() == 1
        if opening["step"] is not None:  # a player before its first step: run it to its end
            explorer.set("speed", 5)
            explorer.button("play").click()
            page.clock.run_for(600_000)
            explorer.button("play").wait_for()
        explorer.check_numbers()
        for view in ("output", "input"):
            at = max(explorer.cells(view))
            explorer.choose(f"{view}:{','.join(map(str, at))}")
            explorer.check_chosen(view, at)
        use_controls(explorer, opening, every_value=address.startswith("http"))
