"""The parts as they come out: escaped, labelled, with colour never alone and no style of their own."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django import forms
from django.template import Context, Template
from django.test import RequestFactory

from config.audit.keyset import Page
from config.ui import specimens
from config.ui.charts import Stage
from config.ui.panels import Panel
from config.ui.widgets import DayInput, MomentInput


def drawn(source, path="/", **context):
    return Template(source).render(Context({"request": RequestFactory().get(path), **context}))


class Receipt(forms.Form):
    net = forms.CharField(label="Net mass", help_text="As weighed.")
    seal = forms.BooleanField(label="Seal unbroken", required=False)
    condition = forms.ChoiceField(widget=forms.RadioSelect, choices=[("A", "A"), ("B", "B")], required=False)
    note = forms.CharField(required=False, widget=forms.HiddenInput)


def test_it_boxes_its_content_under_a_title_and_escapes_the_title():
    html = drawn("{% panel title note='t' id='targets' %}<p>{{ body }}</p>{% endpanel %}", title="A <b>", body="x & y")
    assert '<section class="panel" id="targets">' in html
    assert "A &lt;b&gt;" in html
    assert "<p>x &amp; y</p>" in html


def test_it_shows_a_panel_of_another_app_with_its_own_context_only():
    panel = Panel("Empty", "ui/parts/empty.html", {"title": "No flags"}, note="today")
    html = drawn("{% panel_of panel %}", panel=panel, note="leaks")
    assert "No flags" in html
    assert "today" in html
    assert "leaks" not in html


def test_it_says_a_status_in_text_and_colour():
    assert drawn("{% badge 'bad' 'Critical' %}") == '<span class="badge bad">Critical</span>'


def test_it_refuses_a_level_it_does_not_know():
    with pytest.raises(ValueError, match="ok, warn, bad or muted"):
        drawn("{% badge 'red' 'Critical' %}")


def test_it_names_a_condition_even_where_only_the_letter_is_seen():
    html = drawn("{% condition_tag 'J' short=True %}")
    assert "tag-brown" in html
    assert '<span class="unseen">Suspended</span>' in html
    assert "cond-name" in drawn("{% condition_tag 'A' %}")


def test_it_shows_an_unknown_cover_without_a_bar():
    assert "held" not in drawn("{% bar None %}")
    assert 'width="48"' in drawn("{% bar cover 'bad' %}", cover=Decimal(48))


def test_it_writes_masses_as_tag_and_as_filter():
    html = drawn(
        "{% mass mg bare=True %}|{{ mg|mass:'g' }}|{{ mg|mass_t }}|{{ pct|pct:1 }}",
        mg=58_123_456_789,
        pct=Decimal("85.25"),
    )
    bare, grams, tonnes, share = html.split("|")
    assert (bare, grams, share) == ("58,123.456789", "58,123,456.789\u00a0g", "85.2\u00a0%")
    assert tonnes == '<span title="58,123.456789\u00a0kg">58.123\u00a0t</span>'


def test_it_gives_days_to_machines_too():
    assert drawn("{{ on|day }}", on=date(2026, 11, 20)) == '<time datetime="2026-11-20">20 Nov 2026</time>'
    assert drawn("{{ on|day }}{{ on|moment }}", on=None) == "––"


def test_it_ties_label_hint_unit_and_error_to_the_input():
    html = drawn("{% field form.net unit='kg' scan=True %}", form=Receipt({"net": ""}))
    assert '<label for="id_net">Net mass</label>' in html
    assert 'aria-describedby="id_net_hint id_net_errors"' in html
    assert 'aria-invalid="true"' in html
    assert "data-scan" in html
    assert 'id="id_net_hint">As weighed.' in html
    assert "This field is required." in html
    assert ">kg</span>" in html


def test_it_groups_choices_and_puts_a_tick_before_its_words():
    html = drawn("{% field form.condition %}{% field form.seal %}{% field form.note %}", form=Receipt())
    assert html.count("<legend>") == 1
    assert re.search(r'<label for="id_seal"><input type="checkbox"[^>]*> Seal unbroken</label>', html)
    assert html.count('class="field') == 2


def test_it_lists_what_is_wrong_with_links_to_the_fields():
    html = drawn("{% form_errors form %}", form=specimens.Specimen({}))
    assert 'role="alert"' in html
    assert "RE-26-00412 holds 40 kg free" in html
    assert '<a href="#id_net">Net mass</a>' in html
    assert drawn("{% form_errors form %}", form=specimens.Specimen()).strip() == ""


def test_it_changes_the_query_and_starts_on_the_first_page():
    html = drawn("{% query site='HAM' condition='' tag=tags %}", "/lots/?q=nd&condition=A&after=77", tags=["x", "y"])
    assert html == "?q=nd&amp;site=HAM&amp;tag=x&amp;tag=y"
    assert drawn("{% query after=88 %}", "/?q=a%26b&after=77") == "?q=a%26b&amp;after=88"


def test_it_orders_one_way_and_then_the_other():
    first = drawn("{% sort_head 'Net' 'net' number=True %}", "/?q=nd")
    assert 'href="?q=nd&amp;order=net"' in first
    assert "aria-sort" not in first
    again = drawn("{% sort_head 'Net' 'net' %}", "/?order=net")
    assert 'aria-sort="ascending"' in again
    assert 'href="?order=-net"' in again


def test_it_pages_with_links_that_htmx_may_take():
    first: Page[object] = Page(rows=[], next="9", previous="", count=1000, more=True)
    html = drawn("{% pager page 'lot' target='#lots' %}", "/?site=HAM", page=first)
    assert 'rel="next" href="?site=HAM&amp;cursor=9" hx-get="?site=HAM&amp;cursor=9"' in html
    assert 'rel="prev"' not in html
    assert "more than 1,000 lots" in html


def test_it_says_how_many_there_are_where_one_page_holds_them_all():
    only: Page[object] = Page(rows=[], next="", previous="", count=1, more=False)
    html = drawn("{% pager page 'delivery' 'deliveries' %}", page=only)
    assert ">1 delivery<" in html
    assert "<a" not in html


@pytest.mark.parametrize(
    "source",
    [
        "{% chain stages title='Chain' desc='What is held.' %}",
        "{% bars_chart cover title='Cover' desc='What is short.' %}",
        "{% line_chart points title='Mass' desc='Over time.' target=target_mg floor=floor_mg %}",
    ],
)
def test_it_carries_a_title_a_description_and_a_table_with_every_chart(source):
    html = drawn(source, **specimens.everything())
    assert html.count("<svg") == html.count("<title") == html.count("<desc") == 2
    ids = re.findall(r' id="([^"]+)"', html)
    assert len(ids) == len(set(ids)) == 4
    assert "<table>" in html
    assert "style=" not in html


def test_it_keeps_the_exact_mass_in_the_table_of_a_chart():
    assert "58.000000001" in drawn("{% line_chart points title='Mass' %}", points=[(date(2026, 1, 1), 58_000_000_001)])


def test_it_draws_an_empty_chart_as_a_sentence():
    assert "Nothing to draw yet." in drawn("{% line_chart points title='Mass' %}", points=[])


def test_it_shows_what_is_lost_at_each_step():
    html = drawn("{% waterfall steps %}", steps=[("Physical", 10_000_000, 0), ("In store", 4_000_000, 6_000_000)])
    assert 'class="lost" x="40" width="60"' in html
    assert "−6" in html


def test_it_hands_days_and_moments_to_the_browser_in_its_own_notation():
    assert 'value="2026-11-20"' in DayInput().render("on", date(2026, 11, 20))
    assert 'type="datetime-local"' in MomentInput().render("at", None)


def test_it_leads_from_a_stage_in_the_table_to_what_is_held_there():
    stages = [Stage("Oxide", 1, url="/lots/?stage=separation&element=Nd"), Stage("Metal", 0)]
    html = drawn("{% chain stages title='Chain' %}", stages=stages)
    assert '<a href="/lots/?stage=separation&amp;element=Nd">Oxide</a>' in html
    assert '<th scope="row">Metal</th>' in html
