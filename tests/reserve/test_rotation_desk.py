"""What the schedule puts on desks: due within 60 days at one's sites, overdue first; and the number in the menu."""

from datetime import date, timedelta

from reserve import rotation
from tests.reserve.rotation_world import due_lot, elsewhere, policy
from tests.world import World

LAST = date(2027, 1, 1)


def test_it_shows_what_is_due_within_60_days_at_ones_sites(world: World) -> None:
    policy(world)
    late = due_lot(world, date(2026, 11, 1) + timedelta(days=2))
    due_lot(world, LAST)
    due_lot(world, LAST + timedelta(days=1))
    elsewhere(world, date(2026, 12, 1))
    rotation.plan(now=world.now)
    today = date(2026, 11, 2)
    found = rotation.due(user=world.ana, today=today)
    assert (found.until, [row.due_on for row in found.rows], found.more) == (LAST, [date(2026, 11, 3), LAST], False)
    assert len(rotation.due(user=world.cem, today=today).rows) == 1
    assert rotation.due(user=world.adm, today=today).rows == []
    later = rotation.due(user=world.ana, today=today + timedelta(days=2))
    assert (later.rows[0].lot, later.overdue, len(later.rows)) == (late, 1, 3)
    assert rotation.due(user=world.dee, today=today, limit=2).more is True


def test_the_menu_counts_what_is_overdue_at_ones_sites(world: World) -> None:
    policy(world)
    due_lot(world, date(2026, 12, 1))
    elsewhere(world, date(2026, 12, 1))
    rotation.plan(now=world.now)
    on_the_day, after = date(2026, 12, 1), date(2026, 12, 2)
    people = (world.ana, world.cem, world.dee, world.adm)
    assert [rotation.overdue(user=person, today=on_the_day) for person in people] == [0, 0, 0, 0]
    assert [rotation.overdue(user=person, today=after) for person in people] == [1, 1, 2, 0]
