#include "paper/fill/value.h"

#include <algorithm>
#include <array>
#include <optional>

#include "base/clock.h"
#include "base/utf8.h"
#include "paper/fill.h"

namespace luy::paper {
namespace json = boost::json;
namespace {

constexpr std::array<std::string_view, 5> person_parts = {"name", "position", "unit", "phone", "email"};
constexpr std::size_t quoted_bytes_max = 80;
constexpr std::uint64_t whole_number_max = 1'000'000'000'000'000;  // A quadrillion đồng: more than any damage.

std::string_view text_of(const json::value& value) {
  return value.is_string() ? std::string_view(value.get_string()) : std::string_view();
}

std::optional<unsigned> two_digits(std::string_view text, unsigned max) {
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  if (text.size() != 2 || !digit(text[0]) || !digit(text[1])) return std::nullopt;
  const auto value = static_cast<unsigned>((text[0] - '0') * 10 + (text[1] - '0'));
  if (value > max) return std::nullopt;
  return value;
}

bool is_time(std::string_view text) {
  return text.size() == 5 && text[2] == ':' && two_digits(text.substr(0, 2), 23) && two_digits(text.substr(3), 59);
}

bool is_date(std::string_view text) {
  return text.size() == 10 && day_from_iso(text).has_value();
}

std::string time_words(std::string_view text) {
  return std::string(text.substr(0, 2)) + " giờ " + std::string(text.substr(3, 2)) + " phút";
}

std::string date_words(std::string_view text, std::string_view filter) {
  const Day day = *day_from_iso(text.substr(0, 10));
  return filter == "long" ? long_date(day) : to_vietnamese(day);
}

// The id of a choice, which may be an object with a detail.
std::string_view id_of(const json::value& choice) {
  if (!choice.is_object()) return text_of(choice);
  const json::value* id = choice.get_object().if_contains("id");
  return id == nullptr ? std::string_view() : text_of(*id);
}
std::string detail_of(const json::value& choice) {
  if (!choice.is_object()) return {};
  const json::value* detail = choice.get_object().if_contains("detail");
  return detail == nullptr ? std::string() : clean_line(text_of(*detail));
}

const Option* option_of(const FormField& field, std::string_view id) {
  for (const Option& option : field.options) {
    if (option.id == id) return &option;
  }
  return nullptr;
}

// Collects what is wrong with one value; the first fault counts.
class Check {
 public:
  explicit Check(const FormField& field) : field_(field) {}

  void fault(const std::string& where, std::string_view vi, std::string_view en) {
    if (error_) return;
    const std::string place = where.empty() ? "" : " (" + where + ")";
    error_.emplace(bad_field, "“" + field_.label.vi + "”" + place + ": " + std::string(vi),
                   "“" + field_.label.en + "”" + place + ": " + std::string(en));
  }
  void text(const json::value& value, const std::string& where, std::size_t bytes_max) {
    if (!value.is_string()) return fault(where, "phải là chữ", "must be text");
    if (value.get_string().size() > bytes_max) fault(where, "quá dài", "too long");
  }
  void whole_number(const json::value& value, const std::string& where) {
    const bool is_positive = value.is_int64() && value.get_int64() >= 0;
    const bool is_good = is_positive && static_cast<std::uint64_t>(value.get_int64()) <= whole_number_max;
    if (!is_good) fault(where, "phải là số nguyên từ 0", "must be a whole number from 0");
  }
  // An object with known keys, all of them text unless `check` says otherwise.
  template <class Known>
  void keys(const json::object& object, const std::string& where, Known is_known) {
    for (const auto& [key, value] : object) {
      if (is_known(std::string_view(key))) continue;
      const std::string name = clean_line(utf8_front(std::string_view(key), quoted_bytes_max));
      fault(where, "không có mục '" + name + "'", "there is no part '" + name + "'");
    }
  }
  void person(const json::value& value, const std::string& where) {
    if (!value.is_object()) return fault(where, "phải có họ và tên, chức vụ", "must have a name and a position");
    const json::object& object = value.get_object();
    keys(object, where, [](std::string_view key) {
      return std::find(person_parts.begin(), person_parts.end(), key) != person_parts.end();
    });
    for (const auto& [key, part] : object) text(part, where, line_bytes_max);
    if (cell_of(value, "name").empty()) fault(where, "thiếu họ và tên", "the name is missing");
  }
  void choice(const json::value& value, const std::string& where) {
    const Option* option = option_of(field_, id_of(value));
    if (option == nullptr) {
      std::string known;
      for (const Option& one : field_.options) known += (known.empty() ? "" : ", ") + one.id;
      return fault(where, "chỉ nhận một trong: " + known, "must be one of: " + known);
    }
    if (!value.is_object()) return;
    keys(value.get_object(), where, [](std::string_view key) { return key == "id" || key == "detail"; });
    if (const json::value* detail = value.get_object().if_contains("detail")) {
      text(*detail, where, line_bytes_max);
      if (!option->has_detail) fault(where, "không có phần ghi thêm", "takes no further text");
    }
  }
  void row(const json::value& value, const std::string& where) {
    if (!value.is_object()) return fault(where, "phải là một hàng", "must be a row");
    const json::object& object = value.get_object();
    keys(object, where, [this](std::string_view key) {
      return std::any_of(field_.columns.begin(), field_.columns.end(),
                         [&](const TableField& column) { return column.id == key; });
    });
    for (const TableField& column : field_.columns) {
      const json::value* cell = object.if_contains(column.id);
      if (is_empty(cell)) {
        if (column.is_mandatory) {
          fault(where, "thiếu “" + column.label.vi + "”", "“" + column.label.en + "” is missing");
        }
      } else if (column.is_number) {
        whole_number(*cell, where);
      } else {
        text(*cell, where, text_bytes_max);
      }
    }
  }
  template <class Each>
  void items(const json::value& value, std::size_t max, Each each) {
    if (!value.is_array()) return fault("", "phải là danh sách", "must be a list");
    const json::array& array = value.get_array();
    if (array.size() > max) return fault("", "quá nhiều dòng", "too many items");
    for (std::size_t i = 0; i < array.size(); ++i) each(array[i], std::to_string(i + 1));
  }
  void table(const json::value& value) {
    if (field_.rows.empty()) {
      return items(value, rows_max, [this](const json::value& one, const std::string& at) { row(one, at); });
    }
    if (!value.is_object()) return fault("", "phải là các hàng theo tên", "must be rows by name");
    keys(value.get_object(), "", [this](std::string_view key) {
      return std::any_of(field_.rows.begin(), field_.rows.end(), [&](const FixedRow& one) { return one.id == key; });
    });
    for (const auto& [key, one] : value.get_object()) row(one, std::string(key));
  }

  Result<void> result() const {
    if (error_) return *error_;
    return {};
  }

 private:
  const FormField& field_;
  std::optional<Error> error_;
};

}  // namespace

bool is_empty(const json::value* value) {
  if (value == nullptr || value->is_null()) return true;
  if (value->is_string()) return value->get_string().empty();
  if (value->is_array()) return value->get_array().empty();
  return value->is_object() && value->get_object().empty();
}

Result<void> check_value(const FormField& field, const json::value& value) {
  if (is_empty(&value)) return {};
  Check check(field);
  const std::string_view text = text_of(value);
  switch (field.type) {
    case FieldType::text:
      check.text(value, "", line_bytes_max);
      break;
    case FieldType::long_text:
      check.text(value, "", text_bytes_max);
      break;
    case FieldType::date:
      if (!is_date(text))
        check.fault("", "ngày không tồn tại hoặc sai dạng yyyy-mm-dd", "no such day, or not yyyy-mm-dd");
      break;
    case FieldType::time:
      if (!is_time(text)) check.fault("", "giờ không tồn tại hoặc sai dạng HH:MM", "no such time, or not HH:MM");
      break;
    case FieldType::datetime:
      if (text.size() != 16 || text[10] != 'T' || !is_date(text.substr(0, 10)) || !is_time(text.substr(11))) {
        check.fault("", "thời điểm không tồn tại hoặc sai dạng yyyy-mm-ddTHH:MM",
                    "no such time, or not yyyy-mm-ddTHH:MM");
      }
      break;
    case FieldType::number:
      check.whole_number(value, "");
      break;
    case FieldType::flag:
      if (!value.is_bool()) check.fault("", "phải là true hoặc false", "must be true or false");
      break;
    case FieldType::choice:
      check.choice(value, "");
      break;
    case FieldType::choices:
      check.items(value, items_max, [&](const json::value& one, const std::string& at) { check.choice(one, at); });
      break;
    case FieldType::list:
      check.items(value, items_max,
                  [&](const json::value& one, const std::string& at) { check.text(one, at, text_bytes_max); });
      break;
    case FieldType::table:
      check.table(value);
      break;
    case FieldType::person:
      check.person(value, "");
      break;
    case FieldType::persons:
      check.items(value, items_max, [&](const json::value& one, const std::string& at) { check.person(one, at); });
      break;
  }
  return check.result();
}

std::string cell_of(const json::value& row, std::string_view part) {
  if (!row.is_object()) return {};
  const json::value* cell = row.get_object().if_contains(part);
  if (cell == nullptr) return {};
  if (cell->is_int64()) return grouped(static_cast<std::uint64_t>(cell->get_int64()));
  return clean_text(text_of(*cell));
}

std::uint64_t number_of(const json::value& row, std::string_view column) {
  if (!row.is_object()) return 0;
  const json::value* cell = row.get_object().if_contains(column);
  return cell != nullptr && cell->is_int64() ? static_cast<std::uint64_t>(cell->get_int64()) : 0;
}

std::string grouped(std::uint64_t number) {
  std::string out = std::to_string(number);
  for (std::size_t at = out.size(); at > 3; at -= 3) out.insert(at - 3, ".");
  return out;
}

std::string person_words(const json::value& person) {
  std::string out;
  for (const std::string_view part : {"name", "position", "unit"}) {
    const std::string words = cell_of(person, part);
    if (!words.empty()) out += (out.empty() ? "" : ", ") + words;
  }
  return out;
}

std::vector<Choice> boxes_of(const FormField& field, const json::value* value) {
  std::vector<Choice> out;
  std::vector<json::value> chosen;
  if (!is_empty(value)) {
    chosen = field.type == FieldType::choices
                 ? std::vector<json::value>(value->get_array().begin(), value->get_array().end())
                 : std::vector<json::value>{*value};
  }
  for (const Option& option : field.options) {
    Choice box{option.text};
    for (const json::value& one : chosen) {
      if (id_of(one) != option.id) continue;
      box.checked = true;
      box.detail = detail_of(one);
    }
    out.push_back(std::move(box));
  }
  return out;
}

std::vector<std::string> ids_of(const FormField& field, const json::value* value) {
  if (is_empty(value)) return {};
  if (field.type == FieldType::flag)
    return value->get_bool() ? std::vector<std::string>{"true"} : std::vector<std::string>{};
  if (field.type == FieldType::choice) return {std::string(id_of(*value))};
  std::vector<std::string> out;
  if (field.type == FieldType::choices) {
    for (const json::value& one : value->get_array()) out.emplace_back(id_of(one));
  }
  return out;
}

Spans words_of_value(const FormField& field, const json::value* value, std::string_view part, std::string_view filter) {
  if (filter == "boxes") {
    Spans out;
    for (const Choice& box : boxes_of(field, value)) {
      // A wide space keeps each box with its own words.
      const std::string end = out.size() + 1 == field.options.size() ? "" : "\u00A0\u00A0 ";
      out.push_back({box.text + (box.detail.empty() ? "" : " " + box.detail) + end, false, false,
                     box.checked ? Box::checked : Box::empty});
    }
    return out;
  }
  if (is_empty(value)) return {};
  const std::string_view text = text_of(*value);
  switch (field.type) {
    case FieldType::text:
      return {{clean_line(text)}};
    case FieldType::long_text:
      return {{clean_text(text)}};
    case FieldType::date:
      return {{date_words(text, filter)}};
    case FieldType::time:
      return {{time_words(text)}};
    case FieldType::datetime: {
      const bool is_short = filter == "short";
      const std::string date = date_words(text, is_short ? "" : "long");
      return {{time_words(text.substr(11)) + ", " + (is_short ? "ngày " : "") + date}};
    }
    case FieldType::number:
      return {{grouped(static_cast<std::uint64_t>(value->get_int64()))}};
    case FieldType::person:
      return {{part.empty() ? person_words(*value) : cell_of(*value, part)}};
    case FieldType::choice:
      if (part == "detail") return {{detail_of(*value)}};
      [[fallthrough]];
    case FieldType::choices: {
      std::string out;
      for (const Choice& box : boxes_of(field, value)) {
        if (!box.checked) continue;
        out += (out.empty() ? "" : "; ") + box.text + (box.detail.empty() ? "" : " " + box.detail);
      }
      return {{out}};
    }
    case FieldType::flag:
    case FieldType::list:
    case FieldType::table:
    case FieldType::persons:
      break;
  }
  return {};
}

}  // namespace luy::paper
