"""Pages of accounts: open one, sign in and out, one's own account, the staff's accounts."""

from flask_babel import lazy_gettext
from flask_login import current_user

from civic_budget.accounts.views import activation, own, passkeys, recovery, signing, staff
from civic_budget.accounts.views.blueprint import accounts
from civic_budget.accounts.views.current import CurrentUser, SignInLoader, load_current_user
from civic_budget.kernel.actor import Role
from civic_budget.web.pages import NavItem

__all__ = ["CurrentUser", "SignInLoader", "blueprints", "load_current_user", "navigation"]

blueprints = (accounts,)
shelves = (activation, own, passkeys, recovery, signing, staff)
navigation: tuple[NavItem, ...] = (
    NavItem(
        lazy_gettext("Your account"),
        "accounts.own_account",
        shown=lambda: bool(current_user.is_authenticated),
    ),
    NavItem(lazy_gettext("Staff"), "accounts.list_staff", roles=frozenset({Role.ADMINISTRATOR})),
)
