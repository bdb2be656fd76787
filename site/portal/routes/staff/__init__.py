"""The staff area, with its own sign-in and a second factor. Customers cannot reach it (web/guard.py)."""

from importlib import import_module

from flask import Blueprint

blueprint = Blueprint("staff", __name__, url_prefix="/staff")
PAGES = (
    "sign_in",
    "awaited",
    "deposits",
    "csv_mappings",
    "bank_files",
    "bank_lines",
    "remittances",
    "matching",
    "waiting",
    "payer_names",
    "allocation",
    "undo",
    "held_money",
    "held_list",
    "refunds",
    "payouts",
    "payout_files",
    "paid_cancellation",
    "orders",
    "papers",
    "reissue",
    "accounts",
    "account_actions",
    "person_actions",
    "erasure",
    "order_actions",
    "attention",
    "mail",
    "hosting",
    "certificates",
    "history",
    "export",
    "journal",
    "day",
)

for page in PAGES:
    blueprint.register_blueprint(import_module(f"portal.routes.staff.{page}").blueprint)
