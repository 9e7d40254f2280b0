"""What a thing was called is kept by language, beside the label of before: rows of the trail are never rewritten."""

from django.db import migrations

from cyberweek.kernel.core.localized import LocalizedText
from cyberweek.kernel.models import LocalizedField


class Migration(migrations.Migration):
    dependencies = [("kernel", "0003_press")]

    operations = [
        migrations.AddField("auditevent", "names", LocalizedField(default=LocalizedText)),
    ]
