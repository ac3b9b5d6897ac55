"""The article that asks for the report.

SQLite makes the table anew for this column: the triggers that read it would refuse, and its own would be gone.
"""

from importlib import import_module

from django.db import migrations, models

triggers = import_module("madoguchi.results.migrations.0006_closed_years_stay")


class Migration(migrations.Migration):
    dependencies = [("results", "0007_costs_of_the_desk")]

    operations = [
        migrations.RunPython(triggers.remove, triggers.install),
        migrations.AddField(
            model_name="reportyear",
            name="article",
            field=models.CharField(blank=True, help_text="報告を義務づける条（例: 第10条）", max_length=40),
        ),
        migrations.RunPython(triggers.install, triggers.remove),
    ]
