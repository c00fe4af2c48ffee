"""Probes and the jobs page."""

from django.urls import path, re_path

from config.jobs import probes, views

urlpatterns = [
    path("livez", probes.livez, name="livez"),
    path("healthz", probes.healthz, name="healthz"),
    path("jobs/", views.jobs, name="jobs"),
    re_path(r"^jobs/(?P<name>[a-z_.]{1,64})/run/$", views.job_run, name="job-run"),
]
