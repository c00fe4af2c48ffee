"""Sign-in, the error pages and the page of parts."""

import json
import re

import pytest
from django import forms
from django.http import Http404
from django.template.loader import render_to_string
from django.test import Client, RequestFactory

from config.accounts.models import User
from config.ui import views


class SignIn(forms.Form):
    username = forms.CharField()
    password = forms.CharField(widget=forms.PasswordInput)

    def clean(self) -> None:
        raise forms.ValidationError("That name and password do not fit together.")


@pytest.mark.parametrize("name", ["400.html", "403.html", "403_csrf.html", "404.html", "500.html"])
def test_it_renders_an_error_without_a_request_and_says_what_to_do(name):
    html = render_to_string(name)
    assert "<h1>" in html
    assert 'href="/"' in html
    assert "style=" not in html


def test_it_reveals_nothing_on_a_missing_page():
    assert render_to_string(
        "404.html", {"exception": "Lot RE-26-1", "request_path": "/lots/RE-26-1/"}
    ) == render_to_string("404.html")


def test_it_answers_a_form_without_its_token_with_a_sentence(settings):
    settings.ROOT_URLCONF = "tests.platform.ui_addresses"
    answer = Client(enforce_csrf_checks=True).post("/lots/")
    assert answer.status_code == 403
    assert "This form is too old" in answer.content.decode()


@pytest.mark.django_db
def test_it_asks_for_name_and_password_and_keeps_the_way_back():
    request = RequestFactory().get("/sign-in/")
    html = render_to_string(
        "ui/sign_in.html", {"form": SignIn({"username": "mia", "password": "x"}), "next": "/lots/?a=1&b=2"}, request
    )
    assert 'name="next" value="/lots/?a=1&amp;b=2"' in html
    assert "csrfmiddlewaretoken" in html
    assert "That name and password do not fit together." in html
    assert 'value="x"' not in html


@pytest.fixture
def request_of_mia(settings):
    settings.ROOT_URLCONF = "tests.platform.ui_addresses"
    request = RequestFactory().get("/ui/")
    request.user = User(username="mia", name="Mia <M>", roles=["manager"])
    return request


@pytest.mark.django_db
def test_it_shows_every_part_in_the_trial_only(request_of_mia, settings):
    settings.MODE = "production"
    with pytest.raises(Http404):
        views.components(request_of_mia)
    settings.MODE = "trial"
    assert views.components(request_of_mia).status_code == 200


@pytest.mark.django_db
def test_it_frames_a_page_for_people_and_readers(request_of_mia, settings):
    settings.MODE = "trial"
    html = views.components(request_of_mia).content.decode()
    assert '<html lang="en">' in html
    assert '<a class="skip" href="#main">' in html
    assert "Mia &lt;M&gt;" in html
    assert 'aria-live="polite"' in html
    assert len(re.findall(r"<h1[ >]", html)) == 1
    assert "style=" not in html
    assert not re.search(r"<script(?![^>]*\bsrc=)|\son[a-z]+=|<style", html)
    assert not re.search(r'(?:src|href)="(?:https?:)?//', html)


@pytest.mark.django_db
def test_it_tells_htmx_to_evaluate_and_style_nothing(request_of_mia, settings):
    settings.MODE = "trial"
    html = views.components(request_of_mia).content.decode()
    _, _, rest = html.partition('name="htmx-config" content=\'')
    config = json.loads(rest.partition("'")[0])
    assert (config["includeIndicatorStyles"], config["allowEval"]) == (False, False)
    assert {"code": "422", "swap": True} in config["responseHandling"]


@pytest.mark.django_db
def test_it_names_only_pictures_that_the_sprite_has(request_of_mia, settings):
    settings.MODE = "trial"
    html = views.components(request_of_mia).content.decode()
    assert set(re.findall(r'href="#i-([a-z]+)"', html)) <= set(re.findall(r'id="i-([a-z]+)"', html))
