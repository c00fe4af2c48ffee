"""The search box: exact numbers jump, everything else is listed by kind, below the box while one types."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from config.accounts.matrix import permits
from config.audit.pace import counts_as
from config.ui import htmx
from config.ui.pages import signed_in
from reserve import search
from reserve.forms import SearchForm

PAGE, FRAGMENT = "reserve/search.html", "reserve/parts/hits.html"


@counts_as("search")
@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """What the words find, as far as the person may see it. Open to everybody signed in; each kind asks its own act."""
    user, typing = signed_in(request), htmx.is_swap(request)
    form = SearchForm(request.GET)
    context = {"form": form, "groups": [], "words": "", "scan": bool(request.GET.get("scan")), "typing": typing}
    if not form.is_valid():
        return htmx.render(request, PAGE, FRAGMENT, context, status=422)
    words = form.cleaned_data["q"]
    if words and not typing and (url := search.exact(user=user, words=words)):
        return redirect(url)
    most = search.SUGGESTED if typing else search.MOST
    groups = search.find(user=user, words=words, most=most)
    context |= {"words": words, "groups": groups, "hits": sum(len(group.hits) for group in groups)}
    context["may_receive"] = permits(user, "lots.receive")
    return htmx.render(request, PAGE, FRAGMENT, context)
