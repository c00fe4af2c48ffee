"""A superuser edits, deletes, reorders and cuts off, past every trigger: verification names each."""

import pytest

from inventory.models import Lot
from tests.inventory.everything import Everything
from tests.inventory.proof import found
from tests.inventory.round_the_door import as_superuser, one, run

pytestmark = pytest.mark.django_db

LOT = "(SELECT id FROM inventory_lot WHERE number = '{old}')"
OTHER = "(SELECT id FROM inventory_lot WHERE number = '{other}')"

# what is done -> sentences that must be among what is found ({old}, {child}, {other} are lot numbers, {transfer} a movement)
TAMPERINGS: dict[str, tuple[list[str], list[str]]] = {
    # ---- edited
    "mass of a movement": (
        ["UPDATE inventory_movement SET net_mg = net_mg - 1 WHERE id = {transfer}"],
        [
            "balance: lot {old} at ANT-S2 holds 300000001 mg, its movements come to 300000000 mg",
            "movement: lot {old}: movement {transfer} (fact 6) was edited",
            "history: lot {old} at 2026-11-03",
        ],
    ),
    "reason of a movement": (
        ["UPDATE inventory_movement SET reason = 'something else' WHERE id = {transfer}"],
        ["movement: lot {old}: movement {transfer} (fact 6) was edited"],
    ),
    "moment of a movement": (
        ["UPDATE inventory_movement SET occurred_at = occurred_at - interval '1 hour' WHERE id = {transfer}"],
        ["movement {transfer} (fact 6) was edited", "history: lot {old} at 2026-11-03 08:00"],
    ),
    "lot of a movement": (
        ["UPDATE inventory_movement SET lot_id = " + OTHER + " WHERE id = {transfer}"],
        ["movement {transfer} (fact 6) was given to another lot", "balance: lot {other} at ANT-S2 holds 0 mg"],
    ),
    "a condition": (
        ["UPDATE inventory_conditionchange SET condition = 'C' WHERE condition = 'A' AND lot_id = " + OTHER],
        ["condition: lot {other}: condition", "was edited", "lot: lot {other}: condition is A, its facts say C"],
    ),
    "who accepted": (
        [
            "UPDATE inventory_conditionchange c SET actor_id = l.received_by_id FROM inventory_lot l"
            " WHERE l.id = c.lot_id AND c.condition = 'A' AND l.number = '{other}'"
        ],
        ["was set by who received the lot", "was another person's"],
    ),
    "fractions of an assay": (
        [
            'UPDATE inventory_assay SET fractions = \'{{"Nd": "0.9", "Pr": "0.1"}}\' WHERE lab = \'Lab A\' AND lot_id = '
            + LOT
        ],
        ["assay: lot {old}: assay", "was edited", "position: Nd in ndpr-oxide at ANT (store", "history: lot {old}"],
    ),
    "fractions of an assay to nonsense": (
        ["UPDATE inventory_assay SET fractions = '[7]' WHERE lab = 'Lab A' AND lot_id = " + LOT],
        ["assay: lot {old}: assay", "was edited", "cannot be made"],
    ),
    "moisture of an assay": (
        ["UPDATE inventory_assay SET moisture = 0.1 WHERE lab = 'Lab A' AND lot_id = " + LOT],
        ["assay: lot {old}: assay", "position: Nd in ndpr-oxide"],
    ),
    "a retest": (
        ["UPDATE inventory_retest SET next_due_on = '2040-01-01'"],
        ["retest: lot {old}: retest", "lot: lot {old}: retest_due_on is 2031-11-03, its facts say 2040-01-01"],
    ),
    "an allocation": (
        ["UPDATE inventory_allocationchange SET delta_mg = delta_mg + 1"],
        ["allocation: lot {old}: allocation", "has 5000000 mg allocated, its changes come to 5000001 mg"],
    ),
    "what was counted": (
        ["UPDATE inventory_count SET counted_mg = counted_mg + 1"],
        ["count: lot {old}: count", "was edited", "variance_mg is -1000001, its facts say -1000000"],
    ),
    "the book mass of a count": (
        ["UPDATE inventory_count SET book_mg = counted_mg"],
        ["count: lot {old}: count", "was edited", "book mass is 299000000 mg, its movements came to 300000001 mg"],
    ),
    "a count": (
        ["DELETE FROM inventory_count"],
        ["count: lot {old}: count", "was deleted", "balance: lot {old} at ANT-S2: counted_at is 2026-11-05"],
    ),
    "a variance": (
        ["UPDATE inventory_balance SET variance_mg = 0"],
        ["balance: lot {old} at ANT-S2: variance_mg is 0, its facts say -1000001"],
    ),
    "when a lot was counted": (
        ["UPDATE inventory_balance SET counted_at = counted_at + interval '1 year'"],
        ["balance: lot {old} at ANT-S2: counted_at is 2027-11-05"],
    ),
    "when a lot came somewhere": (
        ["UPDATE inventory_balance SET arrived_at = arrived_at + interval '1 year' WHERE lot_id = " + OTHER],
        ["balance: lot {other} at ANT-S1: arrived_at is 2027-11-02"],
    ),
    "that a lot was frozen": (
        ["DELETE FROM inventory_freeze WHERE NOT frozen"],
        ["freeze: lot {child}: freeze", "was deleted", "lot: lot {child}: frozen is False, its facts say True"],
    ),
    "that a lot is frozen": (
        ["UPDATE inventory_lot SET frozen_at = now() WHERE number = '{child}'"],
        ["lot: lot {child}: frozen is True, its facts say False"],
    ),
    "that a lot is frozen, which never was": (
        ["UPDATE inventory_lot SET frozen_at = now() WHERE number = '{other}'"],
        ["lot: lot {other}: frozen is True, its facts say False"],
    ),
    "a parent": (
        ["UPDATE inventory_lotparent SET net_mg = 1"],
        ["parent: lot {child}: parent", "was edited"],
    ),
    "number of a lot": (
        ["UPDATE inventory_lot SET number = 'RE-00-1' WHERE number = '{other}'"],
        ["lot: lot RE-00-1: its own row (fact 1) was edited"],
    ),
    "expiry of a lot": (
        ["UPDATE inventory_lot SET expires_on = '2040-01-01' WHERE number = '{other}'"],
        ["lot: lot {other}: its own row (fact 1) was edited"],
    ),
    "retest date of a lot": (
        ["UPDATE inventory_lot SET retest_due_on = '2040-01-01' WHERE number = '{other}'"],
        ["lot: lot {other}: retest_due_on is 2040-01-01, its facts say 2031-11-02"],
    ),
    "condition of a lot": (
        ["UPDATE inventory_lot SET condition = 'C' WHERE number = '{other}'"],
        ["lot: lot {other}: condition is C, its facts say A", "position: nd-oxide at ANT (store, condition A"],
    ),
    "verdict of a lot": (
        ["UPDATE inventory_lot SET verdict = 'compliant' WHERE number = '{other}'"],
        ["lot: lot {other}: verdict is compliant, its facts say unknown"],
    ),
    "assay in force of a lot": (
        ["UPDATE inventory_lot SET assay_id = (SELECT min(id) FROM inventory_assay) WHERE number = '{old}'"],
        ["lot: lot {old}: assay_id is"],
    ),
    "latest moment of a lot": (
        ["UPDATE inventory_lot SET latest_at = latest_at - interval '1 day' WHERE number = '{old}'"],
        ["lot: lot {old}: latest_at is"],
    ),
    "a balance": (
        ["UPDATE inventory_balance SET net_mg = net_mg + 1000000 WHERE lot_id = " + OTHER],
        ["balance: lot {other} at ANT-S1 holds 51000000 mg, its movements come to 50000000 mg"],
    ),
    "an allocated mass": (
        ["UPDATE inventory_balance SET allocated_mg = 1 WHERE lot_id = " + OTHER],
        ["balance: lot {other} at ANT-S1 has 1 mg allocated, its changes come to 0 mg"],
    ),
    "a position": (
        ["UPDATE inventory_position SET net_mg = net_mg + 1 WHERE place = 'store' AND condition = 'A'"],
        ["position: nd-oxide at ANT (store, condition A, unknown) stands at 50000001 mg"],
    ),
    "lots of a position": (
        ["UPDATE inventory_position SET lots = lots + 1 WHERE place = 'store' AND condition = 'A'"],
        ["50000000 mg, 50000000 mg free, 2 lots"],
    ),
    "a contained position": (
        ["UPDATE inventory_containedposition SET contained_mg = contained_mg + 1 WHERE condition = 'B'"],
        ["position: Nd in ndpr-oxide at ANT (store, condition B, unknown) stands at"],
    ),
    "mass of a position entry": (
        [
            "UPDATE inventory_positionentry SET mass_mg = mass_mg + 1 WHERE id = (SELECT max(id) FROM inventory_positionentry)"
        ],
        ["history: lot {child}", "its entries come to"],
    ),
    "moment of a position entry": (
        [
            "UPDATE inventory_positionentry SET occurred_at = occurred_at - interval '1 day' WHERE command_id ="
            " (SELECT command_id FROM inventory_movement WHERE id = {transfer})"
        ],
        ["history: lot {old} at 2026-11-02", "history: lot {old} at 2026-11-03"],
    ),
    "when a position entry was known": (
        [
            "UPDATE inventory_positionentry SET recorded_at = recorded_at - interval '1 day' WHERE command_id ="
            " (SELECT command_id FROM inventory_movement WHERE id = {transfer})"
        ],
        [
            "command: position entry",
            "was at another moment",
            "anchor: since anchor 1 of 2026-11-05: entries were edited",
        ],
    ),
    "body of a fact": (
        ["UPDATE inventory_lotfact SET body = replace(body, '300000001', '300000002') WHERE lot_id = " + LOT],
        ["chain: lot {old}: fact 6 (movement) does not match its hash", "movement {transfer} (fact 6) was edited"],
    ),
    "body of a fact to nonsense": (
        ["UPDATE inventory_lotfact SET body = 'nonsense' WHERE seq = 6 AND lot_id = " + LOT],
        ["chain: lot {old}: fact 6 (movement) does not match its hash", "movement {transfer} (fact 6) was edited"],
    ),
    "hash of a fact": (
        ["UPDATE inventory_lotfact SET hash = sha256('x') WHERE seq = 6 AND lot_id = " + LOT],
        ["chain: lot {old}: fact 6 (movement) does not match", "chain: lot {old}: fact 7 (movement) does not match"],
    ),
    "row and fact together, with a fitting hash": (
        [
            "UPDATE inventory_movement SET reason = 'forged' WHERE id = {transfer}",
            "UPDATE inventory_lotfact f SET body = to_jsonb(m)::text FROM inventory_movement m"
            " WHERE m.id = {transfer} AND f.kind = 'movement' AND f.row_id = m.id",
            "UPDATE inventory_lotfact f SET hash = sha256(convert_to(concat_ws(E'\\n', encode(p.hash, 'hex'), f.lot_id,"
            " f.seq, f.kind, f.row_id, f.body), 'UTF8')) FROM inventory_lotfact p"
            " WHERE p.lot_id = f.lot_id AND p.seq = f.seq - 1 AND f.kind = 'movement' AND f.row_id = {transfer}",
        ],
        [
            "chain: lot {old}: fact 7 (movement) does not match its hash",
            "since anchor 1 of 2026-11-05: facts were edited",
        ],
    ),
    # ---- deleted
    "a movement": (
        ["DELETE FROM inventory_movement WHERE id = {transfer}"],
        ["movement: lot {old}: movement {transfer} (fact 6) was deleted", "balance: lot {old} at ANT-S1"],
    ),
    "a movement's fact": (
        ["DELETE FROM inventory_lotfact WHERE kind = 'movement' AND row_id = {transfer}"],
        ["chain: lot {old}: fact 6 is missing", "movement: lot {old}: movement {transfer} has no fact"],
    ),
    "several facts": (
        ["DELETE FROM inventory_lotfact WHERE seq IN (5, 6, 7) AND lot_id = " + LOT],
        ["chain: lot {old}: facts 5 to 7 are missing"],
    ),
    "a condition change": (
        ["DELETE FROM inventory_conditionchange WHERE condition = 'A' AND lot_id = " + OTHER],
        ["condition: lot {other}: condition", "was deleted"],
    ),
    "a whole lot": (
        ["DELETE FROM inventory_lot WHERE number = '{other}'"],
        ["(which is not there): its own row (fact 1) was deleted"],
    ),
    "a balance row": (
        ["DELETE FROM inventory_balance WHERE lot_id = " + OTHER],
        ["balance: lot {other} at ANT-S1 holds 0 mg, its movements come to 50000000 mg"],
    ),
    "a position row": (
        ["DELETE FROM inventory_position WHERE condition = 'B'"],
        ["position: ndpr-oxide at ANT (store, condition B, unknown) stands at 0 mg"],
    ),
    "position entries": (
        ["DELETE FROM inventory_positionentry WHERE lot_id = " + OTHER],
        ["history: lot {other}", "position: nd-oxide at ANT (store, condition A, unknown) stands at 50000000 mg"],
    ),
    "a command": (
        ["DELETE FROM audit_command WHERE id = (SELECT command_id FROM inventory_movement WHERE id = {transfer})"],
        ["command: movement {transfer} of lot {old}: command", "is missing", "commands were there, now there are"],
    ),
    "a refused command": (
        ["DELETE FROM audit_command WHERE id = {refused}"],
        ["since anchor 1 of 2026-11-05: ", "commands were there, now there are"],
    ),
    "answer of a command": (
        ["UPDATE audit_command SET answer = '{{}}' WHERE id = {refused}"],
        ["since anchor 1 of 2026-11-05: commands were edited"],
    ),
    "a decision": (
        [
            "DELETE FROM approvals_decision WHERE command_id = (SELECT command_id FROM inventory_movement WHERE id = {reversal})"
        ],
        ["reverse {reversal} was agreed to by nobody", "is approved with 0 of 1 agreements", "decisions were there"],
    ),
    "who decided": (
        [
            "UPDATE approvals_decision d SET actor_id = requester_id FROM approvals_request r WHERE r.id = d.request_id"
            " AND d.command_id = (SELECT command_id FROM inventory_movement WHERE id = {reversal})"
        ],
        ["was decided by who asked", "decisions were edited"],
    ),
    "for whom was decided": (
        [
            "INSERT INTO accounts_delegation (lender_id, borrower_id, acts, from_on, until_on, reason, made_at, ended_why,"
            " command_id) SELECT r.requester_id, d.actor_id, '{{adjust.approve}}', d.decided_at::date, d.decided_at::date,"
            " 'Leave', d.decided_at, '', d.command_id FROM approvals_decision d JOIN approvals_request r"
            " ON r.id = d.request_id ORDER BY d.id LIMIT 1",
            "UPDATE approvals_decision d SET delegation_id = (SELECT max(id) FROM accounts_delegation)"
            " WHERE id = (SELECT min(id) FROM approvals_decision)",
        ],
        ["has the word of two who are one", "stand-ins were edited", "has no fact outside the system"],
    ),
    "what was asked for": (
        ["UPDATE approvals_request SET body = '{{}}' WHERE kind = 'inventory.issue'"],
        ["since anchor 1 of 2026-11-05: requests were edited"],
    ),
    "the mass that was agreed to": (
        ["UPDATE approvals_request SET body = jsonb_set(body, '{{net,2}}', '1') WHERE kind = 'inventory.adjust'"],
        ["movement: lot {old}: adjust", "was agreed to by nobody"],
    ),
    "the side that was agreed to": (
        ["UPDATE approvals_request SET body = jsonb_set(body, '{{gain}}', 'true') WHERE kind = 'inventory.adjust'"],
        ["movement: lot {old}: adjust", "was agreed to by nobody"],
    ),
    "the lot that was agreed to": (
        ["UPDATE approvals_request SET subject = '{other}' WHERE kind = 'inventory.issue'"],
        ["movement: lot {old}: issue", "was agreed to by nobody"],
    ),
    "the movement that was to be reversed": (
        [
            "UPDATE approvals_request SET body = jsonb_set(body, '{{movement}}', '{transfer}')"
            " WHERE kind = 'inventory.reverse'"
        ],
        ["movement: lot {old}: reverse {reversal} was agreed to by nobody"],
    ),
    "a second movement under one agreement": (
        [
            "INSERT INTO inventory_movement (lot_id, kind, origin_id, destination_id, net_mg, entered_unit, reason,"
            " occurred_at, recorded_at, actor_id, command_id) SELECT lot_id, kind, origin_id, destination_id, net_mg, '',"
            " reason, occurred_at, recorded_at, actor_id, command_id FROM inventory_movement WHERE kind = 'issue'"
        ],
        ["request: request", "was carried out by 2 movements, not by one"],
    ),
    "what two people agreed to": (
        ["DELETE FROM inventory_movement WHERE kind = 'adjust'"],
        ["request: request", "was carried out by 0 movements, not by one"],
    ),
    "the days of a loan": (
        [
            "INSERT INTO accounts_delegation (lender_id, borrower_id, acts, from_on, until_on, reason, made_at, ended_why,"
            " command_id) SELECT (SELECT id FROM accounts_user WHERE username = 'ada'), d.actor_id, '{{adjust.approve}}',"
            " d.decided_at::date + 1, d.decided_at::date + 2, 'Leave', d.decided_at, '', d.command_id"
            " FROM approvals_decision d ORDER BY d.id LIMIT 1",
            "UPDATE approvals_decision d SET delegation_id = (SELECT max(id) FROM accounts_delegation)"
            " WHERE id = (SELECT min(id) FROM approvals_decision)",
        ],
        ["was decided under a loan of other days"],
    ),
    "a reversal's movement": (
        ["UPDATE inventory_movement SET net_mg = net_mg + 1 WHERE id = {reversed}"],
        ["reversal {reversal} does not mirror movement {reversed}"],
    ),
    # ---- reordered
    "two facts change places": (
        [
            "UPDATE inventory_lotfact SET seq = -seq WHERE seq IN (6, 7) AND lot_id = " + LOT,
            "UPDATE inventory_lotfact SET seq = 13 + seq WHERE seq < 0",
        ],
        ["chain: lot {old}: fact 6 (movement) does not match its hash", "chain: lot {old}: fact 7 (movement) does not"],
    ),
    # ---- cut off
    "last fact of a lot": (
        [
            "DELETE FROM inventory_lotfact f USING inventory_lot l"
            " WHERE l.id = f.lot_id AND f.seq = l.last_seq AND l.number = '{old}'"
        ],
        ["lot: lot {old}: last_seq is", "has no fact"],
    ),
    # ---- what is not a lot's
    "name of a site": (
        ["UPDATE inventory_site SET name = 'Elsewhere' WHERE code = 'ANT'"],
        ["registry: inventory_site", "was edited outside the system"],
    ),
    "an element's fraction": (
        ["UPDATE inventory_materialelement SET fraction = 0.5"],
        ["registry: inventory_materialelement", "was edited outside the system"],
    ),
    "a role": (
        ["UPDATE accounts_user SET roles = '{{manager}}' WHERE username = 'ana'"],
        ["registry: accounts_user", "was edited outside the system"],
    ),
    "a material's element": (
        ["DELETE FROM inventory_materialelement WHERE id = (SELECT min(id) FROM inventory_materialelement)"],
        ["registry: inventory_materialelement", "was deleted outside the system"],
    ),
    "a fact of the registry": (
        ["UPDATE audit_registryfact SET body = '{{}}' WHERE seq = 3"],
        ["registry chain: fact 3", "does not match its hash"],
    ),
    "a fact of the registry is gone": (
        ["DELETE FROM audit_registryfact WHERE seq = 3"],
        ["registry chain: fact 3 is missing", "anchor: since anchor 1"],
    ),
    "the end of the registry": (
        ["DELETE FROM audit_registryfact WHERE seq > (SELECT max(seq) - 3 FROM audit_registryfact)"],
        ["has no fact", "registry were there, now there are"],
    ),
    # ---- the guards themselves
    "an anchor": (["UPDATE inventory_anchor SET body = '{{}}'"], ["anchor: anchor 1 does not match its hash"]),
    "a trigger is switched off": (
        ["ALTER TABLE inventory_movement DISABLE TRIGGER USER"],
        ["trigger: append_only on inventory_movement is switched off"],
    ),
    "a trigger is dropped": (
        [
            "DO $$ BEGIN EXECUTE (SELECT format('DROP TRIGGER %%I ON inventory_movement', tgname) FROM pg_trigger"
            " WHERE tgrelid = 'inventory_movement'::regclass AND tgname LIKE 'pgtrigger_chained%%'); END $$"
        ],
        ["trigger: chained on inventory_movement is missing"],
    ),
    "a trigger does nothing any more": (
        [
            "DO $$ BEGIN EXECUTE (SELECT format('CREATE OR REPLACE FUNCTION %%I() RETURNS trigger LANGUAGE plpgsql AS"
            " ''BEGIN RETURN NEW; END''', proname) FROM pg_proc WHERE proname LIKE 'pgtrigger_append_only%%' AND oid IN"
            " (SELECT tgfoid FROM pg_trigger WHERE tgrelid = 'inventory_movement'::regclass)); END $$"
        ],
        ["trigger: append_only on inventory_movement does something else than it should"],
    ),
    "a constraint is dropped": (
        ["ALTER TABLE inventory_balance DROP CONSTRAINT balance_not_negative"],
        ["constraint: balance_not_negative on inventory_balance is missing or does not hold"],
    ),
}


@pytest.mark.parametrize("what", TAMPERINGS)
def test_it_names_what_was_tampered_with(full: Everything, what: str) -> None:
    words = {**vars(full), "refused": one("SELECT id FROM audit_command WHERE outcome = 'refused' LIMIT 1")}
    statements, sentences = TAMPERINGS[what]
    assert found() == []
    with as_superuser():
        for statement in statements:
            assert run(statement.format(**words).replace("%%", "%")) != 0, statement
    differences = "\n".join(found())
    for sentence in sentences:
        assert sentence.format(**words) in differences, differences


def test_it_names_what_was_cut_off_with_every_trace_that_the_lot_keeps(full: Everything) -> None:
    """The last condition of a lot taken back in every table: only the anchor knows that there was one."""
    lot = Lot.objects.get(number=full.other)
    with as_superuser():
        run("DELETE FROM inventory_lotfact WHERE lot_id = %s AND seq = %s", lot.pk, lot.last_seq)
        run("DELETE FROM inventory_conditionchange WHERE lot_id = %s AND condition = 'A'", lot.pk)
        run("DELETE FROM inventory_positionentry WHERE lot_id = %s AND condition = 'A'", lot.pk)
        run("DELETE FROM inventory_positionentry WHERE lot_id = %s AND mass_mg < 0", lot.pk)
        run("UPDATE inventory_lot SET condition = 'J', last_seq = last_seq - 1 WHERE id = %s", lot.pk)
        run("UPDATE inventory_position SET net_mg = 0, free_mg = 0, lots = 0 WHERE material_id = %s", lot.material_id)
        run(
            "UPDATE inventory_position SET net_mg = 50000000, free_mg = 50000000, lots = 1"
            " WHERE material_id = %s AND condition = 'J'",
            lot.material_id,
        )
        run(
            "UPDATE inventory_containedposition p SET (contained_mg, free_mg) = (SELECT o.contained_mg, o.free_mg"
            " FROM inventory_containedposition o WHERE o.material_id = p.material_id AND o.condition = 'A')"
            " WHERE material_id = %s AND condition = 'J'",
            lot.material_id,
        )
        run(
            "UPDATE inventory_containedposition SET contained_mg = 0, free_mg = 0"
            " WHERE material_id = %s AND condition = 'A'",
            lot.material_id,
        )
    differences = found()
    assert [text for text in differences if not text.startswith("anchor: ")] == []
    assert any("facts were there, now there are" in text for text in differences)


def test_it_names_a_movement_written_round_the_door(full: Everything) -> None:
    """With all triggers at work the row gets its fact; but no command, no entry and no balance knows of it."""
    run(
        "INSERT INTO inventory_movement (lot_id, kind, origin_id, destination_id, net_mg, entered_unit, reason, occurred_at,"
        " recorded_at, actor_id, command_id) SELECT lot_id, kind, destination_id, origin_id, 1000, '', '', occurred_at,"
        " recorded_at, actor_id, 99999999 FROM inventory_movement WHERE id = %s",
        full.transfer,
    )
    differences = "\n".join(found())
    for sentence in ("balance: lot {old} at ANT-S2", "command 99999999 is missing", "last_seq"):
        assert sentence.format(**vars(full)) in differences


def test_it_never_repairs(full: Everything) -> None:
    with as_superuser():
        run("UPDATE inventory_balance SET net_mg = net_mg + 1")
    assert found() == found() != []
