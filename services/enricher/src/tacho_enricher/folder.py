"""Folders on any file system Hadoop knows, so that a laptop's disk and S3 are one case."""

from typing import Any

from py4j.protocol import Py4JJavaError
from pyspark.sql import SparkSession

from tacho_contracts.errors import ContractError


class Folder:
    """One folder; it need not exist. Everything raises ContractError when the place does not answer or refuses."""

    def __init__(self, spark: SparkSession, location: str) -> None:
        jvm: Any = spark.sparkContext._jvm
        self._location = location
        self._jvm = jvm
        self._path = jvm.org.apache.hadoop.fs.Path(location)
        try:
            self._files = self._path.getFileSystem(spark.sparkContext._jsc.hadoopConfiguration())
        except Py4JJavaError as error:
            raise self._unreadable(error) from error

    def names(self, *below: str) -> set[str]:
        """Names of what is in the folder, or in one below it; none when it does not exist."""
        path = self._below(*below)
        try:
            if not self._files.exists(path):
                return set()
            return {status.getPath().getName() for status in self._files.listStatus(path)}
        except Py4JJavaError as error:
            raise self._unreadable(error) from error

    def has_file(self, name: str) -> bool:
        """Whether a file of this name is in the folder: the cheapest question that S3 can be asked."""
        try:
            return bool(self._files.isFile(self._below(name)))
        except Py4JJavaError as error:
            raise self._unreadable(error) from error

    def text(self, *below: str) -> str:
        """Content of a file below the folder."""
        try:
            stream = self._files.open(self._below(*below))
            try:
                return str(self._jvm.org.apache.commons.io.IOUtils.toString(stream, "UTF-8"))
            finally:
                stream.close()
        except Py4JJavaError as error:
            raise self._unreadable(error) from error

    def _below(self, *below: str) -> Any:
        return self._jvm.org.apache.hadoop.fs.Path("/".join((self._path.toString(), *below)))

    def _unreadable(self, error: Py4JJavaError) -> ContractError:
        return ContractError(f"{self._location} cannot be read: {str(error.java_exception).splitlines()[0]}")
