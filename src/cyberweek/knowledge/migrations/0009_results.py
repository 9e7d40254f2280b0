"""Exclusions, objections, regrades, and the results that were before them; for the standings, which rulings hold."""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

RULINGS = """
-- Which rulings hold, as far as the standings have read the ledger: written with what they do to the boards.
CREATE TABLE standing_excluded (
    contest     text   NOT NULL,
    participant uuid   NOT NULL,
    at_ms       bigint NOT NULL,
    reason      text   NOT NULL,
    PRIMARY KEY (contest, participant)
);
CREATE TABLE standing_regrade (
    contest text    PRIMARY KEY,
    release integer NOT NULL
);
"""


class Migration(migrations.Migration):

    dependencies = [
        ('editions', '0001_initial'),
        ('knowledge', '0008_exports_and_heads'),
        ('regions', '0002_ancestry'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL(RULINGS, "DROP TABLE standing_excluded, standing_regrade"),
        migrations.CreateModel(
            name='Exclusion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('participant', models.UUIDField(verbose_name='participant')),
                ('ruling', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('category', models.CharField(choices=[('speed', 'Answered faster than anyone can read'), ('copying', 'Answers shared within a group'), ('burst', 'Many papers at once from one network'), ('device', 'Many passports on one device'), ('entitled', 'Not entitled to take part'), ('other', 'Other')], max_length=12, verbose_name='kind of reason')),
                ('reason', models.CharField(max_length=500, verbose_name='public reason')),
                ('note', models.TextField(blank=True, max_length=2000, verbose_name='internal note')),
                ('at', models.DateTimeField()),
                ('object_until', models.DateTimeField(verbose_name='objection until')),
                ('lifted', models.DateTimeField(blank=True, null=True)),
                ('lifted_reason', models.CharField(blank=True, max_length=500)),
            ],
            options={
                'verbose_name': 'exclusion',
                'ordering': ['-at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Objection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField(max_length=2000, verbose_name='objection')),
                ('at', models.DateTimeField()),
                ('state', models.CharField(choices=[('open', 'Waiting for a decision'), ('upheld', 'The exclusion stands'), ('granted', 'Readmitted')], default='open', max_length=8)),
                ('answer', models.TextField(blank=True, max_length=2000, verbose_name='answer')),
                ('decided', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'verbose_name': 'objection',
                'ordering': ['at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Regrade',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('release', models.PositiveIntegerField()),
                ('ruling', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('reason', models.CharField(max_length=500, verbose_name='public reason')),
                ('at', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'regrade',
                'ordering': ['-release'],
            },
        ),
        migrations.CreateModel(
            name='RegradePreview',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('release', models.PositiveIntegerField()),
                ('batch', models.BigIntegerField()),
                ('state', models.CharField(choices=[('waiting', 'Being counted'), ('ready', 'Ready'), ('failed', 'Failed')], default='waiting', max_length=8)),
                ('done', models.BigIntegerField(default=0)),
                ('total', models.BigIntegerField(default=0)),
                ('told', models.JSONField(default=dict)),
                ('at', models.DateTimeField()),
            ],
            options={
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='ResultVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('batch', models.BigIntegerField()),
                ('head', models.CharField(blank=True, max_length=64)),
                ('boards', models.CharField(blank=True, max_length=64)),
                ('participants', models.BigIntegerField()),
                ('papers', models.BigIntegerField()),
                ('tops', models.JSONField()),
                ('ruling', models.UUIDField(unique=True)),
                ('kind', models.CharField(choices=[('exclude', 'Exclusion'), ('readmit', 'Readmission'), ('regrade', 'Regrade')], max_length=8)),
                ('reason', models.CharField(max_length=500)),
                ('changed', models.JSONField(default=dict)),
                ('at', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'earlier result',
                'ordering': ['contest', '-number'],
            },
        ),
        migrations.AddField(
            model_name='contest',
            name='objection_days',
            field=models.PositiveSmallIntegerField(default=7, verbose_name='days for an objection'),
        ),
        migrations.AddConstraint(
            model_name='contest',
            constraint=models.CheckConstraint(condition=models.Q(('objection_days__range', (1, 60))), name='contest_objection_days'),
        ),
        migrations.AddField(
            model_name='exclusion',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='exclusion',
            name='contest',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='exclusions', to='knowledge.contest'),
        ),
        migrations.AddField(
            model_name='exclusion',
            name='lifted_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='objection',
            name='decided_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='objection',
            name='excluder',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='objection',
            name='exclusion',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='objection', to='knowledge.exclusion'),
        ),
        migrations.AddField(
            model_name='regrade',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='regrade',
            name='contest',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='regrades', to='knowledge.contest'),
        ),
        migrations.AddField(
            model_name='regradepreview',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='regradepreview',
            name='contest',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='regrade_previews', to='knowledge.contest'),
        ),
        migrations.AddField(
            model_name='regrade',
            name='preview',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='regrade', to='knowledge.regradepreview'),
        ),
        migrations.AddField(
            model_name='resultversion',
            name='contest',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='result_versions', to='knowledge.contest'),
        ),
        migrations.AddConstraint(
            model_name='exclusion',
            constraint=models.UniqueConstraint(condition=models.Q(('lifted', None)), fields=('contest', 'participant'), name='exclusion_once_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='exclusion',
            constraint=models.CheckConstraint(condition=models.Q(('category__in', ['speed', 'copying', 'burst', 'device', 'entitled', 'other'])), name='exclusion_category_known'),
        ),
        migrations.AddConstraint(
            model_name='exclusion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('lifted', None), ('lifted_by', None)), models.Q(('lifted__isnull', False), ('lifted_by__isnull', False)), _connector='OR'), name='exclusion_lifted_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='objection',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided', None), ('decided_by', None), ('state', 'open')), models.Q(('decided__isnull', False), ('state__in', ['upheld', 'granted']), ('decided_by__isnull', False)), _connector='OR'), name='objection_open_or_decided'),
        ),
        migrations.AddConstraint(
            model_name='objection',
            constraint=models.CheckConstraint(condition=models.Q(('decided_by', None), models.Q(('decided_by', models.F('excluder')), _negated=True), _connector='OR'), name='objection_has_four_eyes'),
        ),
        migrations.AddConstraint(
            model_name='regradepreview',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'ready', 'failed'])), name='preview_state_known'),
        ),
        migrations.AddConstraint(
            model_name='regrade',
            constraint=models.UniqueConstraint(fields=('contest', 'release'), name='regrade_once_a_release'),
        ),
        migrations.AddConstraint(
            model_name='resultversion',
            constraint=models.UniqueConstraint(fields=('contest', 'number'), name='result_version_once'),
        ),
    ]
