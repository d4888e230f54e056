"""Identifiers never change."""

from publisher.kit.ids import placement_key


def test_a_cell_has_the_same_key_for_ever():
    """Feed ids and Message-IDs hang on this value: if it changes, readers see old news as new."""
    key = placement_key(
        entry="statement",
        occurrence="launch",
        audience="members",
        outlet="iso-newsletter",
        language="fr",
    )

    assert key == "a8c5b53e29e49eef7531"
