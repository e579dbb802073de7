#include "paper/docx.h"

#include <zip.h>

#include <memory>
#include <utility>

#include "paper/docx/parts.h"
#include "paper/docx/xml.h"

namespace luy::paper {
namespace docx {

std::string picture(std::size_t number, double width_mm, double height_mm) {
  constexpr double emu_per_mm = 36'000;
  const auto emu = [](double mm) { return std::to_string(static_cast<long long>(mm * emu_per_mm)); };
  const std::string id = std::to_string(number);
  const std::string size = "cx=\"" + emu(width_mm) + "\" cy=\"" + emu(height_mm) + "\"";
  const std::string name = "id=\"" + id + "\" name=\"Picture " + id + "\"";
  return "<w:r><w:drawing><wp:inline distT=\"0\" distB=\"0\" distL=\"0\" distR=\"0\"><wp:extent " + size +
         "/><wp:docPr " + name +
         "/><a:graphic><a:graphicData uri=\"http://schemas.openxmlformats.org/drawingml/2006/picture\"><pic:pic>"
         "<pic:nvPicPr><pic:cNvPr " +
         name + "/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed=\"rIdP" + id +
         "\"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x=\"0\" y=\"0\"/><a:ext " +
         size +
         "/></a:xfrm><a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData>"
         "</a:graphic></wp:inline></w:drawing></w:r>";
}

}  // namespace docx
namespace {

constexpr std::string_view declaration = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
constexpr std::string_view office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
constexpr std::string_view package = "http://schemas.openxmlformats.org/package/2006";
constexpr std::string_view word_type = "application/vnd.openxmlformats-officedocument.wordprocessingml.";

struct Part {
  std::string name;
  std::string content;
};

std::string namespaces() {
  return " xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" xmlns:r=\"" + std::string(office) +
         "\" xmlns:wp=\"http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing\""
         " xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\""
         " xmlns:pic=\"http://schemas.openxmlformats.org/drawingml/2006/picture\"";
}

std::string content_types() {
  std::string out(declaration);
  out += "<Types xmlns=\"" + std::string(package) + "/content-types\">";
  out += "<Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>";
  out +=
      "<Default Extension=\"xml\" ContentType=\"application/xml\"/><Default Extension=\"png\" "
      "ContentType=\"image/png\"/>";
  for (const auto& [part, type] : {std::pair{"document", "document.main"}, std::pair{"styles", "styles"},
                                   std::pair{"header1", "header"}, std::pair{"footer1", "footer"}}) {
    out += "<Override PartName=\"/word/" + std::string(part) + ".xml\" ContentType=\"" + std::string(word_type) + type +
           "+xml\"/>";
  }
  return out +
         "<Override PartName=\"/docProps/core.xml\" "
         "ContentType=\"application/vnd.openxmlformats-package.core-properties+xml\"/></Types>";
}

std::string relationship(std::string_view id, std::string_view type, std::string_view target) {
  return "<Relationship Id=\"" + std::string(id) + "\" Type=\"" + std::string(type) + "\" Target=\"" +
         std::string(target) + "\"/>";
}

std::string relationships(const std::string& all) {
  return std::string(declaration) + "<Relationships xmlns=\"" + std::string(package) + "/relationships\">" + all +
         "</Relationships>";
}

std::string core_properties(const Document& document) {
  const std::string created = to_rfc3339(document.created).substr(0, 19) + "Z";
  const std::string when = " xsi:type=\"dcterms:W3CDTF\">" + created;
  return std::string(declaration) + "<cp:coreProperties xmlns:cp=\"" + std::string(package) +
         "/metadata/core-properties\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" "
         "xmlns:dcterms=\"http://purl.org/dc/terms/\" "
         "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><dc:title>" +
         docx::escaped(document.type_name + " " + document.subject) + "</dc:title><dc:creator>" +
         docx::escaped(document.issuer) + "</dc:creator><dcterms:created" + when +
         "</dcterms:created><dcterms:modified" + when + "</dcterms:modified></cp:coreProperties>";
}

std::string styles() {
  const std::string font(style::docx_font_family);
  const std::string size = std::to_string(static_cast<int>(2 * style::body_pt));
  return std::string(declaration) + "<w:styles" + namespaces() +
         "><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii=\"" + font + "\" w:hAnsi=\"" + font + "\" w:cs=\"" +
         font + "\" w:eastAsia=\"" + font + "\"/><w:sz w:val=\"" + size + "\"/><w:szCs w:val=\"" + size +
         "\"/><w:lang w:val=\"vi-VN\"/></w:rPr></w:rPrDefault></w:docDefaults>"
         "<w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"Normal\"><w:name "
         "w:val=\"Normal\"/></w:style></w:styles>";
}

std::string section() {
  using docx::twips_of_mm;
  const auto number = [](double mm) { return std::to_string(twips_of_mm(mm)); };
  // "titlePg" gives page 1 a header of its own, which is absent: no number there (F-7.1).
  return "<w:sectPr><w:headerReference w:type=\"default\" r:id=\"rIdH1\"/><w:footerReference w:type=\"first\" "
         "r:id=\"rIdF1\"/>"
         "<w:pgSz w:w=\"" +
         number(style::page_width_mm) + "\" w:h=\"" + number(style::page_height_mm) + "\"/><w:pgMar w:top=\"" +
         number(style::margin_top_mm) + "\" w:right=\"" + number(style::margin_right_mm) + "\" w:bottom=\"" +
         number(style::margin_bottom_mm) + "\" w:left=\"" + number(style::margin_left_mm) + "\" w:header=\"" +
         number(style::page_number_top_mm) + "\" w:footer=\"" + number(style::page_number_top_mm) +
         "\" w:gutter=\"0\"/><w:titlePg/></w:sectPr>";
}

Result<std::vector<Part>> parts_of(const Document& document) {
  docx::Media media;
  LUY_TRY(const std::string body, docx::body_of(document, media));
  std::string links = relationship("rIdS1", std::string(office) + "/styles", "styles.xml") +
                      relationship("rIdH1", std::string(office) + "/header", "header1.xml") +
                      relationship("rIdF1", std::string(office) + "/footer", "footer1.xml");
  std::vector<Part> pictures;
  for (std::size_t i = 0; i < media.size(); ++i) {
    const std::string file = "media/image" + std::to_string(i + 1) + ".png";
    links += relationship("rIdP" + std::to_string(i + 1), std::string(office) + "/image", file);
    pictures.push_back({"word/" + file, std::move(media[i])});
  }
  const std::string xml(declaration);
  std::vector<Part> parts = {
      {"[Content_Types].xml", content_types()},
      {"_rels/.rels",
       relationships(relationship("rId1", std::string(office) + "/officeDocument", "word/document.xml") +
                     relationship("rId2", std::string(package) + "/relationships/metadata/core-properties",
                                  "docProps/core.xml"))},
      {"docProps/core.xml", core_properties(document)},
      {"word/document.xml",
       xml + "<w:document" + namespaces() + "><w:body>" + body + section() + "</w:body></w:document>"},
      {"word/styles.xml", styles()},
      {"word/header1.xml", xml + "<w:hdr" + namespaces() + ">" + docx::header_part() + "</w:hdr>"},
      {"word/footer1.xml", xml + "<w:ftr" + namespaces() + ">" + docx::footer_part(document) + "</w:ftr>"},
      {"word/_rels/document.xml.rels", relationships(links)},
  };
  for (Part& one : pictures) parts.push_back(std::move(one));
  return parts;
}

struct DiscardZip {
  void operator()(zip_t* archive) const { zip_discard(archive); }
};
struct FreeSource {
  void operator()(zip_source_t* source) const { zip_source_free(source); }
};

Result<std::string> read_back(zip_source_t* source) {
  if (zip_source_open(source) != 0) return Error(docx_failed, "zip_source_open");
  std::string out;
  char buffer[65536];
  zip_int64_t size = 0;
  while ((size = zip_source_read(source, buffer, sizeof buffer)) > 0)
    out.append(buffer, static_cast<std::size_t>(size));
  zip_source_close(source);
  if (size < 0) return Error(docx_failed, "zip_source_read");
  return out;
}

}  // namespace

Result<std::string> to_docx(const Document& document) {
  LUY_TRY_VOID(check_document(document));
  LUY_TRY(const std::vector<Part> parts, parts_of(document));
  const std::unique_ptr<zip_source_t, FreeSource> target(zip_source_buffer_create(nullptr, 0, 0, nullptr));
  if (!target) return Error(docx_failed, "zip_source_buffer_create");
  zip_source_keep(target.get());
  std::unique_ptr<zip_t, DiscardZip> archive(zip_open_from_source(target.get(), ZIP_TRUNCATE, nullptr));
  if (!archive) {
    zip_source_free(target.get());
    return Error(docx_failed, "zip_open_from_source");
  }
  for (const Part& part : parts) {
    zip_source_t* source = zip_source_buffer(archive.get(), part.content.data(), part.content.size(), 0);
    const zip_int64_t index =
        source == nullptr ? -1 : zip_file_add(archive.get(), part.name.c_str(), source, ZIP_FL_ENC_UTF_8);
    if (index < 0) {
      zip_source_free(source);
      return Error(docx_failed, part.name);
    }
    // 1 January 1980, the first day a ZIP file knows: the same document gives the same bytes.
    constexpr zip_uint16_t first_day = 0x21;
    zip_file_set_dostime(archive.get(), static_cast<zip_uint64_t>(index), 0, first_day, 0);
    zip_set_file_compression(archive.get(), static_cast<zip_uint64_t>(index), ZIP_CM_DEFLATE, 6);
  }
  if (zip_close(archive.get()) != 0) return Error(docx_failed, zip_strerror(archive.get()));
  static_cast<void>(archive.release());  // zip_close() freed it.
  return read_back(target.get());
}

}  // namespace luy::paper
