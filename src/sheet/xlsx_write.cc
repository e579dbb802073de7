#include <zip.h>

#include <array>
#include <memory>
#include <utility>

#include "base/utf8.h"
#include "sheet/xlsx.h"
#include "sheet/xlsx/book.h"

namespace luy::sheet {
namespace {

constexpr std::string_view declaration = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
constexpr std::string_view package = "http://schemas.openxmlformats.org/package/2006/";
constexpr std::string_view office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
constexpr std::string_view main_space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";

struct Part {
  const char* name;
  std::string content;
};

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : xlsx::escaped(to_utf8(text))) {
    if (c == '&') {
      out += "&amp;";
    } else if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else if (c == '"') {
      out += "&quot;";
    } else {
      out += c;
    }
  }
  return out;
}

std::string content_types() {
  constexpr std::string_view type = "application/vnd.openxmlformats-officedocument.spreadsheetml.";
  std::string out(declaration);
  out += "<Types xmlns=\"" + std::string(package) + "content-types\">";
  out += "<Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>";
  out += "<Default Extension=\"xml\" ContentType=\"application/xml\"/>";
  for (const auto& [part, kind] : {std::pair{"workbook", "sheet.main"}, std::pair{"styles", "styles"},
                                   std::pair{"worksheets/sheet1", "worksheet"}}) {
    out += "<Override PartName=\"/xl/" + std::string(part) + ".xml\" ContentType=\"" + std::string(type) + kind +
           "+xml\"/>";
  }
  return out + "</Types>";
}

std::string relationships(std::initializer_list<std::pair<const char*, const char*>> all) {
  std::string out(declaration);
  out += "<Relationships xmlns=\"" + std::string(package) + "relationships\">";
  std::size_t number = 0;
  for (const auto& [type, target] : all) {
    out += "<Relationship Id=\"rId" + std::to_string(++number) + "\" Type=\"" + std::string(office) + "/" + type +
           "\" Target=\"" + target + "\"/>";
  }
  return out + "</Relationships>";
}

std::string workbook(const std::string& name) {
  return std::string(declaration) + "<workbook xmlns=\"" + std::string(main_space) + "\" xmlns:r=\"" +
         std::string(office) + "\"><sheets><sheet name=\"" + escaped(name) +
         "\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>";
}

// Style 1 is the head's, style 2 every other cell's: format 49 is text, so that a code such as 007 stays what it is
// when somebody types it again.
std::string styles() {
  return std::string(declaration) + "<styleSheet xmlns=\"" + std::string(main_space) +
         "\"><fonts count=\"2\"><font><sz val=\"11\"/><name val=\"Times New Roman\"/></font>"
         "<font><b/><sz val=\"11\"/><name val=\"Times New Roman\"/></font></fonts>"
         "<fills count=\"2\"><fill><patternFill patternType=\"none\"/></fill>"
         "<fill><patternFill patternType=\"gray125\"/></fill></fills>"
         "<borders count=\"1\"><border><left/><right/><top/><bottom/><diagonal/></border></borders>"
         "<cellStyleXfs count=\"1\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\"/></cellStyleXfs>"
         "<cellXfs count=\"3\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\"/>"
         "<xf numFmtId=\"49\" fontId=\"1\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyNumberFormat=\"1\" "
         "applyFont=\"1\"/>"
         "<xf numFmtId=\"49\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyNumberFormat=\"1\"/></cellXfs>"
         "<cellStyles count=\"1\"><cellStyle name=\"Normal\" xfId=\"0\" builtinId=\"0\"/></cellStyles></styleSheet>";
}

void add_row(std::string& out, std::size_t number, const std::vector<std::string>& cells, int style) {
  out += "<row r=\"" + std::to_string(number) + "\">";
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (cells[i].empty()) continue;
    out += "<c r=\"" + cell_name(i, number) + "\" s=\"" + std::to_string(style) +
           "\" t=\"inlineStr\"><is><t xml:space=\"preserve\">" + escaped(cells[i]) + "</t></is></c>";
  }
  out += "</row>";
}

std::string worksheet(const Page& page) {
  std::string out(declaration);
  out += "<worksheet xmlns=\"" + std::string(main_space) +
         "\"><sheetViews><sheetView workbookViewId=\"0\"><pane ySplit=\"1\" topLeftCell=\"A2\" "
         "activePane=\"bottomLeft\" state=\"frozen\"/></sheetView></sheetViews><cols>";
  std::vector<std::string> heads;
  for (std::size_t i = 0; i < page.columns.size(); ++i) {
    const std::string number = std::to_string(i + 1);
    out += "<col min=\"" + number + "\" max=\"" + number + "\" width=\"" +
           std::to_string(static_cast<int>(page.columns[i].width)) + "\" style=\"2\" customWidth=\"1\"/>";
    heads.push_back(page.columns[i].head);
  }
  out += "</cols><sheetData>";
  add_row(out, 1, heads, 1);
  for (std::size_t i = 0; i < page.rows.size(); ++i) add_row(out, i + 2, page.rows[i], 2);
  return out + "</sheetData></worksheet>";
}

struct DiscardZip {
  void operator()(zip_t* archive) const { zip_discard(archive); }
};
struct FreeSource {
  void operator()(zip_source_t* source) const { zip_source_free(source); }
};

Error failed(std::string what) {
  return Error(xlsx_failed, std::move(what));
}

Result<std::string> read_back(zip_source_t* source) {
  if (zip_source_open(source) != 0) return failed("zip_source_open");
  std::string out;
  std::array<char, 65536> buffer{};
  zip_int64_t size = 0;
  while ((size = zip_source_read(source, buffer.data(), buffer.size())) > 0) {
    out.append(buffer.data(), static_cast<std::size_t>(size));
  }
  zip_source_close(source);
  if (size < 0) return failed("zip_source_read");
  return out;
}

}  // namespace

Result<std::string> to_xlsx(const Page& page) {
  const std::array<Part, 6> parts = {{
      {"[Content_Types].xml", content_types()},
      {"_rels/.rels", relationships({{"officeDocument", "xl/workbook.xml"}})},
      {"xl/workbook.xml", workbook(page.name)},
      {"xl/_rels/workbook.xml.rels", relationships({{"worksheet", "worksheets/sheet1.xml"}, {"styles", "styles.xml"}})},
      {"xl/styles.xml", styles()},
      {"xl/worksheets/sheet1.xml", worksheet(page)},
  }};
  const std::unique_ptr<zip_source_t, FreeSource> target(zip_source_buffer_create(nullptr, 0, 0, nullptr));
  if (!target) return failed("zip_source_buffer_create");
  zip_source_keep(target.get());
  std::unique_ptr<zip_t, DiscardZip> archive(zip_open_from_source(target.get(), ZIP_TRUNCATE, nullptr));
  if (!archive) {
    zip_source_free(target.get());
    return failed("zip_open_from_source");
  }
  for (const Part& part : parts) {
    zip_source_t* source = zip_source_buffer(archive.get(), part.content.data(), part.content.size(), 0);
    const zip_int64_t index = source == nullptr ? -1 : zip_file_add(archive.get(), part.name, source, ZIP_FL_ENC_UTF_8);
    if (index < 0) {
      zip_source_free(source);
      return failed(part.name);
    }
    // 1 January 1980, the first day a ZIP file knows: the same page gives the same bytes.
    constexpr zip_uint16_t first_day = 0x21;
    zip_file_set_dostime(archive.get(), static_cast<zip_uint64_t>(index), 0, first_day, 0);
    zip_set_file_compression(archive.get(), static_cast<zip_uint64_t>(index), ZIP_CM_DEFLATE, 6);
  }
  if (zip_close(archive.get()) != 0) return failed(zip_strerror(archive.get()));
  static_cast<void>(archive.release());  // zip_close() freed it.
  return read_back(target.get());
}

}  // namespace luy::sheet
