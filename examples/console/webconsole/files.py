"""Lists as files: CSV that Excel opens, and workbooks; and the sound of recordings."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator, Iterator
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse, StreamingResponse

from callcenter.admin import calls
from callcenter.admin.things import RecordRef
from callcenter.extras.xlsx import write_workbook
from callcenter.model.ids import CallId, CenterId
from callcenter.model.times import Instant
from callcenter.reports.sheets import Sheet, csv_lines, heads, workbook_rows
from callcenter.texts import Language, say
from webconsole.door import See
from webconsole.lists import LISTS

router = APIRouter()
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_PART = 65_536


@router.get("/export/{name}")
async def export(request: Request, seen: See, name: str, form: Annotated[str, Query()] = "csv") -> Response:
    """Send the whole of a list; that it was taken away is a row of the audit trail."""
    asked = LISTS.get(name)
    if asked is None or (asked.export is None and asked.which is None):
        return RedirectResponse("/", 303)
    sheet = asked.sheet(seen, request.query_params)
    if form == "xlsx":
        return StreamingResponse(_workbook(sheet, seen.language), media_type=_XLSX, headers=_as(f"{name}.xlsx"))
    lines = (line.encode() for line in csv_lines(sheet, seen.language, excel=True))
    return StreamingResponse(_slowly(lines), media_type="text/csv; charset=utf-8", headers=_as(f"{name}.csv"))


@router.get("/recordings/{center}/{call}/{at}")
async def recording(seen: See, center: str, call: str, at: int) -> StreamingResponse:
    """Send a recording; that it was listened to is a row of the audit trail."""
    ref = RecordRef(center=CenterId(center), call=CallId(call), at=Instant(at))
    sound = iter(calls.listen(seen.me, seen.now, ref))
    return StreamingResponse(_slowly(sound), media_type="audio/wav", headers=_as(f"{seen.now}.wav"))


async def _slowly(lines: Iterator[bytes]) -> AsyncIterator[bytes]:
    """Hand lines over in the thread of the application, which is the one that may read the store."""
    for line in lines:
        yield line


async def _workbook(sheet: Sheet, language: Language) -> AsyncIterator[bytes]:
    with tempfile.TemporaryFile() as file:
        title = say(f"report.{sheet.name}", language)
        forms = [column.form.value for column in sheet.columns]
        write_workbook(file, title, heads(sheet, language), forms, workbook_rows(sheet, language))
        file.seek(0)
        while part := file.read(_PART):
            yield part


def _as(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"'}
