"""Signing in over the API: a token for name and password, and giving it up again."""

from typing import Any

from django.contrib.auth import logout
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from knox.models import AuthToken
from rest_framework import serializers, status
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.accounts import credentials, tokens
from config.audit.rest import StrictSerializer, body_of
from config.audit.rest.fields import Moment, PlainText
from config.audit.rest.problems import MEDIA_TYPE
from config.audit.rest.schema import ProblemSerializer


class Password(serializers.CharField):
    """Text exactly as typed."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return data


class Credentials(StrictSerializer):
    username = PlainText(longest=64)
    password = Password(max_length=1000, trim_whitespace=False, style={"input_type": "password"})
    code = PlainText(longest=32, required=False)


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
        return Response(TokenSerializer(tokens.issue(person=person, now=now)).data)


class Logout(APIView):
    permission_classes = [IsAuthenticated]
    keyed = False

    @extend_schema(operation_id="auth_logout", request=None, responses={204: None})
    def post(self, request: Request) -> Response:
        """Give up the token (or the session) that this request came with."""
        if isinstance(request.auth, AuthToken):
            request.auth.delete()
        else:
            logout(request._request)
        return Response(status=status.HTTP_204_NO_CONTENT)
