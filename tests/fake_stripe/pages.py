"""The page where a card is entered, and the bank's page of 3-D Secure: plain forms, as a customer sees them."""

from flask import Flask, redirect, request
from flask.typing import ResponseReturnValue
from markupsafe import escape

from tests.fake_stripe import intents, visits
from tests.fake_stripe.cards import CARDS
from tests.fake_stripe.world import Thing, World


def add_pages(app: Flask, world: World) -> None:
    @app.get("/c/pay/<id>")
    def entry(id: str) -> ResponseReturnValue:
        return _entry(world.things[id])

    @app.post("/c/pay/<id>")
    def enter(id: str) -> ResponseReturnValue:
        session, number = world.things[id], request.form["number"].replace(" ", "")
        month, year = (int(part) for part in request.form["expiry"].split("/"))
        with world.lock:
            if session["status"] != "open":
                return _entry(session)
            if number not in CARDS:
                return _entry(session, "カードが承認されませんでした。")
            session |= {"typed": [number, 2000 + year, month]}
            return redirect(f"/c/pay/{id}/3ds", 303) if CARDS[number].asks else _finish(session)

    @app.get("/c/pay/<id>/3ds")
    def ask(id: str) -> ResponseReturnValue:
        return _page(
            "本人認証", "<form method=post><button name=ok value=1>認証する</button> <button name=ok value=0>認証しない</button></form>"
        )

    @app.post("/c/pay/<id>/3ds")
    def answer(id: str) -> ResponseReturnValue:
        with world.lock:
            return _finish(world.things[id]) if request.form["ok"] == "1" else _entry(world.things[id], "本人認証ができませんでした。")

    @app.get("/3ds/<id>")
    def ask_at_charge(id: str) -> ResponseReturnValue:
        return ask(id)

    @app.post("/3ds/<id>")
    def answer_at_charge(id: str) -> ResponseReturnValue:
        with world.lock:
            return redirect(intents.prove(world, world.things[id], is_holder=request.form["ok"] == "1"), 303)

    def _finish(session: Thing) -> ResponseReturnValue:
        if session["status"] == "open":
            number, year, month = session["typed"]
            visits.enter(world, session, number, (year, month))
        return redirect(session["success_url"], 303)


def _entry(session: Thing, mistake: str = "") -> str:
    if session["status"] != "open":
        return _page("このページは終了しました", f'<p><a href="{escape(session["cancel_url"])}">お店に戻る</a></p>')
    words = escape(session["custom_text"]["submit"]["message"])
    form = f"""<p>{escape(mistake)}</p><form method=post action="/c/pay/{session["id"]}">
<p><label>カード番号 <input name=number></label></p>
<p><label>有効期限 <input name=expiry></label></p><p>{words}</p><button>保存する</button></form>
<p><a href="{escape(session["cancel_url"])}">戻る</a></p>"""
    return _page("カード情報", form)


def _page(title: str, body: str) -> str:
    return f"<!doctype html><html lang=ja><meta charset=utf-8><title>{title}</title><h1>{title}</h1>{body}</html>"
