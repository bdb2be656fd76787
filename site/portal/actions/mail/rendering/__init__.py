"""Mail texts: plain text from templates/mail with the company's signature, and the same words as HTML."""

from portal.actions.mail.rendering.envelope import BadAddress, envelope
from portal.actions.mail.rendering.kinds import KINDS
from portal.actions.mail.rendering.letterhead import Letterhead, bind, letterhead, message_id
from portal.actions.mail.rendering.parts import Held, Item, LeftOut, Payable, Transfer, Undone, Withdrawn
from portal.actions.mail.rendering.template import RenderedMail, render

__all__ = [
    "KINDS",
    "BadAddress",
    "Held",
    "Item",
    "LeftOut",
    "Letterhead",
    "Payable",
    "RenderedMail",
    "Transfer",
    "Undone",
    "Withdrawn",
    "bind",
    "envelope",
    "letterhead",
    "message_id",
    "render",
]
