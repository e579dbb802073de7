// The running hub's part for orders: their book, the act that takes two, what the consoles are told.
#include "base/log.h"
#include "hub/state.h"

namespace luy::hub {

Result<void> Hub::State::open_orders() {
  OrderBook::Dependencies of_book{core->database(), core->orders_key(), clock, random,
                                  [this](const DeviceId& device, const AgencyId& agency, const std::string& id) {
                                    publish_order(device, agency, id);
                                  }};
  LUY_TRY(orders, OrderBook::open(std::move(of_book)));
  order_api.reset(new OrderApi{*orders, core->agencies(), core->directory().audit(), core->directory().acts(),
                               [this](const DeviceId& device) { return agency_of(device); },
                               [this](const DeviceId& device) { return device_name(device); }});
  core->directory().acts().add_kind(std::string(contain_act), contain_kind(*order_api));
  return {};
}

void Hub::State::publish_order(const DeviceId& device, const AgencyId& agency, const std::string& id) {
  feed->publish_order(agency, device, [&] {
    const auto kept = orders->find(device, id);
    const std::string_view state = kept ? name_of(kept->state) : std::string_view("waiting");
    return boost::json::serialize(boost::json::object{{"id", id}, {"device", device.text()}, {"state", state}});
  });
}

// A second person may have agreed to an order.
void Hub::State::note_orders() {
  if (auto fresh = orders->refresh(); !fresh) log(LogLevel::error, "hub", "orders: " + fresh.error().text());
}

}  // namespace luy::hub
