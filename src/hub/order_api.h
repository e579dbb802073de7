// Orders in api/openapi.yaml: listOrders, issueOrder, cancelOrder, listIncidentOrders; and the act that waits for a
// second person.
#pragma once

#include <boost/json.hpp>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/route.h"
#include "directory/audit.h"
#include "directory/pending.h"
#include "hub/agency_view.h"
#include "hub/order_book.h"

namespace luy::hub {

inline constexpr std::string_view contain_act = "device_contain";

// An incident that an order serves.
struct OrderCase {
  std::string id;
  std::string number;
  AgencyId agency;
  bool is_over = false;
};

// Borrowed by the routes. All functions thread-safe.
struct OrderApi {
  OrderBook& book;
  const AgencyView& agencies;
  directory::AuditTrail& audit;
  directory::PendingActs& acts;
  // nullopt for a device that is unknown or retired.
  std::function<std::optional<AgencyId>(const DeviceId&)> agency_of;
  std::function<std::string(const DeviceId&)> device_name;
  // The same of retired ones, too: what became of their orders can still be read.
  std::function<std::optional<AgencyId>(const DeviceId&)> last_agency_of;
  // Errors: incident.case_unknown.
  std::function<Result<OrderCase>(std::string_view id)> find_case;
  std::function<std::string()> new_act;  // CaseBook::new_act()
};
std::vector<api::Route> order_routes(const OrderApi& dependencies);

// Carries out, with the second person's agreement, what was asked for. Borrows `dependencies`.
directory::ActKind contain_kind(const OrderApi& dependencies);

}  // namespace luy::hub
