"""The Java of this machine."""

import shutil

from tacho.errors import TachoError


def java() -> str:
    """Path of the java command. Raises TachoError when there is none."""
    found = shutil.which("java")
    if found is None:
        raise TachoError("Java is missing: install a Java 17 (or newer) runtime so that `java -version` works.")
    return found
