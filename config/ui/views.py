"""What belongs to no app: how a person likes to see things, and the page of parts for people who build pages."""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render, resolve_url
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from config.accounts import matrix, preferences
from config.audit.commands import Answer, By
from config.ui import htmx, saved, specimens, tables
from config.ui.forms import NewViewForm, RemoveViewForm, ViewForm
from config.ui.pages import open_or_send, signed_in

VIEW = "ui/view.html"


def components(request: HttpRequest) -> HttpResponse:
    """Every part in every state with made-up figures, in English, for who builds pages; 404 outside the trial."""
    if settings.MODE != "trial":
        raise Http404
    with translation.override("en"):
        page = render(request, "ui/components.html", specimens.everything())
    page["Content-Language"] = "en"
    return page


@require_POST
def choose_preferences(request: HttpRequest) -> HttpResponse:
    """Language and mass unit, each where given; then back to the page that it was chosen on."""
    preferences.choose(
        user=signed_in(request),
        language=request.POST.get("language", ""),
        mass_unit=request.POST.get("mass_unit", ""),
    )
    return _back(request, resolve_url("/"))


@require_POST
def choose_columns(request: HttpRequest, name: str) -> HttpResponse:
    """Which columns of a list the person sees, and how dense; then back to the list as it was narrowed."""
    table = tables.named(name)
    matrix.require(request.user, table.act)
    tables.choose(
        table,
        user=signed_in(request),
        columns=request.POST.getlist("columns"),
        density=request.POST.get("density", ""),
    )
    return _back(request, resolve_url(table.url_name))


@require_POST
def save_view(request: HttpRequest, name: str) -> HttpResponse:
    """Keep a list as it is shown under a name, and open it; refused, the form comes back on a page of its own."""
    table = tables.named(name)
    matrix.require(request.user, table.act)
    form = NewViewForm(request.POST)

    def do(by: By) -> Answer:
        given = form.cleaned_data
        what = {"name": given["name"], "query": given["query"], "default": given["default"]}
        return saved.save(by=by, table=table, columns=given["columns"].split(","), **what)

    answer = form.attempt(do, user=signed_in(request), now=timezone.now())
    if answer is None:
        context = {"form": form, "list": table, "action": request.path}
        return render(request, VIEW, context, status=422)
    return htmx.see_other(request, reverse(table.url_name) + answer["view"])


@open_or_send
def change_view(request: HttpRequest, name: str, id: str) -> HttpResponse:
    """Call one of one's own views otherwise, or say that its list opens with it."""
    table = tables.named(name)
    matrix.require(request.user, table.act)
    user = signed_in(request)
    view = saved.one(user, table, id)
    form = ViewForm(request.POST or None, initial={"name": view.name, "default": view.default})
    context = {"form": form, "list": table, "view": view, "action": request.path, "remove": RemoveViewForm()}
    if request.method != "POST":
        return render(request, VIEW, context)
    names = ("name", "default")
    answer = form.attempt(
        lambda by: saved.rename(by=by, table=table, id=id, **{name: form.cleaned_data[name] for name in names}),
        user=user,
        now=timezone.now(),
    )
    if answer is None:
        return render(request, VIEW, context, status=422)
    return htmx.see_other(request, reverse(table.url_name) + view.address)


@require_POST
def remove_view(request: HttpRequest, name: str, id: str) -> HttpResponse:
    """Forget one of one's own views, and go to its list."""
    table = tables.named(name)
    matrix.require(request.user, table.act)
    form = RemoveViewForm(request.POST)
    answer = form.attempt(
        lambda by: saved.remove(by=by, table=table, id=id), user=signed_in(request), now=timezone.now()
    )
    if answer is None:
        return htmx.see_other(request, reverse("table-view", args=[name, id]))
    return htmx.see_other(request, f"{reverse(table.url_name)}?view={saved.ALL}")


def _back(request: HttpRequest, otherwise: str) -> HttpResponse:
    back = _without_view(request.POST.get("next", ""))
    ours = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    return htmx.see_other(request, back if ours else otherwise)


def _without_view(address: str) -> str:
    """The address without the view that it opens: what was just chosen counts instead."""
    parts = urlsplit(address)
    params = QueryDict(parts.query, mutable=True)
    if not params.pop("view", None):
        return address
    return parts._replace(query=params.urlencode() or f"view={saved.ALL}").geturl()
