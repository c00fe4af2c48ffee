"""The search box: exact numbers jump, everything else is listed by kind."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from config.audit.pace import counts_as
from config.ui.pages import signed_in
from reserve import search
from reserve.forms import SearchForm


@counts_as("search")
@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """What the words find, as far as the person may see it. Open to everybody signed in; each kind asks its own act."""
    user, now = signed_in(request), timezone.now()
    form = SearchForm(request.GET)
    context = {"form": form, "groups": [], "words": "", "scan": bool(request.GET.get("scan"))}
    if not form.is_valid():
        return render(request, "reserve/search.html", context, status=422)
    words = form.cleaned_data["q"]
    if words and (url := search.exact(user=user, words=words, today=now.date())):
        return redirect(url)
    context |= {"words": words, "groups": search.find(user=user, words=words, today=now.date())}
    return render(request, "reserve/search.html", context)
