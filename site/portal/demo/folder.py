"""The demo's folder: a lock for one process, and secrets that are created once and kept."""

import json
import os
import secrets
from contextlib import ExitStack
from pathlib import Path
from typing import Self

from portal.store.locks import Held, file_lock
from portal.store.opening import Refused

SECRETS = "secrets.json"


class DemoFolder:
    def __init__(self, path: Path) -> None:
        self.path = path.expanduser().resolve()
        self._held = ExitStack()
        self._mark = self.path / "running"

    def prepare(self) -> Self:
        """Create the folder if missing, and lock it until this process ends. Raises Refused."""
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._held.enter_context(file_lock(self.path / "demo.lock"))
            self.secrets()
        except Held as error:
            raise Refused(f"フォルダー {self.path} のデモはすでに動いています。--data で別のフォルダーを指定してください。") from error
        except OSError as error:
            raise Refused(
                f"フォルダー {self.path} に書き込めません（{error.strerror}）。--data で別のフォルダーを指定してください。"
            ) from error
        return self

    def environment(self) -> dict[str, str]:
        """The settings of a demo."""
        return {"DEMO": "1", "DATA_FOLDER": str(self.path)} | self.secrets()

    def secrets(self) -> dict[str, str]:
        """Read, or created at the first start: written atomically, readable only by the owner."""
        file = self.path / SECRETS
        if not file.exists():
            self._make_secrets(file)
        try:
            kept = json.loads(file.read_text())
            return {name: str(kept[name]) for name in ("SECRET_KEY", "NOTICE_SECRET", "INSTALLATION_ID")}
        except (ValueError, KeyError, TypeError) as error:
            raise Refused(f"{file} が壊れています。フォルダー {self.path} を消すと、デモを最初から始められます。") from error

    def was_left_running(self) -> bool:
        """True if the last demo was killed, so that its children may need a moment to end."""
        return self._mark.exists()

    def mark_running(self) -> None:
        self._mark.touch(mode=0o600)

    def mark_ended(self) -> None:
        self._mark.unlink(missing_ok=True)

    def _make_secrets(self, file: Path) -> None:
        made = {
            "SECRET_KEY": secrets.token_hex(32),
            "NOTICE_SECRET": secrets.token_hex(32),
            "INSTALLATION_ID": f"demo-{secrets.token_hex(4)}",
        }
        draft = file.with_suffix(".new")
        draft.unlink(missing_ok=True)
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as text:
            json.dump(made, text)
            text.flush()
            os.fsync(text.fileno())
        draft.replace(file)
