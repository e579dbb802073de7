#include "incident/read_choice.h"

#include <algorithm>

#include "regulation/load.h"

namespace luy::incident {

using regulation::Faults;
using regulation::MapReader;
using regulation::YamlNode;

namespace {

void add_choice(MapReader& choice, std::vector<Choice>& out) {
  Choice one{choice.text("id"), choice.both("title")};
  if (!regulation::is_slug(one.id)) choice.fault(regulation::bad_value, "id", one.id);
  if (find_choice(out, one.id) != nullptr) choice.fault(regulation::duplicate, "id", one.id);
  out.push_back(std::move(one));
}

}  // namespace

void read_provider_kinds(MapReader& reader, const regulation::Pack& pack, ProviderRules& rules, Faults& faults) {
  for (const YamlNode& node : reader.list("kinds")) {
    MapReader kind(node, faults, {"id", "title", "record"});
    add_choice(kind, rules.kinds);
    const auto record = kind.optional_text("record");
    if (!record) continue;
    const bool is_known = std::any_of(pack.records.begin(), pack.records.end(),
                                      [&](const regulation::RecordType& one) { return one.id == *record; });
    if (!is_known) kind.fault(regulation::unknown_name, "record", *record);
    rules.records[rules.kinds.back().id] = *record;
  }
  if (rules.kinds.empty()) reader.fault(regulation::missing_key, "kinds", "kinds");
}

std::vector<Choice> read_choices(MapReader& reader, std::string_view key, Faults& faults) {
  std::vector<Choice> out;
  for (const YamlNode& node : reader.list(key)) {
    MapReader choice(node, faults, {"id", "title"});
    add_choice(choice, out);
  }
  if (out.empty()) reader.fault(regulation::missing_key, key, key);
  return out;
}

}  // namespace luy::incident
