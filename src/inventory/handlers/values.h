// The inventory's values as the contract writes them, and the small readers its handlers share.
#pragma once

#include <boost/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "inventory/inventory.h"

namespace luy::inventory {

boost::json::object fact_json(const StoredFact& fact);         // DeviceFact
boost::json::object product_json(const Product& product);      // Product
boost::json::object licence_json(const Licence& licence);      // Licence
boost::json::object network_json(const WifiNetwork& network);  // WifiNetwork
boost::json::object history_json(const HistoryEntry& entry);   // TimelineEntry
boost::json::object enrolled_json(const Device& device);       // TimelineEntry

// The contract has checked that it is a text.
std::string text_of(const boost::json::value& value);
// A date, null or absent. Errors: api.bad_request for a day that does not exist.
Result<std::optional<Day>> day_of(const boost::json::object& body, std::string_view key);

// A page of a list in order of name, cut only between names: the next one begins after the last name.
class NamePage {
 public:
  NamePage(std::size_t limit, std::string after) : limit_(limit), after_(std::move(after)) {}
  // Whether an item of this name belongs on the page; counts it either way.
  bool admits(const std::string& name);
  // {<key>: items, total, unapproved, next}
  boost::json::object finish(const char* key, std::int64_t unapproved);

  boost::json::array items;

 private:
  std::size_t limit_;
  std::string after_;
  std::string last_;
  std::int64_t total_ = 0;
  bool more_ = false;
};

}  // namespace luy::inventory
