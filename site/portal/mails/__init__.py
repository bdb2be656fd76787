"""What the portal writes to people: plain text from templates/mail, wrapped for reading, with the company's name under it."""

from portal.mails.envelope import BadAddress, envelope
from portal.mails.kinds import KINDS
from portal.mails.letterhead import Letterhead, bind, letterhead, message_id
from portal.mails.letters import Letter, render
from portal.mails.parts import Item, LeftOut, Transfer

__all__ = [
    "KINDS",
    "BadAddress",
    "Item",
    "LeftOut",
    "Letter",
    "Letterhead",
    "Transfer",
    "bind",
    "envelope",
    "letterhead",
    "message_id",
    "render",
]
