"""A read-only window on the platform's tables at /admin/, for administrators: people, the registry, jobs, tokens, failed sign-ins.

Nothing can be added, changed or deleted here: every write has its door. No table of the reserve is registered, so no stock
shows; the registry shows facts of people, sites and materials alone. Signing in is ours, at /sign-in/.
"""

from functools import update_wrapper
from typing import Any

from axes.models import AccessAttempt, AccessFailureLog
from django.contrib import admin
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, path
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from config.accounts import matrix
from config.accounts.models import ApiToken, User
from config.audit.models import RegistryFact
from config.jobs.models import JobRun, Outbox

ACT = "tables.see"
# What the registry tells administrators of; targets, orders and policies are not theirs.
SUBJECTS = (
    "accounts_user",
    "inventory_element",
    "inventory_form",
    "inventory_location",
    "inventory_material",
    "inventory_materialelement",
    "inventory_site",
)


class Window(admin.AdminSite):
    """Django's admin with fewer doors: a list and a page for each table, closed by our matrix."""

    site_header = gettext_lazy("Strategic Reserve: tables of the system")
    site_title = gettext_lazy("Tables")
    index_title = gettext_lazy("Read only. What changes, changes on its own page.")
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        return matrix.permits(request.user, ACT)

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """The view for who may see it, and only to read: any other method is 405."""
        inner = require_safe(super().admin_view(view, cacheable))

        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            matrix.require(request.user, ACT)
            answer: HttpResponse = inner(request, *args, **kwargs)
            return answer

        return update_wrapper(guarded, inner)

    def get_urls(self) -> list[URLPattern | URLResolver]:
        found: list[URLPattern | URLResolver] = [
            path("", self.admin_view(self.index), name="index"),
            path("jsi18n/", self.admin_view(self.i18n_javascript, cacheable=True), name="jsi18n"),
        ]
        for model, shown in self._registry.items():
            found += [
                path(
                    f"{model._meta.app_label}/{model._meta.model_name}/{entry.pattern}", entry.callback, name=entry.name
                )
                for entry in shown.get_urls()
            ]
        return [*found, path("<slug:app_label>/", self.admin_view(self.app_index), name="app_list")]


class Table(admin.ModelAdmin):  # type: ignore[type-arg]  # takes no argument at run time
    """One table to read. `paged` is False where a row's key must not stand in an address."""

    actions = None
    paged = True
    list_per_page = 50
    show_full_result_count = False
    view_on_site = False
    change_form_template = "admin/row.html"
    columns: tuple[str, ...] = ()

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        return self.columns

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.columns

    def get_list_display_links(self, request: HttpRequest, list_display: Any) -> Any:
        return list_display[:1] if self.paged else None

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        view = self.admin_site.admin_view
        found = [path("", view(self.changelist_view), name=f"{name}_changelist")]
        if self.paged:
            found.append(path("<int:object_id>/change/", view(self._page), name=f"{name}_change"))
        return found

    def _page(self, request: HttpRequest, object_id: int) -> HttpResponse:
        return self.change_view(request, str(object_id))

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return matrix.permits(request.user, ACT)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return matrix.permits(request.user, ACT)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class People(Table):
    columns = ("username", "name", "email", "roles", "site_codes", "is_active", "date_joined", "last_login")
    search_fields = ("username", "name", "email")


class Registry(Table):
    columns = ("seq", "recorded_at", "act", "subject", "subject_id", "command_id", "body")
    ordering = ("-seq",)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        return super().get_queryset(request).filter(subject__in=SUBJECTS)


class Jobs(Table):
    columns = ("job", "started_at", "finished_at", "ok", "rows_seen", "rows_changed", "error", "host")
    ordering = ("-id",)


class Queue(Table):
    """What waits to be done; its payload may name lots and stays out."""

    columns = ("topic", "created_at", "due_at", "retry_at", "attempts", "done_at", "command_id")
    ordering = ("-id",)


class Tokens(Table):
    """Tokens of programs. Their digest is the key of the row, so no row has a page."""

    paged = False
    columns = ("user", "name", "created", "expiry", "last_used_at")
    ordering = ("-created",)


class Attempts(Table):
    columns = ("username", "ip_address", "attempt_time", "failures_since_start")
    ordering = ("-attempt_time",)


class LockOuts(Table):
    columns = ("username", "ip_address", "attempt_time", "locked_out")
    ordering = ("-attempt_time",)


window = Window(name="admin")
window.register(User, People)
window.register(RegistryFact, Registry)
window.register(JobRun, Jobs)
window.register(Outbox, Queue)
window.register(ApiToken, Tokens)
window.register(AccessAttempt, Attempts)
window.register(AccessFailureLog, LockOuts)
