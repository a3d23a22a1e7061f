"""Files that marketing takes away: they open, and nothing in them runs.

A spreadsheet program takes a cell that begins with `=` (or a relative of it) for a formula, in CSV
always and in XLSX as soon as a person touches the cell; one control character keeps a whole XLSX
from opening. Names and UTM words come from strangers, so every cell goes through `safe_cell()`.
"""

import codecs
import csv
import math
import re
import unicodedata
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from openpyxl.cell import WriteOnlyCell
from wagtail.admin.views.mixins import Echo, SpreadsheetExportMixin
from wagtail.log_actions import LogFormatter, log

from funnel.models import FunnelSettings

EXPORT_ACTION = "funnel.export"
ROWS_AT_A_TIME = 500
XLSX_CELL_LENGTH = 32_000
XLSX_MOMENT = "yyyy-mm-dd hh:mm"
XLSX_DAY = "yyyy-mm-dd"

# What begins a formula in Excel, LibreOffice or Google Sheets; the wide and small forms fold to
# the first four under NFKC, and the minus sign proper is taken for a minus by some.
_FORMULA_STARTS = frozenset("=+-@|\u2212")
_BREAKS = frozenset("\t\r\n\v\f\x1c\x1d\x1e\x85\u2028\u2029")
# Where a program's separator is not ours, a cell can be cut in two, and its rest begin a cell.
_CUT_AND_SPACE = re.compile(r"([;,]\s*)")


def safe_text(value: str) -> str:
    """Return `value` as text that is no formula, on one line, storable in XML and in CSV.

    Line breaks become spaces; control characters, lone surrogates, non-characters and invisible
    marks go. A text that a program might run gets an apostrophe in front, as a person would type.
    """
    kept = value
    if not value.isprintable():
        spaced = "".join(" " if character in _BREAKS else character for character in value)
        kept = "".join(character for character in spaced if _is_storable(character))
    kept = kept.strip()[:XLSX_CELL_LENGTH].rstrip()
    return f"'{kept}" if _begins_a_formula(kept) else kept


def _begins_a_formula(text: str) -> bool:
    return unicodedata.normalize("NFKC", text[:1]).strip()[:1] in _FORMULA_STARTS


def _is_storable(character: str) -> bool:
    not_a_character = (ord(character) & 0xFFFE) == 0xFFFE or 0xFDD0 <= ord(character) <= 0xFDEF
    return unicodedata.category(character) not in {"Cc", "Cf", "Cs"} and not not_a_character


def safe_cell(value: Any) -> str | int | float | datetime | date:
    """Return `value` as what a spreadsheet may hold: words, a number, or a date of this site.

    Nothing is "", yes and no are words (never "-"), and a moment is local time without seconds.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        if value.tzinfo:
            value = timezone.localtime(value, timezone.get_default_timezone())
        return value.replace(tzinfo=None, second=0, microsecond=0)
    if isinstance(value, date):
        return value
    if isinstance(value, (int, float)):
        return value if math.isfinite(value) else ""
    if isinstance(value, (list, tuple, set)):
        return safe_text(", ".join(str(part) for part in value))
    return safe_text(str(value))


def csv_cell(value: Any) -> str:
    """Return `value` as the text of a CSV cell; dates in the order that sorts."""
    cell = safe_cell(value)
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d %H:%M}"
    if isinstance(cell, date):
        return f"{cell:%Y-%m-%d}"
    text = cell if isinstance(cell, str) else safe_text(str(cell))
    if "," not in text and ";" not in text:
        return text
    return "".join(
        f"'{part}" if _begins_a_formula(part) else part for part in _CUT_AND_SPACE.split(text)
    )


def xlsx_cell(worksheet: Any, value: Any) -> WriteOnlyCell:
    """Return a cell that is never a formula, with dates that are dates."""
    content = safe_cell(value)
    cell = WriteOnlyCell(worksheet, content)
    if isinstance(content, str):
        cell.data_type = "s"
    elif isinstance(content, datetime):
        cell.number_format = XLSX_MOMENT
    elif isinstance(content, date):
        cell.number_format = XLSX_DAY
    return cell


class ExportLogFormatter(LogFormatter):
    """How the site's history tells of an export: how much of what, and never whom."""

    label = "Download"

    def format_message(self, log_entry: Any) -> str:
        """Say it in one line."""
        data = log_entry.data
        return f"Downloaded {data.get('count', 0)} {data.get('of', 'rows')} as {data.get('format')}"


class SafeExportMixin(SpreadsheetExportMixin):
    """Wagtail's CSV and XLSX export, asked for by permission, written to the log, and harmless.

    For a listing view that has `request`; put it first among the bases. `list_export` names the
    columns, `to_row_dict()` fills them.
    """

    def may_export(self) -> bool:
        """Say whether the person at the screen may take this file away."""
        raise NotImplementedError

    def require_export_permission(self, request: HttpRequest) -> None:
        """Refuse a request for a file (Wagtail asks for no permission beyond reading)."""
        if request.GET.get("export") and not self.may_export():
            raise PermissionDenied

    @property
    def show_export_buttons(self) -> bool:
        """Offer the files to those who may have them."""
        return bool(self.list_export) and self.may_export()

    def as_spreadsheet(self, queryset: QuerySet[Any], spreadsheet_format: str) -> Any:
        """Return the file, and note who took how many rows of what; the log holds no data."""
        count = queryset.count()
        log(
            instance=FunnelSettings.load(),
            action=EXPORT_ACTION,
            data={
                "count": count,
                "of": str(queryset.model._meta.verbose_name_plural),
                "format": spreadsheet_format,
            },
        )
        return super().as_spreadsheet(queryset, spreadsheet_format)

    def get_heading(self, queryset: QuerySet[Any], field: str) -> str:
        """Return a column's heading, which may come from a record's name."""
        return safe_text(super().get_heading(queryset, field))

    def stream_csv(self, queryset: QuerySet[Any]) -> Iterator[bytes]:
        """Yield the file's lines; the mark at its start tells Excel that it is UTF-8."""
        yield codecs.BOM_UTF8
        writer = csv.DictWriter(Echo(), fieldnames=list(self.list_export))
        yield writer.writerow(
            {field: csv_cell(self.get_heading(queryset, field)) for field in self.list_export}
        )
        for item in queryset.iterator(chunk_size=ROWS_AT_A_TIME):
            yield self.write_csv_row(writer, self.to_row_dict(item))

    def write_csv_row(self, writer: Any, row_dict: dict[str, Any]) -> bytes:
        """Write one row of safe cells."""
        line: bytes = writer.writerow({field: csv_cell(cell) for field, cell in row_dict.items()})
        return line

    def generate_xlsx_row(
        self, worksheet: Any, row_dict: dict[str, Any], date_format: str | None = None
    ) -> Iterator[WriteOnlyCell]:
        """Yield one row of safe cells; `date_format` is the reader's, ours sorts."""
        for value in row_dict.values():
            yield xlsx_cell(worksheet, value)
