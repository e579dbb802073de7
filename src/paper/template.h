// Papers as data: a form is a YAML file under regulation/<pack>/forms/ that names its fields, which of them are
// mandatory, and the blocks that are printed. What a paper says and asks for stands there alone; two packs differ only
// in these files. docs/format/forms.md describes them. Pure values: no clock, no files but in load_form().
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "paper/document.h"
#include "regulation/pack.h"

namespace luy::paper {

using regulation::Text;
using Label = regulation::Text;

inline constexpr std::size_t form_fields_max = 200;
inline constexpr std::size_t form_blocks_max = 500;  // Nested ones counted.

enum class FieldType : std::uint8_t {
  text,       // One line.
  long_text,  // Paragraphs.
  date,       // "2026-02-05"
  time,       // "08:30"
  datetime,   // "2026-02-05T08:30", in Vietnam.
  number,     // A whole number, 0 or more.
  flag,
  choice,   // One of `options`: its id, or {"id": …, "detail": …}.
  choices,  // A list of those.
  list,     // Of lines.
  table,    // A list of rows, or with fixed `rows` an object of rows; a row is an object of cells.
  person,   // {"name", "position", "unit", "phone", "email"}; name required.
  persons,  // A list of those.
};
inline constexpr std::size_t field_type_count = 13;
std::string_view name_of(FieldType value);
std::optional<FieldType> field_type_from_name(std::string_view name);

// Holds when the field has one of the values `is`; with none given, when it is filled in (a flag: true).
struct Condition {
  std::string field;
  std::vector<std::string> is;
  bool negated = false;
  bool operator==(const Condition&) const = default;
};

struct Option {
  std::string id;
  std::string text;         // As printed on the form.
  bool has_detail = false;  // "Khác, đó là …"
  bool operator==(const Option&) const = default;
};

struct TableField {
  std::string id;
  Label label;
  bool is_number = false;
  bool is_mandatory = false;
  double weight = 1;
  Align align = Align::left;
  bool operator==(const TableField&) const = default;
};
struct FixedRow {
  std::string id;
  std::string text;
  bool operator==(const FixedRow&) const = default;
};

struct FormField {
  std::string id;
  FieldType type = FieldType::text;
  Label label;
  bool is_mandatory = false;  // As long as `when` holds.
  std::string printed;        // What the form prints in place of the label's Vietnamese; empty: that.
  std::string hint;           // Printed in italics behind the label.
  std::vector<Option> options;
  std::vector<TableField> columns;
  std::vector<FixedRow> rows;
  std::string row_title;  // Head of the column that the fixed rows' texts stand in.
  std::string total;      // Label of a last row of sums; empty for none.
  std::optional<Condition> when;
  const std::string& printed_label() const { return printed.empty() ? label.vi : printed; }
  bool operator==(const FormField&) const = default;
};

// A text with places for values: "Lúc {started|long}, tại {place}".
struct Piece {
  enum class Kind : std::uint8_t { literal, field, letterhead, item };
  Kind kind = Kind::literal;
  std::string text;    // Of a literal.
  std::string name;    // Of a field, or of the letterhead: "agency"; of an item its part or "index".
  std::string part;    // Of a person: "name"; of a choice: "detail".
  std::string filter;  // "long" of a date, "short" of a time, "boxes" of a choice; or nothing.
  bool operator==(const Piece&) const = default;
};
using Phrase = std::vector<Piece>;

struct FormBlock {
  enum class Kind : std::uint8_t {
    paragraph,
    basis,
    heading,
    list,
    field,
    choices,
    table,
    grid,
    long_text,
    group,
    repeat,
    page_break,
  };
  Kind kind = Kind::paragraph;
  std::optional<Condition> when;
  std::vector<Phrase>
      phrases;        // One of a paragraph or heading; of a basis or list its items; of a grid its cells by row.
  std::string field;  // Of field, choices, table, long_text, repeat.
  std::vector<FormBlock> body;  // Of group, repeat.
  std::string note;             // Of a heading.
  std::vector<double> weights;  // Of a grid: its columns.
  Align align = Align::justify;
  bool is_bold = false;
  bool is_italic = false;
  bool is_indented = true;
  bool is_numbered = false;  // Of a table: with a column STT.
  unsigned level = 1;
  unsigned columns = 2;
  Marker marker = Marker::dash;
  bool operator==(const FormBlock&) const = default;
};

struct FormAnnex {
  Phrase title;
  std::vector<FormBlock> body;
  std::optional<Condition> when;
  bool operator==(const FormAnnex&) const = default;
};

struct Form {
  std::string id;  // The file's name without ".yaml".
  unsigned version = 1;
  Label title;                       // For lists of forms.
  std::vector<std::string> sources;  // Where the form comes from, as people cite it.
  std::string kind;                  // Abbreviation of F-7.23: "BB"; empty for a letter.
  std::string type_name;             // "BIÊN BẢN"; empty for a letter.
  Phrase subject;
  std::vector<FormLabel> form_label;    // At most one.
  std::vector<std::string> signers;     // Titles of those who sign where the data name none: "THƯ KÝ".
  std::vector<std::string> recipients;  // Where the data name none.
  std::vector<std::string> copies;
  std::vector<std::string> notes;
  std::string mail_prefix;  // What the subject of an e-mail with this paper must begin with: "[TBSC]".
  std::vector<FormField> fields;
  std::vector<FormBlock> body;
  std::vector<FormAnnex> annexes;

  const FormField* field(std::string_view field_id) const;  // nullptr when there is none.
  bool operator==(const Form&) const = default;
};

// Reads a form. Errors are those of a regulation pack (regulation/load.h), each with "<file>:<line>:<column>: …": an
// unknown key or field, a text without its translation, a condition on a value that does not exist stop the reading.
Result<Form> parse_form(std::string_view file, std::string_view bytes);

// <pack folder>/forms/<id>.yaml. Errors: those of parse_form(), file.not_found and the others of read_file().
Result<Form> load_form(const std::filesystem::path& pack_folder, std::string_view id);
// The ids of the forms of a pack, sorted. Errors: file.not_found when the pack has no folder of forms.
Result<std::vector<std::string>> form_ids(const std::filesystem::path& pack_folder);

}  // namespace luy::paper
