#include "hub/link_api.h"

#include <algorithm>
#include <map>

#include "base/vietnamese.h"
#include "detect/item.h"
#include "hub/link.h"
#include "hub/sighting.h"

namespace luy::hub {
namespace {

namespace json = boost::json;
using directory::Action;
using finding::EntityType;

struct Edge {
  std::uint64_t count = 0;
  Time first;
  Time last;
};

// What the records say together.
struct Found {
  std::map<LinkEnd, std::uint64_t> nodes;
  std::map<std::pair<LinkEnd, LinkEnd>, Edge> edges;
  json::array rows;
  std::uint64_t links = 0;
  std::uint64_t left_out = 0;  // Links that found no room in the graph.
};

struct Wanted {
  evidence::SearchQuery query;
  std::string address;
  std::string account;  // Folded.
  std::size_t rows = 0;

  bool matches(const Link& link) const {
    if (!address.empty() && link.source.value != address && link.destination.value != address) return false;
    return account.empty() || (link.object && fold_vietnamese(*link.object) == account);
  }
};

bool is_ipv4(const std::string& text) {
  std::uint8_t bytes[16];
  return detect::parse_address(text, bytes) == sizeof(std::uint32_t);
}

Result<Wanted> wanted_of(const LinkApi& d, const api::Request& request) {
  Wanted out;
  LUY_TRY(const std::int64_t rows, request.number_param("limit", link_rows_default, 1, link_rows_max));
  out.rows = static_cast<std::size_t>(rows);
  LUY_TRY(out.query.from, request.time_param("from"));
  LUY_TRY(out.query.until, request.time_param("until"));
  if (!out.query.from) out.query.from = out.query.until.value_or(d.clock.now()) - links_range_default;
  if (out.query.until && *out.query.until <= *out.query.from) return Error(api::bad_request, "from, until");
  std::optional<AgencyId> agency;
  if (const auto text = request.param("agency")) {
    agency = AgencyId::parse(*text);
    if (!agency || d.agencies.lineage(*agency).empty()) return Error(directory::agency_unknown);
    LUY_TRY_VOID(api::authorise(request, Action::evidence_search, d.agencies.object(*agency)));
  }
  const auto visible = d.agencies.visible(*request.actor, Action::evidence_search);
  LUY_TRY_VOID(api::authorise(request, Action::evidence_search,
                              visible.empty() ? d.agencies.hub_object() : d.agencies.object(visible.front())));
  const std::string device = request.param("device").value_or(std::string());
  for (const AgencyId& one : visible) {
    const std::vector<AgencyId> lineage = d.agencies.lineage(one);
    if (agency && std::find(lineage.begin(), lineage.end(), *agency) == lineage.end()) continue;
    out.query.source_prefixes.push_back(one.text() + "/" + (device.empty() ? std::string() : device + "/"));
  }
  // An empty list would mean everything to the store.
  if (out.query.source_prefixes.empty()) return Error(directory::agency_unknown);
  out.address = request.param("address").value_or(std::string());
  const std::string account = request.param("account").value_or(std::string());
  out.account = fold_vietnamese(account);
  // An IPv4 address is a token, which the filters find without reading.
  if (!out.address.empty()) (is_ipv4(out.address) ? out.query.words : out.query.substrings).push_back(out.address);
  const bool plain =
      std::all_of(account.begin(), account.end(), [](char c) { return static_cast<signed char>(c) > 0; });
  if (!account.empty() && plain) out.query.substrings.push_back(account);
  out.query.limit = links_records_max;
  return out;
}

std::string node_id(const LinkEnd& end) {
  return std::string(finding::name_of(end.type)) + ":" + end.value;
}

std::string label_of(const LinkApi& d, const LinkEnd& end) {
  const auto device = end.type == EntityType::device ? DeviceId::parse(end.value) : std::nullopt;
  const std::string name = device ? d.findings.device_name(*device) : std::string();
  return name.empty() ? end.value : name;
}

json::object row_json(const LinkApi& d, const evidence::Record& record, const Link& link) {
  const auto maybe = [](const std::optional<std::string>& text) {
    return text ? json::value(*text) : json::value(nullptr);
  };
  json::object out;
  out["seq"] = record.seq;
  out["time"] = to_rfc3339(link.time);
  out["from"] = node_id(link.source);
  out["to"] = node_id(link.destination);
  out["packet"] = maybe(link.packet);
  out["information"] = link.information;
  out["source"] = label_of(d, link.source);
  out["source_port"] = maybe(link.source_port);
  out["destination"] = label_of(d, link.destination);
  out["destination_port"] = maybe(link.destination_port);
  out["method"] = maybe(link.method);
  out["object"] = maybe(link.object);
  // No log tells: a person who handles the case may add them.
  out["purpose"] = nullptr;
  out["degree"] = nullptr;
  return out;
}

// False: there is no room for another node or edge.
bool draw(Found& found, const Link& link) {
  const auto pair = std::pair(link.source, link.destination);
  auto edge = found.edges.find(pair);
  if (edge == found.edges.end()) {
    const auto fresh =
        static_cast<std::size_t>(!found.nodes.contains(link.source)) +
        static_cast<std::size_t>(link.destination != link.source && !found.nodes.contains(link.destination));
    if (found.edges.size() >= link_edges_max || found.nodes.size() + fresh > link_nodes_max) return false;
    edge = found.edges.emplace(pair, Edge{0, link.time, link.time}).first;
  }
  ++edge->second.count;
  edge->second.first = std::min(edge->second.first, link.time);
  edge->second.last = std::max(edge->second.last, link.time);
  ++found.nodes[link.source];
  if (link.destination != link.source) ++found.nodes[link.destination];
  return true;
}

json::value note_of(const Found& found, bool complete) {
  std::string vi;
  std::string en;
  if (!complete) {
    vi +=
        "Tìm kiếm dừng sớm vì có quá nhiều bản ghi: chỉ gồm các bản ghi mới nhất. Hãy thu hẹp thời gian hoặc bộ lọc. ";
    en += "The search ended early, for there are too many records: these are the newest. Narrow the time or filters. ";
  }
  if (found.left_out > 0) {
    vi += "Sơ đồ không chứa hết: " + std::to_string(found.left_out) + " kết nối không được vẽ. ";
    en += "The graph has no room for everything: " + std::to_string(found.left_out) + " connections are not drawn. ";
  }
  if (found.links > found.rows.size()) {
    vi += "Bảng có " + std::to_string(found.rows.size()) + " dòng mới nhất trong " + std::to_string(found.links) + ". ";
    en += "The table has the newest " + std::to_string(found.rows.size()) + " of " + std::to_string(found.links) + ". ";
  }
  if (vi.empty()) return nullptr;
  vi.pop_back();
  en.pop_back();
  return json::object{{"vi", vi}, {"en", en}};
}

json::object answer_of(const LinkApi& d, Found& found, bool complete) {
  json::array nodes;
  for (const auto& [end, count] : found.nodes) {
    json::object one{{"id", node_id(end)}, {"type", finding::name_of(end.type)}, {"value", end.value}};
    one["label"] = label_of(d, end);
    one["count"] = count;
    one["agency"] = nullptr;
    const auto device = end.type == EntityType::device ? DeviceId::parse(end.value) : std::nullopt;
    const auto agency = device ? d.agency_of(*device) : std::nullopt;
    if (agency) one["agency"] = {{"id", agency->text()}, {"name", d.findings.agency_name(*agency)}};
    nodes.push_back(std::move(one));
  }
  json::array edges;
  for (const auto& [ends, edge] : found.edges) {
    edges.push_back(json::object{{"from", node_id(ends.first)},
                                 {"to", node_id(ends.second)},
                                 {"count", edge.count},
                                 {"first", to_rfc3339(edge.first)},
                                 {"last", to_rfc3339(edge.last)}});
  }
  json::object out;
  out["note"] = note_of(found, complete);
  out["nodes"] = std::move(nodes);
  out["edges"] = std::move(edges);
  out["rows"] = std::move(found.rows);
  out["links"] = found.links;
  out["complete"] = complete;
  return out;
}

Result<api::Response> get_links(const LinkApi& d, const api::Request& request) {
  LUY_TRY(Wanted wanted, wanted_of(d, request));
  if (!d.searches.try_acquire_for(search_wait)) return Error(search_busy);
  Found found;
  const Duration begun = d.clock.monotonic();
  wanted.query.enough = [&] { return d.clock.monotonic() - begun > links_budget; };
  const auto searched = d.store.search(wanted.query, request.gone, [&](const evidence::Record& record) {
    if (wanted.query.enough()) return evidence::Visit::stop;
    const auto place = place_of_source(record.source);
    const auto link = link_of(record, place ? place->device : std::nullopt);
    if (!link || !wanted.matches(*link)) return evidence::Visit::skip;
    ++found.links;
    if (!draw(found, *link)) ++found.left_out;
    if (found.rows.size() < wanted.rows) found.rows.push_back(row_json(d, record, *link));
    return evidence::Visit::keep;
  });
  d.searches.release();
  if (!searched) return searched.error();
  d.findings.searched(request);
  return api::json(answer_of(d, found, searched->complete));
}

}  // namespace

std::vector<api::Route> link_routes(const LinkApi& d) {
  return {{api::Method::get, "/api/v1/links", "getLinks", api::Access::session, Action::evidence_search,
           [&d](const api::Request& request) { return get_links(d, request); }}};
}

}  // namespace luy::hub
