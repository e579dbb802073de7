#include "paper/document.h"

#include <array>
#include <cmath>
#include <string_view>
#include <utility>

#include "base/utf8.h"
#include "paper/png.h"

namespace luy::paper {
namespace {

// The code point of a well-formed character.
char32_t code_point(std::string_view character) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(character[i]); };
  switch (character.size()) {
    case 1:
      return byte(0);
    case 2:
      return static_cast<char32_t>((byte(0) & 0x1FU) << 6 | (byte(1) & 0x3FU));
    case 3:
      return static_cast<char32_t>((byte(0) & 0x0FU) << 12 | (byte(1) & 0x3FU) << 6 | (byte(2) & 0x3FU));
    default:
      return static_cast<char32_t>((byte(0) & 0x07U) << 18 | (byte(1) & 0x3FU) << 12 | (byte(2) & 0x3FU) << 6 |
                                   (byte(3) & 0x3FU));
  }
}

// Characters that show nothing themselves and change what is seen around them (Unicode 15.0, general category Cc, Cf
// and the default ignorables), and U+FFFC, which Pango keeps for shapes.
bool is_removed(char32_t c) {
  constexpr std::array<std::pair<char32_t, char32_t>, 16> ranges = {{
      {0x00, 0x1F},
      {0x7F, 0x9F},
      {0xAD, 0xAD},        // Soft hyphen.
      {0x34F, 0x34F},      // Combining grapheme joiner.
      {0x61C, 0x61C},      // Arabic letter mark.
      {0x115F, 0x1160},    // Hangul fillers.
      {0x17B4, 0x17B5},    // Khmer inherent vowels.
      {0x180B, 0x180F},    // Mongolian separators.
      {0x200B, 0x200F},    // Zero width, left-to-right and right-to-left marks.
      {0x202A, 0x202E},    // Embeddings and overrides.
      {0x2060, 0x206F},    // Word joiner, isolates.
      {0x3164, 0x3164},    // Hangul filler.
      {0xFE00, 0xFE0F},    // Variation selectors.
      {0xFEFF, 0xFEFF},    // Byte order mark.
      {0xFFF0, 0xFFFC},    // Specials, object replacement.
      {0xE0000, 0xE0FFF},  // Tags and variation selectors.
  }};
  for (const auto& [first, last] : ranges) {
    if (c >= first && c <= last) return true;
  }
  return false;
}

std::string cleaned(std::string_view text, char line_break) {
  const std::string valid = to_utf8(text);
  std::string out;
  out.reserve(valid.size());
  for (std::string_view rest = valid; !rest.empty();) {
    const std::string_view character = rest.substr(0, utf8_character(rest));
    rest.remove_prefix(character.size());
    const char32_t c = code_point(character);
    const bool is_break = c == '\n' || c == '\r' || c == 0x0B || c == 0x0C || c == 0x85 || c == 0x2028 || c == 0x2029;
    if (c == '\r' && rest.starts_with('\n')) continue;
    if (is_break) {
      out += line_break;
    } else if (c == '\t') {
      out += ' ';
    } else if (!is_removed(c)) {
      out += character;
    }
  }
  return out;
}

// Adds up what is checked; the first fault is kept.
class Checker {
 public:
  void line(const char* what, std::string_view text) {
    size(what, text.size(), line_bytes_max, "bytes");
    add(text);
  }
  void text(const char* what, std::string_view value) {
    size(what, value.size(), text_bytes_max, "bytes");
    add(value);
  }
  void size(const char* what, std::size_t found, std::size_t max, const char* unit) {
    if (found > max) {
      fault(over_limit, std::string(what) + ": " + std::to_string(found) + " > " + std::to_string(max) + " " + unit);
    }
  }
  void need(bool holds, const char* what) {
    if (!holds) fault(bad_document, what);
  }
  void spans(const char* what, const Spans& all) {
    std::size_t bytes = 0;
    for (const Span& span : all) bytes += span.text.size() + 1;
    size(what, bytes, text_bytes_max, "bytes");
    bytes_ += bytes;
  }
  void lines(const char* what, const std::vector<std::string>& all, std::size_t max) {
    size(what, all.size(), max, "items");
    for (const std::string& one : all) line(what, one);
  }
  void fault(const ErrorKind& kind, std::string detail) {
    if (!first_) first_.emplace(kind, std::move(detail));
  }
  Result<void> result() {
    size("document", bytes_, document_bytes_max, "bytes");
    if (first_) return *first_;
    return {};
  }

  void operator()(const Paragraph& block) { spans("paragraph", block.spans); }
  void operator()(const LegalBasis& block) { lines("legal basis", block.items, items_max); }
  void operator()(const Heading& block) {
    line("heading", block.text);
    line("heading", block.note);
    need(block.level >= 1 && block.level <= 3, "heading.level");
  }
  void operator()(const List& block) {
    size("list", block.items.size(), items_max, "items");
    for (const Spans& item : block.items) spans("list", item);
  }
  void operator()(const Field& block) {
    line("field", block.label);
    line("field", block.hint);
    text("field", block.value);
  }
  void operator()(const Choices& block) {
    size("choices", block.options.size(), items_max, "items");
    need(block.columns >= 1 && block.columns <= 6, "choices.columns");
    for (const Choice& option : block.options) {
      line("choice", option.text);
      line("choice", option.detail);
    }
  }
  void operator()(const Table& block) {
    size("table", block.columns.size(), columns_max, "columns");
    size("table", block.rows.size(), rows_max, "rows");
    need(!block.columns.empty(), "table.columns");
    for (const Column& column : block.columns) {
      line("table", column.title);
      need(std::isfinite(column.weight) && column.weight >= 0.05 && column.weight <= 100, "table.columns.weight");
    }
    for (const Row& row : block.rows) {
      need(row.cells.size() == block.columns.size(), "table.rows");
      for (const Spans& cell : row.cells) spans("table", cell);
    }
  }
  void operator()(const Image& block) {
    line("image", block.caption);
    size("image", block.png.size(), image_bytes_max, "bytes");
    need(std::isfinite(block.width_mm) && block.width_mm >= 5 && block.width_mm <= 165, "image.width_mm");
    const auto pixels = png_size(block.png);
    need(pixels.has_value(), "image.png");
    if (pixels) size("image", std::size_t{pixels->width} * pixels->height, image_pixels_max, "pixels");
  }
  void operator()(const PageBreak&) {}

  void body(const std::vector<Block>& blocks) {
    size("body", blocks.size(), blocks_max, "blocks");
    for (const Block& block : blocks) std::visit(*this, block);
  }

 private:
  void add(std::string_view text) { bytes_ += text.size(); }
  std::size_t bytes_ = 0;
  std::optional<Error> first_;
};

}  // namespace

const char* words_of(Urgency value) {
  constexpr std::array words = {"", "KHẨN", "THƯỢNG KHẨN", "HỎA TỐC"};
  return words.at(static_cast<std::size_t>(value));
}

const char* words_of(Secrecy value) {
  constexpr std::array words = {"", "MẬT", "TỐI MẬT", "TUYỆT MẬT"};
  return words.at(static_cast<std::size_t>(value));
}

std::string long_date(Day day) {
  const std::chrono::year_month_day date(day);
  const auto day_number = static_cast<unsigned>(date.day());
  const auto month = static_cast<unsigned>(date.month());
  const auto padded = [](unsigned value, unsigned below) { return (value < below ? "0" : "") + std::to_string(value); };
  return "ngày " + padded(day_number, 10) + " tháng " + padded(month, 3) + " năm " +
         std::to_string(static_cast<int>(date.year()));
}

std::string roman(unsigned number) {
  constexpr std::array<std::pair<unsigned, const char*>, 13> digits = {{{1000, "M"},
                                                                        {900, "CM"},
                                                                        {500, "D"},
                                                                        {400, "CD"},
                                                                        {100, "C"},
                                                                        {90, "XC"},
                                                                        {50, "L"},
                                                                        {40, "XL"},
                                                                        {10, "X"},
                                                                        {9, "IX"},
                                                                        {5, "V"},
                                                                        {4, "IV"},
                                                                        {1, "I"}}};
  LUY_CHECK(number >= 1 && number <= 3999);
  std::string out;
  for (const auto& [value, letters] : digits) {
    for (; number >= value; number -= value) out += letters;
  }
  return out;
}

std::string clean_text(std::string_view text) {
  return cleaned(text, '\n');
}

std::string clean_line(std::string_view text) {
  return cleaned(text, ' ');
}

Result<void> check_document(const Document& document) {
  Checker check;
  check.need(!document.issuer.empty(), "issuer");
  check.need(!document.place.empty(), "place");
  check.need(!document.type_name.empty() || !document.subject.empty(), "type_name, subject");
  const std::chrono::year_month_day date(document.date);
  check.need(date.ok() && date.year() >= std::chrono::year(1900) && date.year() <= std::chrono::year(9999), "date");
  for (const auto& [what, text] :
       {std::pair{"superior", &document.superior}, std::pair{"issuer", &document.issuer},
        std::pair{"notation", &document.notation}, std::pair{"place", &document.place},
        std::pair{"type_name", &document.type_name}, std::pair{"subject", &document.subject},
        std::pair{"circulation", &document.circulation}, std::pair{"contact", &document.contact}}) {
    check.line(what, *text);
  }
  check.lines("recipients", document.recipients, recipients_max);
  check.lines("copies", document.copies, recipients_max);
  check.lines("notes", document.notes, recipients_max);
  check.body(document.body);
  check.size("signatures", document.signatures.size(), signatures_max, "items");
  for (const Signature& one : document.signatures) {
    check.lines("authority", one.authority, 8);
    check.line("signature", one.note);
    check.line("signature", one.name);
  }
  check.size("evidence", document.evidence.size(), 1, "items");
  for (const EvidenceMark& mark : document.evidence) {
    check.need(!mark.payload.empty(), "evidence.payload");
    check.size("evidence", mark.payload.size(), qr_bytes_max, "bytes");
    check.line("evidence", mark.caption);
  }
  check.size("form_label", document.form_label.size(), 1, "items");
  for (const FormLabel& label : document.form_label) {
    check.line("form_label", label.title);
    check.line("form_label", label.source);
  }
  check.size("annexes", document.annexes.size(), annexes_max, "items");
  for (const Annex& annex : document.annexes) {
    check.line("annex", annex.title);
    check.body(annex.body);
  }
  return check.result();
}

}  // namespace luy::paper
