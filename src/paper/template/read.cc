// Reading of forms. The code that reads a schema is the schema (regulation/map_reader.h).
#include <algorithm>
#include <array>
#include <charconv>
#include <set>
#include <utility>

#include "base/file.h"
#include "paper/template.h"
#include "paper/template/phrase.h"
#include "regulation/load.h"
#include "regulation/map_reader.h"
#include "regulation/yaml_node.h"

namespace luy::paper {
namespace {

using regulation::Faults;
using regulation::MapReader;
using regulation::YamlNode;

std::vector<std::string_view> field_names(const Form& form) {
  std::vector<std::string_view> out;
  for (const FormField& field : form.fields) out.push_back(field.id);
  return out;
}

class FormReader {
 public:
  explicit FormReader(Faults& faults) : faults_(faults) {}

  Form read(const YamlNode& root, std::string_view file_id) {
    MapReader reader(root, faults_,
                     {"id", "version", "title", "sources", "kind", "type_name", "subject", "form_label", "signers",
                      "recipients", "copies", "notes", "mail_prefix", "fields", "body", "annexes"});
    form_.id = reader.text("id");
    if (!regulation::is_slug(form_.id) || form_.id != file_id) {
      reader.fault(regulation::bad_value, "id", regulation::with_choices(form_.id, {file_id}));
    }
    form_.version = static_cast<unsigned>(number(reader, "version", 1, 9999, 1));
    form_.title = reader.both("title");
    form_.sources = texts(reader, "sources", true);
    form_.kind = reader.optional_text("kind").value_or("");
    form_.type_name = reader.optional_text("type_name").value_or("");
    if (form_.kind.empty() != form_.type_name.empty()) reader.fault(regulation::missing_key, "kind", "kind, type_name");
    read_label(reader);
    form_.signers = texts(reader, "signers", false);
    form_.recipients = texts(reader, "recipients", false);
    form_.copies = texts(reader, "copies", false);
    form_.notes = texts(reader, "notes", false);
    form_.mail_prefix = reader.optional_text("mail_prefix").value_or("");
    read_fields(reader);
    form_.subject = phrase(reader, "subject", nullptr);
    form_.body = blocks(reader, "body", nullptr);
    read_annexes(reader);
    return std::move(form_);
  }

 private:
  std::vector<std::string> texts(MapReader& reader, std::string_view key, bool is_required) {
    std::vector<std::string> out;
    if (!is_required && !reader.has(key)) return out;
    for (const YamlNode& node : reader.list(key)) {
      if (node.kind != YamlNode::Kind::scalar) faults_.add(regulation::wrong_type, node, std::string(key) + " [text]");
      out.push_back(node.scalar);
    }
    return out;
  }

  // A whole number written in digits; `fallback` when the key is absent.
  std::size_t number(MapReader& reader, std::string_view key, std::size_t min, std::size_t max, std::size_t fallback) {
    if (!reader.has(key)) return fallback;
    const std::string written = reader.text(key);
    std::size_t value = 0;
    const auto [end, error] = std::from_chars(written.data(), written.data() + written.size(), value);
    if (error == std::errc() && end == written.data() + written.size() && value >= min && value <= max) return value;
    const std::string range = std::to_string(min) + "–" + std::to_string(max);
    reader.fault(regulation::bad_value, key, regulation::with_choices(written, {range}));
    return fallback;
  }

  double weight(const YamlNode& node) {
    // Tenths are fine enough for columns, and read the same in every locale.
    const std::string& written = node.scalar;
    const std::size_t dot = std::min(written.find('.'), written.size());
    unsigned whole = 0;
    unsigned tenth = 0;
    const char* end = written.data() + dot;
    bool is_good = std::from_chars(written.data(), end, whole).ptr == end && dot > 0;
    if (dot != written.size()) {
      const char* last = written.data() + written.size();
      is_good = is_good && written.size() == dot + 2 && std::from_chars(end + 1, last, tenth).ptr == last;
    }
    const double value = whole + tenth / 10.0;
    if (is_good && value >= 0.1 && value <= 100) return value;
    faults_.add(regulation::bad_value, node, regulation::with_choices(written, {"0.1–100"}));
    return 1;
  }

  bool flag(MapReader& reader, std::string_view key, bool fallback) {
    if (!reader.has(key)) return fallback;
    const std::string written = reader.text(key);
    if (written == "true") return true;
    if (written != "false")
      reader.fault(regulation::bad_value, key, regulation::with_choices(written, {"true", "false"}));
    return false;
  }

  Align align(MapReader& reader, Align fallback) {
    if (!reader.has("align")) return fallback;
    const std::string written = reader.text("align");
    constexpr std::array names = {std::pair{"justify", Align::justify}, std::pair{"left", Align::left},
                                  std::pair{"center", Align::center}, std::pair{"right", Align::right}};
    for (const auto& [name, value] : names) {
      if (written == name) return value;
    }
    reader.fault(regulation::unknown_name, "align",
                 regulation::with_choices(written, {"justify", "left", "center", "right"}));
    return fallback;
  }

  Marker marker(MapReader& reader) {
    if (!reader.has("marker")) return Marker::dash;
    const std::string written = reader.text("marker");
    constexpr std::array names = {std::pair{"dash", Marker::dash}, std::pair{"number", Marker::number},
                                  std::pair{"letter", Marker::letter}, std::pair{"square", Marker::square}};
    for (const auto& [name, value] : names) {
      if (written == name) return value;
    }
    reader.fault(regulation::unknown_name, "marker",
                 regulation::with_choices(written, {"dash", "number", "letter", "square"}));
    return Marker::dash;
  }

  Phrase phrase_at(const YamlNode& node, const FormField* repeated) {
    if (node.kind != YamlNode::Kind::scalar) {
      faults_.add(regulation::wrong_type, node, "[text]");
      return {};
    }
    auto parsed = parse_phrase(node.scalar, {&form_, repeated});
    if (auto* fault = std::get_if<PhraseFault>(&parsed)) {
      const bool is_unknown = fault->kind == PhraseFault::Kind::unknown_name;
      faults_.add(is_unknown ? regulation::unknown_name : regulation::bad_value, node,
                  is_unknown ? regulation::with_choices(fault->what, field_names(form_)) : fault->what);
      return {};
    }
    return std::get<Phrase>(std::move(parsed));
  }
  Phrase phrase(MapReader& reader, std::string_view key, const FormField* repeated) {
    if (!reader.has(key)) {
      reader.fault(regulation::missing_key, key, key);
      return {};
    }
    return phrase_at(reader.at(key), repeated);
  }
  std::vector<Phrase> phrases(MapReader& reader, std::string_view key, const FormField* repeated) {
    std::vector<Phrase> out;
    for (const YamlNode& node : reader.list(key)) out.push_back(phrase_at(node, repeated));
    return out;
  }

  void read_label(MapReader& root) {
    if (!root.has("form_label")) return;
    MapReader reader(root.at("form_label"), faults_, {"title", "source"});
    form_.form_label = {{reader.text("title"), reader.text("source")}};
  }

  // {field: x}, {field: x, is: a}, {field: x, is: [a, b]}, each with `not: true`.
  std::optional<Condition> condition(MapReader& parent) {
    if (!parent.has("when")) return std::nullopt;
    MapReader reader(parent.at("when"), faults_, {"field", "is", "not"});
    Condition out;
    out.field = reader.text("field");
    out.negated = flag(reader, "not", false);
    const FormField* field = form_.field(out.field);
    if (field == nullptr) {
      reader.fault(regulation::unknown_name, "field", regulation::with_choices(out.field, field_names(form_)));
      return out;
    }
    if (!reader.has("is")) return out;
    const YamlNode& is = reader.at("is");
    const std::vector<YamlNode> one{is};
    for (const YamlNode& node : is.kind == YamlNode::Kind::list ? reader.list("is") : one) {
      std::vector<std::string_view> choices;
      for (const Option& option : field->options) choices.push_back(option.id);
      if (std::find(choices.begin(), choices.end(), node.scalar) == choices.end()) {
        faults_.add(regulation::unknown_name, node, regulation::with_choices(node.scalar, choices));
      }
      out.is.push_back(node.scalar);
    }
    return out;
  }

  void demand_new(std::set<std::string>& known, const std::string& id, const YamlNode& at) {
    if (!regulation::is_slug(id) || id.find('-') != std::string::npos || id == "item" || is_letterhead_name(id)) {
      faults_.add(regulation::bad_value, at, regulation::with_choices(id, {"a-z", "0-9", "_"}));
    }
    if (!known.insert(id).second) faults_.add(regulation::duplicate, at, "'" + id + "'");
  }

  void read_options(MapReader& reader, FormField& out) {
    const bool is_choice = out.type == FieldType::choice || out.type == FieldType::choices;
    if (reader.has("options") != is_choice) {
      reader.fault(is_choice ? regulation::missing_key : regulation::unknown_key, "options", "options");
      return;
    }
    if (!is_choice) return;
    std::set<std::string> known;
    for (const YamlNode& node : reader.list("options")) {
      MapReader option(node, faults_, {"id", "text", "detail"});
      out.options.push_back({option.text("id"), option.text("text"), flag(option, "detail", false)});
      demand_new(known, out.options.back().id, option.at("id"));
    }
    if (out.options.empty()) reader.fault(regulation::missing_key, "options", "options");
  }

  void read_columns(MapReader& reader, FormField& out) {
    const bool is_table = out.type == FieldType::table;
    for (const std::string_view key : {"columns", "rows", "row_title", "total"}) {
      if (reader.has(key) && !is_table) reader.fault(regulation::unknown_key, key, key);
    }
    if (!is_table) return;
    std::set<std::string> known;
    for (const YamlNode& node : reader.list("columns")) {
      MapReader column(node, faults_, {"id", "label", "type", "required", "weight", "align"});
      TableField one;
      one.id = column.text("id");
      demand_new(known, one.id, column.at("id"));
      one.label = column.both("label");
      const std::string type = column.optional_text("type").value_or("text");
      one.is_number = type == "number";
      if (type != "text" && type != "number") {
        column.fault(regulation::unknown_name, "type", regulation::with_choices(type, {"text", "number"}));
      }
      one.is_mandatory = flag(column, "required", false);
      if (column.has("weight")) one.weight = weight(column.at("weight"));
      one.align = align(column, one.is_number ? Align::center : Align::left);
      out.columns.push_back(std::move(one));
    }
    // One more column for the row's text and one for STT.
    if (out.columns.empty() || out.columns.size() + 2 > columns_max) {
      reader.fault(regulation::over_limit, "columns", "1–" + std::to_string(columns_max - 2));
    }
    read_rows(reader, out);
  }

  void read_rows(MapReader& reader, FormField& out) {
    out.total = reader.optional_text("total").value_or("");
    if (!reader.has("rows")) {
      if (reader.has("row_title")) reader.fault(regulation::missing_key, "row_title", "rows");
      return;
    }
    out.row_title = reader.text("row_title");
    std::set<std::string> known;
    for (const YamlNode& node : reader.list("rows")) {
      MapReader row(node, faults_, {"id", "text"});
      out.rows.push_back({row.text("id"), row.text("text")});
      demand_new(known, out.rows.back().id, row.at("id"));
    }
  }

  void read_fields(MapReader& root) {
    std::set<std::string> known;
    for (const YamlNode& node : root.list("fields")) {
      MapReader reader(node, faults_,
                       {"id", "type", "label", "printed", "required", "hint", "options", "columns", "rows", "row_title",
                        "total", "when"});
      FormField out;
      out.id = reader.text("id");
      demand_new(known, out.id, reader.at("id"));
      out.type = reader.name<FieldType>("type", field_type_from_name, field_type_count);
      out.label = reader.both("label");
      out.is_mandatory = flag(reader, "required", false);
      out.printed = reader.optional_text("printed").value_or("");
      out.hint = reader.optional_text("hint").value_or("");
      read_options(reader, out);
      read_columns(reader, out);
      out.when = condition(reader);
      form_.fields.push_back(std::move(out));
    }
    if (form_.fields.size() > form_fields_max) {
      root.fault(regulation::over_limit, "fields", std::to_string(form_fields_max));
    }
  }

  // A field that a block prints must be of a type it can print.
  std::string field_name(MapReader& reader, std::string_view key, std::initializer_list<FieldType> types) {
    const std::string name = reader.text(key);
    const FormField* field = form_.field(name);
    if (field != nullptr && (types.size() == 0 || std::find(types.begin(), types.end(), field->type) != types.end())) {
      return name;
    }
    std::vector<std::string_view> choices;
    for (const FormField& one : form_.fields) {
      if (types.size() == 0 || std::find(types.begin(), types.end(), one.type) != types.end())
        choices.push_back(one.id);
    }
    reader.fault(regulation::unknown_name, key, regulation::with_choices(name, choices));
    return name;
  }

  std::vector<FormBlock> blocks(MapReader& reader, std::string_view key, const FormField* repeated) {
    std::vector<FormBlock> out;
    for (const YamlNode& node : reader.list(key)) {
      if (++blocks_ > form_blocks_max) {
        faults_.add(regulation::over_limit, node, std::to_string(form_blocks_max));
        break;
      }
      out.push_back(block(node, repeated));
    }
    return out;
  }

  FormBlock block(const YamlNode& node, const FormField* repeated);
  void read_annexes(MapReader& root) {
    if (!root.has("annexes")) return;
    for (const YamlNode& node : root.list("annexes")) {
      MapReader reader(node, faults_, {"title", "body", "when"});
      form_.annexes.push_back({phrase(reader, "title", nullptr), blocks(reader, "body", nullptr), condition(reader)});
    }
  }

  Faults& faults_;
  Form form_;
  std::size_t blocks_ = 0;
};

FormBlock FormReader::block(const YamlNode& node, const FormField* repeated) {
  using Kind = FormBlock::Kind;
  constexpr std::array kinds = {
      std::pair{"paragraph", Kind::paragraph}, std::pair{"basis", Kind::basis},
      std::pair{"heading", Kind::heading},     std::pair{"list", Kind::list},
      std::pair{"field", Kind::field},         std::pair{"choices", Kind::choices},
      std::pair{"table", Kind::table},         std::pair{"grid", Kind::grid},
      std::pair{"long_text", Kind::long_text}, std::pair{"group", Kind::group},
      std::pair{"repeat", Kind::repeat},       std::pair{"page_break", Kind::page_break},
  };
  MapReader reader(node, faults_,
                   {"paragraph", "basis", "heading", "list",       "field",    "choices", "table",   "grid",
                    "long_text", "group", "repeat",  "page_break", "when",     "body",    "note",    "weights",
                    "align",     "bold",  "italic",  "indent",     "numbered", "level",   "columns", "marker"});
  FormBlock out;
  const char* key = nullptr;
  for (const auto& [name, kind] : kinds) {
    if (!reader.has(name)) continue;
    if (key != nullptr) reader.fault(regulation::duplicate, name, "'" + std::string(name) + "', '" + key + "'");
    key = name;
    out.kind = kind;
  }
  if (key == nullptr) {
    faults_.add(regulation::missing_key, node, "paragraph, basis, heading, list, field, choices, table, grid, …");
    return out;
  }
  out.when = condition(reader);
  out.note = reader.optional_text("note").value_or("");
  out.align = align(reader, Align::justify);
  out.is_bold = flag(reader, "bold", false);
  out.is_italic = flag(reader, "italic", false);
  out.is_indented = flag(reader, "indent", true);
  out.is_numbered = flag(reader, "numbered", false);
  out.level = static_cast<unsigned>(number(reader, "level", 1, 3, 1));
  out.columns = static_cast<unsigned>(number(reader, "columns", 1, 6, 2));
  out.marker = marker(reader);
  switch (out.kind) {
    case Kind::paragraph:
    case Kind::heading:
      out.phrases = {phrase(reader, key, repeated)};
      break;
    case Kind::basis:
    case Kind::list:
      // A list may also be a field's: then its name stands there instead of the items.
      if (out.kind == Kind::list && reader.at(key).kind == YamlNode::Kind::scalar) {
        out.field = field_name(reader, key, {FieldType::list, FieldType::persons});
      } else {
        out.phrases = phrases(reader, key, repeated);
      }
      break;
    case Kind::grid:
      if (reader.has("weights")) {
        for (const YamlNode& one : reader.list("weights")) out.weights.push_back(weight(one));
      }
      if (out.weights.empty() || out.weights.size() > columns_max) out.weights = {3, 5};
      for (const YamlNode& row : reader.list(key)) {
        if (row.kind != YamlNode::Kind::list || row.items.size() != out.weights.size()) {
          faults_.add(regulation::wrong_type, row, "[" + std::to_string(out.weights.size()) + " texts]");
          continue;
        }
        for (const YamlNode& cell : row.items) out.phrases.push_back(phrase_at(cell, repeated));
      }
      break;
    case Kind::field:
      out.field =
          field_name(reader, key,
                     {FieldType::text, FieldType::long_text, FieldType::date, FieldType::time, FieldType::datetime,
                      FieldType::number, FieldType::choice, FieldType::choices, FieldType::person});
      break;
    case Kind::choices:
      out.field = field_name(reader, key, {FieldType::choice, FieldType::choices});
      break;
    case Kind::table:
      out.field = field_name(reader, key, {FieldType::table});
      break;
    case Kind::long_text:
      out.field = field_name(reader, key, {FieldType::long_text});
      break;
    case Kind::group:
      out.body = blocks(reader, key, repeated);
      break;
    case Kind::repeat:
      out.field = field_name(reader, key, {FieldType::table, FieldType::list, FieldType::persons});
      if (repeated != nullptr) reader.fault(regulation::bad_value, key, "repeat, repeat");
      out.body = blocks(reader, "body", form_.field(out.field));
      break;
    case Kind::page_break:
      break;
  }
  return out;
}

}  // namespace

Result<Form> parse_form(std::string_view file, std::string_view bytes) {
  LUY_TRY(const YamlNode root, regulation::parse_yaml(file, bytes));
  const std::size_t slash = file.rfind('/');
  std::string_view id = slash == std::string_view::npos ? file : file.substr(slash + 1);
  if (id.ends_with(".yaml")) id.remove_suffix(5);
  Faults faults{std::string(file)};
  Form form = FormReader(faults).read(root, id);
  if (faults.first()) return *faults.first();
  return form;
}

Result<Form> load_form(const std::filesystem::path& pack_folder, std::string_view id) {
  // The id comes from outside: it names a file of this folder and nothing else.
  if (!regulation::is_slug(id)) return Error(file_not_found, std::string(id.substr(0, 80)));
  const std::filesystem::path path = pack_folder / "forms" / (std::string(id) + ".yaml");
  LUY_TRY(const std::string bytes, read_file(path, regulation::file_bytes_max));
  return parse_form(path.string(), bytes);
}

Result<std::vector<std::string>> form_ids(const std::filesystem::path& pack_folder) {
  const std::filesystem::path folder = pack_folder / "forms";
  std::error_code error;
  std::filesystem::directory_iterator entries(folder, error);
  if (error) return file_error(folder.string(), error.value());
  std::vector<std::string> out;
  for (const auto end = std::filesystem::directory_iterator(); entries != end; entries.increment(error)) {
    if (error) return file_error(folder.string(), error.value());
    if (entries->path().extension() == ".yaml") out.push_back(entries->path().stem().string());
  }
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace luy::paper
