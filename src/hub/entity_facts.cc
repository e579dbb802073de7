#include "hub/entity_facts.h"

#include "base/log.h"
#include "incident/case_link.h"

namespace luy::hub {
namespace {

namespace json = boost::json;
using directory::Action;
using finding::Entity;
using finding::EntityType;

bool may(const EntityFacts& facts, const api::Request& request, Action action, const AgencyId& agency) {
  return directory::may(*request.actor, action, facts.agencies.object(agency)).allowed;
}

json::value maybe(const std::string& text) {
  return text.empty() ? json::value(nullptr) : json::value(text);
}

json::object agency_json(const EntityFacts& facts, const AgencyId& agency) {
  const auto found = facts.agencies.find(agency);
  return {{"id", agency.text()}, {"name", found ? found->name : std::string()}};
}

}  // namespace

json::array cases_of(const EntityFacts& facts, const api::Request& request, const Entity& entity,
                     std::span<const finding::FindingPointer> findings) {
  std::vector<finding::FindingId> ids;
  for (const finding::FindingPointer& one : findings) {
    if (one->state == finding::State::in_case) ids.push_back(one->id);
  }
  json::array out;
  const auto found = incident::cases_naming(facts.database, entity.type, entity.value, ids);
  if (!found) {
    log(LogLevel::error, "hub", "incidents: " + found.error().text());
    return out;
  }
  for (const incident::NamedCase& one : *found) {
    if (out.size() >= entity_cases_max || !may(facts, request, Action::incident_read, one.agency)) continue;
    out.push_back(
        json::object{{"id", one.id.text()}, {"number", one.number}, {"title", one.title}, {"state", one.state}});
  }
  return out;
}

json::array indicators_of(const EntityFacts& facts, const api::Request& request, const Entity& entity) {
  json::array out;
  if (!directory::may(*request.actor, Action::indicator_read, facts.agencies.hub_object()).allowed) return out;
  if (entity.type == EntityType::device || entity.type == EntityType::service) return out;
  const auto matching = facts.indicators.matching();
  for (const indicator::Hit& hit : matching->matcher.match(entity.value, facts.clock.now())) {
    if (out.size() >= entity_indicators_max) break;
    const indicator::Indicator& one = matching->matcher.indicators()[hit.indicator];
    const indicator::List& list = matching->list_of(hit.indicator);
    out.push_back(json::object{{"list", {{"id", list.id.text()}, {"name", list.name}}},
                               {"source", list.source},
                               {"value", one.atom.value},
                               {"note", maybe(one.note)}});
  }
  return out;
}

json::value device_of(const EntityFacts& facts, const api::Request& request, const Entity& entity) {
  const auto id = entity.type == EntityType::device ? DeviceId::parse(entity.value) : std::nullopt;
  const inventory::StatePointer state = id ? facts.inventory.state(*id) : nullptr;
  if (!state || !may(facts, request, Action::device_read, state->device.agency)) return nullptr;
  const inventory::Device& device = state->device;
  json::array addresses;
  for (const std::string& address : state->addresses) addresses.emplace_back(address);
  return json::object{{"agency", agency_json(facts, device.agency)},
                      {"class", inventory::name_of(device.device_class)},
                      {"os", maybe(state->os)},
                      {"place", maybe(device.place)},
                      {"person_in_charge", maybe(device.person_in_charge)},
                      {"addresses", std::move(addresses)},
                      {"retired", device.retired_at.has_value()}};
}

json::value account_of(const EntityFacts& facts, const api::Request& request, const Entity& entity) {
  if (entity.type != EntityType::account) return nullptr;
  const auto account = std::as_const(facts.directory).accounts().find_by_username(entity.value);
  if (!account || !may(facts, request, Action::account_read, account->agency)) return nullptr;
  return json::object{{"id", account->id.text()},
                      {"person", account->display_name},
                      {"agency", agency_json(facts, account->agency)},
                      {"enabled", account->enabled}};
}

}  // namespace luy::hub
