"""The API's edge: closed unless opened, strict JSON in, problems out, one key for each write.

access     who gets in: Denied (the default), MayAct
body       StrictJSONParser
fields     plain text, plain numbers, moments and days; a body's unknown names are refused
incoming   by_of, person, body_of, query_of: what a view takes in
paging     {results, next, previous} with signed cursors
problems   every error as application/problem+json
schema     OpenAPI: the key header and the problems on every operation

rest_framework.views imports this package through its settings, so nothing here imports it back.
"""

from config.audit.rest.access import Denied, MayAct
from config.audit.rest.body import StrictJSONParser
from config.audit.rest.fields import Nothing, StrictSerializer
from config.audit.rest.incoming import KeyNeeded, body_of, by_of, person, query_of
from config.audit.rest.problems import problem

__all__ = [
    "Denied",
    "KeyNeeded",
    "MayAct",
    "Nothing",
    "StrictJSONParser",
    "StrictSerializer",
    "body_of",
    "by_of",
    "person",
    "problem",
    "query_of",
]
