"""Words for kinds of proof, reasons of officers, the statement of residence, matching reasons."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from civic_budget.residency.guardian_rules import GUARDIAN_PAPERS
from civic_budget.residency.labels.guardians import PAPER_NAMES
from civic_budget.residency.matching import ReasonCode

PROOF_NAMES = {
    "school_letter": _("Letter from a school, kindergarten or nursery"),
    "clinic_letter": _("Letter from a clinic"),
    "ngo_letter": _("Letter from an NGO or a parish"),
    "bill_transfer": _("Confirmation of a transfer for rent or bills"),
    "utility_bill": _("Bill for electricity, gas, water, internet or telephone"),
    "employer_certificate": _("Employer’s certificate"),
    "university_certificate": _("University certificate"),
    "dormitory_certificate": _("Certificate from a hall of residence, workers’ hostel or shelter"),
    "tax_form": _("First page of a tax return (PIT)"),
    "lease": _("Lease or loan-for-use agreement"),
    "registration_certificate": _("Certificate of address registration (zameldowanie)"),
    "owner_statement": _("Statement by the owner of the flat"),
    **{code: words for code, words in PAPER_NAMES.items() if code in GUARDIAN_PAPERS},
}
PROOF_HINTS = {
    "school_letter": _("With your child’s name or yours and the address they have on file."),
    "clinic_letter": _(
        "Only your name, address and the date you joined the clinic. Please send nothing about "
        "your health."
    ),
    "ngo_letter": _(
        "With the organisation’s name, a signature and a sentence saying that you live at this "
        "address."
    ),
    "bill_transfer": _(
        "The sender, the title of the transfer and the date must be visible. You may cover the rest."
    ),
    "utility_bill": _("In your name, for this address, from the last three months."),
    "employer_certificate": _("With the home address your employer knows. You may cover your pay."),
    "university_certificate": _("With your name, address and the current academic year."),
    "dormitory_certificate": _(
        "With the name of the place, your name and the date since when you have lived there."
    ),
    "tax_form": _(
        "With the tax office’s stamp or an official confirmation of receipt (UPO). You may cover "
        "numbers and amounts."
    ),
    "lease": _("The pages with names, address and dates are enough. You may cover the rent."),
    "registration_certificate": _(
        "If you have one. You do not need to be registered to take part."
    ),
    "owner_statement": _("Signed by the owner, with the address and your name."),
}

REFUSAL_NAMES = {
    "outside_city": _("Address outside the city"),
    "other_person": _("Document of another person"),
    "other_address": _("Document with another address"),
    "outdated": _("Document too old"),
    "unreadable": _("Document unreadable"),
    "no_answer": _("No answer to a request"),
    "altered": _("Document altered"),
    "already_confirmed": _("Confirmed in another application"),
    "not_guardian": _("Guardianship not shown"),
}
REFUSAL_SENTENCES = {
    "outside_city": _(
        "The address you gave is not in Kraków, and the civic budget is for residents of the city."
    ),
    "other_person": _(
        "The document is in another person’s name and does not show that you live at this address."
    ),
    "other_address": _("The address in the document differs from the address in your application."),
    "outdated": _("The document is too old to show that you live here now."),
    "unreadable": _(
        "We cannot read the document, and our request for a better picture was not answered."
    ),
    "no_answer": _(
        "We asked you to complete your application, but the deadline passed without an answer. "
        "You can apply again at any time."
    ),
    "altered": _(
        "The document shows signs of alteration. Bring the original to an assistance point or "
        "choose another kind of proof."
    ),
    "already_confirmed": _(
        "Your residence has already been confirmed in another application. If this is a mistake, "
        "appeal or come to an assistance point."
    ),
    "not_guardian": _("The documents do not show that you are this child’s guardian."),
}
MORE_NAMES = {
    "better_picture": _("A better picture"),
    "newer_document": _("A newer document"),
    "all_pages": _("All pages"),
    "name_differs": _("An explanation of the name"),
    "address_differs": _("An explanation of the address"),
    "second_proof": _("A second proof"),
    "come_to_desk": _("A visit at a desk"),
}
MORE_SENTENCES = {
    "better_picture": _(
        "We cannot read the document. Please take the picture again in good light, with all four "
        "corners visible."
    ),
    "newer_document": _(
        "The document is too old. Please send one from the last three months, or choose another "
        "kind of proof."
    ),
    "all_pages": _(
        "A page is missing. Please send the pages with your name, the address and the date."
    ),
    "name_differs": _(
        "The name in the document is written differently from the one in your application. Please "
        "tell us why, or correct your answer."
    ),
    "address_differs": _(
        "The address in the document differs from the one in your application. Please correct your "
        "answer or send another document."
    ),
    "second_proof": _("Please send one more document that shows that you live at this address."),
    "come_to_desk": _(
        "Please come to an assistance point with your document. We only look at it and keep no copy."
    ),
}

STATEMENT = (
    _(
        "I state that I live in Kraków, at the address that I gave in this application, and that I "
        "mean to stay here."
    ),
    _("The data in this application are true."),
    _("I know that the city may check this statement and ask me for another proof."),
)
STATEMENT_FOR_CHILD = (
    _(
        "I state that the child named above lives in Kraków, at the address that I gave in this "
        "application, and that I am the child’s parent or guardian."
    ),
    _("The data in this application are true."),
    _("I know that the city may check this statement and ask me for another proof."),
)
STATEMENT_AGAIN = (
    _("I state that I still live in Kraków, at the address above, and that I mean to stay here."),
)
CHILD_STATEMENT_AGAIN = (
    _(
        "I state that the child still lives in Kraków, at the address above, and is to stay here, and "
        "that I still act for the child."
    ),
)
"""No warning of criminal liability: a council may not add one."""

CHECKLIST: tuple[tuple[str, LazyString], ...] = (
    ("name", _("The name in the proof is the person’s name")),
    ("address", _("The address in the proof is the address in the application")),
    ("date", _("The proof is recent enough")),
    ("whole", _("Nothing looks altered or covered that must be visible")),
)
STATEMENT_CHECKLIST: tuple[tuple[str, LazyString], ...] = (
    ("name", _("The statement is signed with the person’s name")),
    ("address", _("The address exists and is a home")),
    ("flags", _("I looked at every flag of this case")),
)

KEY_NAMES = {
    "k1": _("Same name and birth date"),
    "k2": _("Same document"),
    "k3": _("Same given name, birth date and address"),
    "account": _("Same account at the city’s identity provider"),
    "run": _("Found by comparing the whole register"),
}
MATCH_REASONS = {
    ReasonCode.GIVEN_SAME: _("given names are the same"),
    ReasonCode.GIVEN_EQUIVALENT: _("given names are forms of one name"),
    ReasonCode.GIVEN_ALIKE: _("given names are alike"),
    ReasonCode.GIVEN_NEAR: _("given names are close"),
    ReasonCode.GIVEN_UNSURE: _("given names may be the same"),
    ReasonCode.GIVEN_DIFFERENT: _("given names differ"),
    ReasonCode.FAMILY_SAME: _("family names are the same"),
    ReasonCode.FAMILY_ALIKE: _("family names are alike"),
    ReasonCode.FAMILY_NEAR: _("family names are close"),
    ReasonCode.FAMILY_UNSURE: _("family names may be the same"),
    ReasonCode.FAMILY_DIFFERENT: _("family names differ"),
    ReasonCode.NAMES_SWAPPED: _("given and family name are swapped"),
    ReasonCode.BIRTH_SAME: _("birth dates are the same"),
    ReasonCode.BIRTH_DAY_MONTH_SWAPPED: _("day and month of birth are swapped"),
    ReasonCode.BIRTH_ONE_SLIP: _("birth dates differ in one digit"),
    ReasonCode.BIRTH_NEAR: _("birth dates are close"),
    ReasonCode.BIRTH_DIFFERENT: _("birth dates differ"),
    ReasonCode.DOCUMENT_SAME: _("documents are the same"),
    ReasonCode.DOCUMENT_NUMBER_SAME: _("document numbers are the same"),
    ReasonCode.DOCUMENT_NEAR: _("document numbers differ in one character"),
    ReasonCode.ADDRESS_SAME: _("homes are the same"),
    ReasonCode.HOUSE_SAME: _("houses are the same"),
    ReasonCode.STREET_SAME: _("streets are the same"),
}
