"""A form that becomes one command: what a door refuses lands where people can mend it."""

from datetime import UTC, datetime

import pytest
from django import forms
from django.http import QueryDict

from config.accounts.matrix import NotAllowed
from config.accounts.models import User
from config.audit.forms import FilterForm, KeyedForm
from config.audit.refused import Refused

KEY = "3f2b8c1e-0d4a-4b6e-9c2f-7a1d5e8b9c00"


class Weighing(KeyedForm):
    RENAMED = {"net_kg": "quantity"}
    quantity = forms.CharField()
    version = forms.IntegerField(widget=forms.HiddenInput)


class Finding(FilterForm):
    NARROWING = ("place",)
    place = forms.ChoiceField(required=False, choices=[("", "All"), ("store", "Store")])
    received_after = forms.CharField(required=False, label="Received since")


def refused(field="", status=409):
    refusal = Refused()
    refusal.field, refusal.status = field, status
    return refusal


def attempted(refusal):
    def door(by):
        raise refusal

    form = Weighing(QueryDict(f"key={KEY}&quantity=5&version=3"))
    answer = form.attempt(door, user=User(username="ana"), now=datetime(2026, 11, 24, tzinfo=UTC))
    return form, answer


def test_it_puts_a_refusal_on_the_field_that_the_door_calls_otherwise():
    form, answer = attempted(refused("net_kg"))
    assert answer is None
    assert form.errors == {"quantity": ["This cannot be done."]}


def test_it_puts_what_is_about_no_field_on_the_whole_form_under_a_new_key():
    form, _ = attempted(refused("elsewhere"))
    assert form.non_field_errors() == ["This cannot be done."]
    assert form.data["key"] != KEY


@pytest.mark.parametrize("refusal", [refused(status=404), NotAllowed(act="lots.see", roles="manager")])
def test_it_lets_go_on_what_no_form_can_mend(refusal):
    with pytest.raises(type(refusal)):
        attempted(refusal)


def test_it_keeps_on_its_field_what_was_chosen_and_is_not_there():
    form, _ = attempted(refused("quantity", status=404))
    assert "quantity" in form.errors


def test_it_can_be_sent_again_on_what_is_shown_now():
    form = Weighing(QueryDict(f"key={KEY}&quantity=5&version=3"))
    form.show_again(version=4)
    assert form["version"].value() == "4"
    assert form["quantity"].value() == "5"


def test_filters_say_what_they_are_to_who_cannot_see_them():
    form = Finding()
    assert 'aria-label="Place"' in str(form["place"])
    assert 'aria-label="Received since"' in str(form["received_after"])


def test_filters_know_whether_they_leave_anything_out():
    narrowed = [Finding(QueryDict(query)) for query in ("place=store", "received_after=x", "")]
    assert [form.is_valid() and form.narrowed for form in narrowed] == [True, False, False]
