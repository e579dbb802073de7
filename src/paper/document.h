// An official document as a value: what stands in it, in the order in which it is read, without a word about fonts or
// millimetres. pdf.h and docx.h render it by the layout rules of decree 30/2020 (annex I), whose components it names.
// Pure values: no clock, no files. Texts are UTF-8 and are printed as they are, after clean_text().
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace luy::paper {

// Bounds on what is rendered at all; check_document() holds a document to them.
inline constexpr std::size_t text_bytes_max = 512 << 10;     // One paragraph or cell: 100,000 Vietnamese letters.
inline constexpr std::size_t line_bytes_max = 2000;          // Names, titles, subjects: F-7.27 allows 500 characters.
inline constexpr std::size_t document_bytes_max = 16 << 20;  // All texts together.
inline constexpr std::size_t blocks_max = 20'000;            // Of the body and of each annex.
inline constexpr std::size_t items_max = 2000;               // Of a list, of check boxes.
inline constexpr std::size_t columns_max = 12;               // 12 columns of 165 mm are 13 mm each.
inline constexpr std::size_t rows_max = 20'000;
inline constexpr std::size_t recipients_max = 60;  // Also of "Nơi nhận": it stays on one page.
inline constexpr std::size_t signatures_max = 4;
inline constexpr std::size_t annexes_max = 30;
inline constexpr std::size_t image_bytes_max = 8 << 20;
inline constexpr std::size_t image_pixels_max = 16'000'000;
inline constexpr std::size_t qr_bytes_max = 250;  // Version 10, level M: 213 bytes and more in digits.

inline constexpr ErrorKind over_limit{
    "paper.over_limit", ErrorClass::too_large,
    "Văn bản vượt giới hạn trình bày: {}. Hãy rút gọn hoặc chuyển sang phụ lục.",
    "The document is over a limit of what can be set: {}. Shorten it or move parts to an annex."};
inline constexpr ErrorKind bad_document{
    "paper.bad_document", ErrorClass::invalid, "Văn bản thiếu hoặc sai thành phần thể thức: {}. Hãy bổ sung.",
    "The document lacks a component of its form, or has it wrong: {}. Complete it."};

enum class Align : std::uint8_t { justify, left, center, right };
enum class Box : std::uint8_t { none, empty, checked };

// A run of text in one style. A box stands before its text.
struct Span {
  std::string text;
  bool bold = false;
  bool italic = false;
  Box box = Box::none;
  bool operator==(const Span&) const = default;
};
using Spans = std::vector<Span>;

struct Paragraph {
  Spans spans;
  Align align = Align::justify;
  bool first_line_indent = true;
  bool keep_with_next = false;
  bool operator==(const Paragraph&) const = default;
};

// Căn cứ: one a line in italics, each closed by ";", the last by "." (F-7.10). Items come without that mark.
struct LegalBasis {
  std::vector<std::string> items;
  bool operator==(const LegalBasis&) const = default;
};

// Bold; stays with what follows. Level 1 to 3; a form's headings stand at the margin.
struct Heading {
  std::string text;
  unsigned level = 1;
  bool first_line_indent = true;
  std::string note{};  // In italics behind it, in the same line: "(đánh dấu …)".
  bool operator==(const Heading&) const = default;
};

enum class Marker : std::uint8_t { dash, number, letter, square };
struct List {
  std::vector<Spans> items;
  Marker marker = Marker::dash;
  bool operator==(const List&) const = default;
};

// A line of a form: "▪ Địa chỉ (*): …". An empty value becomes a dotted line to write on.
struct Field {
  std::string label;
  bool mandatory = false;
  std::string hint{};  // In italics and brackets as printed on the form.
  std::string value{};
  bool marked = true;  // With "▪".
  bool operator==(const Field&) const = default;
};

struct Choice {
  std::string text;
  bool checked = false;
  std::string detail{};  // What is filled in behind "Khác, đó là".
  bool operator==(const Choice&) const = default;
};
// Check boxes in a grid of `columns` equal columns, 1 to 6.
struct Choices {
  std::vector<Choice> options;
  unsigned columns = 2;
  bool operator==(const Choices&) const = default;
};

struct Column {
  std::string title;
  double weight = 1;  // Share of the width among the columns.
  Align align = Align::left;
  bool operator==(const Column&) const = default;
};
struct Row {
  std::vector<Spans> cells;  // As many as columns.
  bool bold = false;
  bool operator==(const Row&) const = default;
};
// The header row is repeated on every page; a row is cut only when it is taller than a page. No header when every title
// is empty.
struct Table {
  std::vector<Column> columns;
  std::vector<Row> rows;
  bool operator==(const Table&) const = default;
};

// PNG only. Height follows from the picture.
struct Image {
  std::string png;
  double width_mm = 80;
  std::string caption{};
  bool operator==(const Image&) const = default;
};

struct PageBreak {
  bool operator==(const PageBreak&) const = default;
};

using Block = std::variant<Paragraph, LegalBasis, Heading, List, Field, Choices, Table, Image, PageBreak>;

// Quyền hạn, chức vụ và họ tên of one who signs. `note` is printed in italics under the title: "(Ký, ghi rõ họ tên)".
struct Signature {
  std::vector<std::string> authority{};  // "TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"; one a line, as printed.
  std::string note{};
  std::string name{};
  bool operator==(const Signature&) const = default;
};

enum class Urgency : std::uint8_t { none, urgent, very_urgent, express };  // KHẨN, THƯỢNG KHẨN, HỎA TỐC (F-7.15)
enum class Secrecy : std::uint8_t { none, secret, top_secret, ultra_secret };  // MẬT, TỐI MẬT, TUYỆT MẬT

// "Mẫu số 03" and the act it comes from, in a frame at the top right of the first page.
struct FormLabel {
  std::string title;
  std::string source;
  bool operator==(const FormLabel&) const = default;
};

// What the QR code holds, and the line beside it for those who cannot scan it.
struct EvidenceMark {
  std::string payload;
  std::string caption;
  bool operator==(const EvidenceMark&) const = default;
};

struct Annex {
  std::string title;  // Capitals as printed. "PHỤ LỤC" and its Roman number are set by the renderer.
  std::vector<Block> body;
  bool operator==(const Annex&) const = default;
};

struct Document {
  std::string superior;  // Cơ quan chủ quản trực tiếp, capitals; empty where there is none (F-7.28).
  std::string issuer;    // Cơ quan ban hành, capitals.
  std::string notation;  // "05/BB-UBND" (number.h); before it has its number "/BB-UBND".
  std::string place;     // Địa danh.
  Day date{};
  std::string type_name;  // "BIÊN BẢN"; empty for a letter (công văn), whose subject stands as "V/v" under the number.
  std::string subject;                  // Trích yếu, without "V/v".
  std::vector<std::string> recipients;  // Kính gửi, without closing marks.
  std::vector<Block> body;
  std::vector<Signature> signatures;  // One stands right; of two the first (secretary) left, the second (chair) right.
  std::vector<std::string> copies;    // Nơi nhận, without closing marks; "Lưu: VT, …" last.
  std::vector<Annex> annexes;
  std::vector<EvidenceMark> evidence;  // At most one.
  std::vector<FormLabel> form_label;   // At most one.
  Urgency urgency = Urgency::none;
  Secrecy secrecy = Secrecy::none;
  std::string circulation;         // "LƯU HÀNH NỘI BỘ", in a frame; empty for none.
  std::string contact;             // Address line at the foot of page 1 of a letter; empty for none.
  std::vector<std::string> notes;  // Chú thích under the signatures, in italics.
  Time created{};                  // Written into the file's properties.
  bool operator==(const Document&) const = default;
};

// Words of the stamps and of the form that are the same in every document, as decree 30 prints them.
const char* words_of(Urgency value);
const char* words_of(Secrecy value);
// "ngày 05 tháng 02 năm 2026": days below 10 and the months 1 and 2 with a leading 0 (F-7.7).
std::string long_date(Day day);
// "I", "II", …; for 1 to 3999.
std::string roman(unsigned number);

// Text from anywhere as it may be set: well-formed UTF-8 (U+FFFD where it was not), line breaks as "\n", tabs as
// spaces; control characters, directional marks and overrides, zero-width and other invisible characters removed, so
// that what is printed is what is there.
std::string clean_text(std::string_view text);
// The same in one line.
std::string clean_line(std::string_view text);
// As agencies' names stand at the head of documents: "Văn phòng" → "VĂN PHÒNG".
std::string capitals(std::string_view text);

// Whether the document can be rendered. Errors: over_limit, bad_document, each naming the component.
Result<void> check_document(const Document& document);

}  // namespace luy::paper
