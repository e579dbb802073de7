#include "regulation/read_parameter.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "regulation/load.h"

namespace luy::regulation {
namespace {

// How units are written after a number; a number alone is a count.
constexpr std::pair<std::string_view, Unit> unit_spellings[] = {
    {"minute", Unit::minutes},
    {"minutes", Unit::minutes},
    {"hour", Unit::hours},
    {"hours", Unit::hours},
    {"day", Unit::days},
    {"days", Unit::days},
    {"working day", Unit::working_days},
    {"working days", Unit::working_days},
    {"percent", Unit::percent},
    {"MiB", Unit::mebibytes},
    {"", Unit::count},
};

// What a parameter's own name promises about its unit: code asks by name, so the two may not disagree.
constexpr std::pair<std::string_view, Unit> unit_endings[] = {
    {"_minutes", Unit::minutes},
    {"_hours", Unit::hours},
    {"_days", Unit::days},
    {"_percent", Unit::percent},
};

std::optional<Unit> unit_from_spelling(std::string_view written) {
  for (const auto& [spelling, unit] : unit_spellings) {
    if (spelling == written) return unit;
  }
  return std::nullopt;
}

bool agrees(Unit promised, Unit unit) {
  return promised == unit || (promised == Unit::days && unit == Unit::working_days);
}

ParameterValue number_as(Unit unit, std::int64_t number) {
  switch (unit) {
    case Unit::minutes:
      return Duration(std::chrono::minutes(number));
    case Unit::hours:
      return Duration(std::chrono::hours(number));
    case Unit::days:
      return Duration(days(number));
    case Unit::working_days:
      return WorkingDays{number};
    default:
      return number;
  }
}

// "0.5" → 0.5, at most two decimals; nullopt for anything but digits with one point.
std::optional<double> percent_from(std::string_view written) {
  double value = 0;
  const auto [end, error] =
      std::from_chars(written.data(), written.data() + written.size(), value, std::chars_format::fixed);
  const bool whole = error == std::errc() && end == written.data() + written.size();
  // Written so that "nan", which from_chars reads as a number, fails.
  if (!whole || !(value >= 0 && value <= 100)) return std::nullopt;
  return value;
}

std::optional<std::int64_t> count_from(std::string_view written) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(written.data(), written.data() + written.size(), value);
  const bool whole = error == std::errc() && end == written.data() + written.size();
  if (!whole || value < 0 || value > parameter_number_max) return std::nullopt;
  return value;
}

void read_value(const YamlNode& node, Parameter& out, Faults& faults) {
  if (node.kind == YamlNode::Kind::list) {
    out.unit = Unit::texts;
    std::vector<std::string> items;
    for (const YamlNode& item : node.items) {
      if (item.kind != YamlNode::Kind::scalar || item.scalar.empty()) faults.add(wrong_type, item, "value: [text]");
      items.push_back(item.scalar);
    }
    out.value = std::move(items);
    return;
  }
  if (node.kind != YamlNode::Kind::scalar) return faults.add(wrong_type, node, "value: [text, list]");
  const std::string_view written = node.scalar;
  const std::size_t space = std::min(written.find(' '), written.size());
  const std::string_view number = written.substr(0, space);
  const std::string_view spelling = space == written.size() ? std::string_view() : written.substr(space + 1);
  const std::optional<Unit> unit = unit_from_spelling(spelling);
  if (!unit) {
    std::vector<std::string_view> choices;
    for (const auto& known : unit_spellings) {
      if (!known.first.empty()) choices.push_back(known.first);
    }
    return faults.add(wrong_unit, node, with_choices(spelling, choices));
  }
  out.unit = *unit;
  if (*unit == Unit::percent) {
    const auto value = percent_from(number);
    if (!value) return faults.add(bad_value, node, with_choices(written, {"0-100 percent"}));
    out.value = *value;
    return;
  }
  const auto value = count_from(number);
  if (!value) return faults.add(bad_value, node, with_choices(written, {"0-1000000"}));
  out.value = number_as(*unit, *value);
}

// Lists are narrowed or widened, numbers lowered or raised: the other pairing could never be obeyed.
void check_direction(const Parameter& parameter, const YamlNode& at, Faults& faults) {
  const bool list = parameter.unit == Unit::texts;
  const bool for_list = parameter.stricter == Stricter::fewer || parameter.stricter == Stricter::more;
  if (parameter.stricter == Stricter::fixed || list == for_list) return;
  const std::vector<std::string_view> choices = list ? std::vector<std::string_view>{"fixed", "fewer", "more"}
                                                     : std::vector<std::string_view>{"fixed", "lower", "higher"};
  faults.add(unknown_name, at, with_choices(name_of(parameter.stricter), choices));
}

Parameter read_parameter(const YamlNode& key, const YamlNode& node, Faults& faults) {
  Parameter out;
  out.id = key.scalar;
  if (!is_slug(out.id)) faults.add(bad_value, key, with_choices(out.id, {"a-z", "0-9", "_"}));
  MapReader reader(node, faults, {"value", "stricter", "basis", "title", "source"});
  if (reader.has("value")) {
    read_value(reader.at("value"), out, faults);
  } else {
    faults.add(missing_key, node, "value");
  }
  for (const auto& [ending, unit] : unit_endings) {
    if (out.id.ends_with(ending) && !agrees(unit, out.unit)) {
      reader.fault(wrong_unit, "value", out.id + ": " + with_choices(name_of(out.unit), {name_of(unit)}));
    }
  }
  out.stricter = reader.name<Stricter>("stricter", stricter_from_name, stricter_count);
  if (reader.has("stricter")) check_direction(out, reader.at("stricter"), faults);
  out.basis = reader.name<Basis>("basis", basis_from_name, basis_count);
  out.title = reader.both("title");
  out.source = reader.both("source");
  return out;
}

}  // namespace

std::vector<Parameter> read_parameters(const YamlNode& node, Faults& faults) {
  std::vector<Parameter> out;
  if (node.kind != YamlNode::Kind::map) {
    faults.add(wrong_type, node, "parameters [map]");
    return out;
  }
  for (std::size_t i = 0; i < node.keys.size(); ++i) {
    out.push_back(read_parameter(node.keys[i], node.items[i], faults));
  }
  return out;
}

void demand_parameters(Check check, const std::vector<Parameter>& all, const YamlNode& at, Faults& faults) {
  if (check == Check::record) return;
  const std::vector<ParameterNeed> needs = parameters_of(check);
  std::vector<std::string_view> names;
  for (const ParameterNeed& need : needs) {
    names.push_back(need.id);
    const auto found =
        std::find_if(all.begin(), all.end(), [&need](const Parameter& one) { return one.id == need.id; });
    if (found == all.end()) {
      faults.add(missing_key, at, "parameters." + std::string(need.id));
    } else if (found->unit != need.unit) {
      faults.add(wrong_unit, at,
                 "parameters." + found->id + ": " + with_choices(name_of(found->unit), {name_of(need.unit)}));
    }
  }
  for (const Parameter& one : all) {
    if (std::find(names.begin(), names.end(), one.id) == names.end()) {
      faults.add(unknown_key, at, "parameters." + one.id + " " + with_choices(name_of(check), names));
    }
  }
}

}  // namespace luy::regulation
