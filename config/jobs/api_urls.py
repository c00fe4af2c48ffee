"""Routes of the jobs under /api/."""

from django.urls import path

from config.jobs import api

urlpatterns = [path("jobs/", api.JobList.as_view(), name="api-jobs")]
