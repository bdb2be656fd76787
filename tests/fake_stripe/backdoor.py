"""What a test knows and does of the pretend Stripe from another process. `RemoteWorld` is that end of it."""

from dataclasses import dataclass
from typing import Any

import requests
from flask import Flask, jsonify, request

from tests.fake_stripe.line import Trouble
from tests.fake_stripe.world import Thing, World

SECONDS = 30


@dataclass(frozen=True)
class RemoteWorld:
    url: str

    def all_of(self, kind: str, **about: Any) -> list[Thing]:
        found = requests.get(f"{self.url}/_world/{kind}", timeout=SECONDS).json()
        return [thing for thing in found if all(thing.get(name) == it for name, it in about.items())]

    def change(self, key: str, **values: Any) -> None:
        requests.post(f"{self.url}/_world/{key}", json=values, timeout=SECONDS).raise_for_status()

    def set(self, **fields: Any) -> None:
        requests.post(f"{self.url}/_world", json=fields, timeout=SECONDS).raise_for_status()


@dataclass(frozen=True)
class RemoteStripe:
    """A FakeStripe of another process."""

    url: str

    @property
    def world(self) -> RemoteWorld:
        return RemoteWorld(self.url)


def add_backdoor(app: Flask, world: World) -> None:
    @app.get("/_world/<kind>")
    def all_of(kind: str) -> Any:
        with world.lock:
            return jsonify(world.all_of(kind))

    @app.post("/_world/<key>")
    def change(key: str) -> Any:
        world.change(key, **request.get_json())
        return "", 204

    @app.post("/_world")
    def set_fields() -> Any:
        fields = request.get_json()
        world.set(**fields | {"troubles": [Trouble(**each) for each in fields["troubles"]]} if "troubles" in fields else fields)
        return "", 204
