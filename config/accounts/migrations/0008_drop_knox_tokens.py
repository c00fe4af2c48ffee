from django.db import migrations


class Migration(migrations.Migration):
    """Knox's own table: its migrations make it though another model stands in its place. A flush must not trip over it."""

    dependencies = [
        ("accounts", "0007_delegations"),
        ("knox", "0009_extend_authtoken_field"),
    ]

    operations = [
        migrations.RunSQL(
            "DROP TABLE IF EXISTS knox_authtoken",
            """
            CREATE TABLE knox_authtoken (
                digest varchar(128) PRIMARY KEY,
                created timestamptz NOT NULL,
                user_id bigint NOT NULL REFERENCES accounts_user (id) DEFERRABLE INITIALLY DEFERRED,
                expiry timestamptz,
                token_key varchar(25) NOT NULL
            )
            """,
        ),
    ]
