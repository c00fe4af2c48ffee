"""Targets in force and flags, made through the doors as two managers and the scan make them."""

from typing import Any

from config.approvals import requests
from inventory import units
from reserve import flags, targets
from reserve.models import Flag
from tests.world import World


def propose(world: World, *, required: str = "", who: str = "dee", **about: Any) -> dict[str, Any]:
    """A proposal that waits for a second manager; `required` in kg."""
    given = targets.TargetIn(
        required_mg=units.enter(required).mg if required else None,
        effective_from=world.now.date(),
        source="Plan 2026",
        **about,
    )
    return targets.propose(by=world.by(who), target=given)


def hold(world: World, required: str = "", **about: Any) -> int:
    """A target in force: proposed by Dee, approved by Eve. Of Nd in oxide, unless said otherwise."""
    if "material" not in about:
        about = {"element": "Nd", "form": "oxide", "basis": "contained", **about}
    answer = propose(world, required=required, **{"basis": "net", **about})
    requests.approve(by=world.by("eve"), request_id=answer["request"])
    return int(answer["target"])


def flagged(world: World, required: str = "1000", **about: Any) -> int:
    """The open flag of a target that is short."""
    target = hold(world, required, **about)
    flags.scan(now=world.now)
    return int(Flag.objects.get(target=target).pk)
