"""The zip that Terraform hands to Lambda."""

import sys
import zipfile

from deploy.tests.guard.conftest import GUARD


def test_the_zip_holds_what_the_source_says() -> None:
    import package

    assert package.PACKAGE.read_bytes() == package.packed(), "run `python deploy/terraform/modules/guard/package.py`"


def test_the_zip_needs_nothing_that_lambda_has_not() -> None:
    allowed = sys.stdlib_module_names | {"boto3", "botocore", "off"}
    with zipfile.ZipFile(GUARD / "off.zip") as archive:
        for name in archive.namelist():
            for line in archive.read(name).decode().splitlines():
                if line.startswith(("import ", "from ")):
                    assert line.split()[1].split(".")[0] in allowed, f"{name}: {line}"
