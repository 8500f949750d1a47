"""People behind proposals, pictures, attachments and places, costs from the price list, news by e-mail."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from civic_budget.storage.audit import append_only_statements

revision = "0028_proposals_people"
down_revision = "0027_residency_people"
branch_labels = None
depends_on = None

TABLES = (
    "proposal_picture",
    "support_list",
    "proposal_support",
    "proposal_place",
    "proposal_consent",
    "proposal_attachment",
    "news_subscription",
    "co_author",
    "support_list_view",
)
COST_RULES = {
    "kind": "kind IN ('work', 'documentation')",
    "price_has_quantity": "(price_key IS NULL) = (quantity IS NULL)",
    "quantity_positive": "quantity IS NULL OR quantity > 0",
}
_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "support_list_view",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("list_id", sa.Uuid(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("sign_in_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_list_view")),
        info={"append_only": True},
    )
    op.create_index(op.f("ix_support_list_view_list_id"), "support_list_view", ["list_id"])

    op.create_table(
        "co_author",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("masked", sa.String(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=True),
        sa.Column("invited_at", _MOMENT, nullable=False),
        sa.Column("expires_at", _MOMENT, nullable=False),
        sa.Column("accepted_at", _MOMENT, nullable=True),
        sa.Column("ended_at", _MOMENT, nullable=True),
        sa.CheckConstraint(
            "(account_id IS NULL) = (accepted_at IS NULL)", name=op.f("ck_co_author_accepted_whole")
        ),
        sa.CheckConstraint(
            "accepted_at IS NULL OR token_hash IS NULL", name=op.f("ck_co_author_link_used_once")
        ),
        sa.CheckConstraint("expires_at > invited_at", name=op.f("ck_co_author_expires_later")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_co_author_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"],
            ["proposal.id"],
            name=op.f("fk_co_author_proposal_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_co_author")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_co_author_token_hash")),
    )
    op.create_index(op.f("ix_co_author_account_id"), "co_author", ["account_id"])
    op.create_index(op.f("ix_co_author_proposal_id"), "co_author", ["proposal_id"])
    op.create_index(
        "uq_co_author_present",
        "co_author",
        ["proposal_id", "account_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )

    op.create_table(
        "news_subscription",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column("proposal_id", sa.Uuid(), nullable=True),
        sa.Column("contact_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("contact_key", sa.LargeBinary(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=True),
        sa.Column("asked_at", _MOMENT, nullable=False),
        sa.Column("confirmed_at", _MOMENT, nullable=True),
        sa.Column("told_until", _MOMENT, nullable=False),
        sa.CheckConstraint(
            "confirmed_at IS NULL OR token_hash IS NULL",
            name=op.f("ck_news_subscription_link_used_once"),
        ),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_news_subscription_edition_id")
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"],
            ["proposal.id"],
            name=op.f("fk_news_subscription_proposal_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_news_subscription")),
        sa.UniqueConstraint(
            "edition_id",
            "proposal_id",
            "contact_key",
            name=op.f("uq_news_subscription_edition_id_proposal_id_contact_key"),
        ),
        sa.UniqueConstraint("token_hash", name=op.f("uq_news_subscription_token_hash")),
    )
    op.create_index(op.f("ix_news_subscription_edition_id"), "news_subscription", ["edition_id"])
    op.create_index(op.f("ix_news_subscription_proposal_id"), "news_subscription", ["proposal_id"])
    op.create_index(
        "uq_news_subscription_edition",
        "news_subscription",
        ["edition_id", "contact_key"],
        unique=True,
        sqlite_where=sa.text("proposal_id IS NULL"),
        postgresql_where=sa.text("proposal_id IS NULL"),
    )

    op.create_table(
        "proposal_attachment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("blob", sa.String(), nullable=False),
        sa.Column("page_count", sa.Integer(), nullable=False),
        sa.Column("byte_count", sa.Integer(), nullable=False),
        sa.Column("added_at", _MOMENT, nullable=False),
        sa.Column("added_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("title <> ''", name=op.f("ck_proposal_attachment_has_title")),
        sa.CheckConstraint(
            "page_count > 0 AND byte_count > 0", name=op.f("ck_proposal_attachment_has_pages")
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"],
            ["proposal.id"],
            name=op.f("fk_proposal_attachment_proposal_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal_attachment")),
        sa.UniqueConstraint("blob", name=op.f("uq_proposal_attachment_blob")),
    )
    op.create_index(
        op.f("ix_proposal_attachment_proposal_id"), "proposal_attachment", ["proposal_id"]
    )

    op.create_table(
        "proposal_consent",
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("agreed_at", _MOMENT, nullable=False),
        sa.CheckConstraint(
            "kind <> 'name' OR words <> ''", name=op.f("ck_proposal_consent_name_has_words")
        ),
        sa.CheckConstraint("kind IN ('own_work', 'name')", name=op.f("ck_proposal_consent_kind")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_proposal_consent_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"],
            ["proposal.id"],
            name=op.f("fk_proposal_consent_proposal_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "proposal_id", "account_id", "kind", name=op.f("pk_proposal_consent")
        ),
    )
    op.create_table(
        "proposal_place",
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=False),
        sa.Column("longitude", sa.Double(), nullable=False),
        sa.CheckConstraint("latitude BETWEEN -90 AND 90", name=op.f("ck_proposal_place_latitude")),
        sa.CheckConstraint(
            "longitude BETWEEN -180 AND 180", name=op.f("ck_proposal_place_longitude")
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"],
            ["proposal.id"],
            name=op.f("fk_proposal_place_proposal_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("proposal_id", "position", name=op.f("pk_proposal_place")),
    )
    op.create_table(
        "proposal_support",
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["proposal_id"],
            ["proposal.id"],
            name=op.f("fk_proposal_support_proposal_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("proposal_id", "person_id", name=op.f("pk_proposal_support")),
    )
    op.create_index(op.f("ix_proposal_support_person_id"), "proposal_support", ["person_id"])

    op.create_table(
        "support_list",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("vault_id", sa.String(), nullable=True),
        sa.Column("page_count", sa.Integer(), nullable=False),
        sa.Column("sent_at", _MOMENT, nullable=False),
        sa.Column("sent_by", sa.Uuid(), nullable=True),
        sa.Column("claimed_by", sa.Uuid(), nullable=True),
        sa.Column("claimed_at", _MOMENT, nullable=True),
        sa.Column("counted", sa.Integer(), nullable=True),
        sa.Column("counted_at", _MOMENT, nullable=True),
        sa.Column("counted_by", sa.Uuid(), nullable=True),
        sa.Column("delete_after", _MOMENT, nullable=True),
        sa.Column("deleted_at", _MOMENT, nullable=True),
        sa.CheckConstraint(
            "(counted IS NULL) = (counted_at IS NULL)", name=op.f("ck_support_list_counted_whole")
        ),
        sa.CheckConstraint(
            "counted IS NULL OR counted >= 0", name=op.f("ck_support_list_counted_not_negative")
        ),
        sa.CheckConstraint("page_count >= 0", name=op.f("ck_support_list_pages_not_negative")),
        sa.ForeignKeyConstraint(
            ["claimed_by"], ["account.id"], name=op.f("fk_support_list_claimed_by")
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"],
            ["proposal.id"],
            name=op.f("fk_support_list_proposal_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_list")),
    )
    op.create_index(op.f("ix_support_list_proposal_id"), "support_list", ["proposal_id"])

    op.create_table(
        "proposal_picture",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("step_id", sa.Uuid(), nullable=True),
        sa.Column("blob", sa.String(), nullable=False),
        sa.Column("alt", sa.JSON(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("added_at", _MOMENT, nullable=False),
        sa.Column("added_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("width > 0 AND height > 0", name=op.f("ck_proposal_picture_has_size")),
        sa.ForeignKeyConstraint(
            ["proposal_id"],
            ["proposal.id"],
            name=op.f("fk_proposal_picture_proposal_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["step_id"],
            ["implementation_step.id"],
            name=op.f("fk_proposal_picture_step_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal_picture")),
        sa.UniqueConstraint("blob", name=op.f("uq_proposal_picture_blob")),
    )
    op.create_index(op.f("ix_proposal_picture_proposal_id"), "proposal_picture", ["proposal_id"])
    op.create_index(op.f("ix_proposal_picture_step_id"), "proposal_picture", ["step_id"])

    with op.batch_alter_table("proposal_cost") as batch_op:
        batch_op.add_column(sa.Column("kind", sa.String(), server_default="work", nullable=False))
        batch_op.add_column(sa.Column("price_key", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("quantity", sa.Integer(), nullable=True))
        for name, rule in COST_RULES.items():
            batch_op.create_check_constraint(op.f(f"ck_proposal_cost_{name}"), rule)
    for statement in append_only_statements("support_list_view", op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    with op.batch_alter_table("proposal_cost") as table:
        for name in COST_RULES:
            table.drop_constraint(op.f(f"ck_proposal_cost_{name}"), type_="check")
        for column in ("quantity", "price_key", "kind"):
            table.drop_column(column)
    for name in TABLES:
        op.drop_table(name)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION support_list_view_is_append_only()")
