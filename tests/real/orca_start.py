"""Starts Orca so that it writes into a file what it would speak. Run by Debian's Python, which has Orca, not by the tests' own.

Not the command `orca`: it refuses to run beside another one of the same user, or ends it, and that may be somebody's own.
"""

import os
import sys

from orca import orca, settings, speech


def note(text, *_):
    with open(os.environ["ORCA_SAID"], "a", encoding="utf-8") as said:
        said.write(" ".join(text.split()) + "\n")


def say_all(utterances, _progress):
    for context, _voice in utterances:
        note(context.utterance)


manager = orca.getSettingsManager()
manager.activate(None, {})
settings.enableBraille = settings.enableSound = False
speech.init = lambda: None
speech._speak = speech.speakCharacter = note
speech.sayAll = say_all
sys.exit(orca.main())
