"""Guardianship, contested districts, signatures with a code, reminders; streets as they sound."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from civic_budget.city.addresses import sound_of

revision = "0027_residency_people"
down_revision = "0026_residency_letters"
branch_labels = None
depends_on = None

LIVE = sa.text("state IN ('claimed', 'acting', 'informed', 'disputed')")
IN_CHARGE = sa.text("state IN ('acting', 'disputed')")
OPEN = sa.text("state = 'open'")
PURPOSES = "purpose IN ('first', 'move', 'renewal'{})"
CODES = "purpose IN ('sign_up', 'recovery', 'link', 'contact'{})"


def upgrade() -> None:
    _guardianship()
    _contests()
    _set_check("residence_case", "ck_residence_case_purpose", PURPOSES.format(", 'correction'"))
    _set_check("pending_code", "ck_pending_code_purpose", CODES.format(", 'signature'"))
    with op.batch_alter_table("residence_statement") as batch:
        batch.add_column(sa.Column("confirmed_by", sa.String(), nullable=True))
        batch.create_check_constraint(
            op.f("ck_residence_statement_confirmed_by"),
            "confirmed_by IN ('email', 'phone', 'desk', 'one_tap')",
        )
    with op.batch_alter_table("confirmation") as batch:
        batch.add_column(sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("street", sa.Column("sound", sa.String(), nullable=True))
    _fill_sounds()
    with op.batch_alter_table("street") as batch:
        batch.alter_column("sound", existing_type=sa.String(), nullable=False)
        batch.create_index(op.f("ix_street_sound"), ["sound"])


def downgrade() -> None:
    with op.batch_alter_table("street") as batch:
        batch.drop_index(op.f("ix_street_sound"))
        batch.drop_column("sound")
    with op.batch_alter_table("confirmation") as batch:
        batch.drop_column("reminded_at")
    with op.batch_alter_table("residence_statement") as batch:
        batch.drop_constraint(op.f("ck_residence_statement_confirmed_by"), type_="check")
        batch.drop_column("confirmed_by")
    op.execute("DELETE FROM pending_code WHERE purpose = 'signature'")
    op.execute("UPDATE residence_case SET purpose = 'renewal' WHERE purpose = 'correction'")
    _set_check("pending_code", "ck_pending_code_purpose", CODES.format(""))
    _set_check("residence_case", "ck_residence_case_purpose", PURPOSES.format(""))
    op.drop_table("district_contest")
    op.drop_table("guardianship")


def _set_check(table: str, name: str, condition: str) -> None:
    with op.batch_alter_table(table) as batch:
        batch.drop_constraint(op.f(name), type_="check")
        batch.create_check_constraint(op.f(name), condition)


def _fill_sounds() -> None:
    street = sa.table("street", sa.column("id"), sa.column("name"), sa.column("sound"))
    bind = op.get_bind()
    for row in bind.execute(sa.select(street.c.id, street.c.name)).all():
        bind.execute(street.update().where(street.c.id == row.id).values(sound=sound_of(row.name)))


def _guardianship() -> None:
    op.create_table(
        "guardianship",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("proof", sa.String(), nullable=False),
        sa.Column("child_key", sa.LargeBinary(), nullable=True),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.CheckConstraint(
            "state IN ('claimed', 'acting', 'informed', 'disputed', 'refused', 'withdrawn', "
            "'ended')",
            name=op.f("ck_guardianship_state"),
        ),
        sa.CheckConstraint(
            "proof IN ('birth_certificate', 'court_order', 'temporary_guardian', 'desk')",
            name=op.f("ck_guardianship_proof"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('acting', 'disputed') OR child_key IS NOT NULL",
            name=op.f("ck_guardianship_child_known"),
        ),
        sa.CheckConstraint(
            "(state IN ('refused', 'ended')) = (reason IS NOT NULL)",
            name=op.f("ck_guardianship_reason"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_guardianship_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_guardianship_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["account.id"], name=op.f("fk_guardianship_decided_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guardianship")),
    )
    for column in ("account_id", "person_id"):
        op.create_index(op.f(f"ix_guardianship_{column}"), "guardianship", [column])
    op.create_index(
        "uq_guardianship_one_acts",
        "guardianship",
        ["child_key"],
        unique=True,
        sqlite_where=IN_CHARGE,
        postgresql_where=IN_CHARGE,
    )
    op.create_index(
        "uq_guardianship_one_tie",
        "guardianship",
        ["account_id", "person_id"],
        unique=True,
        sqlite_where=LIVE,
        postgresql_where=LIVE,
    )


def _contests() -> None:
    op.create_table(
        "district_contest",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("listed", sa.Integer(), nullable=False),
        sa.Column("wanted", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "state IN ('open', 'upheld', 'dismissed', 'withdrawn')",
            name=op.f("ck_district_contest_state"),
        ),
        sa.CheckConstraint("listed <> wanted", name=op.f("ck_district_contest_differs")),
        sa.CheckConstraint(
            "(state IN ('upheld', 'dismissed')) = (decided_by IS NOT NULL)",
            name=op.f("ck_district_contest_decided_by"),
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["residence_case.id"], name=op.f("fk_district_contest_case_id")
        ),
        sa.ForeignKeyConstraint(
            ["listed"], ["district.number"], name=op.f("fk_district_contest_listed")
        ),
        sa.ForeignKeyConstraint(
            ["wanted"], ["district.number"], name=op.f("fk_district_contest_wanted")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["account.id"], name=op.f("fk_district_contest_decided_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_district_contest")),
    )
    op.create_index(op.f("ix_district_contest_case_id"), "district_contest", ["case_id"])
    op.create_index(
        "uq_district_contest_one_open",
        "district_contest",
        ["case_id"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
