// A record of the evidence as the detection engine reads it: our normalised fields, what the message itself holds when
// it is JSON, and whose it is. Pure.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/id.h"
#include "evidence/record.h"
#include "finding/finding.h"

namespace luy::hub {

// A message that is deeper is read as text.
inline constexpr std::size_t message_depth_max = 24;
inline constexpr std::size_t entities_per_event_max = 12;

struct EngineEvent {
  std::string json;
  // The same without what the message holds, for when that is not fit to be read; empty when it held nothing.
  std::string plain;
  Time time;  // As the record says, but never after its receipt.
  std::vector<finding::Entity> entities;
};

// `lineage`: the record's agency and its superiors. The names luy.agency and luy.device are the hub's alone: a message
// that claims one of them is read as text.
EngineEvent engine_event(const evidence::Record& record, const std::vector<AgencyId>& lineage,
                         const std::optional<DeviceId>& device);

// What a field's value names, by the field's name; nullopt when nothing that is looked for.
std::optional<finding::EntityType> entity_type_of(std::string_view field);

}  // namespace luy::hub
