"""away spans"""

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None

AWAY = [{'by': 'status', 'since': None, 'until': None}]  # all that was known, until the roster is read again


def upgrade() -> None:
    with op.batch_alter_table('account', schema=None) as batch_op:
        batch_op.add_column(sa.Column('away', sa.JSON(), nullable=True))
    account = sa.table('account', sa.column('is_away', sa.Boolean()), sa.column('away', sa.JSON()))
    op.execute(account.update().where(account.c.is_away).values(away=AWAY))
    op.execute(account.update().where(~account.c.is_away).values(away=[]))
    with op.batch_alter_table('account', schema=None) as batch_op:
        batch_op.alter_column('away', existing_type=sa.JSON(), nullable=False)
        batch_op.drop_column('is_away')


def downgrade() -> None:
    with op.batch_alter_table('account', schema=None) as batch_op:
        batch_op.add_column(sa.Column('is_away', sa.Boolean(), nullable=True))
    account = sa.table('account', sa.column('is_away', sa.Boolean()), sa.column('away', sa.JSON()))
    op.execute(account.update().values(is_away=sa.cast(account.c.away, sa.Text()) != '[]'))
    with op.batch_alter_table('account', schema=None) as batch_op:
        batch_op.alter_column('is_away', existing_type=sa.Boolean(), nullable=False)
        batch_op.drop_column('away')
