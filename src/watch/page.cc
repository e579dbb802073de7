#include "watch/page.h"

#include <libxml/HTMLparser.h>
#include <libxml/parserInternals.h>

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

#include "base/encoding.h"
#include "base/hash.h"
#include "base/utf8.h"
#include "base/vietnamese.h"

namespace luy::watch {
namespace {

constexpr std::array<std::string_view, 8> kind_names = {"text",   "title", "link", "image",
                                                        "script", "frame", "form", "jump"};

// libxml2 compares each attribute of a tag with all before it: a tag of 2 MiB takes it a minute, one of 64 KiB a tenth
// of a second. What is longer is not read, and neither is what follows.
constexpr std::size_t silent_bytes_max = 64 << 10;
constexpr std::size_t run_bytes_max = 4'000;

std::string_view view(const xmlChar* text) {
  return text == nullptr ? std::string_view() : std::string_view(reinterpret_cast<const char*>(text));
}

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}

// Runs of blanks as one, none at the ends.
std::string collapsed(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (!is_blank(c)) {
      out += c;
    } else if (!out.empty() && out.back() != ' ') {
      out += ' ';
    }
  }
  while (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

std::string short_hash(std::string_view text) {
  return to_hex(sha256(text)).substr(0, 16);
}

std::string bounded(std::string value) {
  if (value.size() <= part_bytes_max) return value;
  const std::string hash = short_hash(value);
  return std::string(utf8_front(value, part_bytes_max)) + "… sha256:" + hash;
}

// Ids and classes that count something up would otherwise make each visit a new place.
std::string name_part(std::string_view text) {
  std::string out;
  for (const char c : text.substr(0, 60)) {
    if (is_blank(c)) break;
    const bool digit = c >= '0' && c <= '9';
    if (digit && !out.empty() && out.back() == '0') continue;
    out += digit ? '0' : c;
  }
  return to_utf8(out);
}

class Builder {
 public:
  explicit Builder(xmlParserCtxtPtr parser) : parser_(parser) {}

  void start(std::string_view name, const xmlChar** attributes) {
    flush();
    if (lengths_.size() >= page_depth_max || page_.parts.size() >= page_parts_max) return stop();
    lengths_.push_back(path_.size());
    names_.emplace_back(name);
    if (path_.size() < path_bytes_max) {
      if (!path_.empty()) path_ += '/';
      path_ += name;
    }
    std::string id;
    std::string first_class;
    for (const xmlChar** at = attributes; at != nullptr && *at != nullptr; at += 2) {
      const std::string_view key = view(at[0]);
      if (key == "id") id = name_part(view(at[1]));
      if (key == "class") first_class = name_part(view(at[1]));
    }
    if (path_.size() < path_bytes_max) {
      if (!id.empty()) {
        path_ += "#" + id;
      } else if (!first_class.empty()) {
        path_ += "." + first_class;
      }
    }
    read_attributes(name, attributes);
  }

  void end(std::string_view name) {
    flush();
    if (names_.empty() || names_.back() != name) return;  // The parser closes what it opened, in order.
    path_.resize(lengths_.back());
    lengths_.pop_back();
    names_.pop_back();
  }

  void text(std::string_view bytes) { text_ += bytes; }

  Page finish() {
    flush();
    return std::move(page_);
  }

 private:
  void stop() {
    page_.cut = true;
    xmlStopParser(parser_);
  }

  void add(PartKind kind, std::string value) {
    if (value.empty()) return;
    if (page_.parts.size() >= page_parts_max) return stop();
    page_.parts.push_back({kind, path_, bounded(to_utf8(value))});
  }

  void flush() {
    if (text_.empty()) return;
    const std::string text = std::exchange(text_, {});
    const std::string_view name = names_.empty() ? std::string_view() : std::string_view(names_.back());
    if (name == "style") return;
    if (name == "script") {
      const std::string code = collapsed(text);
      if (!code.empty()) add(PartKind::script, "inline sha256:" + short_hash(code));
      return;
    }
    add(name == "title" ? PartKind::title : PartKind::text, collapsed(text));
  }

  void read_attributes(std::string_view name, const xmlChar** attributes) {
    std::string_view equiv;
    std::string_view content;
    for (const xmlChar** at = attributes; at != nullptr && *at != nullptr; at += 2) {
      const std::string_view key = view(at[0]);
      const std::string value = collapsed(view(at[1]));
      if (key == "http-equiv") equiv = view(at[1]);
      if (key == "content") content = view(at[1]);
      if (key == "alt" || key == "placeholder") add(PartKind::text, value);
      if (key == "action" && name == "form") add(PartKind::form, value);
      if (key == "href" && (name == "a" || name == "link" || name == "area")) add(PartKind::link, value);
      if (key == "data" && name == "object") add(PartKind::frame, value);
      if (key != "src") continue;
      const bool frame = name == "iframe" || name == "frame" || name == "embed";
      add(name == "script" ? PartKind::script : frame ? PartKind::frame : PartKind::image, value);
    }
    if (name == "meta" && fold_vietnamese(equiv) == "refresh") add(PartKind::jump, collapsed(content));
  }

  xmlParserCtxtPtr parser_;
  Page page_;
  std::string path_;
  std::vector<std::size_t> lengths_;  // Of the path before each open element.
  std::vector<std::string> names_;
  std::string text_;
};

std::string charset_of(std::string_view content_type) {
  const std::string lower = fold_vietnamese(content_type);
  const std::size_t at = lower.find("charset=");
  if (at == std::string::npos) return {};
  std::string out;
  for (const char c : std::string_view(lower).substr(at + 8)) {
    if (c == ';' || is_blank(c)) break;
    if (c != '"' && c != '\'') out += c;
  }
  return out.substr(0, 40);
}

// Pictures that stand in the page as base 64 say nothing beyond their hash.
std::string without_long_runs(std::string_view bytes) {
  const auto in_run = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' || c == '/' ||
           c == '=';
  };
  std::string out;
  for (std::size_t at = 0; at < bytes.size();) {
    std::size_t end = at;
    while (end < bytes.size() && in_run(bytes[end])) ++end;
    const std::string_view run = bytes.substr(at, end - at);
    if (run.size() > run_bytes_max) {
      out += "sha256-" + short_hash(run);
    } else {
      out += run;
    }
    if (end < bytes.size()) out += bytes[end];
    at = end + 1;
  }
  return out;
}

// Hands the bytes to the parser piece by piece, and no more while it makes nothing of them.
struct Feed {
  std::string_view rest;
  std::size_t silent = 0;  // Bytes handed over since the parser last told anything.
  bool cut = false;

  int read(char* into, int size) {
    if (silent >= silent_bytes_max) {
      cut = cut || !rest.empty();
      return 0;
    }
    const std::size_t n = std::min({rest.size(), static_cast<std::size_t>(size), std::size_t{4096}});
    std::copy_n(rest.data(), n, into);
    rest.remove_prefix(n);
    silent += n;
    return static_cast<int>(n);
  }
};

struct Reading {
  Builder builder;
  Feed feed;
};

bool is_known(const std::string& charset) {
  if (charset.empty()) return false;
  // Those of iconv are made anew for whoever asks.
  xmlCharEncodingHandlerPtr handler = xmlFindCharEncodingHandler(charset.c_str());
  if (handler == nullptr) return false;
  xmlCharEncCloseFunc(handler);
  return true;
}

Page read_html(std::string_view bytes, std::string_view content_type) {
  const std::unique_ptr<htmlParserCtxt, void (*)(htmlParserCtxtPtr)> parser(htmlNewParserCtxt(), &htmlFreeParserCtxt);
  if (!parser) return {};
  const std::string shorter = without_long_runs(bytes);
  Reading reading{Builder(parser.get()), {shorter}};
  htmlSAXHandler handler{};
  handler.startElement = [](void* self, const xmlChar* name, const xmlChar** attributes) {
    static_cast<Reading*>(self)->feed.silent = 0;
    static_cast<Reading*>(self)->builder.start(view(name), attributes);
  };
  handler.endElement = [](void* self, const xmlChar* name) {
    static_cast<Reading*>(self)->feed.silent = 0;
    static_cast<Reading*>(self)->builder.end(view(name));
  };
  handler.characters = [](void* self, const xmlChar* text, int size) {
    static_cast<Reading*>(self)->feed.silent = 0;
    static_cast<Reading*>(self)->builder.text({reinterpret_cast<const char*>(text), static_cast<std::size_t>(size)});
  };
  handler.ignorableWhitespace = handler.characters;
  handler.cdataBlock = handler.characters;
  handler.comment = [](void* self, const xmlChar*) { static_cast<Reading*>(self)->feed.silent = 0; };
  *parser->sax = handler;
  parser->userData = &reading;
  // The bytes decide before what anybody says of them: a wrong charset must not make every visit unreadable.
  std::string charset = is_utf8(bytes) ? "utf-8" : charset_of(content_type);
  if (!is_known(charset)) charset.clear();
  constexpr int options = HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET;
  const htmlDocPtr document = htmlCtxtReadIO(
      parser.get(), [](void* self, char* into, int size) { return static_cast<Feed*>(self)->read(into, size); },
      nullptr, &reading.feed, nullptr, charset.empty() ? nullptr : charset.c_str(),
      charset.empty() ? options : options | HTML_PARSE_IGNORE_ENC);
  if (document != nullptr) xmlFreeDoc(document);
  Page page = reading.builder.finish();
  page.cut = page.cut || reading.feed.cut;
  return page;
}

Page read_lines(std::string_view bytes) {
  Page page;
  std::size_t number = 0;
  while (!bytes.empty()) {
    const std::size_t end = bytes.find('\n');
    std::string line = collapsed(bytes.substr(0, end));
    bytes.remove_prefix(end == std::string_view::npos ? bytes.size() : end + 1);
    ++number;
    if (line.empty()) continue;
    if (page.parts.size() >= page_parts_max) {
      page.cut = true;
      break;
    }
    page.parts.push_back({PartKind::text, "line", bounded(to_utf8(line))});
  }
  return page;
}

bool looks_like_html(std::string_view bytes, std::string_view content_type) {
  const std::string type = fold_vietnamese(content_type);
  if (type.find("html") != std::string::npos) return true;
  if (!type.empty()) return false;
  const std::string front = fold_vietnamese(bytes.substr(0, 512));
  return front.find("<html") != std::string::npos || front.find("<!doctype html") != std::string::npos;
}

}  // namespace

std::string_view name_of(PartKind kind) {
  return kind_names[static_cast<std::size_t>(kind)];
}

Page read_page(std::string_view bytes, std::string_view content_type) {
  const bool cut = bytes.size() > page_bytes_max;
  bytes = bytes.substr(0, page_bytes_max);
  Page page = looks_like_html(bytes, content_type) ? read_html(bytes, content_type) : read_lines(bytes);
  page.cut = page.cut || cut;
  return page;
}

std::string host_of(std::string_view address) {
  const std::size_t slashes = address.find("//");
  if (slashes == std::string_view::npos || slashes > 10) return {};
  if (slashes > 0 && address[slashes - 1] != ':') return {};
  std::string_view host = address.substr(slashes + 2);
  host = host.substr(0, host.find_first_of("/?#"));
  if (const std::size_t at = host.rfind('@'); at != std::string_view::npos) host.remove_prefix(at + 1);
  return fold_vietnamese(host);
}

}  // namespace luy::watch
