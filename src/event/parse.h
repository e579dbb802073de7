// From a record's bytes to the normalised event. Pure, linear in the size of the record, and never fails: what nobody
// understands is kept with its bytes as message and event.kind "pipeline_error".
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "event/batch.h"
#include "event/event.h"

namespace luy::event {

struct ParseContext {
  Time received;  // Gives a year to times that have none; becomes Event::received.
  // Zone of the machine that wrote the line, for times that name none.
  std::chrono::minutes offset = vietnam_offset;
};

// `stream` is that of the record: "journal", "/var/log/auth.log", "fact/updates".
Event parse(Transport transport, std::string_view stream, std::string_view raw, const ParseContext& context);

// What detection rules read of a record: the event as one flat JSON object; where the record or its message is JSON,
// the members of that before it, because Sigma's rules use the names that Windows and others give. Where both name a
// field, ours comes last and stands. `raw` is what `event` was parsed from.
std::string rule_json(const Event& event, std::string_view raw);

}  // namespace luy::event
