"""Readers: found again, looked after one by one, put into segments, brought in and given out."""

from publisher.models import Act
from publisher.web.desk.area import Area
from publisher.web.desk.door import desk
from publisher.web.desk.readers import acts, files, one, segments, views
from publisher.web.desk.readers.whose import of_consent, of_reader

_READERS = Act.READERS
area = Area(
    name="readers",
    act=_READERS,
    routes=(
        desk("readers/", views.readers, _READERS, name="readers"),
        desk("readers.csv", views.table, _READERS, name="readers-table"),
        desk("readers/segments/", segments.segments, _READERS, name="segments"),
        desk("readers/segments/keep/", segments.kept, _READERS, name="segment-keep"),
        desk("readers/files/", files.files, _READERS, name="readers-files"),
        desk("readers/files/<int:file>/", files.one, _READERS, name="readers-file"),
        desk("readers/files/<int:file>/decide/", files.decide, _READERS,
             name="readers-file-decide"),
        desk("readers/files/<int:file>/rejects.csv", files.rejects, _READERS,
             name="readers-file-rejects"),
        desk("readers/<int:reader>/", one.reader, _READERS, of_reader, name="reader"),
        desk("readers/<int:reader>/data.json", one.data, _READERS, of_reader, name="reader-data"),
        desk("readers/<int:reader>/erase/", acts.erase, _READERS, of_reader, name="reader-erase"),
        desk("readers/<int:reader>/restore/", acts.restore, _READERS, of_reader,
             name="reader-restore"),
        desk("readers/<int:reader>/ask-again/", acts.ask_again, _READERS, of_reader,
             name="reader-ask-again"),
        desk("readers/<int:reader>/withdraw/<int:consent>/", acts.withdraw, _READERS, of_consent,
             name="consent-withdraw"),
    ),
)  # fmt: skip
