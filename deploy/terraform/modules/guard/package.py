"""Packs off/ into off.zip, which the Lambda function is made from: `python package.py`.

Terraform could only zip with a second provider. The same source gives the same bytes, so that a plan shows a change of
the function when its source has changed, and a test can tell that the zip was forgotten.
"""

import io
import zipfile
from pathlib import Path

HERE = Path(__file__).parent
PACKAGE = HERE / "off.zip"
# The oldest time a zip can hold.
ALWAYS = (1980, 1, 1, 0, 0, 0)
READABLE_BY_ALL = 0o644 << 16


def packed() -> bytes:
    """The zip of the modules in off/; stored, for what a compressor makes depends on its version."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_STORED) as archive:
        for file in sorted((HERE / "off").glob("*.py")):
            entry = zipfile.ZipInfo(f"off/{file.name}", ALWAYS)
            entry.external_attr = READABLE_BY_ALL
            entry.create_system = 3  # Unix, wherever it is packed
            archive.writestr(entry, file.read_bytes())
    return held.getvalue()


if __name__ == "__main__":
    PACKAGE.write_bytes(packed())
