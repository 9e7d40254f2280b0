

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_first_password'),
        ('attachments', '0001_attachments'),
        ('editions', '0001_initial'),
        ('planning', '0004_indexes_that_others_cover'),
        ('regions', '0002_ancestry'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Reader',
            fields=[
                ('person', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('wants_mail', models.BooleanField(default=True)),
                ('mailed_on', models.DateField(editable=False, null=True)),
                ('feed_hash', models.CharField(editable=False, max_length=64, null=True, unique=True)),
                ('feed_since', models.DateTimeField(editable=False, null=True)),
            ],
        ),
        migrations.AddField(
            model_name='task',
            name='follows_parts',
            field=models.BooleanField(db_default=False, default=False, verbose_name='progress follows the parts'),
        ),
        migrations.AddField(
            model_name='task',
            name='weight',
            field=models.PositiveSmallIntegerField(db_default=1, default=1, verbose_name='weight among the parts'),
        ),
        migrations.AlterField(
            model_name='notice',
            name='kind',
            field=models.CharField(choices=[('assigned', 'You are accountable for it'), ('changed', 'The plan changed it'), ('soon', 'Due soon'), ('due', 'Due today'), ('overdue', 'Overdue'), ('escalated', 'Overdue in a unit below yours'), ('comment', 'A comment'), ('reminded', 'Somebody reminds you of it')], max_length=10),
        ),
        migrations.CreateModel(
            name='Evidence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('attachment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='attachments.attachment')),
                ('task', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='files', to='planning.task')),
            ],
            options={
                'ordering': ['task', 'id'],
            },
        ),
        migrations.AddField(
            model_name='task',
            name='evidence',
            field=models.ManyToManyField(related_name='+', through='planning.Evidence', to='attachments.attachment'),
        ),
        migrations.AddIndex(
            model_name='task',
            index=models.Index(fields=['edition', 'due', 'id'], name='task_by_due'),
        ),
        migrations.AddIndex(
            model_name='task',
            index=models.Index(condition=models.Q(('state', 'done')), fields=['edition', '-done_at', '-id'], name='task_done_last'),
        ),
        migrations.AddConstraint(
            model_name='task',
            constraint=models.CheckConstraint(condition=models.Q(('weight__gte', 1)), name='task_weighs_something'),
        ),
        migrations.AddConstraint(
            model_name='evidence',
            constraint=models.UniqueConstraint(fields=('task', 'attachment'), name='task_evidence_once'),
        ),
    ]
