#include "paper/own_form.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <set>
#include <utility>

#include "regulation/load.h"
#include "regulation/yaml_node.h"

namespace luy::paper {
namespace {

namespace json = boost::json;

struct Reason {
  const ErrorKind* kind;
  const char* vi;
  const char* en;
};
constexpr std::array<Reason, 10> reasons = {{
    {&regulation::bad_syntax, "sai cú pháp YAML", "no valid YAML"},
    {&regulation::not_allowed_yaml, "cú pháp YAML không được phép (neo, bí danh, thẻ)",
     "YAML that is not allowed (anchors, aliases, tags)"},
    {&regulation::over_limit, "vượt giới hạn", "over a limit"},
    {&regulation::wrong_type, "sai kiểu giá trị", "a value of the wrong type"},
    {&regulation::unknown_key, "khóa không được biết", "an unknown key"},
    {&regulation::missing_key, "thiếu khóa", "a key is missing"},
    {&regulation::missing_translation, "thiếu bản tiếng Việt hoặc tiếng Anh", "the Vietnamese or English is missing"},
    {&regulation::duplicate, "khai báo trùng", "declared twice"},
    {&regulation::unknown_name, "tên hoặc trường không được biết", "an unknown name or field"},
    {&regulation::bad_value, "giá trị không hợp lệ", "a value that is not valid"},
}};

// "<file>:<line>:<column>: <what>" for people.
Error told(const Error& error, const std::string& file) {
  std::string_view rest = error.detail();
  if (!rest.starts_with(file + ":")) return error;
  rest.remove_prefix(file.size() + 1);
  const std::size_t colon = rest.find(':');
  const std::size_t second = colon == std::string_view::npos ? colon : rest.find(": ", colon + 1);
  if (second == std::string_view::npos) return error;
  const std::string line(rest.substr(0, colon)), column(rest.substr(colon + 1, second - colon - 1));
  const std::string what(rest.substr(second + 2));
  const auto reason =
      std::find_if(reasons.begin(), reasons.end(), [&](const Reason& one) { return error.is(*one.kind); });
  const std::string vi = reason == reasons.end() ? "lỗi" : reason->vi, en = reason == reasons.end() ? "" : reason->en;
  return Error(form_bad, "dòng " + line + ", cột " + column + ": " + vi + ": " + what,
               "line " + line + ", column " + column + ": " + en + ": " + what);
}

// A place where a field is printed: under which conditions, all of which must hold.
using Conditions = std::vector<Condition>;
using Places = std::map<std::string, std::vector<Conditions>>;

void collect(const Phrase& phrase, const Conditions& under, Places& out) {
  for (const Piece& piece : phrase) {
    if (piece.kind == Piece::Kind::field) out[piece.name].push_back(under);
  }
}
void collect(const std::vector<FormBlock>& blocks, const Conditions& above, Places& out) {
  for (const FormBlock& block : blocks) {
    Conditions under = above;
    if (block.when) under.push_back(*block.when);
    if (!block.field.empty()) out[block.field].push_back(under);
    // What stands in a repetition is printed when there is something to repeat.
    if (block.kind == FormBlock::Kind::repeat) under.push_back({block.field, {}, false});
    for (const Phrase& phrase : block.phrases) collect(phrase, under, out);
    collect(block.body, under, out);
  }
}
Places printed_fields(const Form& form) {
  Places out;
  collect(form.subject, {}, out);
  collect(form.body, {}, out);
  for (const FormAnnex& annex : form.annexes) {
    Conditions under;
    if (annex.when) under.push_back(*annex.when);
    collect(annex.title, under, out);
    collect(annex.body, under, out);
  }
  return out;
}

// Whether the field is printed wherever the pack prints it: some place of `own` asks for nothing but what this place of
// the pack asks for, or what holds whenever the field has to be filled in.
bool is_printed(const FormField& field, const std::vector<Conditions>& own, const std::vector<Conditions>& pack) {
  const auto always = [&](const Condition& one) {
    const bool is_filled = one.field == field.id && one.is.empty() && !one.negated && field.type != FieldType::flag;
    return is_filled || one == field.when;
  };
  return std::all_of(pack.begin(), pack.end(), [&](const Conditions& there) {
    return std::any_of(own.begin(), own.end(), [&](const Conditions& here) {
      return std::all_of(here.begin(), here.end(), [&](const Condition& one) {
        return always(one) || std::find(there.begin(), there.end(), one) != there.end();
      });
    });
  });
}

template <class Item>
bool has_all(const std::vector<Item>& own, const std::vector<Item>& pack) {
  return std::all_of(pack.begin(), pack.end(), [&](const Item& one) {
    return std::any_of(own.begin(), own.end(), [&](const Item& other) { return other.id == one.id; });
  });
}

bool is_kept(const FormField& own, const FormField& pack) {
  const auto column_kept = [&](const TableField& one) {
    return std::any_of(own.columns.begin(), own.columns.end(), [&](const TableField& other) {
      return other.id == one.id && other.is_number == one.is_number && (other.is_mandatory || !one.is_mandatory);
    });
  };
  return own.type == pack.type && own.is_mandatory && own.when == pack.when && has_all(own.options, pack.options) &&
         has_all(own.rows, pack.rows) && own.rows.empty() == pack.rows.empty() &&
         std::all_of(pack.columns.begin(), pack.columns.end(), column_kept);
}

json::object person(const std::string& label) {
  return {{"name", "Nguyễn Văn An"},
          {"position", label},
          {"unit", "Cơ quan mẫu"},
          {"phone", "0237 377 0000"},
          {"email", "mau@example.vn"}};
}

json::object row_of(const FormField& field, std::int64_t number) {
  json::object out;
  for (const TableField& column : field.columns) {
    out[column.id] = column.is_number ? json::value(number) : json::value("Nội dung mẫu: " + column.label.vi);
  }
  return out;
}

json::value sample_of(const FormField& field) {
  switch (field.type) {
    case FieldType::text:
      return json::value("Nội dung mẫu");
    case FieldType::long_text:
      return json::value("Đoạn văn mẫu thứ nhất.\nĐoạn văn mẫu thứ hai.");
    case FieldType::date:
      return json::value("2026-02-05");
    case FieldType::time:
      return json::value("08:30");
    case FieldType::datetime:
      return json::value("2026-02-05T08:30");
    case FieldType::number:
      return json::value(std::int64_t{3});
    case FieldType::flag:
      return json::value(true);
    case FieldType::choice:
      return json::value(field.options.front().id);
    case FieldType::choices:
      return json::array{json::value(field.options.front().id)};
    case FieldType::list:
      return json::array{"Mục mẫu thứ nhất", "Mục mẫu thứ hai"};
    case FieldType::table: {
      if (field.rows.empty()) return json::array{row_of(field, 1), row_of(field, 2)};
      json::object rows;
      std::int64_t number = 0;
      for (const FixedRow& row : field.rows) rows[row.id] = row_of(field, number++);
      return rows;
    }
    case FieldType::person:
      return person(field.label.vi);
    case FieldType::persons:
      return json::array{person(field.label.vi), person(field.label.vi)};
  }
  return nullptr;
}

}  // namespace

Result<Form> parse_own_form(std::string_view id, std::string_view yaml) {
  const std::string file = std::string(id) + ".yaml";
  if (yaml.size() > own_form_bytes_max) {
    const std::string limit = std::to_string(own_form_bytes_max >> 10) + " KiB";
    return Error(form_bad, "dòng 1, cột 1: vượt giới hạn: " + limit, "line 1, column 1: over a limit: " + limit);
  }
  const auto root = regulation::parse_yaml(file, yaml);
  if (!root) return told(root.error(), file);
  const regulation::YamlNode* own = root->find("id");
  if (own != nullptr && own->scalar != id) return Error(form_binding, "id: " + std::string(id));
  auto form = parse_form(file, yaml);
  if (!form) return told(form.error(), file);
  return form;
}

Result<void> check_own_form(const Form& pack, const Form& own, std::span<const NeededField> needs) {
  std::string vi, en;
  const auto add = [&](const std::string& name, const Label& label) {
    vi += (vi.empty() ? "" : "; ") + name + (label.vi.empty() ? "" : " (" + label.vi + ")");
    en += (en.empty() ? "" : "; ") + name + (label.en.empty() ? "" : " (" + label.en + ")");
  };
  if (own.id != pack.id) add("id: " + pack.id, {});
  if (own.kind != pack.kind) add("kind: " + (pack.kind.empty() ? std::string("–") : pack.kind), {});
  const Places printed = printed_fields(own), printed_once = printed_fields(pack);
  const auto places_in = [](const Places& all, const std::string& id) {
    const auto found = all.find(id);
    return found == all.end() ? std::vector<Conditions>() : found->second;
  };
  std::set<std::string> named;
  for (const FormField& field : pack.fields) {
    if (!field.is_mandatory) continue;
    const FormField* there = own.field(field.id);
    const bool is_lost = there == nullptr || !is_kept(*there, field) ||
                         !is_printed(field, places_in(printed, field.id), places_in(printed_once, field.id));
    if (is_lost && named.insert(field.id).second) add(field.id, field.label);
  }
  for (const NeededField& need : needs) {
    const FormField* there = own.field(need.id);
    const bool has_option = need.option.empty() ||
                            (there != nullptr && std::any_of(there->options.begin(), there->options.end(),
                                                             [&](const Option& one) { return one.id == need.option; }));
    const FormField* known = pack.field(need.id);
    const bool is_good = there != nullptr && there->type == need.type && has_option;
    if (!is_good && named.insert(need.id).second) add(need.id, known == nullptr ? Label{} : known->label);
  }
  if (!vi.empty()) return Error(form_binding, vi, en);
  return {};
}

json::object sample_fields(const Form& form) {
  json::object out;
  for (const FormField& field : form.fields) out[field.id] = sample_of(field);
  return out;
}

}  // namespace luy::paper
