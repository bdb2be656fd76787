"""What everybody sees, or everybody who chose the same, is rendered once."""

import pytest
from flask import Flask, render_template_string

from portal.web.kept_parts import add_kept_parts
from tests.kept_for_all import compare_kept_parts

PAGE = '{% call kept("part", chosen) %}{{ chosen }} {{ name }}{% endcall %}'


def test_a_part_is_rendered_once_for_each_choice_and_catalog():
    app = Flask("parts")
    app.extensions["catalog"] = "first"
    add_kept_parts(app)

    def shown(chosen: str | None, name: str) -> str:
        return render_template_string(PAGE, chosen=chosen, name=name)

    with app.test_request_context():
        assert [shown("a", "1"), shown("a", "2"), shown("<", "3")] == ["a 1", "a 1", "&lt; 3"]
        assert [shown(None, "1"), shown(None, "2")] == ["None 1", "None 2"]
        app.extensions["catalog"] = "second"
        assert shown("a", "4") == "a 4"


def test_negative_control_a_part_with_somebodys_name_is_found():
    """Every test that asks for pages compares them so."""
    app = Flask("parts")
    app.extensions["catalog"] = "first"
    add_kept_parts(app)
    compare_kept_parts(app)
    with app.test_request_context():
        render_template_string(PAGE, chosen="a", name="1")
        with pytest.raises(AssertionError, match="not the same for everybody"):
            render_template_string(PAGE, chosen="a", name="2")
