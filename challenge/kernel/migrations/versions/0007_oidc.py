"""Signing in with accounts of elsewhere: linked identities, sign-ins begun, sessions two factors were vouched for"""

import sqlalchemy as sa
from alembic import op

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('oidc_identity',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(8), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('issuer', sa.String(300), nullable=False),
    sa.Column('subject', sa.String(255), nullable=False),
    sa.Column('label', sa.String(254), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("issuer <> '' AND subject <> ''", name=op.f('ck_oidc_identity_named')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_oidc_identity_person_id_person'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_oidc_identity')),
    sa.UniqueConstraint('code', name=op.f('uq_oidc_identity_code')),
    sa.UniqueConstraint('issuer', 'subject', name=op.f('uq_oidc_identity_issuer_subject'))
    )
    op.create_index(op.f('ix_oidc_identity_person_id'), 'oidc_identity', ['person_id'])
    op.create_table('oidc_flow',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('provider', sa.String(31), nullable=False),
    sa.Column('state_hash', sa.String(64), nullable=False),
    sa.Column('nonce_hash', sa.String(64), nullable=False),
    sa.Column('browser_hash', sa.String(64), nullable=False),
    sa.Column('begun_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('next_path', sa.String(300), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('taken_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('subject', sa.String(255), nullable=True),
    sa.Column('label', sa.String(254), nullable=False),
    sa.Column('strong_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('shown_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('subject IS NULL OR taken_at IS NOT NULL', name=op.f('ck_oidc_flow_found_once_taken')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_oidc_flow_person_id_person'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_oidc_flow')),
    sa.UniqueConstraint('state_hash', name=op.f('uq_oidc_flow_state_hash'))
    )
    op.create_index(op.f('ix_oidc_flow_browser_hash'), 'oidc_flow', ['browser_hash'])
    op.add_column('sign_in_session', sa.Column('strong_at', sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column('sign_in_session', 'strong_at')
    op.drop_index(op.f('ix_oidc_flow_browser_hash'), 'oidc_flow')
    op.drop_table('oidc_flow')
    op.drop_index(op.f('ix_oidc_identity_person_id'), 'oidc_identity')
    op.drop_table('oidc_identity')
