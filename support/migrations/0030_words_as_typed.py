from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import migrations
from django.db.models import Func, GeneratedField, TextField, Value

TYPOGRAPHIC = "\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u00ab\u00bb\u2039\u203a\u2026\u2013\u2014\u2022\u00b7\u00a0\u2009\u202f\u2010\u2011"
PLAIN = " " * (len(TYPOGRAPHIC) - 2) + "--"


def anew(model: str, index: str, *columns: str) -> list:
    """A generated column cannot be altered in PostgreSQL 15: it is made again, with its index."""
    asked = {"function": "TRANSLATE", "output_field": TextField()}
    texts = (Func(column, Value(TYPOGRAPHIC), Value(PLAIN), **asked) for column in columns)
    words = GeneratedField(
        expression=SearchVector(*texts, config="simple"), output_field=SearchVectorField(), db_persist=True
    )
    return [
        migrations.RemoveIndex(model, index),
        migrations.RemoveField(model, "words"),
        migrations.AddField(model, "words", words),
        migrations.AddIndex(model, GinIndex("words", name=index)),
    ]


class Migration(migrations.Migration):
    dependencies = [("support", "0029_history_of_now")]

    operations = [
        *anew("ticket", "ticket_words", "number", "title"),
        *anew("message", "message_words", "text"),
    ]
