"""Measurements over time, risks and issues of pilots; what pilots leave behind for everybody"""

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

revision = '0025'
down_revision = '0024'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('measurement',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('indicator_id', sa.Integer(), nullable=False),
    sa.Column('value', sa.Numeric(precision=14, scale=4), nullable=False),
    sa.Column('measured_on', sa.Date(), nullable=False),
    sa.Column('source', sa.String(400), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_measurement_by_id_person'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['indicator_id'], ['indicator.id'], name=op.f('fk_measurement_indicator_id_indicator'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_measurement'))
    )
    op.create_index(op.f('ix_measurement_by_id'), 'measurement', ['by_id'], unique=False)
    op.create_index(op.f('ix_measurement_indicator_id'), 'measurement', ['indicator_id'], unique=False)
    # What stood in an indicator was measured by somebody the row does not name.
    op.execute(
        "INSERT INTO measurement (indicator_id, value, measured_on, source, by_id, at)"
        " SELECT id, actual, measured_on, '', NULL, created_at FROM indicator WHERE actual IS NOT NULL"
    )
    for statement in _append_only('measurement'):
        op.execute(statement)

    op.create_table('risk',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(8), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('pilot_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('risk', 'issue', name='riskkind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('title', sa.String(160), nullable=False),
    sa.Column('likelihood', sa.Integer(), nullable=False),
    sa.Column('impact', sa.Integer(), nullable=False),
    sa.Column('response', sa.String(1000), nullable=False),
    sa.Column('opened_on', sa.Date(), nullable=False),
    sa.Column('closed_on', sa.Date(), nullable=True),
    sa.Column('ending', sa.String(1000), nullable=False),
    sa.CheckConstraint("title <> ''", name=op.f('ck_risk_has_title')),
    sa.CheckConstraint("likelihood BETWEEN 1 AND 3", name=op.f('ck_risk_likelihood_possible')),
    sa.CheckConstraint("impact BETWEEN 1 AND 3", name=op.f('ck_risk_impact_possible')),
    sa.CheckConstraint("closed_on IS NULL OR ending <> ''", name=op.f('ck_risk_closed_says_how')),
    sa.ForeignKeyConstraint(['pilot_id'], ['pilot.id'], name=op.f('fk_risk_pilot_id_pilot'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_risk')),
    sa.UniqueConstraint('code', name=op.f('uq_risk_code'))
    )
    op.create_index(op.f('ix_risk_pilot_id'), 'risk', ['pilot_id'], unique=False)

    op.create_table('output',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(8), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('pilot_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('software', 'data', 'design', 'report', 'publication', 'service', name='outputkind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('title', sa.String(160), nullable=False),
    sa.Column('description', sa.String(1000), nullable=False),
    sa.Column('licence', sa.String(80), nullable=False),
    sa.Column('url', sa.String(400), nullable=False),
    sa.CheckConstraint("title <> ''", name=op.f('ck_output_has_title')),
    sa.CheckConstraint("licence <> ''", name=op.f('ck_output_has_licence')),
    sa.ForeignKeyConstraint(['pilot_id'], ['pilot.id'], name=op.f('fk_output_pilot_id_pilot'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_output')),
    sa.UniqueConstraint('code', name=op.f('uq_output_code'))
    )
    op.create_index(op.f('ix_output_pilot_id'), 'output', ['pilot_id'], unique=False)

    op.create_table('replication_kit',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(8), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('pilot_id', sa.Integer(), nullable=False),
    sa.Column('lessons', sa.String(4000), nullable=False),
    sa.Column('needs', sa.String(4000), nullable=False),
    sa.Column('steps', sa.String(4000), nullable=False),
    sa.Column('costs', sa.String(2000), nullable=False),
    sa.ForeignKeyConstraint(['pilot_id'], ['pilot.id'], name=op.f('fk_replication_kit_pilot_id_pilot'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_replication_kit')),
    sa.UniqueConstraint('code', name=op.f('uq_replication_kit_code')),
    sa.UniqueConstraint('pilot_id', name=op.f('uq_replication_kit_pilot_id'))
    )

    op.create_table('pilot_news',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(8), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('pilot_id', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(160), nullable=False),
    sa.Column('text', sa.String(4000), nullable=False),
    sa.Column('published_on', sa.Date(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("title <> '' AND text <> ''", name=op.f('ck_pilot_news_says_something')),
    sa.ForeignKeyConstraint(['pilot_id'], ['pilot.id'], name=op.f('fk_pilot_news_pilot_id_pilot'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_pilot_news_by_id_person'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_pilot_news')),
    sa.UniqueConstraint('code', name=op.f('uq_pilot_news_code'))
    )
    op.create_index(op.f('ix_pilot_news_pilot_id'), 'pilot_news', ['pilot_id'], unique=False)
    op.create_index(op.f('ix_pilot_news_by_id'), 'pilot_news', ['by_id'], unique=False)

    op.create_table('reuse',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(8), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('pilot_id', sa.Integer(), nullable=False),
    sa.Column('who', sa.String(160), nullable=False),
    sa.Column('how', sa.String(600), nullable=False),
    sa.Column('url', sa.String(400), nullable=False),
    sa.Column('since', sa.Date(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("who <> ''", name=op.f('ck_reuse_has_who')),
    sa.ForeignKeyConstraint(['pilot_id'], ['pilot.id'], name=op.f('fk_reuse_pilot_id_pilot'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_reuse_by_id_person'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reuse')),
    sa.UniqueConstraint('code', name=op.f('uq_reuse_code'))
    )
    op.create_index(op.f('ix_reuse_pilot_id'), 'reuse', ['pilot_id'], unique=False)
    op.create_index(op.f('ix_reuse_by_id'), 'reuse', ['by_id'], unique=False)

    op.create_table('reuse_interest',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(8), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('pilot_id', sa.Integer(), nullable=False),
    sa.Column('city_id', sa.Integer(), nullable=False),
    sa.Column('reason', sa.String(1000), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("reason <> ''", name=op.f('ck_reuse_interest_has_reason')),
    sa.ForeignKeyConstraint(['pilot_id'], ['pilot.id'], name=op.f('fk_reuse_interest_pilot_id_pilot'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['city_id'], ['organisation.id'], name=op.f('fk_reuse_interest_city_id_organisation'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_reuse_interest_by_id_person'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reuse_interest')),
    sa.UniqueConstraint('code', name=op.f('uq_reuse_interest_code'))
    )
    op.create_index(op.f('ix_reuse_interest_city_id'), 'reuse_interest', ['city_id'], unique=False)
    op.create_index(op.f('ix_reuse_interest_by_id'), 'reuse_interest', ['by_id'], unique=False)
    op.create_index('uq_reuse_interest_live', 'reuse_interest', ['pilot_id', 'city_id'], unique=True,
                    sqlite_where=sa.text("withdrawn_at IS NULL"), postgresql_where=sa.text("withdrawn_at IS NULL"))

    op.create_table('pilot_contact',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('pilot_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('consented_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['pilot_id'], ['pilot.id'], name=op.f('fk_pilot_contact_pilot_id_pilot'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_pilot_contact_person_id_person'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_pilot_contact')),
    sa.UniqueConstraint('pilot_id', 'person_id', name=op.f('uq_pilot_contact_pilot_id_person_id'))
    )
    op.create_index(op.f('ix_pilot_contact_person_id'), 'pilot_contact', ['person_id'], unique=False)


def downgrade() -> None:
    for table in ('pilot_contact', 'reuse_interest', 'reuse', 'pilot_news', 'replication_kit', 'output'):
        op.drop_table(table)
    op.drop_table('risk')
    op.drop_table('measurement')
    if op.get_bind().dialect.name == 'postgresql':
        for act in ('update', 'delete', 'truncate'):
            op.execute(f'DROP FUNCTION measurement_no_{act}()')


def _append_only(table: str) -> Iterator[str]:
    refuse = f"{table} is append-only"
    if op.get_bind().dialect.name == "sqlite":
        for act in ("update", "delete"):
            yield (f"CREATE TRIGGER {table}_no_{act} BEFORE {act.upper()} ON {table} "
                   f"BEGIN SELECT RAISE(ABORT, '{refuse}'); END")
        return
    for act, each in (("update", "ROW"), ("delete", "ROW"), ("truncate", "STATEMENT")):
        name = f"{table}_no_{act}"
        yield (f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
               f"$$ BEGIN RAISE EXCEPTION '{refuse}' USING ERRCODE = 'integrity_constraint_violation'; END $$")
        yield f"CREATE TRIGGER {name} BEFORE {act.upper()} ON {table} FOR EACH {each} EXECUTE FUNCTION {name}()"
