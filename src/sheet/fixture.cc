#include "sheet/fixture.h"

#include <zip.h>

#include <algorithm>

#include "base/check.h"

namespace luy::sheet {

std::string zip_of(const Parts& parts) {
  zip_source_t* target = zip_source_buffer_create(nullptr, 0, 0, nullptr);
  zip_source_keep(target);
  zip_t* archive = zip_open_from_source(target, ZIP_TRUNCATE, nullptr);
  LUY_CHECK(archive != nullptr);
  for (const auto& [name, content] : parts) {
    zip_source_t* source = zip_source_buffer(archive, content.data(), content.size(), 0);
    LUY_CHECK(zip_file_add(archive, name.c_str(), source, ZIP_FL_ENC_UTF_8) >= 0);
  }
  LUY_CHECK(zip_close(archive) == 0);
  LUY_CHECK(zip_source_open(target) == 0);
  std::string out;
  char buffer[4096];
  for (zip_int64_t size = 0; (size = zip_source_read(target, buffer, sizeof buffer)) > 0;) {
    out.append(buffer, static_cast<std::size_t>(size));
  }
  zip_source_close(target);
  zip_source_free(target);
  return out;
}

Parts parts_with(const std::string& sheet) {
  const std::string office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/";
  return {
      {"_rels/.rels", "<Relationships><Relationship Id=\"a\" Type=\"" + office +
                          "officeDocument\" Target=\"xl/workbook.xml\"/>"
                          "</Relationships>"},
      {"xl/workbook.xml",
       "<workbook xmlns:r=\"r\"><workbookPr/><sheets><sheet name=\"Một\" sheetId=\"1\" "
       "r:id=\"s1\"/></sheets></workbook>"},
      {"xl/_rels/workbook.xml.rels", "<Relationships><Relationship Id=\"s1\" Type=\"" + office +
                                         "worksheet\" Target=\"worksheets/sheet1.xml\"/>"
                                         "<Relationship Id=\"x\" Type=\"" +
                                         office +
                                         "sharedStrings\" Target=\"/xl/sharedStrings.xml\"/>"
                                         "<Relationship Id=\"y\" Type=\"" +
                                         office + "styles\" Target=\"styles.xml\"/></Relationships>"},
      {"xl/sharedStrings.xml",
       "<sst><si><t>không</t></si><si><r><t xml:space=\"preserve\">một </t></r><r><rPr/><t>hai</t></r>"
       "<rPh><t>đọc</t></rPh></si></sst>"},
      {"xl/styles.xml",
       "<styleSheet><numFmts><numFmt numFmtId=\"170\" formatCode=\"dd/mm/yyyy\"/>"
       "<numFmt numFmtId=\"171\" formatCode=\"0.0 &quot;d&quot;\"/></numFmts>"
       "<cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs>"
       "<cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"170\"/><xf numFmtId=\"171\"/></cellXfs>"
       "</styleSheet>"},
      {"xl/worksheets/sheet1.xml", "<worksheet>" + sheet + "</worksheet>"},
  };
}

Parts with_part(Parts parts, const std::string& name, const std::string& content) {
  const auto found = std::find_if(parts.begin(), parts.end(), [&](const auto& one) { return one.first == name; });
  if (found == parts.end()) {
    parts.emplace_back(name, content);
  } else {
    found->second = content;
  }
  return parts;
}

std::string book_with(const std::string& sheet) {
  return zip_of(parts_with(sheet));
}

}  // namespace luy::sheet
