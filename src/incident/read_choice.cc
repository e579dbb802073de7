#include "incident/read_choice.h"

#include "regulation/load.h"

namespace luy::incident {

using regulation::Faults;
using regulation::MapReader;
using regulation::YamlNode;

std::vector<Choice> read_choices(MapReader& reader, std::string_view key, Faults& faults) {
  std::vector<Choice> out;
  for (const YamlNode& node : reader.list(key)) {
    MapReader choice(node, faults, {"id", "title"});
    Choice one{choice.text("id"), choice.both("title")};
    if (!regulation::is_slug(one.id)) choice.fault(regulation::bad_value, "id", one.id);
    if (find_choice(out, one.id) != nullptr) choice.fault(regulation::duplicate, "id", one.id);
    out.push_back(std::move(one));
  }
  if (out.empty()) reader.fault(regulation::missing_key, key, key);
  return out;
}

}  // namespace luy::incident
