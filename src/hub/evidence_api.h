// The evidence part of api/openapi.yaml: searchEvents, countEvents, tallyEvents, getEvent, proveEvent,
// listEvidenceDays. People see the records of the agencies in which they hold the act; records of the hub itself only
// with reach beyond agencies.
#pragma once

#include <boost/json.hpp>
#include <functional>
#include <semaphore>
#include <string>
#include <vector>

#include "api/route.h"
#include "base/clock.h"
#include "evidence/cosignature.h"
#include "evidence/store.h"
#include "hub/agency_view.h"

namespace luy::hub {

inline constexpr ErrorKind search_busy{"hub.search_busy", ErrorClass::busy,
                                       "Đang có nhiều lượt tìm kiếm nhật ký. Hãy thử lại sau ít giây.",
                                       "Several searches of the logs are under way. Try again in a few seconds."};

// Half of the workers, so that everything else goes on while people search.
inline constexpr int searches_max = 2;
inline constexpr std::chrono::seconds search_wait{5};
inline constexpr std::chrono::seconds search_budget{5};  // Then the answer says that it is not complete.
inline constexpr std::size_t events_default = 100;
inline constexpr std::size_t events_max = 1000;
inline constexpr std::int64_t values_max = 100;
inline constexpr std::size_t page_bytes_max = 8 << 20;  // Of raw bytes: a page ends early rather than grow beyond.

struct EvidenceApi {
  const evidence::Store& store;
  const evidence::NoteSigner& signer;
  const AgencyView& agencies;
  const Clock& clock;
  int retention_days = 0;
  std::function<std::string(const DeviceId&)> device_name;  // Empty when unknown. Thread-safe.
  std::function<void(const api::Request&)> searched;        // After a search or a count. Thread-safe.
  // Whose cosignatures count, each with the name it is known by here. Thread-safe; none: nobody's.
  struct Witness {
    std::string name;
    evidence::WitnessKey key;
  };
  std::function<std::vector<Witness>()> witnesses{};
  mutable std::counting_semaphore<searches_max> searches{searches_max};
};

// `dependencies` must outlive the routes.
std::vector<api::Route> evidence_routes(const EvidenceApi& dependencies);

// An Event of the contract.
boost::json::object event_json(const evidence::Record& record, const std::string& device_name);

// A Proof of the contract, checked again just now: against the newest checkpoint that a witness cosigned where that
// covers the record, else the newest. Errors: those of Store::prove().
Result<boost::json::object> proof_json(const EvidenceApi& dependencies, std::uint64_t seq);

// On which side each hash of an inclusion path stands (RFC 9162 2.1.3.2): true = left of what was computed so far.
std::vector<bool> path_sides(std::uint64_t index, std::uint64_t size, std::size_t path_length);

}  // namespace luy::hub
