"""Open a sealed export again, on a machine of the observer's own, and compare the root of the board.

    python3 reopen.py FOLDER KEY_FILE KEY_FILE … [--board-root HEX]

FOLDER is the unpacked export. Passphrases are asked for without echo. Needs Python 3.11 and the package
`cryptography` (47 or newer), nothing of the platform: it was written from docs/voting.md. Exit 0 when
everything agrees, 1 with a list of what does not.
"""

from __future__ import annotations

import argparse
import getpass
import hashlib
import hmac
import json
import sys
import unicodedata
from collections import Counter
from pathlib import Path
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
BLANK = 0xFFFF
SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)


class Trouble(Exception):
    """Something does not agree, in words."""


def lp(*parts: bytes) -> bytes:
    """Each part after its length as four bytes."""
    return b"".join(len(part).to_bytes(4, "big") + part for part in parts)


def mac(key: bytes, *parts: bytes) -> bytes:
    """HMAC-SHA256 over length-prefixed parts."""
    return hmac.digest(key, lp(*parts), "sha256")


def merkle_root(leaves: list[bytes]) -> bytes:
    """RFC 9162, 2.1: pairs are hashed, an odd last node rises unchanged."""
    row = [hashlib.sha256(b"\0" + leaf).digest() for leaf in leaves]
    if not row:
        return hashlib.sha256().digest()
    while len(row) > 1:
        pairs = [
            hashlib.sha256(b"\1" + row[i] + row[i + 1]).digest() for i in range(0, len(row) - 1, 2)
        ]
        row = pairs + ([row[-1]] if len(row) % 2 else [])
    return row[0]


def read_rows(path: Path) -> list[list[str]]:
    """The lines of a file of the export."""
    return [line.split(";") for line in path.read_text(encoding="ascii").splitlines()]


def private_key(files: list[tuple[bytes, str]], round_id: str) -> bytes:
    """The private key from members' files and passphrases; raises Trouble in words."""
    known = {}
    for content, passphrase in files:
        data = json.loads(content)
        if data["round"] != round_id:
            raise Trouble("a key file belongs to another round")
        known[int(data["member"])] = (data, passphrase)
    threshold = next(iter(known.values()))[0]["threshold"]
    if len(known) < threshold:
        raise Trouble(f"{threshold} different members are needed")
    subset = sorted(known)[:threshold]
    keys = [member_key(*known[member]) for member in subset]
    data = known[subset[0]][0]
    wrap = bytes.fromhex(data["wraps"]["+".join(map(str, subset))])
    key = HKDF(SHA256(), 32, salt=None, info=b"civic-budget key file").derive(lp(*keys))
    bound = lp(UUID(round_id).bytes, bytes.fromhex(data["public_key"]), bytes(subset))
    try:
        return ChaCha20Poly1305(key).decrypt(bytes(12), wrap, bound)[:32]
    except InvalidTag:
        raise Trouble("a passphrase is wrong, or the files do not belong together") from None


def member_key(data: dict[str, Any], passphrase: str) -> bytes:
    """A member's part: scrypt of the passphrase, mixed with the file's own secret."""
    said = " ".join(unicodedata.normalize("NFKC", passphrase).split()).encode()
    cost = data["scrypt"]
    stretched = Scrypt(
        salt=bytes.fromhex(cost["salt"]), length=32, n=cost["n"], r=cost["r"], p=cost["p"]
    ).derive(said)
    return hmac.digest(bytes.fromhex(data["secret"]), stretched, "sha256")


def control_code(prefix: str, scope: str, secret: bytes) -> str:
    """The first sixty bits of a hash in Crockford's base 32."""
    digest = hashlib.sha256(f"{prefix}|{scope}|".encode() + secret).digest()
    bits = int.from_bytes(digest[:8], "big") >> 4
    return "".join(ALPHABET[bits >> shift & 31] for shift in range(55, -1, -5))


def capacity(scope: dict[str, Any]) -> int:
    """How many projects a list lets a voter mark."""
    rule, projects = scope["ballot"], len(scope["projects"])
    if rule["kind"] == "one":
        most = 1
    elif rule["kind"] == "points":
        most = len(rule["points"])
    else:
        most = projects if rule["max_picks"] is None else rule["max_picks"]
    return int(min(most, projects))


def read_ballot(
    plain: bytes, levels: list[dict[str, Any]], origin: int
) -> list[tuple[str, str, str]]:
    """The lines of a plaintext: (code, scope, choice); raises Trouble for another form."""
    if plain[0] != 1 or plain[1] != origin:
        raise Trouble("not a ballot of this round")
    secret = plain[2:34]
    prefix = "paper" if origin else "code"
    keyed = secret.rstrip(b"\0") if origin else secret
    lines, at = [], 34
    for level in levels:
        places = max(capacity(scope) for scope in level["scopes"])
        index = int.from_bytes(plain[at : at + 2], "big")
        count = int.from_bytes(plain[at + 2 : at + 4], "big")
        marks = [
            (
                int.from_bytes(plain[at + 4 + 4 * n : at + 6 + 4 * n], "big"),
                int.from_bytes(plain[at + 6 + 4 * n : at + 8 + 4 * n], "big"),
            )
            for n in range(count)
        ]
        at += 4 + 4 * places
        if index == BLANK:
            continue
        scope = level["scopes"][index]
        choice = ",".join(scope["projects"][project]["id"] for project, _ in marks)
        if any(points for _, points in marks):
            choice += ";" + ",".join(str(points) for _, points in marks)
        lines.append((control_code(prefix, scope["code"], keyed), scope["code"], choice))
    if at != len(plain):
        raise Trouble("not a ballot of this round")
    return lines


def check(folder: Path, facts: dict[str, Any]) -> list[str]:
    """Everything that can be checked with `k_mac` and without the private key."""
    round_id = UUID(facts["round"]).bytes
    k_mac = bytes.fromhex((folder / "k_mac.txt").read_text().strip())
    found = []
    hashes = []
    envelopes = read_rows(folder / "envelopes.csv")
    voids = read_rows(folder / "voids.csv")
    out = {row[0] for row in voids}
    for tag, channel, sealed, seal in envelopes:
        parts = (bytes.fromhex(tag), channel.encode(), bytes.fromhex(sealed))
        if mac(k_mac, round_id, *parts).hex() != seal:
            found.append(f"envelope {tag[:8]} did not come through the system")
        hashes.append(hashlib.sha256(lp(*parts, bytes.fromhex(seal))).hexdigest())
    if sorted(hashes) != (folder / "sealed-list.txt").read_text().split():
        found.append("the envelopes are not those of the sealed list")
    root = merkle_root([bytes.fromhex(one) for one in sorted(hashes)]).hex()
    if root != facts["sealed_root"]:
        found.append("the root of the sealed list is another one")
    for tag, reason, first, second, seal in voids:
        who = (bytes.fromhex(first), bytes.fromhex(second))
        if mac(k_mac, b"void", round_id, bytes.fromhex(tag), reason.encode(), *who).hex() != seal:
            found.append(f"void {tag[:8]} was not recorded by the system")
        if first == second:
            found.append(f"void {tag[:8]} was decided by one member alone")
    humans = {row[0]: row[1] for row in read_rows(folder / "eligible.csv")}
    counted = [row[0] for row in envelopes if row[0] not in out]
    found += [f"envelope {tag[:8]} has no eligible voter" for tag in counted if tag not in humans]
    twice = Counter(humans[tag] for tag in counted if tag in humans)
    found += [f"voter {number} has {n} envelopes" for number, n in twice.items() if n > 1]
    for serial, batch, sealed, seal in read_rows(folder / "papers.csv"):
        parts = (bytes.fromhex(serial), bytes.fromhex(batch), bytes.fromhex(sealed))
        if mac(k_mac, b"paper", round_id, *parts).hex() != seal:
            found.append(f"card {serial[:8]} was not keyed through the system")
    found += check_signed(folder, k_mac, round_id)
    return found + check_paper(folder, sum(row[1] == "paper" for row in envelopes))


def check_signed(folder: Path, k_mac: bytes, round_id: bytes) -> list[str]:
    """Batches whose numbers or words are not those that were signed off."""
    found = []
    for one in json.loads((folder / "batches.json").read_text(encoding="utf-8")):
        told = [
            one["scope"],
            one["protocol"],
            one["note"],
            one["slips"],
            one["keyed"],
            one["missing"],
        ]
        for reason, number in sorted(one["invalid"].items()):
            told += [reason, number]
        parts = (part.encode() if isinstance(part, str) else number4(part) for part in told)
        signed = mac(k_mac, b"batch", round_id, bytes.fromhex(one["batch"]), *parts).hex()
        if one["is_closed"] and one["slips"] and signed != one["mac"]:
            found.append(f"batch {one['batch'][:8]} is not as it was signed off")
    return found


def number4(number: int) -> bytes:
    """A number in four bytes; one below nought, which nobody signs, in none."""
    return number.to_bytes(4, "big") if number >= 0 else b""


def check_paper(folder: Path, slips: int) -> list[str]:
    """Per batch slips are cards keyed, invalid (each for a reason) and missing; no slip has no batch."""
    batches = json.loads((folder / "batches.json").read_text(encoding="utf-8"))
    keyed = Counter(batch for _, batch, _, _ in read_rows(folder / "papers.csv"))
    found = []
    for one in batches:
        name = f"batch {one['batch'][:8]} (protocol {one['protocol'] or 'none yet'})"
        counted = one["keyed"] + sum(one["invalid"].values()) + one["missing"]
        if counted > one["slips"] or (one["is_closed"] and counted < one["slips"]):
            found.append(f"{name} has {one['slips']} slips and accounts for {counted}")
        if keyed.pop(one["batch"], 0) != one["keyed"]:
            found.append(f"{name} does not have as many cards as it says")
        if min(one["missing"], *one["invalid"].values(), 1) < 0:
            found.append(f"{name} has a number below nought")
    if keyed:
        found.append(f"{sum(keyed.values())} cards belong to no batch")
    if slips > sum(one["slips"] for one in batches):
        found.append(f"the sealed list has {slips} slips, the batches fewer")
    return found


def reopen(folder: Path, files: list[tuple[bytes, str]]) -> tuple[str, int]:
    """The root of the board and the number of its lines; raises Trouble."""
    facts = json.loads((folder / "round.json").read_text(encoding="utf-8"))
    troubles = check(folder, facts)
    if troubles:
        raise Trouble("\n".join(troubles))
    key = X25519PrivateKey.from_private_bytes(private_key(files, facts["round"]))
    if key.public_key().public_bytes_raw().hex() != facts["public_key"]:
        raise Trouble("the key files open another round")
    levels = json.loads((folder / "list.json").read_text(encoding="utf-8"))["levels"]
    round_id = UUID(facts["round"]).bytes
    out = {row[0] for row in read_rows(folder / "voids.csv")}
    urn = [
        (row[0], row[2], 0)
        for row in read_rows(folder / "envelopes.csv")
        if row[0] not in out and row[2]
    ]
    urn += [(row[0], row[2], 1) for row in read_rows(folder / "papers.csv")]
    lines = []
    for tag, sealed, origin in urn:
        info = lp(round_id, bytes.fromhex(tag))
        try:
            plain = SUITE.decrypt(bytes.fromhex(sealed), key, info=info)
        except (InvalidTag, ValueError):
            raise Trouble(f"{tag[:8]} does not open") from None
        lines += read_ballot(plain, levels, origin)
    leaves = [f"{code};{scope};{choice}".encode() for code, scope, choice in sorted(lines)]
    return merkle_root(leaves).hex(), len(leaves)


def tell_paper(folder: Path) -> list[str]:
    """What each batch says, to be compared with its signed protocol."""
    batches = json.loads((folder / "batches.json").read_text(encoding="utf-8"))
    told = []
    for one in sorted(batches, key=lambda one: (one["scope"], one["protocol"])):
        reasons = ", ".join(f"{name} {n}" for name, n in sorted(one["invalid"].items()))
        invalid = f"{sum(one['invalid'].values())} invalid" + (f" ({reasons})" if reasons else "")
        told.append(
            f"{one['scope']}, protocol {one['protocol'] or 'none yet'}: {one['slips']} slips, "
            f"{one['keyed']} keyed, {invalid}, {one['missing']} missing"
        )
    return told


def main() -> int:
    """Ask for the passphrases, open, compare, say it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("key_files", nargs="+", type=Path)
    parser.add_argument("--board-root", help="the root that the city announced")
    parser.add_argument("--passphrases-from-stdin", action="store_true")
    given = parser.parse_args()
    files = []
    for path in given.key_files:
        ask = f"Passphrase of {path.name}: "
        said = sys.stdin.readline() if given.passphrases_from_stdin else getpass.getpass(ask)
        files.append((path.read_bytes(), said.rstrip("\n")))
    try:
        root, lines = reopen(given.folder, files)
    except Trouble as trouble:
        print(trouble, file=sys.stderr)
        return 1
    for said in tell_paper(given.folder):
        print(said)
    facts = json.loads((given.folder / "round.json").read_text(encoding="utf-8"))
    announced = given.board_root or facts["board_root"]
    print(f"{lines} lines, board root {root}")
    if announced is None:
        print("The city has announced no root yet: compare this one when it does.")
    elif announced != root:
        print(f"NOT the announced root {announced}", file=sys.stderr)
        return 1
    else:
        print("It is the announced root.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
