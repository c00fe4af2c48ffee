"""Adm keeps the system running, and sees nothing of the stock."""

import re

from config.jobs import work
from config.jobs.models import JobRun


def test_people_and_jobs_and_no_stock(enter, reserve):
    adm = enter("adm", theme="dark", signed_in=False, refusals=(403, 403, 403, 403))
    adm.signs_in()
    adm.sees("Running the system")
    adm.goes("People", to="people")
    adm.reads(
        adm.main.get_by_role("row", name=re.compile("^Ana ")), Roles="warehouse", Sites="ANT", State="May sign in"
    )

    # A job on demand
    adm.goes("Jobs", to="jobs")
    scan = "Flag what is below target"
    adm.presses(f"Run {scan}")
    adm.arrives("work")
    assert work.carry_out(int(adm.page.url.rstrip("/").rsplit("/", 1)[1]), now=reserve.world.now)
    assert JobRun.objects.filter(job="reserve.scan_shortfalls", ok=True).count() == 2
    adm.opens("/jobs/")
    adm.reads(adm.row(scan), State="Good", Last_run="22 Nov 2026")

    # Nothing of the stock, not even its menu
    assert not {"/lots/", "/position/", "/flags/", "/orders/", "/audit/"} & set(adm.menu())
    for address in ("/lots/", f"/lots/{reserve.held}/", "/position/", "/flags/"):
        adm.opens(address, status=403)
        adm.sees("Your role does not allow this")
        adm.sees_no("600")
        adm.follows("To your desk", to="desk")
    adm.signs_out()
