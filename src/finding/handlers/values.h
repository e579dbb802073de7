// Small readers and writers that the handlers share.
#pragma once

#include <boost/json.hpp>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "finding/api.h"

namespace luy::finding {

boost::json::object text_json(const Text& text);
boost::json::array texts_json(const std::vector<Text>& texts);
boost::json::array list_json(const std::vector<std::string>& list);
boost::json::value time_json(const std::optional<Time>& time);
boost::json::array attack_json(const std::vector<std::string>& techniques);

// The contract has checked that it is a text.
std::string text_of(const boost::json::value& value);
// "" when it is missing.
std::string text_at(const boost::json::object& object, std::string_view key);

// What a person may see, asked once per agency.
class Scope {
 public:
  Scope(const ApiDependencies& deps, const api::Request& request, directory::Action action);
  // Narrows to one agency and everything below it.
  void narrow(const AgencyId& agency) { only_ = agency; }
  bool sees(const AgencyId& agency);

 private:
  const ApiDependencies& deps_;
  std::set<AgencyId> roots_;
  std::optional<AgencyId> only_;
  std::map<AgencyId, bool> answers_;
};

// Items after the one whose id is `cursor`, at most `limit`; writes "items" and "next".
template <class Item, class Id, class ToJson>
boost::json::object page_json(const std::vector<Item>& all, const std::string& cursor, std::size_t limit, Id id,
                              ToJson to_json) {
  std::size_t at = 0;
  if (!cursor.empty()) {
    while (at < all.size() && id(all[at]) != cursor) ++at;
    // The item it named is gone: from the beginning.
    at = at < all.size() ? at + 1 : 0;
  }
  boost::json::array items;
  const std::size_t end = std::min(all.size(), at + limit);
  for (std::size_t i = at; i < end; ++i) items.push_back(to_json(all[i]));
  boost::json::object out;
  out["items"] = std::move(items);
  out["next"] = end < all.size() && end > at ? boost::json::value(id(all[end - 1])) : boost::json::value(nullptr);
  out["total"] = all.size();
  return out;
}

}  // namespace luy::finding
