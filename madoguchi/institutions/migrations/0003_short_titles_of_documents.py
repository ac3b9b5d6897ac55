from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("institutions", "0002_hide_what_the_pack_dropped")]

    operations = [
        migrations.AddField(
            model_name="sourcedocument",
            name="short_title",
            # Until the next load of the pack, which writes it.
            field=models.CharField(default="", max_length=60, help_text="本文の出典に添える短い名前"),
            preserve_default=False,
        )
    ]
