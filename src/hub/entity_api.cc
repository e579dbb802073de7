#include "hub/entity_api.h"

#include <algorithm>
#include <map>

#include "hub/engine_event.h"
#include "hub/sighting.h"

namespace luy::hub {
namespace {

namespace json = boost::json;
using directory::Action;
using finding::Entity;
using finding::EntityType;

// Whom the entity was met with, and how often.
using Neighbours = std::map<std::string, std::uint64_t>;

struct Known {
  std::uint64_t count = 0;
  std::optional<Time> first;
  std::optional<Time> last;
  Neighbours devices;
  Neighbours accounts;
  Neighbours addresses;
};

// Beyond this many different ones only those already known are counted on.
constexpr std::size_t neighbours_counted_max = 10'000;

void meet(Neighbours& neighbours, const std::string& value) {
  if (neighbours.size() < neighbours_counted_max || neighbours.contains(value)) ++neighbours[value];
}

void take(Known& known, const Entity& entity, const EngineEvent& event) {
  ++known.count;
  known.first = known.first ? std::min(*known.first, event.time) : event.time;
  known.last = known.last ? std::max(*known.last, event.time) : event.time;
  for (const Entity& other : event.entities) {
    if (other == entity) continue;
    if (other.type == EntityType::device) meet(known.devices, other.value);
    if (other.type == EntityType::account) meet(known.accounts, other.value);
    if (other.type == EntityType::address) meet(known.addresses, other.value);
  }
}

json::array list_of(const Neighbours& neighbours, const std::function<std::string(const std::string&)>& name) {
  std::vector<std::pair<std::string, std::uint64_t>> sorted(neighbours.begin(), neighbours.end());
  std::stable_sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
  if (sorted.size() > entity_neighbours_max) sorted.resize(entity_neighbours_max);
  json::array out;
  for (const auto& [value, count] : sorted) {
    out.push_back(json::object{{"value", value}, {"name", name(value)}, {"count", count}});
  }
  return out;
}

std::vector<finding::FindingPointer> findings_of(const EntityApi& d, const api::Request& request,
                                                 const Entity& entity) {
  std::vector<finding::FindingPointer> found;
  for (const finding::FindingPointer& one : d.findings.book.all()) {
    const auto& of = one->entities;
    if (std::find(of.begin(), of.end(), entity) == of.end()) continue;
    if (directory::may(*request.actor, Action::finding_read, d.agencies.object(one->agency)).allowed) {
      found.push_back(one);
    }
  }
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a->last_seen > b->last_seen; });
  if (found.size() > entity_findings_max) found.resize(entity_findings_max);
  return found;
}

Result<api::Response> get_entity(const EntityApi& d, const api::Request& request) {
  const auto type = finding::entity_type_from_name(request.param("type").value_or(std::string()));
  if (!type) return Error(api::not_found, "entity type");
  const Entity entity{*type, request.param("value").value_or(std::string())};
  const auto visible = d.agencies.visible(*request.actor, Action::evidence_search);
  LUY_TRY_VOID(api::authorise(request, Action::evidence_search,
                              visible.empty() ? d.agencies.hub_object() : d.agencies.object(visible.front())));
  evidence::SearchQuery query;
  LUY_TRY(query.from, request.time_param("from"));
  LUY_TRY(query.until, request.time_param("until"));
  if (!query.from) query.from = d.clock.now() - entity_range_default;
  query.limit = entity_records_max;
  for (const AgencyId& agency : visible) query.source_prefixes.push_back(agency.text() + "/");
  // An empty list would mean everything to the store.
  LUY_CHECK(!query.source_prefixes.empty());
  if (*type == EntityType::device) {
    for (std::string& prefix : query.source_prefixes) prefix += entity.value + "/";
  } else {
    query.substrings = {entity.value};
  }
  Known known;
  const Duration begun = d.clock.monotonic();
  query.enough = [&] { return d.clock.monotonic() - begun > entity_budget; };
  LUY_TRY(const evidence::SearchStats stats, d.store.search(query, request.gone, [&](const evidence::Record& record) {
    if (query.enough()) return evidence::Visit::stop;
    const auto place = place_of_source(record.source);
    const EngineEvent event = engine_event(record, {}, place ? place->device : std::nullopt);
    const auto& named = event.entities;
    if (std::find(named.begin(), named.end(), entity) == named.end()) return evidence::Visit::skip;
    take(known, entity, event);
    return evidence::Visit::keep;
  }));
  d.findings.searched(request);
  const auto same = [](const std::string& value) { return value; };
  const auto device_name = [&](const std::string& value) {
    const auto id = DeviceId::parse(value);
    return id ? d.findings.device_name(*id) : value;
  };
  const auto time = [](const std::optional<Time>& at) {
    return at ? json::value(to_rfc3339(*at)) : json::value(nullptr);
  };
  json::object out;
  out["type"] = finding::name_of(*type);
  out["value"] = entity.value;
  out["name"] = *type == EntityType::device ? device_name(entity.value) : entity.value;
  out["first_seen"] = time(known.first);
  out["last_seen"] = time(known.last);
  out["event_count"] = known.count;
  out["complete"] = stats.complete;
  out["devices"] = list_of(known.devices, device_name);
  out["accounts"] = list_of(known.accounts, same);
  out["addresses"] = list_of(known.addresses, same);
  const std::vector<finding::FindingPointer> findings = findings_of(d, request, entity);
  out["findings"] = finding::findings_json(findings, d.findings);
  out["cases"] = cases_of(d.facts, request, entity, findings);
  out["indicators"] = indicators_of(d.facts, request, entity);
  out["device"] = device_of(d.facts, request, entity);
  out["account"] = account_of(d.facts, request, entity);
  return api::json(out);
}

}  // namespace

std::vector<api::Route> entity_routes(const EntityApi& d) {
  return {{api::Method::get, "/api/v1/entities/{type}/{value}", "getEntity", api::Access::session,
           Action::evidence_search, [&d](const api::Request& request) { return get_entity(d, request); }}};
}

}  // namespace luy::hub
