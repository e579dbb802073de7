// The names of everything that is stored or travels, each in one table.
#include <algorithm>
#include <span>

#include "finding/book.h"
#include "finding/finding.h"

namespace luy::finding {
namespace {

constexpr std::array<std::string_view, kind_count> kinds = {"rule",      "correlation", "probe",    "integrity",
                                                            "indicator", "silence",     "account",  "saved_search",
                                                            "evidence",  "hardening",   "software", "premises"};
constexpr std::array<std::string_view, severity_count> severities = {"informational", "low", "medium", "high",
                                                                     "critical"};
constexpr std::array<std::string_view, state_count> states = {"new", "acknowledged", "in_case", "false_positive"};
constexpr std::array<std::string_view, entity_type_count> entities = {"device", "account", "address", "domain",
                                                                      "file",   "service", "hash"};
constexpr std::array<std::string_view, origin_count> origins = {"own", "imported", "local"};

template <class Value>
std::optional<Value> value_from(std::span<const std::string_view> names, std::string_view name) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return std::nullopt;
  return static_cast<Value>(found - names.begin());
}

}  // namespace

std::string_view name_of(Kind kind) {
  return kinds.at(static_cast<std::size_t>(kind));
}
std::string_view name_of(Severity severity) {
  return severities.at(static_cast<std::size_t>(severity));
}
std::string_view name_of(State state) {
  return states.at(static_cast<std::size_t>(state));
}
std::string_view name_of(EntityType type) {
  return entities.at(static_cast<std::size_t>(type));
}
std::string_view name_of(Origin origin) {
  return origins.at(static_cast<std::size_t>(origin));
}
std::string_view name_of(Change::Kind kind) {
  constexpr std::array<std::string_view, 3> names = {"opened", "grown", "state"};
  return names.at(static_cast<std::size_t>(kind));
}

std::optional<Kind> kind_from_name(std::string_view name) {
  return value_from<Kind>(kinds, name);
}
std::optional<Severity> severity_from_name(std::string_view name) {
  return value_from<Severity>(severities, name);
}
std::optional<State> state_from_name(std::string_view name) {
  return value_from<State>(states, name);
}
std::optional<EntityType> entity_type_from_name(std::string_view name) {
  return value_from<EntityType>(entities, name);
}
std::optional<Origin> origin_from_name(std::string_view name) {
  return value_from<Origin>(origins, name);
}

}  // namespace luy::finding
