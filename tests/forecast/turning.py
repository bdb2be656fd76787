"""Turns a world from one day with anything due to the next, without asking the rules that are under test."""

from datetime import date, timedelta

from models import LIVE, Order, Payment, Schedule
from portal import clock
from portal.enums import OrderState
from tests.forecast.world import World

A_DAY = timedelta(days=1)
LONGEST_GRACE = timedelta(days=20)  # four bank business days, over the longest holidays


def turn_until(world: World, until: date) -> None:
    """Left alone until that day, from one day on which something may be due to the next."""
    while (day := next_busy_day(world)) <= until:
        world.turn(day)


def turn_daily(world: World, until: date) -> None:
    while world.today < until:
        world.turn(world.today + A_DAY)


def next_busy_day(world: World) -> date:
    """The next day on which the worker may have anything to do: the schedule's, and every day while an order may come to its end."""
    today, tomorrow = world.today, world.today + A_DAY
    days = [row.due_on for row in Schedule.select(Schedule.due_on)]
    days += [clock.day_of(row.next_lookup_at) for row in Payment.select().where(Payment.state.in_(LIVE))]
    for order in Order.select().where(Order.state == OrderState.PLACED):
        begun = order.due_on or clock.day_of(order.placed_at)
        if today <= begun + LONGEST_GRACE:
            days.append(max(begun, tomorrow))
    return min((max(day, tomorrow) for day in days), default=date.max)
