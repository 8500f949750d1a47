"""Words for accounts: reasons why not, names of roles and devices."""

from __future__ import annotations

from flask_babel import gettext, lazy_gettext

from civic_budget.accounts.devices import Device
from civic_budget.kernel.actor import Role
from civic_budget.kernel.errors import DomainError

ROLE_NAMES = {
    Role.OFFICER: lazy_gettext("Residence officer"),
    Role.DESK: lazy_gettext("Officer at an assistance point"),
    Role.ASSESSOR: lazy_gettext("Assessor"),
    Role.COORDINATOR: lazy_gettext("Assessment coordinator"),
    Role.EDITOR: lazy_gettext("Editor"),
    Role.ANALYST: lazy_gettext("Analyst"),
    Role.COMMISSION: lazy_gettext("Member of the commission"),
    Role.CLERK: lazy_gettext("Ballot clerk"),
    Role.HELPDESK: lazy_gettext("Helpdesk"),
    Role.ADMINISTRATOR: lazy_gettext("Administrator"),
}

DEVICE_NAMES = {
    Device.ANDROID: lazy_gettext("Android phone or tablet"),
    Device.IPHONE: lazy_gettext("iPhone"),
    Device.IPAD: lazy_gettext("iPad"),
    Device.WINDOWS: lazy_gettext("Windows computer"),
    Device.MAC: lazy_gettext("Mac"),
    Device.LINUX: lazy_gettext("Linux computer"),
    Device.UNKNOWN: lazy_gettext("Another device"),
}


def say_refusal(error: DomainError) -> str:
    """What to tell a person whom a deed on accounts refused."""
    words = {
        "bad_email": gettext("Write the e-mail address in full, for example olena@example.org."),
        "bad_contact": gettext(
            "Write an e-mail address, or a phone number with nine digits (from another country: "
            "with + and the country's prefix)."
        ),
        "password_too_short": gettext(
            "Choose a password with at least %(minimum)s characters. Three words that you can "
            "remember are a good one.",
            minimum=error.details.get("minimum", 10),
        ),
        "wrong_password": gettext("This is not your present password."),
        "too_many_messages_to_phone": gettext(
            "We have sent as many text messages to this number today as we may. Use your e-mail "
            "address, or try again tomorrow."
        ),
        "too_many_messages": gettext(
            "Very many people are asking for text messages just now. Use your e-mail address, or "
            "try again in an hour."
        ),
        "wrong_code": gettext("This is not the code that we sent. Check it and type it again."),
        "code_expired": gettext(
            "This code is used up or too old. Ask for a new one; the last message counts."
        ),
        "wrong_credentials": gettext(
            "The name and the password do not belong together. Check both, or set a new password."
        ),
        "bad_card": gettext(
            "Write the card number as it is printed: K and eight letters or digits, for example "
            "K-7K2M-94QF."
        ),
        "wrong_card": gettext(
            "This card number and code do not open an account. Check both. A code works once and "
            "until the day printed on the card; after six wrong tries you need a new card from an "
            "assistance point."
        ),
        "too_many_tries": gettext(
            "Too many tries. Wait a quarter of an hour and try again; your account is safe."
        ),
    }
    words.update(_say_link_or_passkey(), **_say_staff(error))
    return str(words.get(error.code) or gettext("This could not be done. Please try again."))


def _say_link_or_passkey() -> dict[str, str]:
    return {
        "link_needs_email": gettext("A link can only come by e-mail. Write your e-mail address."),
        "link_expired": gettext("This link is used up or too old. Ask for a new one."),
        "other_contact": gettext("This link was sent to another address."),
        "passkey_refused": gettext(
            "The passkey was not accepted. Try again, or sign in another way."
        ),
        "passkey_of_staff": gettext(
            "Staff sign in with their password first; the passkey is the second step."
        ),
        "too_many_passkeys": gettext(
            "You have as many passkeys as an account may have. Remove one first."
        ),
        "not_found": gettext("No passkey is known for this account."),
    }


def _say_staff(error: DomainError) -> dict[str, str]:
    return {
        "contact_taken": gettext("An account with this contact already exists."),
        "until_past": gettext("This day has passed."),
        "bad_day": gettext("Write the day like this: 31.12.2026."),
        "reason_too_short": gettext(
            "Write the reason in at least %(minimum)s characters.",
            minimum=error.details.get("minimum", 10),
        ),
        "not_administrator": gettext("Only an administrator may do this."),
        "own_account": gettext("Nobody does this to their own account. Ask a colleague."),
        "needs_second_administrator": gettext("Another administrator has to confirm this."),
    }
