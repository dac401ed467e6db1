"""Files of a lake, through Hadoop's file systems: S3 on EMR, a folder elsewhere, with the same code."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from py4j.protocol import Py4JJavaError
from pyspark.sql import SparkSession

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_GZIP_MAGIC = b"\x1f\x8b"


class InputError(Exception):
    """An input that cannot be used; the others can."""


@dataclass(frozen=True)
class StoredFile:
    path: str
    """Whole, with the scheme unless it is a file of this machine."""
    bytes: int
    modified_ms: int

    @property
    def name(self) -> str:
        return self.path.rsplit("/", 1)[-1]


@dataclass(frozen=True)
class Digests:
    """SHA-256 in hexadecimal."""

    stored: str
    content: str
    content_bytes: int
    has_byte_order_mark: bool


class Storage:
    """Whole paths in, whole paths out. Errors of the file system carry its own words."""

    def __init__(self, spark: SparkSession) -> None:
        jvm: Any = spark._jvm
        self._conf: Any = spark._jsc.hadoopConfiguration()
        self._file_systems: dict[str, Any] = {}
        # Each name that is looked up in Java is a question to it: these are asked once, not for each file.
        self._new_path: Any = jvm.org.apache.hadoop.fs.Path
        self._io: Any = jvm.org.apache.commons.io.IOUtils
        self._new_bounded: Any = jvm.org.apache.commons.io.input.BoundedInputStream
        self._new_digesting: Any = jvm.java.security.DigestInputStream
        self._new_digest: Any = jvm.java.security.MessageDigest.getInstance
        self._nowhere: Any = jvm.java.io.OutputStream.nullOutputStream()
        codecs: Any = jvm.org.apache.hadoop.io.compress.CompressionCodecFactory(self._conf)
        self._gzip: Any = codecs.getCodecByName("gzip")

    def exists(self, path: str) -> bool:
        return bool(self._fs(path).exists(self._path(path)))

    def find(self, path: str) -> StoredFile | None:
        """A file as it is now; none when there is none."""
        try:
            return _stored(self._fs(path).getFileStatus(self._path(path)))
        except Py4JJavaError as error:
            if _java_name(error) == "java.io.FileNotFoundException":
                return None
            raise

    def files(self, folder: str, *, recursive: bool = False) -> Iterator[StoredFile]:
        """Files below a folder; none when there is no such folder."""
        try:
            if _is_local(folder):
                yield from self._local_files(folder, recursive)
                return
            found = self._fs(folder).listFiles(self._path(folder), recursive)
            while found.hasNext():
                yield _stored(found.next())
        except Py4JJavaError as error:
            if _java_name(error) != "java.io.FileNotFoundException":
                raise

    def _local_files(self, folder: str, recursive: bool) -> Iterator[StoredFile]:
        """For each file that `listFiles` finds on this machine, it starts a program to ask for its permissions."""
        for status in self._fs(folder).listStatus(self._path(folder)):
            if status.isFile():
                yield _stored(status)
            elif recursive:
                yield from self._local_files(_stored(status).path, recursive)

    def folders(self, folder: str) -> list[str]:
        """Names of the folders in a folder."""
        try:
            statuses = self._fs(folder).listStatus(self._path(folder))
        except Py4JJavaError as error:
            if _java_name(error) == "java.io.FileNotFoundException":
                return []
            raise
        return [str(status.getPath().getName()) for status in statuses if status.isDirectory()]

    def glob(self, pattern: str) -> list[StoredFile]:
        """Files that a pattern of Hadoop's matches."""
        statuses = self._fs(pattern).globStatus(self._path(pattern))
        return [_stored(status) for status in (statuses or []) if status.isFile()]

    def read_text(self, path: str) -> str:
        """The whole of a small file of UTF-8."""
        stream = self._open(path)
        try:
            return str(self._io.toString(stream, "UTF-8"))
        finally:
            stream.close()

    def write_text(self, path: str, text: str) -> None:
        """Writes a small file in place of what is there, at once."""
        aside = f"{path}.part" if _is_local(path) else path
        stream = self._fs(path).create(self._path(aside), True)
        try:
            stream.write(bytearray(text.encode("utf-8")))
        finally:
            stream.close()
        if aside != path:
            os.replace(aside, path)

    def publish(self, staged: str, path: str) -> None:
        """
        Puts a finished file in place of what is there, at once for every reader.

        An object store has no rename: the object is written, and takes the old one's place when it is whole. On a file
        system the file is renamed.
        """
        if _is_local(path):
            os.makedirs(os.path.dirname(path), exist_ok=True)
            os.replace(staged, path)
            return
        source = self._open(staged)
        try:
            target = self._fs(path).create(self._path(path), True)
            try:
                self._io.copyLarge(source, target)
            finally:
                target.close()
        finally:
            source.close()

    def delete(self, path: str) -> None:
        """Removes a file or folder, if it is there."""
        self._fs(path).delete(self._path(path), True)

    def address(self, path: str) -> str:
        """A path as Spark's `_metadata.file_path` gives it."""
        address = str(self._fs(path).makeQualified(self._path(path)).toUri().toString())
        return address.replace("file:///", "file:/", 1) if _is_local(path) else address

    def is_gzip(self, path: str) -> bool:
        """Whether a file begins as gzip does."""
        return self._head(path, 2) == _GZIP_MAGIC

    def stage_input(self, file: StoredFile, folder: str, *, name: str, decompress: bool, skip: int = 0) -> str:
        """Copies an input to where Spark reads it right: under another name, or without its first bytes."""
        path = f"{folder}/{name}"
        source = self._content(file.path) if decompress else self._open(file.path)
        try:
            # A stream may skip less than it is asked for.
            self._io.skipFully(source, skip)
            target = self._fs(path).create(self._path(path), True)
            try:
                self._io.copyLarge(source, target)
            finally:
                target.close()
        finally:
            source.close()
        return path

    def digests(self, file: StoredFile) -> Digests:
        """
        Reads a file through once.

        @raises InputError when its gzip is damaged or cut off
        """
        try:
            stored = self._digesting(self._open(file.path))
            unpacked = self._decompressing(file.path, stored)
            content = stored if unpacked is stored else self._digesting(unpacked)
            try:
                head = bytes(self._io.toByteArray(self._bounded(content, 3)))
                length = len(head) + self._drain(content)
                self._drain(stored)
            finally:
                content.close()
        except Py4JJavaError as error:
            raise _input_error(file, error) from error
        # A digest can be asked for once.
        stored_hex = _hex(stored)
        return Digests(
            stored=stored_hex,
            content=stored_hex if content is stored else _hex(content),
            content_bytes=length,
            has_byte_order_mark=head == _BYTE_ORDER_MARK,
        )

    def has_byte_order_mark(self, file: StoredFile) -> bool:
        """Whether a file's content begins with the byte order mark of UTF-8."""
        stream = self._bounded(self._content(file.path), 3)
        try:
            return bytes(self._io.toByteArray(stream)) == _BYTE_ORDER_MARK
        finally:
            stream.close()

    def stored_digest(self, path: str) -> str:
        """The digest of a file as it is stored."""
        stream = self._digesting(self._open(path))
        try:
            self._drain(stream)
        finally:
            stream.close()
        return _hex(stream)

    def prefix_digest(self, file: StoredFile, length: int) -> str:
        """The digest of the first bytes of a file's content."""
        try:
            content = self._digesting(self._bounded(self._content(file.path), length))
            try:
                self._drain(content)
            finally:
                content.close()
        except Py4JJavaError as error:
            raise _input_error(file, error) from error
        return _hex(content)

    def _fs(self, path: str) -> Any:
        """The file system of a path: one for each bucket."""
        root = "/" if _is_local(path) else "/".join(path.split("/", 3)[:3])
        if root not in self._file_systems:
            fs = self._path(path).getFileSystem(self._conf)
            # Hadoop's checksum files beside a lake's would be files that no run lists.
            self._file_systems[root] = fs.getRawFileSystem() if _is_local(path) and hasattr(fs, "getRawFileSystem") else fs
        return self._file_systems[root]

    def _path(self, path: str) -> Any:
        return self._new_path(path)

    def _open(self, path: str) -> Any:
        return self._fs(path).open(self._path(path))

    def _head(self, path: str, length: int) -> bytes:
        stream = self._open(path)
        try:
            return bytes(self._io.toByteArray(self._bounded(stream, length)))
        finally:
            stream.close()

    def _content(self, path: str) -> Any:
        return self._decompressing(path, self._open(path))

    def _decompressing(self, path: str, stream: Any) -> Any:
        """By Hadoop's own codec: what it takes for good is what Spark reads. The stream itself when it is no gzip."""
        head = self._head(path, 2)
        if head == _GZIP_MAGIC:
            return self._gzip.createInputStream(stream)
        if path.endswith(".gz") and head != b"":
            raise InputError(f"{path} is not a gzip file, though its name says so.")
        return stream

    def _digesting(self, stream: Any) -> Any:
        return self._new_digesting(stream, self._new_digest("SHA-256"))

    def _bounded(self, stream: Any, length: int) -> Any:
        return self._new_bounded(stream, length)

    def _drain(self, stream: Any) -> int:
        return int(self._io.copyLarge(stream, self._nowhere))


def _is_local(path: str) -> bool:
    return path.startswith("/")


def _stored(status: Any) -> StoredFile:
    path = str(status.getPath().toString())
    return StoredFile(
        path=path[len("file:") :] if path.startswith("file:") else path,
        bytes=int(status.getLen()),
        modified_ms=int(status.getModificationTime()),
    )


def _hex(stream: Any) -> str:
    return bytes(stream.getMessageDigest().digest()).hex()


def _java_name(error: Py4JJavaError) -> str:
    return str(error.java_exception.getClass().getName())


def _input_error(file: StoredFile, error: Py4JJavaError) -> InputError:
    name = _java_name(error)
    if name == "java.io.FileNotFoundException":
        return InputError(f"{file.path}: it is no longer there.")
    if name in ("java.io.EOFException", "java.io.IOException", "java.util.zip.DataFormatException"):
        return InputError(f"{file.path}: the gzip data is damaged or cut off ({error.java_exception.getMessage()}).")
    raise error
