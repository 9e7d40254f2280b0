"""Exports and published heads; and what organisers write into the ledger is found without reading the rest of it."""

import django.db.models.deletion
from django.db import migrations, models

INDEX = """
CREATE INDEX ledger_told ON ledger_entry (batch, position) WHERE kind IN ('exclude', 'readmit', 'regrade', 'draw');
"""


class Migration(migrations.Migration):

    dependencies = [
        ('knowledge', '0007_one_save'),
    ]

    operations = [
        migrations.CreateModel(
            name='PublishedHead',
            fields=[
                ('batch', models.BigIntegerField(primary_key=True, serialize=False, verbose_name='batch')),
                ('at', models.DateTimeField(verbose_name='time of the batch')),
                ('head', models.CharField(max_length=64, verbose_name='head')),
                ('published', models.DateTimeField(verbose_name='published')),
            ],
            options={
                'verbose_name': 'published head',
                'ordering': ['-batch'],
            },
        ),
        migrations.CreateModel(
            name='Export',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('made', models.DateTimeField(verbose_name='made')),
                ('first', models.BigIntegerField(verbose_name='first batch')),
                ('last', models.BigIntegerField(verbose_name='last batch')),
                ('head', models.CharField(max_length=64, verbose_name='head')),
                ('boards', models.CharField(max_length=64, verbose_name='hash of the boards')),
                ('entries', models.BigIntegerField(verbose_name='entries')),
                ('papers', models.BigIntegerField(verbose_name='papers')),
                ('size', models.BigIntegerField(verbose_name='size in bytes')),
                ('sha256', models.CharField(max_length=64, verbose_name='SHA-256')),
                ('contest', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='exports', to='knowledge.contest', verbose_name='contest')),
            ],
            options={
                'verbose_name': 'export',
                'ordering': ['contest', '-last'],
            },
        ),
        migrations.CreateModel(
            name='ExportPart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.IntegerField()),
                ('data', models.BinaryField()),
                ('export', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='parts', to='knowledge.export')),
            ],
            options={
                'ordering': ['export', 'number'],
            },
        ),
        migrations.AddConstraint(
            model_name='exportpart',
            constraint=models.UniqueConstraint(fields=('export', 'number'), name='export_part_once'),
        ),
        migrations.RunSQL(INDEX, "DROP INDEX ledger_told"),
    ]
