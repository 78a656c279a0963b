"""A signer that needs no AWS: tokens a broker of ours accepts, and that soon end."""

import base64
import json
import sys
import time
from types import SimpleNamespace

import pytest


class FakeSigner:
    """In place of MSK's signer: unsigned JSON web tokens that are good for `seconds`."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.tokens: list[str] = []

    def generate_auth_token(self, region: str) -> tuple[str, int]:
        now = time.time()
        claims = {"sub": "tacho", "iat": now, "exp": now + self.seconds, "jti": f"{region}/{len(self.tokens)}"}
        parts = ({"alg": "none"}, claims)
        encoded = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts]
        self.tokens.append(".".join([*encoded, ""]))
        return self.tokens[-1], int((now + self.seconds) * 1000)


@pytest.fixture
def signer(monkeypatch: pytest.MonkeyPatch) -> FakeSigner:
    fake = FakeSigner(seconds=3.0)
    monkeypatch.setitem(sys.modules, "aws_msk_iam_sasl_signer", SimpleNamespace(MSKAuthTokenProvider=fake))
    return fake
