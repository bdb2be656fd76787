"""Makes the pages of all states and keeps them as files. shelf.py starts it: python -m portal.demo.states.making."""

import json
import logging
import os
import signal
import sys
import tempfile
from pathlib import Path

from portal.demo.states import scenes
from portal.demo.states.album import Album
from portal.demo.states.shelf import CONTENTS
from portal.demo.states.world import Scene, World, open_world

log = logging.getLogger(__name__)
AT_MOST_SECONDS = 600
POLITENESS = 10


def make(folder: Path, company_folder: Path, album: Album | None = None) -> Album:
    """Live all scenes and write the pages to `folder`, which does not exist yet; it is there only when it is complete."""
    album = album or Album()
    with tempfile.TemporaryDirectory() as world_folder, open_world(Path(world_folder), company_folder, album.keep) as world:
        album.watch(world.app, world.sandbox)
        world.live([_forgiving(scene, album) for scene in scenes.SCENES])
    unfinished = folder.with_name(f"{folder.name}.{os.getpid()}")
    unfinished.mkdir(mode=0o700, parents=True)
    for state, html in album.pages().items():
        (unfinished / f"{state}.html").write_text(html, "utf-8")
    contents = {state: kept.about for state, kept in album.kept.items()}
    (unfinished / CONTENTS).write_text(json.dumps({"states": contents, "problems": album.problems}, ensure_ascii=False), "utf-8")
    unfinished.rename(folder)
    return album


def _forgiving(scene: Scene, album: Album) -> Scene:
    """With another company's catalog a scene may be impossible: the others are shown all the same."""

    def act(world: World) -> None:
        try:
            scene.act(world)
        except Exception as problem:
            album.problems.append(f"{scene.act.__module__.rpartition('.')[2]}.{scene.act.__name__}: {problem!r}")

    return Scene(act, scene.when, scene.is_early)


def main() -> None:
    logging.disable(logging.WARNING)  # refused sign-ins and the like are what the scenes are about
    os.nice(POLITENESS)
    signal.alarm(AT_MOST_SECONDS)
    folder, company_folder = Path(sys.argv[1]), Path(sys.argv[2])
    for problem in make(folder, company_folder).problems:
        log.error("%s", problem)


if __name__ == "__main__":
    main()
