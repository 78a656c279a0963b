"""Images without a container engine: built by buildah, run read-only by what Linux itself offers."""

import hashlib
import json
import os
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tacho.local.layout import REPOSITORY, home

STORE = home() / "images"
VERSION = "0.0.1-test"
_ENVIRONMENT = {"STORAGE_DRIVER": "vfs", "BUILDAH_ISOLATION": "chroot"}
# In the order in which a container's root is put together: everything read-only but /tmp and /data.
_RUN = """
set -e
mount --bind "$ROOT" "$ROOT"
mount -o remount,bind,ro "$ROOT"
mount -t proc proc "$ROOT/proc"
mount --rbind /dev "$ROOT/dev"
mount -t tmpfs -o mode=1777 tmpfs "$ROOT/tmp"
mount --bind "$DATA" "$ROOT/data"
exec env -i "$@"
"""


@dataclass(frozen=True)
class Image:
    """A built image and what its configuration says."""

    name: str
    env: Mapping[str, str]
    entrypoint: tuple[str, ...]
    command: tuple[str, ...]
    user: str
    labels: Mapping[str, str]
    health: tuple[str, ...]


def buildah(*arguments: str) -> str:
    """What a buildah command prints, all of its storage below STORE. Its errors are the test's."""
    command = ["buildah", "--root", str(STORE / "storage"), "--runroot", str(STORE / "run"), *arguments]
    done = subprocess.run(command, env={**os.environ, **_ENVIRONMENT}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    return done.stdout.strip()


def base(name: str, packages: Sequence[str]) -> str:
    """The image BASE of the Dockerfiles: Debian's Python, made once and kept below STORE."""
    script = Path(__file__).with_name("base.sh")
    version = f"{name}-{hashlib.sha256(script.read_bytes()).hexdigest()[:8]}"
    archive, image = STORE / f"{version}.tar", f"localhost/tacho-base-{version}"
    STORE.mkdir(parents=True, exist_ok=True)
    if not archive.exists():
        subprocess.run([script, archive, ",".join(packages)], check=True)
    if image not in buildah("images", "--format", "{{.Name}}"):
        container = buildah("from", "scratch")
        buildah("add", container, str(archive), "/")
        buildah("config", "--env", "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", container)
        buildah("commit", "--format", "docker", "--rm", container, image)
    return image


def build(dockerfile: str, base_image: str) -> Image:
    """Build one Dockerfile of the repository as its comment says, and read the image's configuration."""
    name = f"localhost/{Path(dockerfile).parent.name}"
    arguments = {"BASE": base_image, "VERSION": VERSION, "REVISION": "abc123"}
    options = [word for key, value in arguments.items() for word in ("--build-arg", f"{key}={value}")]
    buildah("build", "--format", "docker", "-f", dockerfile, "-t", name, *options, *_of_this_machine(), str(REPOSITORY))
    config = json.loads(buildah("inspect", "--type", "image", name))["Docker"]["config"]
    return Image(
        name,
        dict(entry.split("=", 1) for entry in config["Env"]),
        tuple(config["Entrypoint"]),
        tuple(config.get("Cmd") or ()),
        config["User"],
        config["Labels"],
        tuple((config.get("Healthcheck") or {}).get("Test") or ()),
    )


def _of_this_machine() -> list[str]:
    """Options that let pip inside a build reach what pip reaches outside: mirror, certificates, downloads."""
    options = []
    for name in ("PIP_INDEX_URL", "PIP_CERT", "PIP_DEFAULT_TIMEOUT"):
        if value := os.environ.get(name):
            options += ["--env", f"{name}={value}"]
    for path in ("/etc/pip.conf", os.environ.get("PIP_CERT", "")):
        if path and Path(path).is_file():
            options += ["--volume", f"{path}:{path}:ro"]
    cache = STORE / "pip"
    cache.mkdir(exist_ok=True)
    return [*options, "--volume", f"{cache}:/root/.cache/pip"]


class Running:
    """An image's process: its log, its end."""

    def __init__(self, process: subprocess.Popen[bytes], log: Path) -> None:
        self._process = process
        self.log = log

    @property
    def exit_code(self) -> int | None:
        return self._process.poll()

    def wait(self, seconds: float) -> int:
        """The exit code. Fails with the log's end when it takes longer."""
        try:
            return self._process.wait(seconds)
        except subprocess.TimeoutExpired as error:
            raise AssertionError(f"still running after {seconds} s: {self.tail()}") from error

    def stop(self, seconds: float) -> int:
        """SIGTERM to the image's process 1, as a container engine sends it; its exit code."""
        (first,) = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children").read_text().split()
        os.kill(int(first), signal.SIGTERM)
        return self.wait(seconds)

    def tail(self) -> str:
        return self.log.read_text()[-3000:]


@contextmanager
def running(
    image: Image, data: Path, environment: Mapping[str, str], arguments: Sequence[str] | None = None
) -> Iterator[Running]:
    """The image's process, as its user, on this machine's network; only /tmp and /data (`data`) can be written."""
    container = buildah("from", image.name)
    process = None
    log = data.with_name(f"{data.name}-{container}.log")
    try:
        root = buildah("mount", container)
        data.mkdir(exist_ok=True)
        os.chown(data, 10001, 10001)
        apart = ("unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-c", _RUN, "run")
        process = subprocess.Popen(
            [*apart, *_words(image, root, environment, arguments)],
            env={**os.environ, "ROOT": root, "DATA": str(data)},
            stdout=log.open("wb"),
            stderr=subprocess.STDOUT,
        )
        yield Running(process, log)
    finally:
        if process is not None:
            process.kill()
            process.wait()
        buildah("rm", container)


def _words(image: Image, root: str, environment: Mapping[str, str], arguments: Sequence[str] | None) -> list[str]:
    settings = [f"{name}={value}" for name, value in {**image.env, **environment}.items()]
    user = ["chroot", f"--userspec={image.user}", "--groups=10001", root]
    return [*settings, *user, *image.entrypoint, *(image.command if arguments is None else arguments)]
