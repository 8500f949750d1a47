"""A second implementation, written from docs/voting.md alone, opens what the first one sealed.

It imports nothing of the voting room below this line but the builders that cast the votes: HPKE
is put together from RFC 9180 and primitives, the rest from the text.
"""

import base64
import hashlib
import hmac
import json
import random
import unicodedata
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from civic_budget.voting import board as published
from civic_budget.voting.codes import sign_code
from civic_budget.voting.keyfiles import write_key_files
from civic_budget.voting.keys import secrets_to_bytes
from civic_budget.voting.nightly import envelope_hash, sealed_list
from civic_budget.voting.opening import open_urn

from .boards import facts_of
from .builders import FORM, ROUND, an_urn

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def lp(*parts):
    return b"".join(len(part).to_bytes(4, "big") + part for part in parts)


def keyed(key, *parts):
    return hmac.new(key, lp(*parts), hashlib.sha256).digest()


# RFC 5869 and RFC 9180, base mode, suite 0x0020 / 0x0001 / 0x0003.


def extract(salt, secret):
    return hmac.new(salt or bytes(32), secret, hashlib.sha256).digest()


def expand(key, info, length):
    out = block = b""
    while len(out) < length:
        block = hmac.new(key, block + info + bytes([len(out) // 32 + 1]), hashlib.sha256).digest()
        out += block
    return out[:length]


def labeled_extract(suite, salt, label, secret):
    return extract(salt, b"HPKE-v1" + suite + label + secret)


def labeled_expand(suite, key, label, info, length):
    return expand(key, length.to_bytes(2, "big") + b"HPKE-v1" + suite + label + info, length)


def hpke_open(private, sealed, info):
    kem, hpke = b"KEM\x00\x20", b"HPKE\x00\x20\x00\x01\x00\x03"
    key = X25519PrivateKey.from_private_bytes(private)
    dh = key.exchange(X25519PublicKey.from_public_bytes(sealed[:32]))
    context = sealed[:32] + key.public_key().public_bytes_raw()
    eae = labeled_extract(kem, b"", b"eae_prk", dh)
    shared = labeled_expand(kem, eae, b"shared_secret", context, 32)
    schedule = b"\0" + labeled_extract(hpke, b"", b"psk_id_hash", b"")
    schedule += labeled_extract(hpke, b"", b"info_hash", info)
    secret = labeled_extract(hpke, shared, b"secret", b"")
    aead = ChaCha20Poly1305(labeled_expand(hpke, secret, b"key", schedule, 32))
    nonce = labeled_expand(hpke, secret, b"base_nonce", schedule, 12)
    return aead.decrypt(nonce, sealed[32:], b"")


def lines_of(frozen, plaintext):
    """Every line of one opened envelope: code, scope, choice."""
    assert plaintext[0] == 1
    secret, kind = plaintext[2:34], b"code|"
    if plaintext[1] == 1:
        secret, kind = secret.rstrip(b"\0"), b"paper|"
    at = 34
    for level in frozen["levels"]:
        capacity = max(most(scope) for scope in level["scopes"])
        index, count = word(plaintext, at), word(plaintext, at + 2)
        marks = [at + 4 + 4 * i for i in range(count)]
        at += 4 + 4 * capacity
        if index == 0xFFFF:
            continue
        scope = level["scopes"][index]
        choice = ",".join(scope["projects"][word(plaintext, mark)]["id"] for mark in marks)
        if scope["ballot"]["kind"] == "cumulative":
            choice += ";" + ",".join(str(word(plaintext, mark + 2)) for mark in marks)
        digest = hashlib.sha256(kind + scope["code"].encode() + b"|" + secret).digest()
        bits = f"{int.from_bytes(digest, 'big'):0256b}"[:60]
        code = "".join(CROCKFORD[int(bits[i : i + 5], 2)] for i in range(0, 60, 5))
        yield code, scope["code"], choice
    assert at == len(plaintext)


def most(scope):
    ballot, projects = scope["ballot"], len(scope["projects"])
    limits = {"points": len(ballot["points"]), "one": 1}
    return min(limits.get(ballot["kind"], ballot["max_picks"] or projects), projects)


def word(data, at):
    return int.from_bytes(data[at : at + 2], "big")


def root_of(leaves):
    """RFC 9162, 2.1.1, as the recursion it is defined by."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\0" + leaves[0]).digest()
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return hashlib.sha256(b"\1" + root_of(leaves[:split]) + root_of(leaves[split:])).digest()


def material_from(files, phrases):
    files = [json.loads(content) for content in files]
    member_keys = []
    for file, phrase in zip(files, phrases, strict=True):
        terms = file["scrypt"]
        stretched = hashlib.scrypt(
            " ".join(unicodedata.normalize("NFKC", phrase).split()).encode(),
            salt=bytes.fromhex(terms["salt"]),
            n=terms["n"],
            r=terms["r"],
            p=terms["p"],
            dklen=32,
        )
        key = hmac.new(bytes.fromhex(file["secret"]), stretched, hashlib.sha256).digest()
        assert hmac.new(key, b"check", hashlib.sha256).digest()[0] == file["check"]
        member_keys.append(key)
    wrap_key = expand(extract(b"", lp(*member_keys)), b"civic-budget key file", 32)
    members = [file["member"] for file in files]
    bound = lp(ROUND.bytes, bytes.fromhex(files[0]["public_key"]), bytes(members))
    wrap = bytes.fromhex(files[0]["wraps"]["+".join(map(str, members))])
    return ChaCha20Poly1305(wrap_key).decrypt(bytes(12), wrap, bound)


@pytest.fixture(scope="module")
def urn(keys):
    return an_urn(keys, voters=30, cards=8, seed=11)


@pytest.fixture(scope="module")
def server_file(keys):
    return {
        name: bytes.fromhex(value)
        for name, value in json.loads(secrets_to_bytes(keys)).items()
        if name.startswith("k_")
    }


def test_an_observer_reopens_the_urn_with_the_text_and_two_key_files(
    private_key, keys, opener, urn, server_file
):
    phrases = ("first passphrase", "second passphrase", "third passphrase")
    files = write_key_files(
        private_key, round_id=ROUND, public_key=keys.public_key, passphrases=phrases, cost=16
    )
    private = material_from([files[0], files[2]], [phrases[0], phrases[2]])
    board = published.build_board(facts_of(open_urn(FORM, keys, opener, urn)))
    frozen = json.loads(board["list.json"])
    lines = []
    for envelope in urn.envelopes:
        channel = envelope.channel.encode()
        parts = (ROUND.bytes, envelope.tag, channel, envelope.sealed or b"")
        assert envelope.mac == keyed(server_file["k_mac"], *parts)
        if envelope.sealed:
            opened = hpke_open(private, envelope.sealed, lp(ROUND.bytes, envelope.tag))
            lines += lines_of(frozen, opened)
    for card in urn.papers:
        parts = (b"paper", ROUND.bytes, card.serial_tag, card.batch.bytes, card.sealed)
        assert card.mac == keyed(server_file["k_mac"], *parts)
        lines += lines_of(frozen, hpke_open(private, card.sealed, lp(ROUND.bytes, card.serial_tag)))
    leaves = [";".join(line).encode() for line in sorted(lines)]
    assert root_of(leaves).hex() == json.loads(board["manifest.json"])["board_root"]


def test_tags_are_recomputed_from_the_text(urn, server_file):
    expected = {
        keyed(server_file["k_tag"], ROUND.bytes, person.bytes, bytes(4))
        for person in urn.eligible.values()
    }
    assert expected == {envelope.tag for envelope in urn.envelopes}


def test_retry_nonce_void_and_card_values_are_those_of_the_text(keys, server_file):
    nonce, choice, tag = b"n" * 32, b"c" * 32, b"t" * 32
    one, two = UUID(int=1), UUID(int=2)
    assert keys.retry(nonce, choice) == keyed(server_file["k_retry"], nonce, choice)
    assert keys.nonce_mac(nonce) == keyed(server_file["k_retry"], nonce)
    assert keys.void_mac(tag, "why", one, two) == keyed(
        server_file["k_mac"], b"void", ROUND.bytes, tag, b"why", one.bytes, two.bytes
    )
    assert keys.serial_tag("ABCD") == keyed(server_file["k_tag"], b"card", ROUND.bytes, b"ABCD")
    assert keys.signal_mac("network", "10.0.0.1") == keyed(
        server_file["k_mac"], b"signal", ROUND.bytes, b"network", b"10.0.0.1"
    )


def test_the_sealed_list_is_that_of_the_text(urn):
    hashes = sorted(
        hashlib.sha256(lp(e.tag, e.channel.encode(), e.sealed or b"", e.mac)).digest()
        for e in random.Random(1).sample(urn.envelopes, len(urn.envelopes))
    )
    made = sealed_list(envelope_hash(e.tag, e.channel, e.sealed, e.mac) for e in urn.envelopes)
    assert list(made.hashes) == hashes and made.root == root_of(hashes)


def test_a_signature_on_a_code_is_that_of_the_text(keys):
    signature = sign_code(keys.signing, ROUND, "city", "K7Q29FMD4TXA")
    raw = base64.urlsafe_b64decode(signature + "==")
    message = lp(b"control code", ROUND.bytes, b"city", b"K7Q29FMD4TXA")
    Ed25519PublicKey.from_public_bytes(keys.verify_key).verify(raw, message)
