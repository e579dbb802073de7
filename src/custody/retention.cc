#include "custody/retention.h"

#include <algorithm>
#include <array>

namespace luy::custody {
namespace {

constexpr std::array<std::string_view, source_class_count> class_names = {"server", "workstation", "network", "audit"};

}  // namespace

std::string_view name_of(SourceClass source_class) {
  return class_names.at(static_cast<std::size_t>(source_class));
}

std::optional<SourceClass> source_class_from_name(std::string_view name) {
  const auto found = std::find(class_names.begin(), class_names.end(), name);
  if (found == class_names.end()) return std::nullopt;
  return static_cast<SourceClass>(found - class_names.begin());
}

bool is_about(const RetentionRule& rule, const Place& place, SourceClass source_class) {
  if (rule.source_class && *rule.source_class != source_class) return false;
  return !rule.agency || std::find(place.lineage.begin(), place.lineage.end(), *rule.agency) != place.lineage.end();
}

Term term_of(std::span<const RetentionRule> rules, const Place& place, SourceClass source_class) {
  Term out{place.floor_days, std::nullopt};
  for (const RetentionRule& rule : rules) {
    if (!is_about(rule, place, source_class)) continue;
    out.keep_days = std::max(out.keep_days, rule.keep_days);
    if (!rule.erase_after_days || source_class == SourceClass::audit) continue;
    out.erase_after_days = std::min(out.erase_after_days.value_or(*rule.erase_after_days), *rule.erase_after_days);
  }
  if (out.erase_after_days) out.erase_after_days = std::max(*out.erase_after_days, out.keep_days);
  return out;
}

int whole_days(std::span<const RetentionRule> rules, std::span<const Place> places, int default_days) {
  int out = default_days;
  // A rule about an agency that is gone still speaks for its records.
  for (const RetentionRule& rule : rules) out = std::max(out, rule.keep_days);
  for (const Place& place : places) out = std::max(out, place.floor_days);
  return out;
}

Result<void> check_rule(const RetentionRule& rule, std::span<const Place> places, int floor_days) {
  if (rule.keep_days < 1 || rule.keep_days > keep_days_max) return Error(rule_invalid, "keep_days");
  if (rule.erase_after_days && (*rule.erase_after_days < rule.keep_days || *rule.erase_after_days > keep_days_max)) {
    return Error(rule_invalid, "erase_after_days < keep_days");
  }
  if (rule.erase_after_days && rule.source_class == SourceClass::audit) return Error(rule_invalid, "audit");
  // Below the agency it names more may be owed: there the floor of the place holds whatever the rule says.
  int floor = floor_days;
  for (const Place& place : places) {
    if (place.agency == rule.agency) floor = std::max(floor, place.floor_days);
  }
  if (rule.keep_days < floor) return Error(below_floor, std::to_string(floor));
  return {};
}

SourceOf source_of(std::string_view source) {
  SourceOf out;
  const std::size_t first = source.find('/');
  if (first == std::string_view::npos) return out;
  out.agency = AgencyId::parse(source.substr(0, first));
  if (!out.agency) return out;
  const std::string_view rest = source.substr(first + 1);
  const std::size_t second = rest.find('/');
  if (second == std::string_view::npos) return out;
  out.device = DeviceId::parse(rest.substr(0, second));
  out.stream = out.device ? rest.substr(second + 1) : rest;
  return out;
}

std::optional<SourceClass> class_of(const SourceOf& source, const ClassOfDevice& of_device) {
  if (!source.agency) return std::nullopt;
  if (source.device) return source.stream == "hub" ? std::nullopt : std::optional(of_device(*source.device));
  if (source.stream == "hub/audit") return SourceClass::audit;
  return std::nullopt;
}

}  // namespace luy::custody
