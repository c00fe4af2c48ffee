"""The forms of the reserve's pages. Private to this app."""

from reserve.forms.desk import ChangesFilterForm, ReadForm
from reserve.forms.flags import AcknowledgeForm, AssignForm, FlagFilter, SeenForm, WaiveForm
from reserve.forms.position import PeriodForm, PositionFilter, SearchForm
from reserve.forms.rotation import PoliciesFilter, PolicyEndForm, PolicyForm, RowRetestForm, ScheduleFilter
from reserve.forms.targets import ChangeTargetForm, TargetForm, TargetsFilter

__all__ = [
    "AcknowledgeForm",
    "AssignForm",
    "ChangeTargetForm",
    "ChangesFilterForm",
    "FlagFilter",
    "PeriodForm",
    "PoliciesFilter",
    "PolicyEndForm",
    "PolicyForm",
    "PositionFilter",
    "ReadForm",
    "RowRetestForm",
    "ScheduleFilter",
    "SearchForm",
    "SeenForm",
    "TargetForm",
    "TargetsFilter",
    "WaiveForm",
]
