"""The login module of MSK inside Spark's JVM, with the locked jars: it loads, and signs with the process's role."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tacho.local.jars import ensure_jars, locked_jars
from tacho.local.layout import jars_folder

_SIGN = """
from tacho_enricher.session import start_session
from tacho_enricher.settings import settings_from_environment

spark = start_session(settings_from_environment(), partitions=1)
jvm = spark.sparkContext._jvm
iam = jvm.software.amazon.msk.auth.iam
handler = iam.IAMClientCallbackHandler()
entry = jvm.javax.security.auth.login.AppConfigurationEntry
required = jvm.java.lang.Class.forName(
    "javax.security.auth.login.AppConfigurationEntry$LoginModuleControlFlag"
).getField("REQUIRED").get(None)
module = entry("software.amazon.msk.auth.iam.IAMLoginModule", required, jvm.java.util.HashMap())
handler.configure(jvm.java.util.HashMap(), "AWS_MSK_IAM", [module])
iam.IAMLoginModule()
mechanisms = spark.sparkContext._gateway.new_array(jvm.java.lang.String, 1)
mechanisms[0] = "AWS_MSK_IAM"
broker = "b-1.fleet.abc123.c2.kafka.eu-west-1.amazonaws.com"
client = jvm.javax.security.sasl.Sasl.createSaslClient(
    mechanisms, None, "kafka", broker, jvm.java.util.HashMap(), handler
)
print(bytes(client.evaluateChallenge(bytearray())).decode())
spark.stop()
"""


@pytest.mark.spark
def test_the_locked_login_module_signs_with_the_role_of_the_process(spark_jars: Path) -> None:
    ensure_jars(jars_folder(), print, locked_jars({"iam"}))
    environment = {
        **os.environ,
        "AWS_ACCESS_KEY_ID": "AKIATESTING",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "TACHO_ENRICHER_JARS": f"{spark_jars}:{jars_folder() / 'iam'}",
    }
    done = subprocess.run(
        [sys.executable, "-c", _SIGN], env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    claim = json.loads(done.stdout.splitlines()[-1])
    assert claim["action"] == "kafka-cluster:Connect"
    assert claim["x-amz-credential"].startswith("AKIATESTING/")
    assert claim["x-amz-credential"].endswith("/eu-west-1/kafka-cluster/aws4_request")
