"""What always holds, whatever fails in between: a new promise of the books is one more row in one of these tables."""

from portal.actions.operations.promises import contracts, money, records
from portal.actions.operations.promises.promise import Promise as Promise
from portal.actions.operations.promises.promise import Sum as Sum

PROMISES = (*money.PROMISES, *contracts.PROMISES, *records.PROMISES)
SUMS = money.SUMS
