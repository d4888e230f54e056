"""Fewer and lighter indexes on readers and consents, and one check for all consents given at once."""

import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models

KNOWN = """
CREATE FUNCTION publisher_consents_known() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM (SELECT DISTINCT organisation_id, channel_id FROM added) a
        WHERE NOT EXISTS (SELECT FROM publisher_organisation o WHERE o.id = a.organisation_id)
            OR NOT EXISTS (SELECT FROM publisher_channel c WHERE c.id = a.channel_id)
    ) THEN
        RAISE foreign_key_violation USING
            MESSAGE = 'a consent names an organisation or a channel that is not there';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER consents_known AFTER INSERT ON publisher_consent
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT
    EXECUTE FUNCTION publisher_consents_known();
CREATE FUNCTION publisher_consents_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE integrity_constraint_violation USING
        MESSAGE = 'a consent stays with the organisation and the channel it was given for';
END $$;
CREATE TRIGGER consents_stay BEFORE UPDATE OF organisation_id, channel_id ON publisher_consent
    FOR EACH ROW WHEN ((OLD.organisation_id, OLD.channel_id)
        IS DISTINCT FROM (NEW.organisation_id, NEW.channel_id))
    EXECUTE FUNCTION publisher_consents_stay();
"""
UNKNOWN = """
DROP TRIGGER consents_stay ON publisher_consent;
DROP FUNCTION publisher_consents_stay();
DROP TRIGGER consents_known ON publisher_consent;
DROP FUNCTION publisher_consents_known();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("publisher", "0023_windows"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="reader", name="one_reader_per_address"),
        migrations.RemoveIndex(model_name="reader", name="readers_by_address"),
        migrations.RemoveIndex(model_name="reader", name="readers_by_hash"),
        migrations.AlterField(
            model_name="consent",
            name="channel",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                to="publisher.channel",
            ),
        ),
        migrations.AlterField(
            model_name="consent",
            name="organisation",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                to="publisher.organisation",
            ),
        ),
        migrations.AddIndex(
            model_name="reader",
            index=django.contrib.postgres.indexes.HashIndex(
                condition=models.Q(("address_hash", ""), _negated=True),
                fields=["address_hash"],
                name="readers_by_hash",
            ),
        ),
        migrations.AddConstraint(
            model_name="reader",
            constraint=models.UniqueConstraint(
                django.contrib.postgres.indexes.OpClass(
                    django.db.models.functions.text.Lower("address"), name="text_pattern_ops"
                ),
                name="one_reader_per_address",
            ),
        ),
        migrations.RunSQL(KNOWN, UNKNOWN),
    ]
