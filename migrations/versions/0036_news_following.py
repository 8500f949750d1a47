"""Following: residents with one click, addresses by a confirmed link. The table for it was empty so far."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0036_news_following"
down_revision = "0035_residency_check"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the table anew, with what is followed as one key; nobody had written into it."""
    op.drop_table("news_subscription")
    op.create_table(
        "news_subscription",
        *_common(),
        sa.Column("subject", sa.String(), nullable=False),
        sa.CheckConstraint(
            "(confirmed_at IS NULL) = (token_hash IS NOT NULL)",
            name=op.f("ck_news_subscription_link_used_once"),
        ),
        sa.CheckConstraint(
            "(subject LIKE 'proposal:%') = (proposal_id IS NOT NULL)",
            name=op.f("ck_news_subscription_proposal_named"),
        ),
        sa.UniqueConstraint(
            "edition_id",
            "subject",
            "contact_key",
            name=op.f("uq_news_subscription_edition_id_subject_contact_key"),
        ),
    )
    _index_subscriptions()
    op.create_table(
        "follower",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("since", _MOMENT, nullable=False),
        sa.Column("told_until", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["proposal_id"],
            ["proposal.id"],
            name=op.f("fk_follower_proposal_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_follower_edition_id")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_follower_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follower")),
        sa.UniqueConstraint(
            "proposal_id", "account_id", name=op.f("uq_follower_proposal_id_account_id")
        ),
    )
    for column in ("proposal_id", "edition_id", "account_id"):
        op.create_index(op.f(f"ix_follower_{column}"), "follower", [column])


def downgrade() -> None:
    """Back to the empty table of before: whoever followed is forgotten."""
    op.drop_table("follower")
    op.drop_table("news_subscription")
    op.create_table(
        "news_subscription",
        *_common(),
        sa.CheckConstraint(
            "confirmed_at IS NULL OR token_hash IS NULL",
            name=op.f("ck_news_subscription_link_used_once"),
        ),
        sa.UniqueConstraint(
            "edition_id",
            "proposal_id",
            "contact_key",
            name=op.f("uq_news_subscription_edition_id_proposal_id_contact_key"),
        ),
    )
    _index_subscriptions()
    op.create_index(
        "uq_news_subscription_edition",
        "news_subscription",
        ["edition_id", "contact_key"],
        unique=True,
        sqlite_where=sa.text("proposal_id IS NULL"),
        postgresql_where=sa.text("proposal_id IS NULL"),
    )


def _common() -> tuple[sa.schema.SchemaItem, ...]:
    return (
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
        sa.UniqueConstraint("token_hash", name=op.f("uq_news_subscription_token_hash")),
    )


def _index_subscriptions() -> None:
    for column in ("edition_id", "proposal_id"):
        op.create_index(op.f(f"ix_news_subscription_{column}"), "news_subscription", [column])
