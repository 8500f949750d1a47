"""Settings from the environment, frozen; a bad combination is refused at start, in words."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from pathlib import Path

from civic_budget.kernel.keys import KeyRing
from civic_budget.paths import ROOT

PREFIX = "CIVIC_BUDGET_"
LANGUAGES = ("pl", "en", "uk", "ru")
PROVIDER_CLAIMS = {
    "given_names": "given_name",
    "family_name": "family_name",
    "born_on": "birthdate",
    "address": "address",
}
"""What is read from an identity provider, with the standard's names (OpenID Connect Core 1.0, 5.1)."""


class Mode(StrEnum):
    """What the installation is for."""

    DEMO = "demo"
    PRODUCTION = "production"


class BadSettings(Exception):
    """The settings contradict each other or lack something; the message says what to do."""


@dataclass(frozen=True)
class S3Place:
    """A bucket of an S3-compatible store, with the prefix under which everything lies there."""

    bucket: str
    prefix: str
    endpoint: str
    region: str
    key_id: str
    secret: str = field(repr=False)


@dataclass(frozen=True)
class ProviderPlace:
    """The city's identity provider (OpenID Connect), and under which names it tells who somebody is."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    scope: str = "openid profile address"
    claims: Mapping[str, str] = field(default_factory=dict)
    """Our name of a claim (`PROVIDER_CLAIMS`) → the provider's."""


@dataclass(frozen=True)
class Settings:
    """Everything that an installation can decide from outside. Build it with `from_environment`."""

    mode: Mode
    database_url: str
    instance: Path
    pepper: bytes
    public_url: str
    languages: tuple[str, ...] = LANGUAGES
    mail_url: str = ""
    mail_from: str = "budget@example.org"
    sms_url: str = ""
    sms_token: str = ""
    sms_to_a_phone_a_day: int = 6
    sms_in_all_an_hour: int = 600
    evidence_recipient: str = ""
    evidence_pages_place: S3Place | None = None
    evidence_keys_place: S3Place | None = None
    virus_scanner: str = ""
    identity_provider: ProviderPlace | None = None
    data_publisher: str = ""
    data_licence: str = ""
    proxies: int = 0
    argon2_cost: tuple[int, int, int] = (3, 64 * 1024, 2)
    testing: bool = False

    @property
    def is_demo(self) -> bool:
        """Whether invented people live here; the demo's pages exist only then."""
        return self.mode is Mode.DEMO

    @cached_property
    def keyring(self) -> KeyRing:
        """The purpose-bound keys of this installation."""
        return KeyRing(self.pepper)

    @property
    def mailbox(self) -> Path:
        """Where the demo keeps the messages that would have been sent."""
        return self.instance / "mailbox"

    @property
    def evidence_folder(self) -> Path:
        """Encrypted page images of uploaded proofs."""
        return self.instance / "evidence"

    @property
    def registers(self) -> Path:
        """Registers that may be asked, as files of keyed fingerprints."""
        return self.instance / "registers"

    @property
    def evidence_keys(self) -> Path:
        """Per-file keys of the evidence, apart from it: backups leave this folder out."""
        return self.instance / "evidence-keys"

    @property
    def evidence_identity(self) -> Path:
        """The age identity that only the evidence process reads."""
        return self.instance / "evidence-identity" / "identity.txt"

    @property
    def evidence_socket(self) -> Path:
        """Where the evidence process answers."""
        return self.instance / "evidence.sock"

    @property
    def round_keys(self) -> Path:
        """Server-side secrets of running rounds of voting (files with mode 0600)."""
        return self.instance / "rounds"

    @property
    def boards(self) -> Path:
        """Public boards of opened rounds."""
        return self.instance / "boards"

    @property
    def archive(self) -> Path:
        """The append-only archive of sealed statistics, outside the database."""
        return self.instance / "statistics-archive"


def from_environment(environment: Mapping[str, str] | None = None) -> Settings:
    """Settings from `CIVIC_BUDGET_…` variables; raises BadSettings with a sentence that tells what to do."""
    env = os.environ if environment is None else environment
    mode = _mode(env)
    instance = Path(env.get(PREFIX + "INSTANCE") or ROOT / "instance" / mode).resolve()
    database_url = env.get(PREFIX + "DATABASE_URL") or f"sqlite:///{instance / 'civic_budget.db'}"
    pages_place, keys_place = _evidence_places(env, mode)
    return Settings(
        mode=mode,
        database_url=database_url,
        instance=instance,
        pepper=_pepper(env, mode, instance),
        public_url=_public_url(env, mode),
        mail_url=_mail_url(env, mode),
        mail_from=env.get(PREFIX + "MAIL_FROM", "budget@example.org"),
        sms_url=env.get(PREFIX + "SMS_URL", ""),
        sms_token=env.get(PREFIX + "SMS_TOKEN", ""),
        evidence_recipient=env.get(PREFIX + "EVIDENCE_RECIPIENT", ""),
        evidence_pages_place=pages_place,
        evidence_keys_place=keys_place,
        virus_scanner=_virus_scanner(env),
        identity_provider=_identity_provider(env, mode),
        data_publisher=env.get(PREFIX + "DATA_PUBLISHER", "").strip(),
        data_licence=_data_licence(env),
        proxies=_count(env, "PROXIES", 0),
        sms_to_a_phone_a_day=_count(env, "SMS_TO_A_PHONE_A_DAY", 6),
        sms_in_all_an_hour=_count(env, "SMS_IN_ALL_AN_HOUR", 600),
    )


def _mode(env: Mapping[str, str]) -> Mode:
    said = env.get(PREFIX + "MODE", "")
    if said in {mode.value for mode in Mode}:
        return Mode(said)
    if said:
        raise BadSettings(f"{PREFIX}MODE is '{said}'; write 'production' or 'demo'.")
    if env.get(PREFIX + "DATABASE_URL"):
        raise BadSettings(
            f"{PREFIX}DATABASE_URL is set but {PREFIX}MODE is not. Say {PREFIX}MODE=production for "
            "a city, or demo for invented people: the platform does not guess with a database."
        )
    return Mode.DEMO


def _count(env: Mapping[str, str], name: str, default: int) -> int:
    said = env.get(PREFIX + name, "") or str(default)
    if not said.isascii() or not said.isdigit():
        raise BadSettings(f"{PREFIX}{name} is '{said}'; write a whole number such as {default}.")
    return int(said)


def _pepper(env: Mapping[str, str], mode: Mode, instance: Path) -> bytes:
    said = env.get(PREFIX + "PEPPER", "")
    if said:
        if len(said) < 43:
            raise BadSettings(
                f"{PREFIX}PEPPER is too short: give at least 43 random characters, "
                'for example from: python3 -c "import secrets; print(secrets.token_urlsafe(48))"'
            )
        return said.encode()
    if mode is Mode.PRODUCTION:
        raise BadSettings(
            f"{PREFIX}PEPPER is missing. Identity is encrypted and matched with it: make one with "
            'python3 -c "import secrets; print(secrets.token_urlsafe(48))", keep it in the secret '
            "store, and never change it."
        )
    return _demo_pepper(instance / "pepper.txt")


def _demo_pepper(path: Path) -> bytes:
    """A demo makes its own pepper once and keeps it beside its database."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with suppress(FileExistsError):
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(48))
    return path.read_bytes()


def _public_url(env: Mapping[str, str], mode: Mode) -> str:
    said = env.get(PREFIX + "PUBLIC_URL", "")
    if mode is Mode.PRODUCTION and not said.startswith("https://"):
        raise BadSettings(
            f"{PREFIX}PUBLIC_URL must be the https:// address under which residents open the site; "
            "links in messages are made from it."
        )
    return (said or "http://127.0.0.1:8000").rstrip("/")


def _evidence_places(env: Mapping[str, str], mode: Mode) -> tuple[S3Place | None, S3Place | None]:
    """Where pages and keys of evidence lie besides the instance's folders."""
    pages, keys = _s3_place(env, mode, "PAGES"), _s3_place(env, mode, "KEYS")
    if keys is not None and pages is None:
        raise BadSettings(
            f"{PREFIX}EVIDENCE_KEYS_S3 is set but {PREFIX}EVIDENCE_PAGES_S3 is not: pages would stay "
            "in a folder that backups take while their keys lie elsewhere. Set both, or only the pages."
        )
    if pages is not None and keys is not None and _same_bucket(pages, keys):
        raise BadSettings(
            f"{PREFIX}EVIDENCE_PAGES_S3 and {PREFIX}EVIDENCE_KEYS_S3 name one bucket. A backup of it "
            "would keep pages with their keys, and nothing could be deleted for good: use two buckets, "
            "and switch versions and backups of the keys' bucket off."
        )
    return pages, keys


def _same_bucket(one: S3Place, other: S3Place) -> bool:
    return (one.endpoint, one.bucket) == (other.endpoint, other.bucket)


def _s3_place(env: Mapping[str, str], mode: Mode, which: str) -> S3Place | None:
    said = env.get(f"{PREFIX}EVIDENCE_{which}_S3", "")
    if not said:
        return None
    bucket, _, prefix = said.removeprefix("s3://").partition("/")
    if not said.startswith("s3://") or not bucket:
        raise BadSettings(
            f"{PREFIX}EVIDENCE_{which}_S3 is '{said}'; write s3://bucket or s3://bucket/prefix."
        )
    endpoint = env.get(PREFIX + "S3_ENDPOINT", "")
    if endpoint and not endpoint.startswith("https://") and mode is Mode.PRODUCTION:
        raise BadSettings(
            f"{PREFIX}S3_ENDPOINT must be an https:// address: even sealed pages tell by their size "
            "and time who sent what."
        )
    key_id, secret = env.get(PREFIX + "S3_KEY_ID", ""), env.get(PREFIX + "S3_SECRET", "")
    if not key_id or not secret:
        raise BadSettings(
            f"{PREFIX}EVIDENCE_{which}_S3 is set, so {PREFIX}S3_KEY_ID and {PREFIX}S3_SECRET are "
            "needed: a key that may read, write, list and delete in this bucket and in no other."
        )
    region = env.get(PREFIX + "S3_REGION", "") or "us-east-1"
    return S3Place(bucket, prefix.strip("/"), endpoint.rstrip("/"), region, key_id, secret)


def _virus_scanner(env: Mapping[str, str]) -> str:
    said = env.get(PREFIX + "CLAMAV", "")
    if said and not said.startswith(("unix:/", "tcp:")):
        raise BadSettings(
            f"{PREFIX}CLAMAV is '{said}'; write unix:/run/clamav/clamd.ctl or tcp:127.0.0.1:3310, "
            "or leave it out: documents are read in a fenced process in any case."
        )
    return said


def _identity_provider(env: Mapping[str, str], mode: Mode) -> ProviderPlace | None:
    issuer = env.get(PREFIX + "OIDC_ISSUER", "").strip()
    if not issuer:
        return None
    is_near = mode is Mode.DEMO and issuer.startswith("http://127.0.0.1:")
    if not issuer.startswith("https://") and not is_near:
        raise BadSettings(
            f"{PREFIX}OIDC_ISSUER is '{issuer}'; write the https:// address that the provider calls its "
            "issuer, to the letter."
        )
    client_id = env.get(PREFIX + "OIDC_CLIENT_ID", "")
    secret = env.get(PREFIX + "OIDC_CLIENT_SECRET", "")
    if not client_id or not secret:
        raise BadSettings(
            f"{PREFIX}OIDC_ISSUER is set, so {PREFIX}OIDC_CLIENT_ID and {PREFIX}OIDC_CLIENT_SECRET are "
            "needed: the provider gives them when this site is registered there."
        )
    scope = env.get(PREFIX + "OIDC_SCOPE", "") or "openid profile address"
    unwanted = {"email", "phone", "offline_access"} & set(scope.split())
    if "openid" not in scope.split() or unwanted:
        raise BadSettings(
            f"{PREFIX}OIDC_SCOPE is '{scope}'; it begins with openid and asks for no e-mail, phone or "
            "offline access: a contact is never taken from the provider."
        )
    return ProviderPlace(issuer, client_id, secret, scope, _provider_claims(env))


def _provider_claims(env: Mapping[str, str]) -> Mapping[str, str]:
    """The names of claims: "given_names=given_name,resident=mieszkaniec" changes only those."""
    said = env.get(PREFIX + "OIDC_CLAIMS", "").replace(" ", "")
    pairs = dict(part.partition("=")[::2] for part in said.split(",") if part)
    if not pairs.keys() <= PROVIDER_CLAIMS.keys() | {"resident"} or not all(pairs.values()):
        raise BadSettings(
            f"{PREFIX}OIDC_CLAIMS is '{said}'; write pairs such as given_names=given_name,"
            f"resident=is_resident. Known on the left: {', '.join(PROVIDER_CLAIMS)}, resident."
        )
    return {**PROVIDER_CLAIMS, **pairs}


def _data_licence(env: Mapping[str, str]) -> str:
    """Under what terms the city gives its data away; nobody but the city can say it."""
    said = env.get(PREFIX + "DATA_LICENCE", "").strip()
    if said and (not said.startswith(("https://", "http://")) or any(map(str.isspace, said))):
        raise BadSettings(
            f"{PREFIX}DATA_LICENCE is '{said}'; write the address of a licence, as "
            "http://publications.europa.eu/resource/authority/licence/CC_BY_4_0, or leave it out: "
            "the catalogue entry then names no licence."
        )
    return said


def _mail_url(env: Mapping[str, str], mode: Mode) -> str:
    said = env.get(PREFIX + "MAIL_URL", "")
    if mode is Mode.PRODUCTION and not said.startswith(("smtp://", "smtps://")):
        raise BadSettings(
            f"{PREFIX}MAIL_URL must say how messages leave, as smtp://user:password@host:587 "
            "or smtps://…; without it nobody would ever get a code."
        )
    if mode is Mode.DEMO and said:
        raise BadSettings(
            f"{PREFIX}MAIL_URL is set in demo mode. A demo has invented people and sends nothing; "
            "unset it, or set MODE=production."
        )
    return said
