"""The chain of what is not a lot's: people, sites, materials, and whatever else declares the trigger."""

import pytest
from django.db import connection

from config.accounts.models import User
from config.audit import chain
from config.audit.models import RegistryFact
from inventory.models import Site
from tests.inventory.round_the_door import as_superuser, run
from tests.world import World


def last() -> RegistryFact:
    return RegistryFact.objects.order_by("-seq")[0]


def test_it_holds(world: World) -> None:
    assert list(chain.differences()) == []


def test_every_registered_table_is_known_with_what_it_leaves_out() -> None:
    tables = chain.registered_tables()
    assert tables["accounts_user"] == ("password", "last_login", "preferences")
    assert tables["inventory_site"] == ()
    assert "inventory_movement" not in tables


def test_insert_update_and_delete_are_facts(world: World) -> None:
    site = Site.objects.create(code="X", name="Old", country="BE")
    assert (last().act, last().subject, last().subject_id) == ("insert", "inventory_site", site.pk)
    Site.objects.filter(pk=site.pk).update(name="New")
    assert (last().act, '"name": "New"' in last().body) == ("update", True)
    Site.objects.filter(pk=site.pk).delete()
    assert (last().act, '"name": "New"' in last().body) == ("delete", True)
    assert list(chain.differences()) == []


def test_a_change_of_nothing_is_no_fact(world: World) -> None:
    before = last().seq
    Site.objects.update(country="BE")
    assert last().seq == before


def test_passwords_and_sign_ins_never_enter_it(world: World) -> None:
    before = last().seq
    world.ana.set_password("another long secret")
    world.ana.last_login = world.now
    world.ana.save()
    assert last().seq == before
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM audit_registryfact WHERE body LIKE '%%password%%' OR body LIKE '%%md5$%%'")
        assert cursor.fetchone() == (0,)
    assert list(chain.differences()) == []


def test_roles_do(world: World) -> None:
    User.objects.filter(pk=world.ana.pk).update(roles=["warehouse", "manager"])
    assert (last().subject, '"manager"' in last().body) == ("accounts_user", True)


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        ("UPDATE audit_registryfact SET body = '{}' WHERE seq = 5", "fact 5"),
        ("UPDATE audit_registryfact SET command_id = 7 WHERE seq = 5", "fact 5"),
        ("UPDATE audit_registryfact SET recorded_at = now() WHERE seq = 5", "fact 5"),
        ("UPDATE audit_registryfact SET act = 'delete' WHERE seq = 5", "fact 5"),
        ("DELETE FROM audit_registryfact WHERE seq = 5", "fact 5 is missing before fact 6"),
        ("DELETE FROM audit_registryfact WHERE seq = 1", "fact 1 is missing before fact 2"),
        ("DELETE FROM accounts_user WHERE username = 'cem'", "was deleted outside the system"),
        ("INSERT INTO inventory_site (code, name, country, note) VALUES ('X', 'X', 'BE', '')", "has no fact"),
        ("UPDATE inventory_site SET country = 'NL' WHERE code = 'BRA'", "was edited outside the system"),
    ],
)
def test_it_names_what_was_done_round_it(world: World, statement: str, sentence: str) -> None:
    with as_superuser():
        assert run(statement) == 1
    assert any(sentence in text for text in chain.differences())
