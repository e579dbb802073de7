#include "sheet/xlsx/xml.h"

#include <libxml/parser.h>
#include <libxml/parserInternals.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <optional>

#include "base/utf8.h"
#include "sheet/xlsx.h"

namespace luy::sheet::xlsx {
namespace {

// libxml2 compares each attribute of a tag with all before it, so a tag without end costs its square. Nothing an office
// program writes is longer.
constexpr std::size_t silent_bytes_max = 64 << 10;
constexpr std::size_t piece_bytes = 4096;

std::string_view view(const xmlChar* text) {
  return text == nullptr ? std::string_view() : std::string_view(reinterpret_cast<const char*>(text));
}

// libxml2 leaves the ampersand of an attribute written as a reference when it does not replace entities.
std::string attribute_value(const xmlChar* begin, const xmlChar* end) {
  constexpr std::string_view ampersand = "&#38;";
  std::string out(reinterpret_cast<const char*>(begin), reinterpret_cast<const char*>(end));
  for (std::size_t at = out.find(ampersand); at != std::string::npos; at = out.find(ampersand, at + 1)) {
    out.replace(at, ampersand.size(), "&");
  }
  return out;
}

// Hands the bytes to the parser piece by piece, and no more while it makes nothing of them.
struct Reading {
  Listener& listener;
  std::string_view rest;
  xmlParserCtxtPtr parser = nullptr;
  std::size_t silent = 0;  // Bytes handed over since the parser last told anything.
  bool is_cut = false;
  bool has_document_type = false;
  std::optional<Error> error{};

  int read(char* into, int size) {
    if (silent >= silent_bytes_max) {
      is_cut = is_cut || !rest.empty();
      return 0;
    }
    const std::size_t n = std::min({rest.size(), static_cast<std::size_t>(size), piece_bytes});
    std::copy_n(rest.data(), n, into);
    rest.remove_prefix(n);
    silent += n;
    return static_cast<int>(n);
  }

  void stop_on(const Result<void>& done) {
    silent = 0;
    if (done || error) return;
    error = done.error();
    xmlStopParser(parser);
  }
};

void on_start(void* self, const xmlChar* name, const xmlChar*, const xmlChar*, int, const xmlChar**, int count, int,
              const xmlChar** attributes) {
  auto& reading = *static_cast<Reading*>(self);
  if (reading.error) return;
  Attributes given;
  // Five pointers each: local name, prefix, namespace, begin and end of the value.
  for (int i = 0; i < count; ++i) {
    const xmlChar** one = attributes + static_cast<std::ptrdiff_t>(i) * 5;
    given.emplace_back(view(one[0]), attribute_value(one[3], one[4]));
  }
  reading.stop_on(reading.listener.start(view(name), given));
}

void on_end(void* self, const xmlChar* name, const xmlChar*, const xmlChar*) {
  auto& reading = *static_cast<Reading*>(self);
  if (!reading.error) reading.stop_on(reading.listener.end(view(name)));
}

void on_text(void* self, const xmlChar* text, int size) {
  auto& reading = *static_cast<Reading*>(self);
  reading.silent = 0;
  if (!reading.error) {
    reading.listener.text({reinterpret_cast<const char*>(text), static_cast<std::size_t>(size)});
  }
}

void on_document_type(void* self, const xmlChar*, const xmlChar*, const xmlChar*) {
  auto& reading = *static_cast<Reading*>(self);
  reading.has_document_type = true;
  xmlStopParser(reading.parser);
}

xmlSAXHandler handler() {
  xmlSAXHandler out{};
  out.initialized = XML_SAX2_MAGIC;
  out.startElementNs = on_start;
  out.endElementNs = on_end;
  out.characters = on_text;
  out.ignorableWhitespace = on_text;
  out.cdataBlock = on_text;
  out.comment = [](void* self, const xmlChar*) { static_cast<Reading*>(self)->silent = 0; };
  out.internalSubset = on_document_type;
  return out;
}

}  // namespace

std::string_view find(const Attributes& attributes, std::string_view name) {
  for (const auto& [key, value] : attributes) {
    if (key == name) return value;
  }
  return {};
}

Result<void> read_xml(std::string_view bytes, std::string_view part, Listener& listener) {
  const auto wrong = [&](const char* vi, const char* en) {
    return Error(not_xlsx, std::string(part) + ": " + vi, std::string(part) + ": " + en);
  };
  if (!is_utf8(bytes)) return wrong("không phải UTF-8", "it is not UTF-8");
  const std::unique_ptr<xmlParserCtxt, void (*)(xmlParserCtxtPtr)> parser(xmlNewParserCtxt(), &xmlFreeParserCtxt);
  if (!parser) return wrong("không đủ bộ nhớ", "out of memory");
  Reading reading{listener, bytes, parser.get()};
  *parser->sax = handler();
  parser->userData = &reading;
  constexpr int options = XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_IGNORE_ENC;
  const xmlDocPtr document = xmlCtxtReadIO(
      parser.get(), [](void* self, char* into, int size) { return static_cast<Reading*>(self)->read(into, size); },
      nullptr, &reading, nullptr, "UTF-8", options);
  if (document != nullptr) xmlFreeDoc(document);
  if (reading.has_document_type) return wrong("có khai báo DOCTYPE", "it declares a document type");
  if (reading.error) return *reading.error;
  if (reading.is_cut) return wrong("có thẻ quá dài", "a tag has no end");
  if (parser->wellFormed == 0) return wrong("XML sai cú pháp", "the XML is not well formed");
  return {};
}

}  // namespace luy::sheet::xlsx
