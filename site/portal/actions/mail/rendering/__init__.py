"""What the portal writes to people: plain text from templates/mail, wrapped for reading, with the company's name under it."""

from portal.actions.mail.rendering.envelope import BadAddress, envelope
from portal.actions.mail.rendering.kinds import KINDS
from portal.actions.mail.rendering.letterhead import Letterhead, bind, letterhead, message_id
from portal.actions.mail.rendering.parts import Item, LeftOut, Transfer
from portal.actions.mail.rendering.template import RenderedMail, render

__all__ = [
    "KINDS",
    "BadAddress",
    "Item",
    "LeftOut",
    "Letterhead",
    "RenderedMail",
    "Transfer",
    "bind",
    "envelope",
    "letterhead",
    "message_id",
    "render",
]
