#include "hub/sighting.h"

#include <algorithm>
#include <boost/json.hpp>

#include "detect/item.h"
#include "hub/source_parts.h"

namespace luy::hub {
namespace {

namespace json = boost::json;
using finding::Entity;
using finding::EntityType;
using finding::Report;

void merge(std::vector<Entity>& into, const std::vector<Entity>& more) {
  for (const Entity& entity : more) {
    if (into.size() >= finding::entities_max) return;
    if (std::find(into.begin(), into.end(), entity) == into.end()) into.push_back(entity);
  }
}

// What a group-by value names: by the field, or by looking like an address.
std::optional<Entity> group_entity(const std::string& field, const std::string& value) {
  if (const auto type = entity_type_of(field)) return Entity{*type, value};
  std::uint8_t bytes[16];
  if (detect::parse_address(value, bytes) != 0) return Entity{EntityType::address, value};
  return std::nullopt;
}

}  // namespace

std::optional<Place> place_of_source(std::string_view source) {
  const SourceParts parts = split_source(source);
  const auto agency = AgencyId::parse(parts.agency);
  if (!agency) return std::nullopt;
  return Place{*agency, DeviceId::parse(parts.device)};
}

Report& Sightings::report(const finding::RuleInfo& rule, finding::Kind kind, const AgencyId& agency,
                          std::string group_key, Time first, Time last) {
  const auto [known, is_new] = by_key_.try_emplace({rule.id, agency, group_key}, reports_.size());
  if (is_new) {
    Report made;
    made.kind = kind;
    made.rule = finding::RuleName{rule.id, rule.title.en, rule.origin};
    made.group_key = std::move(group_key);
    made.severity = rule.severity;
    made.title = rule.title;
    made.agency = agency;
    made.first = first;
    made.last = last;
    reports_.push_back(std::move(made));
  }
  Report& out = reports_[known->second];
  out.first = std::min(out.first, first);
  out.last = std::max(out.last, last);
  return out;
}

void Sightings::matched(const finding::RuleInfo& rule, const Place& place, const EngineEvent& event,
                        std::uint64_t seq) {
  const std::string key = place.device ? place.device->text() : std::string("hub");
  Report& out = report(rule, finding::Kind::rule, place.agency, key, event.time, event.time);
  out.device = place.device;
  out.seqs.push_back(seq);
  merge(out.entities, event.entities);
}

void Sightings::alerted(const finding::RuleInfo& rule, const detect::Alert& alert, const Place& place,
                        const EngineEvent& event, const evidence::Store& store) {
  std::string key;
  std::vector<Entity> entities;
  for (const auto& [field, value] : alert.group) {
    key += field + "=" + value + "|";
    if (auto entity = group_entity(field, value)) entities.push_back(std::move(*entity));
  }
  struct Part {
    std::vector<std::uint64_t> seqs;
    std::optional<DeviceId> device;
    bool several = false;
  };
  std::map<AgencyId, Part> parts;
  for (const std::uint64_t seq : alert.members) {
    const Place* of = this->place(seq, store);
    if (of == nullptr) continue;
    const auto [part, is_new] = parts.try_emplace(of->agency);
    if (is_new) part->second.device = of->device;
    part->second.several = part->second.several || part->second.device != of->device;
    part->second.seqs.push_back(seq);
  }
  for (auto& [agency, part] : parts) {
    Report& out = report(rule, finding::Kind::correlation, agency, key, alert.first, alert.last);
    if (!part.several) out.device = part.device;
    out.seqs.insert(out.seqs.end(), part.seqs.begin(), part.seqs.end());
    if (parts.size() == 1)
      out.further += alert.member_count - std::min<std::uint64_t>(alert.member_count, alert.members.size());
    merge(out.entities, entities);
    // What else the event names is its own agency's.
    if (agency == place.agency) merge(out.entities, event.entities);
  }
}

void Sightings::missing(const Place& place, const evidence::Record& note, const std::string& device_name) {
  boost::system::error_code error;
  const json::value parsed = json::parse(note.raw, error);
  const json::object* object = error ? nullptr : parsed.if_object();
  const json::value* kind = object != nullptr ? object->if_contains("note") : nullptr;
  if (kind == nullptr || !kind->is_string() || !place.device) return;
  const bool gap = kind->get_string() == "gap";
  if (!gap && kind->get_string() != "dropped") return;
  Report out;
  out.kind = finding::Kind::silence;
  out.group_key = "gap|" + place.device->text();
  out.severity = finding::Severity::medium;
  out.title = {"Thiếu nhật ký của " + device_name, "Log records of " + device_name + " are missing"};
  out.story = gap ? finding::Text{"Các lô nhật ký không liên tục: có lô chưa bao giờ tới máy chủ. Có thể do mất kết nối kéo "
                                  "dài, do xóa bộ đệm trên thiết bị, hoặc do có người can thiệp.",
                                  "Batches of log records do not follow each other: some never reached the hub. A long "
                                  "loss of the network, a cleared store on the device or tampering can be the cause."}
                  : finding::Text{"Thiết bị báo đã mất một phần nhật ký vì bộ đệm trên thiết bị bị đầy.",
                                  "The device says that it lost log records because its own store was full."};
  out.agency = place.agency;
  out.device = place.device;
  out.entities = {{EntityType::device, place.device->text()}};
  out.seqs = {note.seq};
  out.first = out.last = note.received;
  reports_.push_back(std::move(out));
}

void Sightings::remember(std::uint64_t seq, const Place& place) {
  if (!places_.emplace(seq, place).second) return;
  order_.push_back(seq);
  if (order_.size() <= sightings_remembered) return;
  places_.erase(order_.front());
  order_.pop_front();
}

const Place* Sightings::place(std::uint64_t seq, const evidence::Store& store) {
  const auto known = places_.find(seq);
  if (known != places_.end()) return &known->second;
  const auto record = store.read(seq);
  const auto found = record ? place_of_source(record->source) : std::nullopt;
  if (!found) return nullptr;
  remember(seq, *found);
  return &places_.at(seq);
}

std::vector<Report> Sightings::take() {
  by_key_.clear();
  return std::exchange(reports_, {});
}

}  // namespace luy::hub
