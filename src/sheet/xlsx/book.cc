#include "sheet/xlsx/book.h"

#include <charconv>
#include <map>

#include "sheet/xlsx.h"
#include "sheet/xlsx/xml.h"

namespace luy::sheet::xlsx {
namespace {

constexpr std::size_t escape_bytes = 7;  // "_x000D_"

// What kind a relationship is of stands at its type's end, in transitional and strict workbooks alike.
struct Relationship {
  std::string id;
  std::string kind;  // "worksheet"
  std::string target;
};

class Relationships : public Listener {
 public:
  Result<void> start(std::string_view name, const Attributes& attributes) override {
    if (name != "Relationship" || find(attributes, "TargetMode") == "External") return {};
    const std::string_view type = find(attributes, "Type");
    all.push_back({std::string(find(attributes, "Id")), std::string(type.substr(type.rfind('/') + 1)),
                   std::string(find(attributes, "Target"))});
    return {};
  }
  Result<void> end(std::string_view) override { return {}; }
  void text(std::string_view) override {}

  std::vector<Relationship> all;
};

struct SheetEntry {
  std::string name;
  std::string relationship;
  bool is_hidden = false;
};

class Workbook : public Listener {
 public:
  Result<void> start(std::string_view name, const Attributes& attributes) override {
    if (name == "workbookPr") {
      const std::string_view late = find(attributes, "date1904");
      epoch = late == "1" || late == "true" ? Epoch::year_1904 : Epoch::year_1900;
    }
    if (name == "sheet") {
      const std::string_view state = find(attributes, "state");
      sheets.push_back({unescaped(find(attributes, "name")), std::string(find(attributes, "id")),
                        !state.empty() && state != "visible"});
    }
    return {};
  }
  Result<void> end(std::string_view) override { return {}; }
  void text(std::string_view) override {}

  Epoch epoch = Epoch::year_1900;
  std::vector<SheetEntry> sheets;
};

// Texts may be written in pieces with different faces; how they are pronounced stands beside them and is no text.
class SharedStrings : public Listener {
 public:
  Result<void> start(std::string_view name, const Attributes&) override {
    if (name == "si") text_.clear();
    if (name == "rPh") ++spoken_;
    is_text_ = name == "t" && spoken_ == 0;
    return {};
  }
  Result<void> end(std::string_view name) override {
    is_text_ = false;
    if (name == "rPh" && spoken_ > 0) --spoken_;
    if (name != "si") return {};
    if (all.size() >= xlsx_shared_strings_max) {
      return Error(xlsx_too_large, "quá nhiều chuỗi ký tự", "too many texts");
    }
    all.push_back(unescaped(text_));
    return {};
  }
  void text(std::string_view bytes) override {
    if (is_text_) text_ += bytes;
  }

  std::vector<std::string> all;

 private:
  std::string text_;
  bool is_text_ = false;
  std::size_t spoken_ = 0;
};

class Styles : public Listener {
 public:
  Result<void> start(std::string_view name, const Attributes& attributes) override {
    if (name == "cellXfs") in_cells_ = true;
    const std::string_view number = find(attributes, "numFmtId");
    unsigned id = 0;
    std::from_chars(number.data(), number.data() + number.size(), id);
    if (name == "numFmt") codes_[id] = is_date_code(find(attributes, "formatCode"));
    if (name != "xf" || !in_cells_) return {};
    if (is_date.size() >= xlsx_styles_max) return Error(xlsx_too_large, "quá nhiều kiểu ô", "too many styles");
    const auto own = codes_.find(id);
    is_date.push_back(own == codes_.end() ? is_date_format(id) : own->second);
    return {};
  }
  Result<void> end(std::string_view name) override {
    if (name == "cellXfs") in_cells_ = false;
    return {};
  }
  void text(std::string_view) override {}

  std::vector<bool> is_date;

 private:
  std::map<unsigned, bool> codes_;
  bool in_cells_ = false;
};

// A target is relative to the folder of the part that names it, or begins at the root.
std::string part_of(std::string_view from, std::string_view target) {
  const bool is_absolute = target.starts_with('/');
  std::string path(is_absolute ? std::string_view() : from.substr(0, from.rfind('/') + 1));
  path += is_absolute ? target.substr(1) : target;
  std::string out;
  for (std::string_view rest = path; !rest.empty();) {
    const std::size_t end = std::min(rest.find('/'), rest.size());
    const std::string_view one = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (one == "..") {
      const std::size_t cut = out.rfind('/');
      out.erase(cut == std::string::npos ? 0 : cut);
    } else if (one != "." && !one.empty()) {
      out += (out.empty() ? "" : "/") + std::string(one);
    }
  }
  return out;
}

std::string relationships_of(std::string_view part) {
  const std::size_t name = part.rfind('/') + 1;
  return std::string(part.substr(0, name)) + "_rels/" + std::string(part.substr(name)) + ".rels";
}

Result<void> read_part(Archive& archive, const std::string& part, Listener& listener) {
  LUY_TRY(const std::string bytes, archive.read(part));
  return read_xml(bytes, part, listener);
}

// The part of this kind; empty when there is none.
std::string part_of_kind(const Relationships& relationships, std::string_view from, std::string_view kind) {
  for (const Relationship& one : relationships.all) {
    if (one.kind == kind) return part_of(from, one.target);
  }
  return {};
}

Result<std::string> sheet_part(const Workbook& workbook, const Relationships& links, std::string_view from,
                               std::string_view name) {
  for (const SheetEntry& sheet : workbook.sheets) {
    if (sheet.is_hidden || (!name.empty() && sheet.name != name)) continue;
    for (const Relationship& one : links.all) {
      // A sheet may also be a drawing or a dialogue: those hold no cells.
      if (one.id == sheet.relationship && one.kind == "worksheet") return part_of(from, one.target);
    }
  }
  return Error(sheet_unknown, std::string(name));
}

bool is_hex(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

// Whether "_xHHHH_" stands at the front.
bool is_escape(std::string_view text) {
  return text.size() >= escape_bytes && text[0] == '_' && text[1] == 'x' && is_hex(text[2]) && is_hex(text[3]) &&
         is_hex(text[4]) && is_hex(text[5]) && text[6] == '_';
}

}  // namespace

std::string unescaped(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    unsigned code = 0;
    const bool is_one = is_escape(text.substr(at));
    if (is_one) std::from_chars(text.data() + at + 2, text.data() + at + 6, code, 16);
    // Beyond ASCII nobody needs it, and half a surrogate pair would be no text.
    if (!is_one || code == 0 || code > 0x7F) {
      out += text[at];
      continue;
    }
    out += static_cast<char>(code);
    at += escape_bytes - 1;
  }
  return out;
}

std::string escaped(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    // XML cannot hold these at all, and a carriage return would be read as a line end.
    const bool is_unwritable = byte < 0x20 && byte != '\t' && byte != '\n';
    if (is_unwritable) {
      out += std::string("_x00") + digits[byte >> 4U] + digits[byte & 15U] + "_";
    } else if (is_escape(text.substr(at))) {
      out += "_x005F_";
    } else if (text.substr(at).starts_with("\uFFFE") || text.substr(at).starts_with("\uFFFF")) {
      out += "\uFFFD";  // No characters, says XML.
      at += 2;
    } else {
      out += text[at];
    }
  }
  return out;
}

Result<Book> read_book(Archive& archive, std::string_view name) {
  Relationships top;
  LUY_TRY_VOID(read_part(archive, "_rels/.rels", top));
  const std::string main = part_of_kind(top, "", "officeDocument");
  if (main.empty()) return Error(not_xlsx, "không có sổ tính bên trong", "there is no workbook in it");
  Workbook workbook;
  LUY_TRY_VOID(read_part(archive, main, workbook));
  Relationships links;
  LUY_TRY_VOID(read_part(archive, relationships_of(main), links));
  Book out;
  out.epoch = workbook.epoch;
  LUY_TRY(out.sheet_part, sheet_part(workbook, links, main, name));
  if (const std::string part = part_of_kind(links, main, "sharedStrings"); !part.empty()) {
    SharedStrings strings;
    LUY_TRY_VOID(read_part(archive, part, strings));
    out.strings = std::move(strings.all);
  }
  if (const std::string part = part_of_kind(links, main, "styles"); !part.empty()) {
    Styles styles;
    LUY_TRY_VOID(read_part(archive, part, styles));
    out.is_date = std::move(styles.is_date);
  }
  return out;
}

}  // namespace luy::sheet::xlsx
