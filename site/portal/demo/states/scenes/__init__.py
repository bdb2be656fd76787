"""Who acts out which states, and on which day."""

from portal.demo.states.scenes import buying
from portal.demo.states.world import Scene

SCENES: tuple[Scene, ...] = (*buying.SCENES,)
