"""One line for each request, as a web server's access log has it, but without what such logs give away.

The address is its pattern (`/password/<token>`): no query, no token, no number of an order. The client is the network around it.
Whoever needs more finds the lines of the security log by the same request number.
"""

import logging

from portal.rules.accounts.networks import region_of
from portal.security_log import Answered, Request, access_log, write


def log_answer(request: Request, answered: Answered) -> None:
    facts = {"method": request.method, "path": request.path, "status": answered.status, "bytes": answered.size}
    facts |= {"ms": round(answered.seconds * 1000), "network": region_of(request.network), "request": request.id}
    write(access_log, logging.INFO, facts)
