"""Deeds on accounts: opening, signing in and out, second factor, recovery, own settings, staff.

Nothing here tells a stranger whether a contact is known: an address that already has an account gets
another message, one that has none gets none, and the page says the same after the same work.
"""

from civic_budget.accounts.service.activation import (
    CARD_LIFETIME,
    CARD_TRIES,
    IssuedCard,
    activate,
    count_card_try,
    issue_card,
    reset_access,
)
from civic_budget.accounts.service.codes import (
    CODE_LIFETIME,
    CODE_TRIES,
    MESSAGE,
    NO_MESSAGE,
    count_code_try,
    find_awaited_contact,
    perform_nothing,
    purge_codes,
)
from civic_budget.accounts.service.handing import open_handed_account, send_hand_over_code
from civic_budget.accounts.service.links import LINK_LIFETIME, find_link, start_link, use_link
from civic_budget.accounts.service.opening import (
    check_password_shape,
    confirm_sign_up,
    open_account_without_code,
    start_sign_up,
)
from civic_budget.accounts.service.own import (
    change_language,
    change_password,
    close_account,
    confirm_contact_change,
    reset_password,
    start_contact_change,
    start_recovery,
)
from civic_budget.accounts.service.passkeys import (
    CHALLENGE_LIFETIME,
    MOST_PASSKEYS,
    add_passkey,
    ask_new_passkey,
    ask_passkey,
    ask_second_factor,
    enter_with_passkey,
    pass_second_factor_with_passkey,
    remove_passkey,
)
from civic_budget.accounts.service.proving import (
    check_owner,
    send_erasing_code,
    use_erasing_code,
)
from civic_budget.accounts.service.second_factor import (
    CODES_ON_A_SHEET,
    ask_reset,
    confirm_reset,
    issue_printed_codes,
    pass_second_factor,
    set_authenticator,
)
from civic_budget.accounts.service.sessions import (
    RESIDENT_SESSION,
    STAFF_SESSION,
    end_session,
    end_sessions,
    purge_sessions,
    sign_in,
    sign_out,
    start_session,
)
from civic_budget.accounts.service.signing_codes import (
    send_signing_code,
    use_signing_code,
)
from civic_budget.accounts.service.staff import (
    create_staff_account,
    disable_staff,
    enable_staff,
    end_role,
    grant_role,
)

__all__ = [
    "CARD_LIFETIME",
    "CARD_TRIES",
    "CHALLENGE_LIFETIME",
    "CODES_ON_A_SHEET",
    "CODE_LIFETIME",
    "CODE_TRIES",
    "LINK_LIFETIME",
    "MESSAGE",
    "MOST_PASSKEYS",
    "NO_MESSAGE",
    "RESIDENT_SESSION",
    "STAFF_SESSION",
    "IssuedCard",
    "activate",
    "add_passkey",
    "ask_new_passkey",
    "ask_passkey",
    "ask_reset",
    "ask_second_factor",
    "change_language",
    "change_password",
    "check_owner",
    "check_password_shape",
    "close_account",
    "confirm_contact_change",
    "confirm_reset",
    "confirm_sign_up",
    "count_card_try",
    "count_code_try",
    "create_staff_account",
    "disable_staff",
    "enable_staff",
    "end_role",
    "end_session",
    "end_sessions",
    "enter_with_passkey",
    "find_awaited_contact",
    "find_link",
    "grant_role",
    "issue_card",
    "issue_printed_codes",
    "open_account_without_code",
    "open_handed_account",
    "pass_second_factor",
    "pass_second_factor_with_passkey",
    "perform_nothing",
    "purge_codes",
    "purge_sessions",
    "remove_passkey",
    "reset_access",
    "reset_password",
    "send_erasing_code",
    "send_hand_over_code",
    "send_signing_code",
    "set_authenticator",
    "sign_in",
    "sign_out",
    "start_contact_change",
    "start_link",
    "start_recovery",
    "start_session",
    "start_sign_up",
    "use_erasing_code",
    "use_link",
    "use_signing_code",
]
