"""Put the inverted index beside the passages; it is derived, so it follows the code's one definition."""

from django.db import migrations

from antigone.library.index.inverted import get_inverted_index


def install(apps, schema_editor):
    get_inverted_index(schema_editor.connection).install()


def uninstall(apps, schema_editor):
    get_inverted_index(schema_editor.connection).uninstall()


class Migration(migrations.Migration):

    dependencies = [("library", "0001_initial")]

    operations = [migrations.RunPython(install, uninstall)]
