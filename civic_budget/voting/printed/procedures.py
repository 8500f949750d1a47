"""Procedures for bad days, to be printed and kept at hand; each is drilled by a test."""

from __future__ import annotations

from collections.abc import Callable

from flask_babel import gettext

from civic_budget.voting.printed.sheets import Section, Sheet

LOST_KEYS, BUG, FRAUD, OUTAGE = "lost-passphrase", "bug", "fraud", "outage"


def procedure(name: str) -> Sheet:
    """A procedure in the reader's language."""
    return PROCEDURES[name]()


def _sheet(title: str, when: str, steps: list[str], never: str) -> Sheet:
    return Sheet(
        title, when, [Section(gettext("What to do, in this order"), numbered=steps)], notice=never
    )


def _lost_keys() -> Sheet:
    return _sheet(
        gettext("Procedure: a key file or passphrase is lost"),
        gettext(
            "A member lost the key file or the passphrase, or somebody else may have seen them. The "
            "round can be opened as long as enough members still have both."
        ),
        [
            gettext("Tell the other members at once. Write down when and how it was noticed."),
            gettext(
                "Check who still has file and passphrase: enough of them for the threshold? If not, "
                "go to the last step."
            ),
            gettext(
                "In the office, under Round of voting, Change the members: one member proposes the "
                "new list (the same people, if nobody leaves) with the reason."
            ),
            gettext(
                "A second member confirms it with the key files that are left. New files and "
                "passphrases are made for everybody and shown once; each member takes their own."
            ),
            gettext(
                "Destroy all old files and passphrases before the others. The platform refuses them "
                "from now on, but the old files still hold the same key."
            ),
            gettext("Print the protocol of preparing anew; the new fingerprints are in it."),
            gettext(
                "If fewer than the threshold are left, nobody can open the votes, whoever they are. "
                "Ask for the act that annuls the round, annul it, and prepare a repeat."
            ),
        ],
        gettext("Never put file and passphrase into one place, and never send either by mail."),
    )


def _bug() -> Sheet:
    return _sheet(
        gettext("Procedure: an error in the program during the vote"),
        gettext(
            "Something about the ballot, the list or the counting is wrong, or looks wrong, while "
            "people vote."
        ),
        [
            gettext(
                "Does it keep people from voting, or change what they chose? If it may, suspend the "
                "vote with a reason; nobody can cast until it is resumed."
            ),
            gettext(
                "Write down what was seen, by whom, when, on which device. Ask nobody for their "
                "choice or control code."
            ),
            gettext(
                "Have the error repaired and tested on a rehearsal round, not on this one. The frozen "
                "list and its hash stay as they are."
            ),
            gettext(
                "Compare the count and the root with the last nightly list before and after the "
                "repair: every earlier envelope must still be there."
            ),
            gettext(
                "Resume the vote. Extend the closing time by at least as long as it stood still."
            ),
            gettext(
                "If choices may have been changed, or the list was wrong, no repair helps: ask for the "
                "act, annul the round or the list concerned, and repeat it."
            ),
        ],
        gettext("Never change a row of the database by hand. The opening finds it and stops."),
    )


def _fraud() -> Sheet:
    return _sheet(
        gettext("Procedure: suspected fraud"),
        gettext(
            "Many votes from one device or phone, votes in the name of people who know nothing of "
            "them, forged cards, votes for money."
        ),
        [
            gettext(
                "Look at the signals and the complaints under Check. A signal proves nothing: families "
                "and help desks share a network."
            ),
            gettext(
                "A person in whose name somebody else voted gets the vote back, until the envelopes are "
                "opened: one member proposes, a second confirms. The false envelope is out, unopened."
            ),
            gettext(
                "After closing do the same. The person has some days to vote; when they are over, seal "
                "the list anew under Check. Only then can the round be opened."
            ),
            gettext(
                "Two members take out, with a reason, the envelope of somebody who may not vote at all. "
                "The person is told and may object; nobody sees what is inside."
            ),
            gettext(
                "Enter the public draw and meet the voters of the sample in person. Ask only whether "
                "they voted, never for what."
            ),
            gettext(
                "Lay a legal hold on the round and report to the police what the law asks to be "
                "reported. Print the protocols."
            ),
            gettext(
                "If false votes could have changed a result and cannot be told from true ones, ask for "
                "the act, annul the list or the round, and repeat it."
            ),
        ],
        gettext("Never open an envelope to look whether it is false, and never publish who voted."),
    )


def _outage() -> Sheet:
    return _sheet(
        gettext("Procedure: an outage during the vote"),
        gettext("People cannot reach the ballot, or votes may be lost after a restored backup."),
        [
            gettext(
                "Note when it began. Tell the public where they see news: on the city's page and at "
                "the assistance points."
            ),
            gettext("Paper points without a network go on: slips are keyed afterwards."),
            gettext(
                "When it is over, extend the closing time, at the latest 24 hours after it and before "
                "anything is opened. The reason is public."
            ),
            gettext(
                "After a restored backup look under Check whether envelopes of the nightly lists are "
                "missing. Observers' copies of the lists count too."
            ),
            gettext(
                "If some are missing, ask everybody to look in their account whether their vote is "
                "there, and extend the vote so that they can cast again."
            ),
            gettext(
                "Two members acknowledge what is missing, with the reason; without that the round does "
                "not open. Everybody without a vote in the box then gets a message."
            ),
        ],
        gettext("Never close early because few people vote, and never reopen after the opening."),
    )


PROCEDURES: dict[str, Callable[[], Sheet]] = {
    LOST_KEYS: _lost_keys,
    BUG: _bug,
    FRAUD: _fraud,
    OUTAGE: _outage,
}
