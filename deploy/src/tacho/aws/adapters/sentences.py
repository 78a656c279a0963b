"""What AWS's clients raise, as one sentence that says what to do."""

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionError,
    ConnectTimeoutError,
    CredentialRetrievalError,
    EndpointConnectionError,
    NoCredentialsError,
    NoRegionError,
    PartialCredentialsError,
    ProfileNotFound,
    ReadTimeoutError,
    SSOError,
    TokenRetrievalError,
)

_LOG_IN = "give some (AWS_PROFILE, `aws sso login`, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY)"
_MISSING = (NoCredentialsError, PartialCredentialsError, CredentialRetrievalError, SSOError, TokenRetrievalError)
_UNREACHABLE = (EndpointConnectionError, ConnectTimeoutError, ReadTimeoutError, ConnectionError)
_REFUSED = frozenset(
    {
        "AuthFailure",
        "ExpiredToken",
        "ExpiredTokenException",
        "IncompleteSignature",
        "InvalidAccessKeyId",
        "InvalidClientTokenId",
        "RequestExpired",
        "SignatureDoesNotMatch",
        "UnrecognizedClientException",
    }
)
_FORBIDDEN = frozenset(
    {
        "403",
        "AccessDenied",
        "AccessDeniedException",
        "ForbiddenException",
        "UnauthorizedException",
        "UnauthorizedOperation",
    }
)


def code_of(error: ClientError) -> str:
    """The word AWS gave for what went wrong."""
    return str(error.response.get("Error", {}).get("Code", ""))


def sentence(error: BotoCoreError | ClientError) -> str:
    """One sentence for the operator."""
    if isinstance(error, ClientError):
        return _refusal(error)
    if isinstance(error, ProfileNotFound):
        return f"{error}: choose another with AWS_PROFILE."
    if isinstance(error, _MISSING):
        return f"There are no usable AWS credentials: {_LOG_IN}."
    if isinstance(error, NoRegionError):
        return "No region is chosen: give --region, or set it in the environment's tfvars file."
    if isinstance(error, _UNREACHABLE):
        return f"AWS does not answer: {str(error).rstrip('.')}. Check the network, and whether the region is right."
    return f"AWS could not be asked: {str(error).rstrip('.')}."


def _refusal(error: ClientError) -> str:
    code = code_of(error)
    message = str(error.response.get("Error", {}).get("Message", "")).rstrip(".") or code
    if code in _REFUSED:
        return f"AWS does not accept these credentials ({code}): {_LOG_IN}."
    if code in _FORBIDDEN:
        return f"These credentials may not call {error.operation_name}: {message}."
    return f"AWS refused {error.operation_name} ({code}): {message}."
