"""Workbooks of another program, for openpyxl_test: "write FOLDER" makes some, "read FILE" tells one as JSON."""
import datetime
import json
import sys

import openpyxl


def write(folder):
    book = openpyxl.Workbook()
    hidden = book.active
    hidden.title = "Ẩn"
    hidden.sheet_state = "hidden"
    hidden["A1"] = "không ai thấy"
    page = book.create_sheet("Danh sách")
    page.append(["id", "name", "agency", "day", "time", "number", "truth"])
    page.append(["001", "Nguyễn Thị Hường", "VP", datetime.date(2026, 11, 23), datetime.datetime(2026, 11, 23, 7, 30), 37301001234, True])
    page.append([None, "Ho\u0302\u0300 Va\u0306n \u0110u\u031b\u0301c", "TH", datetime.date(1900, 3, 1), datetime.time(7, 30), 0.5, False])
    page.append([])
    page.append([" có dấu cách ", "Dòng 1\nDòng 2", "<&>\"'", None, None, -3])
    page["D2"].number_format = "dd/mm/yyyy"
    page.merge_cells("A7:C7")
    page["A7"] = "gộp"
    page.column_dimensions["B"].width = 40
    other = book.create_sheet("Khác")
    other["B3"] = "trang khác"
    book.active = 1
    book.save(folder + "/book.xlsx")

    late = openpyxl.Workbook()
    late.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    late.active.append([datetime.date(2026, 11, 23)])
    late.save(folder + "/late.xlsx")

    formula = openpyxl.Workbook()
    formula.active["B2"] = "=1+1"
    formula.save(folder + "/formula.xlsx")


def read(path):
    page = openpyxl.load_workbook(path).active
    rows = [[cell.value for cell in row] for row in page.iter_rows()]
    kinds = sorted({cell.data_type for row in page.iter_rows() for cell in row if cell.value is not None})
    formats = sorted({cell.number_format for row in page.iter_rows() for cell in row if cell.value is not None})
    print(json.dumps({"title": page.title, "rows": rows, "kinds": kinds, "formats": formats, "pane": page.freeze_panes}, ensure_ascii=False))


if sys.argv[1] == "write":
    write(sys.argv[2])
else:
    read(sys.argv[2])
