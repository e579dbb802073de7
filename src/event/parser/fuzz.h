// For the fuzz targets: what must hold for every record.
#pragma once

#include <simdjson.h>

#include <cstddef>
#include <cstdint>

#include "base/check.h"
#include "base/encoding.h"
#include "event/parse.h"

namespace luy::event {

inline void check_sound(Transport transport, std::string_view stream, std::string_view raw) {
  const ParseContext context{.received = from_micros(1'795'323'600'000'000)};
  const Event event = parse(transport, stream, raw, context);
  LUY_CHECK(event.get(Field::event_kind).has_value() && event.received == context.received);
  LUY_CHECK(!event.time || to_rfc3339(*event.time).size() == 27);
  const std::string json = to_json(event);
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  LUY_CHECK(parser.parse(json).get(root) == simdjson::SUCCESS);
}

}  // namespace luy::event
