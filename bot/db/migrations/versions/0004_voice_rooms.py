"""voice rooms, and the time zone that is asked once"""

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('voice_room',
    sa.Column('match_id', sa.Integer(), nullable=False),
    sa.Column('workspace_id', sa.Integer(), nullable=False),
    sa.Column('meets_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('closes_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('claimed_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('handle', sa.String(length=120), nullable=True),
    sa.Column('problem', sa.String(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('team_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['match_id'], ['match.id'], name=op.f('fk_voice_room_match_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['team_id'], ['team.id'], name=op.f('fk_voice_room_team_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['workspace_id'], ['workspace.id'], name=op.f('fk_voice_room_workspace_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_voice_room')),
    sa.UniqueConstraint('match_id', 'workspace_id', 'meets_at', name=op.f('uq_voice_room_match_id_workspace_id_meets_at'))
    )
    with op.batch_alter_table('voice_room', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_voice_room_due_at'), ['due_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_voice_room_team_id'), ['team_id'], unique=False)

    op.add_column('member', sa.Column('zone_asked_at', sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    # not in a batch: that would make the table anew, and dropping the old one takes all that refers to it along
    op.drop_column('member', 'zone_asked_at')

    with op.batch_alter_table('voice_room', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_voice_room_team_id'))
        batch_op.drop_index(batch_op.f('ix_voice_room_due_at'))

    op.drop_table('voice_room')
