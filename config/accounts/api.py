"""Signing in over the API: a token for name and password, giving it up again, and the list of one's own tokens."""

from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.accounts import confirming, credentials, tokens
from config.accounts.models import ApiToken
from config.audit.rest import StrictSerializer, body_of, by_of, person
from config.audit.rest.fields import Moment, PlainText, Whole
from config.audit.rest.paging import page_of, whole
from config.audit.rest.problems import MEDIA_TYPE
from config.audit.rest.schema import ProblemSerializer


class Password(serializers.CharField):
    """Text exactly as typed."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return data


def _days() -> Whole:
    most = settings.TOKEN_DAYS_MOST
    return Whole(
        least=1, most=most, required=False, help_text=f"How many days it lasts, at most {most}; else 12 hours."
    )


class Credentials(StrictSerializer):
    username = PlainText(longest=64)
    password = Password(max_length=1000, trim_whitespace=False, style={"input_type": "password"})
    code = PlainText(longest=32, required=False)
    name = PlainText(longest=tokens.LONGEST_NAME, required=False, help_text="What you call the program, for your list.")
    days = _days()


class TokenSerializer(serializers.Serializer[object]):
    token = serializers.CharField(help_text="Send it as `Authorization: Token …`.")
    expiry = Moment()


class Token(APIView):
    permission_classes = [AllowAny]
    authentication_classes = []
    keyed = False

    @extend_schema(
        operation_id="auth_token",
        request=Credentials,
        responses={200: TokenSerializer, (429, MEDIA_TYPE): ProblemSerializer},
    )
    def post(self, request: Request) -> Response:
        """A token for name and password, and a code where the person has an authenticator app (else 401 `code_needed`).

        A recovery code does as well. With a passkey only there is no token (422 `passkey_only`). Who guesses waits (429).
        """
        given, now = body_of(request, Credentials), timezone.now()
        person = credentials.check_program(
            request=request._request,
            username=given["username"],
            password=given["password"],
            code=given.get("code", ""),
            now=now,
        )
        wanted = {"name": given.get("name", ""), "days": given.get("days")}
        return Response(TokenSerializer(tokens.issue(person=person, now=now, **wanted)).data)


class Logout(APIView):
    permission_classes = [IsAuthenticated]
    keyed = False

    @extend_schema(operation_id="auth_logout", request=None, responses={204: None})
    def post(self, request: Request) -> Response:
        """Give up the token (or the session) that this request came with."""
        if isinstance(request.auth, ApiToken):
            request.auth.delete()
        else:
            logout(request._request)
        return Response(status=status.HTTP_204_NO_CONTENT)


class NewToken(StrictSerializer):
    name = PlainText(longest=tokens.LONGEST_NAME, help_text="What you call the program.")
    days = _days()


class OwnTokenSerializer(serializers.Serializer[Any]):
    mark = serializers.CharField(help_text="The first characters of the token: which one it is.")
    name = serializers.CharField()
    made_at = Moment()
    ends_at = Moment()
    used_at = Moment(allow_null=True, help_text="Last used, to five minutes; null: never.")


class MadeTokenSerializer(OwnTokenSerializer):
    token = serializers.CharField(help_text="Shown this once. Send it as `Authorization: Token …`.")


class RevokedSerializer(serializers.Serializer[Any]):
    tokens_revoked = serializers.IntegerField()


class OwnTokens(APIView):
    permission_classes = [IsAuthenticated]

    @extend_schema(operation_id="tokens_list", responses=page_of(OwnTokenSerializer, "TokenPage"))
    def get(self, request: Request) -> Response:
        """Your tokens that still work, the newest first; the list is whole."""
        return whole(OwnTokenSerializer(tokens.listing(person=person(request), now=timezone.now()), many=True).data)

    @extend_schema(operation_id="tokens_create", request=NewToken, responses={201: MadeTokenSerializer})
    def post(self, request: Request) -> Response:
        """Make a token. One made by a token ends no later than that, and is revoked with it."""
        by, given = by_of(request), body_of(request, NewToken)
        maker = request.auth if isinstance(request.auth, ApiToken) else None
        if maker is None:
            confirming.require(request._request, person=by.actor, now=by.now)
        token, row = tokens.make(by=by, name=given["name"], days=given.get("days"), maker=maker)
        return Response({**OwnTokenSerializer(row).data, "token": token}, status=status.HTTP_201_CREATED)

    @extend_schema(operation_id="tokens_revoke_all", request=None, responses={200: RevokedSerializer})
    def delete(self, request: Request) -> Response:
        """Revoke every token of yours, the one that asks too."""
        return Response(RevokedSerializer(tokens.revoke_all(by=by_of(request))).data)


class OwnToken(APIView):
    permission_classes = [IsAuthenticated]

    @extend_schema(operation_id="tokens_revoke", request=None, responses={200: RevokedSerializer})
    def delete(self, request: Request, mark: str) -> Response:
        """Revoke one token of yours, and those that it made."""
        return Response(RevokedSerializer(tokens.revoke(by=by_of(request), mark=mark)).data)
