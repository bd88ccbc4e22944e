"""Reads stored bytes by the published formats: LAYOUT.md of the store, and the comments of keyring, packing, packed
documents and spool. It shares no code with the program, so it notices a change of a format.

It reads documents by place, not by name: `{"16": [...]}` holds every value at place 16. A place never changes its meaning.
"""
from __future__ import annotations

import ctypes
import ctypes.util
import datetime
import hashlib
import hmac
import json
import pathlib
import zlib
from typing import Any

DICTIONARIES = pathlib.Path(__file__).resolve().parent / "fixtures" / "dictionaries"
DEEPEST = 32


class Damaged(Exception):
    pass


def library(name: str) -> ctypes.CDLL:
    path = ctypes.util.find_library(name)
    if path is None:
        raise RuntimeError(f"lib{name} is missing: these tests decode stored bytes with it")
    return ctypes.CDLL(path)


# --- AES-256-GCM

class Cipher:
    NONCE, TAG = 12, 16

    def __init__(self) -> None:
        self._lib = library("crypto")
        for name in ("EVP_CIPHER_CTX_new", "EVP_aes_256_gcm"):
            getattr(self._lib, name).restype = ctypes.c_void_p
        self._lib.EVP_CIPHER_CTX_free.argtypes = [ctypes.c_void_p]
        self._gcm = ctypes.c_void_p(self._lib.EVP_aes_256_gcm())

    def unseal(self, key: bytes, sealed: bytes, place: str) -> bytes:
        """0x01, nonce (12), ciphertext, tag (16). The tag covers the place too."""
        if len(sealed) < 1 + self.NONCE + self.TAG or sealed[0] != 1:
            raise Damaged("not a sealed text of format 1")
        nonce, body, tag = sealed[1:1 + self.NONCE], sealed[1 + self.NONCE:-self.TAG], sealed[-self.TAG:]
        context = ctypes.c_void_p(self._lib.EVP_CIPHER_CTX_new())
        try:
            out, n, aad = ctypes.create_string_buffer(len(body) + 16), ctypes.c_int(), place.encode()
            self._lib.EVP_DecryptInit_ex(context, self._gcm, None, key, nonce)
            self._lib.EVP_DecryptUpdate(context, None, ctypes.byref(n), aad, len(aad))
            self._lib.EVP_DecryptUpdate(context, out, ctypes.byref(n), body, len(body))
            self._lib.EVP_CIPHER_CTX_ctrl(context, 0x11, self.TAG, tag)  # EVP_CTRL_AEAD_SET_TAG
            rest = ctypes.create_string_buffer(16)
            if self._lib.EVP_DecryptFinal_ex(context, rest, ctypes.byref(n)) != 1:
                raise Damaged(f"sealed under another key, or for another place than {place}")
            return out.raw[:len(body)]
        finally:
            self._lib.EVP_CIPHER_CTX_free(context)


# --- packing

def varint(data: bytes, at: int) -> tuple[int, int]:
    number = shift = 0
    while True:
        if at >= len(data):
            raise Damaged("a number that is cut")
        byte = data[at]
        at += 1
        number |= (byte & 0x7F) << shift
        if byte < 0x80:
            return number, at
        shift += 7


def unzigzag(number: int) -> int:
    return number >> 1 ^ -(number & 1)


def rfc3339(ms: int) -> str:
    at = datetime.datetime.fromtimestamp(ms // 1000, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S")
    return f"{at}.{ms % 1000:03d}Z" if ms % 1000 else at + "Z"


def put_values_back(rest: bytes, values: bytes) -> bytes:
    """0xFF n: n bytes in hex; 0xFE k: the k-th of these again; 0xFD: an instant; 0xFC b: the byte b."""
    out, known, at, i, last = bytearray(), [], 0, 0, 0
    while i < len(rest):
        byte = rest[i]
        i += 1
        if byte < 0xFC:
            out.append(byte)
        elif byte == 0xFD:
            moved, at = varint(values, at)
            last += unzigzag(moved)
            out += rfc3339(last).encode()
        else:
            argument = rest[i]
            i += 1
            if byte == 0xFF:
                known.append(values[at:at + argument].hex().encode())
                at += argument
                out += known[-1]
            elif byte == 0xFE:
                out += known[argument]
            else:
                out.append(argument)
    if at != len(values):
        raise Damaged("values are left over")
    return bytes(out)


class Packing:
    MAGIC = b"\x28\xB5\x2F\xFD"

    def __init__(self) -> None:
        self._lib = library("zstd")
        self._lib.ZSTD_getFrameContentSize.restype = ctypes.c_ulonglong
        self._lib.ZSTD_decompress_usingDict.restype = ctypes.c_size_t
        for name in ("ZSTD_createDCtx",):
            getattr(self._lib, name).restype = ctypes.c_void_p
        self._context = ctypes.c_void_p(self._lib.ZSTD_createDCtx())
        self._dictionaries = {n: (DICTIONARIES / f"packing-{n}.dict").read_bytes() for n in (1, 2)}

    def unpack(self, data: bytes) -> bytes:
        if data[:1] != b"\x02":
            return data  # written before packing existed
        number = data[1]
        if number not in self._dictionaries:
            raise Damaged(f"packed with dictionary {number}, which these tests do not know: see README.md")
        if number == 1:
            return self._inflate(data[2:], 1)
        length, at = varint(data, 2)
        return put_values_back(self._inflate(data[at + length:], 2), data[at:at + length])

    def _inflate(self, frame: bytes, number: int) -> bytes:
        frame, dictionary = self.MAGIC + frame, self._dictionaries[number]
        size = self._lib.ZSTD_getFrameContentSize(frame, ctypes.c_size_t(len(frame)))
        if size > 64 << 20:
            raise Damaged("no frame of zstd")
        out = ctypes.create_string_buffer(max(1, size))
        got = self._lib.ZSTD_decompress_usingDict(self._context, out, ctypes.c_size_t(size), frame, ctypes.c_size_t(len(frame)), dictionary, ctypes.c_size_t(len(dictionary)))
        if got != size:
            raise Damaged("a frame of zstd that is damaged")
        return out.raw[:size]


# --- packed documents

class Document:
    """version (1 byte) base struct; struct = { key value } 0; key = varint(place * 4 + kind)."""
    NUMBER, TEXT, AGAIN, STRUCT = range(4)
    PLAIN, ON_STEM = 2, 3

    def __init__(self, data: bytes, stem: bytes):
        self.start = len(stem) if data[0] == self.ON_STEM else 0
        if data[0] == self.ON_STEM and not stem:
            raise Damaged("a document on a stem, without one")
        self.data = stem + data if self.start else data
        self.at = self.start + 1

    def read(self) -> dict[str, Any]:
        base = unzigzag(self._varint())
        tree = self._struct(0)
        if self.at != len(self.data):
            raise Damaged("bytes are left over behind a document")
        return {"version": self.data[self.start], "base": base, "places": tree}

    def _varint(self) -> int:
        number, self.at = varint(self.data, self.at)
        return number

    def _text(self) -> bytes:
        length = self._varint()
        text = self.data[self.at:self.at + length]
        if len(text) != length:
            raise Damaged("a text that is cut")
        self.at += length
        return text

    def _again(self) -> bytes:
        there, here = self._varint(), self.at
        if not 0 < there < here:
            raise Damaged("a reference that leads forward")
        self.at = there
        text = self._text()
        self.at = here
        return text

    def _struct(self, depth: int) -> dict[str, list]:
        if depth > DEEPEST:
            raise Damaged("a document too deep")
        out: dict[str, list] = {}
        while True:
            key = self._varint()
            if key == 0:
                return out
            place, kind = divmod(key, 4)
            if kind == self.NUMBER:
                value: Any = self._varint()
            elif kind == self.STRUCT:
                value = self._struct(depth + 1)
            else:
                value = shown(self._text() if kind == self.TEXT else self._again())
            out.setdefault(str(place), []).append(value)


def shown(data: bytes) -> Any:
    """Text as text, other bytes as hex."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        return {"hex": data.hex()}


def shown_json(data: bytes) -> Any:
    try:
        return {"json": json.loads(data)}
    except ValueError:
        return shown(data)


# --- keys, envelopes, records

class Vault:
    """Opens everything in a data folder with its master key."""
    WRAPPED = 1 + 12 + 16 + 32
    IS_STEM = b"\x04"

    def __init__(self, data: pathlib.Path):
        self.keys = data / "keys"
        self._master = bytes.fromhex((self.keys / "master.key").read_text(encoding="ascii").strip())
        self._cipher, self._packing = Cipher(), Packing()
        self._persons: dict[str, tuple[bytes, bytes, bytes]] = {}

    def unpack(self, data: bytes) -> bytes:
        return self._packing.unpack(data)

    def subkey(self, use: str) -> bytes:
        return hmac.new(self._master, b"baton.subkey." + use.encode(), hashlib.sha256).digest()

    def claim(self, kind: str, value: str) -> str:
        """The identity claim of a value: 16 bytes of an HMAC in hex."""
        text = f"{len(kind.encode())}:{kind}:{value}".encode()
        return hmac.new(self.subkey("claims"), text, hashlib.sha256).hexdigest()[:32]

    # of a person
    def person(self, person: str, wrapped: bytes) -> tuple[bytes, bytes]:
        """Key and stem of a person."""
        known = self._persons.get(person)
        if known is None or known[0] != wrapped:
            key = self._cipher.unseal(self._master, wrapped[:self.WRAPPED], person)
            stem = b""
            if len(wrapped) > self.WRAPPED:
                stem = self.unpack(self._cipher.unseal(key, wrapped[self.WRAPPED:], "s:" + person))
            known = self._persons[person] = (wrapped, key, stem)
        return known[1], known[2]

    def text(self, person: str, wrapped: bytes, sealed: bytes, place: str) -> bytes:
        return self.unpack(self._cipher.unseal(self.person(person, wrapped)[0], sealed, place))

    def document(self, person: str, wrapped: bytes, sealed: bytes) -> Any:
        text = self.text(person, wrapped, sealed, "p:" + person)
        return self.tree(text, self.person(person, wrapped)[1])

    @staticmethod
    def tree(text: bytes, stem: bytes = b"") -> Any:
        return Document(text, stem).read() if text[:1] in (b"\x02", b"\x03") else shown_json(text)

    def record(self, data: bytes, person: str = "", wrapped: bytes = b"") -> dict[str, Any]:
        """A record of the decision log: length of the plain part, plain part, sealed part."""
        length = int.from_bytes(data[:4], "little")
        out = {"plain": shown_json(self.unpack(data[4:4 + length]))}
        sealed = data[4 + length:]
        if sealed and wrapped:
            text = self.text(person, wrapped, sealed, "l:" + person)
            out["personal"] = "the stem" if text == self.IS_STEM else self.tree(text, self.person(person, wrapped)[1])
        elif sealed:
            out["personal"] = "of a person whose key is gone"
        return out

    # of a day
    def day_key(self, key: str) -> bytes:
        return self._cipher.unseal(self._master, (self.keys / ("day-" + key)).read_bytes(), key)

    def envelope(self, delivery: str, data: bytes) -> dict[str, Any]:
        """u8 format, u8 length of the key's id, the id, sealed(JSON head '\\n' body)."""
        if data[0] != 1:
            raise Damaged("not an envelope of format 1")
        key, sealed = data[2:2 + data[1]].decode(), data[2 + data[1]:]
        head, _, body = self._cipher.unseal(self.day_key(key), sealed, delivery).partition(b"\n")
        return {"day": key[:10], "head": json.loads(head), "body": shown(body)}


def spool(folder: pathlib.Path, vault: Vault) -> list[dict[str, Any]]:
    """The deliveries of all segments, oldest first."""
    out = []
    for segment in sorted(folder.glob("*")):
        data, at = segment.read_bytes(), 0
        while at < len(data):
            length, crc = int.from_bytes(data[at + 1:at + 5], "little"), int.from_bytes(data[at + 5:at + 9], "little")
            rest = data[at + 9:at + 9 + length]
            if data[at] != 1 or len(rest) != length or zlib.crc32(rest) != crc:
                raise Damaged(f"a frame of {segment.name} is cut or broken")
            ids = int.from_bytes(rest[:2], "little")
            delivery = rest[2:2 + ids].decode()
            out.append({"id": delivery, **vault.envelope(delivery, rest[2 + ids:])})
            at += 9 + length
    return out
