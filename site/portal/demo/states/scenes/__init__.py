"""Who acts out which states, and on which day."""

from portal.demo.states.scenes import (
    accounts,
    buying,
    card_company,
    certificates,
    ending,
    errors,
    leaving,
    mails,
    options,
    renewing,
    staffing,
    transfers,
)
from portal.demo.states.world import Scene

ROOMS = (leaving, buying, renewing, options, ending, transfers, accounts, certificates, errors, staffing, card_company, mails)
SCENES: tuple[Scene, ...] = tuple(scene for room in ROOMS for scene in room.SCENES)
