"""`tacho aws release`: a version of one service onto AWS, steady or rolled back at the end."""

from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from tacho.aws.adapters.images import ImageBuilder, is_settled, revision_of
from tacho.aws.adapters.registry import Registry
from tacho.aws.adapters.services import Services
from tacho.aws.commands import options
from tacho.aws.commands.deployment import Deployment
from tacho.aws.commands.desk import Terminal
from tacho.aws.commands.inside import OPERATOR
from tacho.aws.commands.spark import enricher_of, spark_job, state_of, uploaded, version_here
from tacho.aws.enricher import Release
from tacho.aws.ports import Desk
from tacho.aws.spark_job import CHECKPOINTS, ENRICHER, settings_digest
from tacho.aws.stages import FOUNDATION, MSK, SERVICES
from tacho.aws.task_definition import with_image
from tacho.errors import UsageError
from tacho.local.layout import REPOSITORY

_SERVICE = "producer, alerter, enricher, dashboard, tacho, or another of 40-services."
_EPOCH = "Number of the state to go on with; another number starts new state from the log (enricher)."


def release(
    service: Annotated[str, typer.Argument(help=_SERVICE)],
    image: Annotated[str | None, typer.Option(help="Release this image (enricher: this artefact's version).")] = None,
    state_epoch: Annotated[int | None, typer.Option(min=0, help=_EPOCH)] = None,
    restart: Annotated[bool, typer.Option("--restart", help="Restart it even if it runs this already.")] = False,
    env: options.Env = options.DEFAULT_ENV,
    region: options.Region = None,
) -> None:
    """Build, push and roll out one service; waits until it is steady, or says why it was rolled back."""
    if state_epoch is not None and service != ENRICHER:
        raise UsageError(f"--state-epoch is the enricher's: {service} keeps its state in Kafka.")
    deployment, desk = Deployment(env, region), Terminal()
    if service == ENRICHER:
        release_enricher(deployment, image, state_epoch, desk, restart)
    else:
        release_service(deployment, service, image, desk, restart)


def release_service(deployment: Deployment, service: str, image: str | None, desk: Desk, restart: bool = False) -> None:
    """A service of 40-services, or the operator's task, which has no service to roll out."""
    definitions = deployment.output("task_definitions", SERVICES)
    if service not in definitions:
        raise UsageError(
            f"There is no service {service!r}: choose one of {', '.join([ENRICHER, *sorted(definitions)])}."
        )
    text = definitions[service]
    pinned = _pinned(deployment, service, image, with_image(text, service, "none"), desk)
    services = Services(deployment.client("ecs"), str(deployment.output("ecs_cluster_name", FOUNDATION)))
    definition = services.registered(with_image(text, service, pinned))
    revision = definition.rpartition("/")[2]
    name = deployment.output("service_names", SERVICES).get(service)
    if name is None:
        desk.say(f"{revision} is what `tacho aws run` starts from now on" if service == OPERATOR else revision)
        return
    desk.say(f"{service}: {pinned} as {revision}")
    if services.release(str(name), definition, desk.say, restart):
        desk.say(f"{service} runs {revision}")
    else:
        desk.say(f"{service} runs {revision} already: nothing was changed; --restart replaces its tasks")


def _pinned(deployment: Deployment, service: str, image: str | None, definition: dict[str, Any], desk: Desk) -> str:
    """The image by digest: the one that was named, or the working tree's, built unless it was pushed before."""
    registry = Registry(deployment.client("ecr"))
    if image is not None:
        return registry.pinned(image)
    repository = str(deployment.output("repository_urls", FOUNDATION)[service])
    version = version_here()
    # A pushed tag stays what it is (ECR refuses another image), and a tree with changes is another one each time.
    moment = "" if is_settled(version) else f"-{datetime.now(UTC):%Y%m%dT%H%M%S}"
    tag = f"{repository}:{version}{moment}"
    if not is_settled(version) or registry.digest(repository, version) is None:
        desk.say(f"building {tag}")
        builder = ImageBuilder(REPOSITORY)
        folder = "deploy" if service == OPERATOR else f"services/{service}"
        architecture = definition.get("runtimePlatform", {}).get("cpuArchitecture", "X86_64")
        builder.build(f"{folder}/Dockerfile", tag, architecture, version, revision_of(REPOSITORY))
        builder.push(tag, *registry.login())
    return registry.pinned(tag)


def release_enricher(
    deployment: Deployment, version: str | None, epoch: int | None, desk: Desk, restart: bool = False
) -> None:
    """Artefact, cooperative stop, the same checkpoint, start. Repeated, it goes on where it was cut off."""
    wanted = version or version_here()
    enricher = enricher_of(deployment, desk.say)
    before = enricher.released()
    earlier = before or Release(wanted)
    if epoch is not None and epoch < earlier.epoch:
        raise UsageError(f"The state is at epoch {earlier.epoch}: an earlier one would send its samples again.")
    cluster = str(deployment.output("cluster_uuid", MSK))
    _require_own_places(deployment, earlier, cluster)
    uploaded(deployment, wanted, desk.say)
    job = spark_job(deployment, ENRICHER, wanted, streaming=True)
    release = earlier.followed_by(wanted, state_of(deployment, wanted), settings_digest(job), epoch, cluster)
    running = enricher.running()
    if before == release and running and is_settled(wanted) and not restart and not enricher.told_to_stop():
        enricher.await_start(running)
        desk.say(
            f"enricher {wanted} runs already as {running} (state e{release.epoch}): nothing was changed; --restart "
            f"stops it after its batch and starts it again with the same checkpoint"
        )
        return
    if release.shape != earlier.shape and earlier.shape:
        desk.say(f"the shape of its state is another: state e{release.epoch} begins with the log's start")
    enricher.stop()
    desk.say(f"enricher {wanted} runs as {enricher.start(job, release)}")


def _require_own_places(deployment: Deployment, earlier: Release, cluster: str) -> None:
    """Raise UsageError while checkpoints of another cluster are there, before anything is uploaded or stopped."""
    if earlier.cluster in ("", cluster) or not deployment.bucket.keys(CHECKPOINTS):
        return
    place = f"s3://{deployment.bucket.name}/{CHECKPOINTS}"
    raise UsageError(
        f"The checkpoints in {place} are places in the log of an earlier Kafka cluster, and the enricher would not "
        f"start: remove them with `aws s3 rm --recursive {place}`, and it reads the new log from its start."
    )
