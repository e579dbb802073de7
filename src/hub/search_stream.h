// A search whose answers come while it goes on: streamEvents of api/openapi.yaml. Server-sent events "hit" (an Event),
// "progress" and, last, "end". The search waits for a client that reads slowly, and ends when the client is gone.
#pragma once

#include <boost/json.hpp>
#include <functional>
#include <memory>
#include <string_view>

#include "api/route.h"
#include "hub/event_stream.h"
#include "hub/evidence_api.h"

namespace luy::hub {

inline constexpr const char* stream_search_operation = "streamEvents";
inline constexpr std::chrono::seconds stream_search_budget{120};
inline constexpr std::int64_t stream_hits_default = 1'000;
inline constexpr std::int64_t stream_hits_max = 10'000;
inline constexpr std::chrono::milliseconds progress_every{500};
// A client that takes nothing for so long is gone, whatever its connection says.
inline constexpr std::chrono::seconds stalled_after{30};

// The route's handler: whether such a search may be made at all. Errors: those of search_scope().
Result<api::Response> check_search(const EvidenceApi& dependencies, const api::Request& request);

// A search that has its turn; called once, it writes to the stream until its end and closes it. Errors: those of
// search_scope(), search_busy.
using RunningSearch = std::function<void(EventStream&)>;
Result<RunningSearch> start_search(const EvidenceApi& dependencies, const api::Request& request);

}  // namespace luy::hub
