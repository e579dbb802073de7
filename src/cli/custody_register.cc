#include "cli/custody_register.h"

#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "cli/command.h"
#include "cli/key_files.h"
#include "custody/text.h"
#include "evidence/error.h"

namespace luy::cli {

namespace json = boost::json;
using custody::text_at;

std::string own_name(const std::string& given) {
  if (!given.empty()) return given;
  if (const char* behind = std::getenv("SUDO_USER"); behind != nullptr && *behind != '\0') return behind;
  const passwd* entry = ::getpwuid(::getuid());
  return entry != nullptr ? entry->pw_name : std::to_string(::getuid());
}

json::array names_json(const std::vector<std::string>& names) {
  return json::array(names.begin(), names.end());
}

std::string identity_text(const custody::Identity& identity) {
  const auto shown = [](const std::string& text) { return text.empty() ? std::string("–") : printable(text); };
  return "số máy / serial " + shown(identity.serial) + ", UUID " + shown(identity.uuid) + ", nhãn / label " +
         shown(identity.label);
}

std::vector<Known> media_of(const json::object& answer) {
  std::vector<Known> out;
  for (const json::value& value : answer.at("media").as_array()) {
    const json::object& one = value.as_object();
    out.push_back({text_at(one, "id"),
                   text_at(one, "name"),
                   custody::medium_kind_from_name(text_at(one, "kind")).value_or(custody::MediumKind::disk),
                   {text_at(one, "serial"), text_at(one, "uuid"), text_at(one, "label")},
                   one.at("retired").as_bool()});
  }
  return out;
}

Result<Known> recognise(const std::vector<Known>& media, const custody::Identity& present, const std::string& where) {
  std::vector<Known> found;
  std::string retired;
  for (const Known& one : media) {
    if (!custody::is_same_medium(one.identity, present)) continue;
    if (one.retired) {
      retired = one.name;
    } else {
      found.push_back(one);
    }
  }
  if (found.size() == 1) return found.front();
  if (found.empty() && !retired.empty()) return Error(custody::medium_retired, retired);
  return Error(custody::medium_unknown, where + " (" + identity_text(present) + ")");
}

Result<std::vector<evidence::WitnessKey>> witnesses_of(const std::vector<std::string>& files,
                                                       const json::object* answer) {
  LUY_TRY(auto out, read_witnesses(files));
  const json::value* told = answer != nullptr ? answer->if_contains("witnesses") : nullptr;
  if (told == nullptr || !told->is_array()) return out;
  for (const json::value& one : told->get_array()) {
    auto key = one.is_string() ? evidence::WitnessKey::parse(one.get_string()) : Error(evidence::key_invalid, "");
    if (key && std::ranges::find(out, *key) == out.end()) out.push_back(*std::move(key));
  }
  return out;
}

}  // namespace luy::cli
