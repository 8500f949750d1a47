"""What to tell a person whom a deed about a child, a district, a signature or a renewal refused."""

from __future__ import annotations

from flask_babel import gettext

from civic_budget.kernel.errors import DomainError


def say_about_children(error: DomainError) -> str | None:
    """The sentence for these reasons; None for another one."""
    return {**_about_guardians(), **_about_homes(), **_about_signing()}.get(error.code)


def _about_guardians() -> dict[str, str]:
    return {
        "choose_paper": gettext("Choose one of the papers."),
        "too_many_children": gettext(
            "A dozen claims wait already. Finish or withdraw one before you begin another."
        ),
        "other_guardian_acts": gettext(
            "Another guardian acts for this child already. Accept this one as the second guardian, "
            "who is told what happens."
        ),
        "called_different": gettext(
            "An officer said that the two records of this child are different people. Settle that pair "
            "first, with a second officer."
        ),
        "nobody_acts": gettext(
            "Nobody acts for this child yet. Accept this guardian as the one who acts."
        ),
        "no_child_any_more": gettext(
            "By this birth date the young person is old enough for an account of their own."
        ),
        "child_to_desk": gettext(
            "So young a child is registered at an assistance point. Begin again and choose to show "
            "the paper there."
        ),
        "child_not_told": gettext("Name and birth date of the child are not sent yet."),
        "child_confirmed_already": gettext(
            "This record of the child is confirmed already. Take the confirmation back first."
        ),
        "not_another_guardian": gettext("Only another accepted guardian of the child can do this."),
        "guardians_disagree": gettext(
            "The child’s guardians disagree, so nobody can erase the record now. An officer at an "
            "assistance point settles first who acts for the child."
        ),
        "other_guardian_erases": gettext(
            "Only the guardian who acts for the child can erase its record."
        ),
        "still_a_child": gettext("The child is not old enough for an account of their own yet."),
        "other_guardian_acted": gettext(
            "Only the guardian who acted until now can hand the record over here. The young person can come to "
            "an assistance point with a document."
        ),
        "own_contact": gettext(
            "This is your own address or number. Give one that only the young person reads."
        ),
        "handed_over_already": gettext(
            "The record was handed over already. Whoever cannot enter their account comes to an assistance "
            "point with a document."
        ),
    }


def _about_homes() -> dict[str, str]:
    return {
        "describe_more": gettext("Describe the place so that a letter carrier would find it."),
        "choose_district": gettext("Choose a district from the list."),
        "same_district": gettext("This is the district that the list says. Choose another one."),
        "contest_needs_words": gettext("Write in a sentence why the list is wrong."),
        "contested_already": gettext("You said so already. An officer looks at it."),
        "not_contestable": gettext("The district can be contested once the application is sent."),
        "not_renewable": gettext(
            "The confirmation can be renewed in the weeks before it ends. After its end, begin a new "
            "application."
        ),
        "open_case": gettext("Another application of yours runs already."),
        "address_gone": gettext(
            "The city’s list has changed at your address. Please tell it again in a new application."
        ),
        "line_wrong": gettext("The lines do not agree with their check digits."),
    }


def _about_signing() -> dict[str, str]:
    return {
        "no_contact_to_sign": gettext(
            "Your account has no e-mail and no phone to send a code to. Sign at an assistance point, "
            "send a document, or add a contact to your account."
        ),
        "tell_own_name_first": gettext(
            "Tell us your own name first: begin your own application under “My residence”."
        ),
        "wrong_code": gettext("This is not the right code. Look at the newest message."),
        "code_expired": gettext("This code no longer works. Ask for a new one."),
        "too_many_tries": gettext("Too many tries. Wait a quarter of an hour."),
        "password_missing": gettext("Write your password, so that nobody else erases anything."),
        "wrong_password": gettext(
            "This is not your password. Type it again, or let us send you a code instead."
        ),
        "no_password": gettext("Your account has no password. Let us send you a code."),
        "no_contact_to_prove": gettext(
            "Your account has no e-mail and no phone to send a code to. Come to an assistance point, or "
            "add a contact to your account."
        ),
    }
