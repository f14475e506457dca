"""The judge of bearer tokens: signature, issuer, audience, life and claims, in that order."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import jwt

from cleanclaim.chassis.auth.keys import ALGORITHMS, KeySource, TrustedKey, WallClock
from cleanclaim.chassis.auth.principal import Principal
from cleanclaim.chassis.auth.refusals import Unauthenticated, token_malformed
from cleanclaim.chassis.auth.scopes import MOST_SCOPES

LEEWAY = timedelta(seconds=60)
LONGEST_LIFE = timedelta(minutes=15)
LONGEST_DEVELOPMENT_LIFE = timedelta(hours=12)
LONGEST_TOKEN = 16 * 1024
LONGEST_NAME = 255
_REQUIRED = ["exp", "iat", "aud", "iss", "jti", "sub"]
_TYPES = frozenset({None, "JWT", "at+jwt", "application/at+jwt"})
_LATEST_SECOND = 253402300799  # 9999-12-31T23:59:59Z, the last a datetime can hold


class TokenVerifier:
    """Turns a bearer token into a Principal or refuses it.

    `keys` may be several sources: our own services' set and the JWKS of outside issuers. The
    development issuer is trusted only with `development=True`.
    """

    def __init__(
        self,
        keys: KeySource | Sequence[KeySource],
        *,
        audience: str,
        runtime: WallClock,
        development: bool = False,
    ) -> None:
        self._sources = (keys,) if isinstance(keys, KeySource) else tuple(keys)
        self._audience = audience
        self._clock = runtime
        self._development = development

    async def verify(self, token: str) -> Principal:
        """Raises Unauthenticated, or Unavailable while the trusted keys cannot be read."""
        key = await self._key_of(token)
        claims = self._signed_claims(token, key)
        self._check_issuer(claims, key)
        self._check_life(claims, key)
        return _principal(claims)

    async def _key_of(self, token: str) -> TrustedKey:
        if not token or len(token) > LONGEST_TOKEN:
            raise token_malformed()
        try:
            header = jwt.get_unverified_header(token)
            claimed = jwt.decode(token, options={"verify_signature": False}).get("iss")
        except (jwt.PyJWTError, ValueError, RecursionError):
            raise token_malformed() from None
        _check_header(header)
        key = await self._find(str(header["kid"]), claimed)
        if key is None or (key.is_development and not self._development):
            raise _refused(
                "token_key_unknown",
                "The token's key is not one that we trust.",
                "Use a token of a trusted issuer, or add its key to the trusted keys.",
            )
        if header["alg"] != key.algorithm:
            raise _refused_algorithm()
        return key

    async def _find(self, key_id: str, claimed_issuer: object) -> TrustedKey | None:
        """An outside issuer's set is asked only for tokens that name this issuer."""
        for source in self._sources:
            if source.issuer is None or source.issuer == claimed_issuer:
                key = await source.find(key_id)
                if key is not None:
                    return key
        return None

    def _signed_claims(self, token: str, key: TrustedKey) -> Mapping[str, Any]:
        try:
            # Times are judged below, by the runtime's clock and with the rules of each issuer.
            return jwt.decode(
                token,
                key.public_key,
                algorithms=[key.algorithm],
                audience=self._audience,
                options={
                    "require": _REQUIRED,
                    "verify_exp": False,
                    "verify_iat": False,
                    "verify_nbf": False,
                },
            )
        except jwt.InvalidSignatureError:
            code, message = "token_signature_invalid", "The token's signature does not verify."
        except (jwt.InvalidAudienceError, jwt.MissingRequiredClaimError) as error:
            missing = isinstance(error, jwt.MissingRequiredClaimError)
            code = "token_claim_missing" if missing else "token_audience_wrong"
            message = (
                f"The token lacks one of the claims {', '.join(_REQUIRED)}."
                if missing
                else f"The token is not meant for the audience {self._audience}."
            )
        except (jwt.PyJWTError, ValueError, RecursionError):
            raise token_malformed() from None
        raise _refused(code, message, "Ask the issuer for a new token.") from None

    def _check_issuer(self, claims: Mapping[str, Any], key: TrustedKey) -> None:
        subject_fits = not key.is_service or claims["sub"] == key.issuer
        if claims["iss"] != key.issuer or not subject_fits:
            raise _refused(
                "token_issuer_wrong",
                "The token's issuer or subject is not the one its key may sign for.",
                "A service signs only as itself (iss = sub = its name).",
            )

    def _check_life(self, claims: Mapping[str, Any], key: TrustedKey) -> None:
        issued_at, expires_at = _instant(claims, "iat"), _instant(claims, "exp")
        not_before = _instant(claims, "nbf") if "nbf" in claims else issued_at
        now = self._clock.wall_now()
        longest = LONGEST_DEVELOPMENT_LIFE if key.is_development else LONGEST_LIFE
        if not timedelta(0) < expires_at - issued_at <= longest:
            raise _refused(
                "token_life_too_long",
                f"The token's life (exp - iat) is not within {longest}.",
                "Ask for a token with a shorter life, and for a new one when it runs out.",
            )
        if max(issued_at, not_before) > now + LEEWAY:
            raise _refused(
                "token_not_yet_valid",
                "The token is dated in the future.",
                "Set the issuer's clock; up to 60 seconds of difference are allowed.",
            )
        if expires_at + LEEWAY <= now:
            raise _refused("token_expired", "The token has expired.", "Ask for a new token.")


def _check_header(header: Mapping[str, Any]) -> None:
    if header.get("alg") not in ALGORITHMS:
        raise _refused_algorithm()
    if "crit" in header or header.get("typ") not in _TYPES:
        raise token_malformed()
    if not isinstance(header.get("kid"), str):
        raise _refused(
            "token_key_unknown",
            "The token's header names no key (kid).",
            "The issuer must name the signing key in the token's header.",
        )


def _instant(claims: Mapping[str, Any], name: str) -> datetime:
    seconds = claims[name]
    if type(seconds) is not int or not 0 <= seconds <= _LATEST_SECOND:
        raise _bad_claim(name, "a whole number of seconds since 1970 (UTC)")
    return datetime.fromtimestamp(seconds, tz=UTC)


def _principal(claims: Mapping[str, Any]) -> Principal:
    subject = _name(claims, "sub")
    return Principal(
        subject=subject,
        client_id=_name(claims, "client_id") if "client_id" in claims else subject,
        organization_id=_organization(claims.get("organization_id")),
        scopes=_scopes(claims.get("scope", "")),
        token_id=_name(claims, "jti"),
    )


def _name(claims: Mapping[str, Any], claim: str) -> str:
    text = claims[claim]
    if not isinstance(text, str) or not 0 < len(text) <= LONGEST_NAME or not text.isprintable():
        raise _bad_claim(claim, "a text of 1 to 255 printable characters")
    return text


def _organization(claim: object) -> UUID | None:
    if claim is None:
        return None
    try:
        parsed = UUID(claim) if isinstance(claim, str) else None
    except ValueError:
        parsed = None
    if parsed is None or str(parsed) != claim:
        raise _bad_claim("organization_id", "a UUID in lower case with hyphens")
    return parsed


def _scopes(claim: object) -> frozenset[str]:
    if not isinstance(claim, str) or len(claim.split()) > MOST_SCOPES:
        raise _bad_claim("scope", f"one text of up to {MOST_SCOPES} scopes parted by spaces")
    return frozenset(claim.split())


def _refused(code: str, message: str, fix: str) -> Unauthenticated:
    return Unauthenticated(message, code=code, fix=fix)


def _refused_algorithm() -> Unauthenticated:
    return _refused(
        "token_algorithm_refused",
        "The token is not signed with the algorithm of its key.",
        f"Sign with {' or '.join(ALGORITHMS)}.",
    )


def _bad_claim(claim: str, shape: str) -> Unauthenticated:
    return _refused(
        "token_claim_invalid", f"The token's claim '{claim}' is not {shape}.", "Correct the issuer."
    )
