"""Probes and the jobs page."""

from django.urls import path, re_path

from config.jobs import probes, views, work_views

urlpatterns = [
    path("livez", probes.livez, name="livez"),
    path("healthz", probes.healthz, name="healthz"),
    path("jobs/", views.jobs, name="jobs"),
    path("work/<int:number>/", work_views.work_page, name="work"),
    path("work/<int:number>/cancel/", work_views.work_cancel, name="work-cancel"),
    re_path(r"^jobs/(?P<name>[a-z_.]{1,64})/run/$", views.job_run, name="job-run"),
]
