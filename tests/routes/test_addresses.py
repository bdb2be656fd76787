"""Addresses in templates are those of the prefix under which the portal is served."""

from flask import Flask, render_template_string

TEXT = (
    "{{ url_for('contract.show') }} {{ url_for('orders.show', number=number) }} {{ url_for('staff.files.download', view='audit_orders') }}"
)


def written(app: Flask, prefix: str, number: str) -> str:
    with app.test_request_context("/", base_url=f"http://127.0.0.1{prefix}"):
        return render_template_string(TEXT, number=number)


def test_each_prefix_and_each_order_has_its_own(app: Flask) -> None:
    for prefix in ("", "/portal", ""):
        for number in ("A1", "B2"):
            found = written(app, prefix, number).split()
            assert found == [f"{prefix}/contract", f"{prefix}/orders/{number}", f"{prefix}/staff/files/audit_orders.csv"]
