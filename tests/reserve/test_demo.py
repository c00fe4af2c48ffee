"""The demo reserve: loaded whole, through the ledger, with what it is meant to show; and only where it may be."""

import json
import stat
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command

from inventory import verification
from inventory.models import Condition, Lot, Material, Movement, Site, Stage
from procurement import origins
from procurement.models import Order, OrderLine
from reserve import shortfall
from reserve.demo import loading, people
from reserve.models import Flag, Rotation
from tests.world import NOW, World

pytestmark = pytest.mark.long


def test_it_shows_what_a_newcomer_should_see(db: None) -> None:
    loading.load(now=NOW, mode="trial", tell=lambda _: None)
    assert Site.objects.count() >= 6
    assert all(site.locations.filter(kind="store").count() >= 2 for site in Site.objects.all())
    assert Material.objects.count() >= 40
    assert {material.form.stage for material in Material.objects.select_related("form")} == set(Stage.values)
    assert Lot.objects.count() >= 400
    span = Movement.objects.latest("occurred_at").occurred_at - Movement.objects.earliest("occurred_at").occurred_at
    assert span > timedelta(days=600)
    assert set(Order.objects.values_list("state", flat=True)) >= {
        "draft",
        "submitted",
        "approved",
        "placed",
        "cancelled",
    }
    assert OrderLine.objects.filter(order__state="placed", promised_on__lt=NOW.date(), received_mg=0).exists()
    assert Rotation.objects.filter(state="planned").exists()
    assert Lot.objects.filter(condition=Condition.J, eligible_until__lt=NOW.date()).exists()
    assert {"open", "acknowledged", "waived"} <= set(Flag.objects.values_list("state", flat=True))
    rows = {(row.element, row.form): row for row in shortfall.rows(as_of=NOW.date()) if row.element == "Nd"}
    assert rows["Nd", "oxide"].short_mg == 0
    assert rows["Nd", "block"].cover_pct < 25
    held = origins.by_country(element="Nd")
    known_mg = sum(row.mass_mg for row in held if row.country)
    assert {row.country for row in held if row.country} >= {"AU", "US", "JP"}
    assert known_mg * 10 > sum(row.mass_mg for row in held) * 8  # and some of it came without an order
    assert not list(verification.differences(tally=verification.Tally()))


def test_there_is_a_person_for_each_role(db: None) -> None:
    created = people.create()
    assert Counter(user.roles[0] for user, _ in created.values()) == {
        "warehouse": 2,
        "procurement": 1,
        "manager": 2,
        "auditor": 1,
        "administrator": 2,
    }
    assert len({password for _, password in created.values()}) == len(created)


def test_it_refuses_a_database_that_is_not_empty(world: World) -> None:
    with pytest.raises(loading.NotEmpty, match="already holds people"):
        loading.load(now=world.now, mode="trial", tell=lambda _: None)


@pytest.mark.parametrize("mode", ["production", "test"])
def test_it_refuses_outside_a_trial(db: None, mode: str) -> None:
    with pytest.raises(loading.NotATrial, match="for a trial only"):
        loading.load(now=NOW, mode=mode, tell=lambda _: None)


def test_if_empty_leaves_what_is_there(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_demo", if_empty=True)
    assert "left as it is" in capsys.readouterr().out


def test_the_people_file_is_for_its_owner_only(db: None, tmp_path: Path) -> None:
    file = tmp_path / "demo-people.json"
    people.write(file, people.create())
    rows = json.loads(file.read_text())
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert {"username", "password", "role", "sites"} == set(rows[0])
