#include "hub/elastic.h"

#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "base/utf8.h"

namespace luy::hub {
namespace {

namespace json = boost::json;

// Senders refuse to speak to what is older than they are, and to an 8 without its product header.
constexpr std::string_view version = "8.11.0";

json::object root() {
  return {{"name", "luy"},
          {"cluster_name", "luy"},
          {"cluster_uuid", "luy-evidence-0000000000"},
          {"version",
           {{"number", version},
            {"build_flavor", "default"},
            {"build_type", "deb"},
            {"build_hash", "0"},
            {"build_snapshot", false},
            {"lucene_version", "9.8.0"},
            {"minimum_wire_compatibility_version", "7.17.0"},
            {"minimum_index_compatibility_version", "7.0.0"}}},
          {"tagline", "You Know, for Search"}};
}

api::Response answer(const json::value& body, int status = 200) {
  return api::json(body, status);
}

std::string_view shown_id(const intake::BulkItem& item) {
  return item.id.empty() ? std::string_view("-") : std::string_view(item.id);
}

json::object item_json(const intake::BulkItem& item) {
  json::object out;
  out["_index"] = item.index;
  out["_id"] = to_utf8(shown_id(item));
  out["status"] = item.status;
  if (item.status >= 300) {
    out["error"] = {{"type", item.error}, {"reason", to_utf8(item.reason)}};
    return out;
  }
  out["_version"] = 1;
  out["result"] = item.status == 201 ? "created" : "updated";
  out["_shards"] = {{"total", 1}, {"successful", 1}, {"failed", 0}};
  out["_seq_no"] = 0;
  out["_primary_term"] = 1;
  return out;
}

}  // namespace

std::optional<std::string> bulk_index(std::string_view path) {
  constexpr std::string_view end = "/_bulk";
  if (!path.ends_with(end)) return std::nullopt;
  path.remove_suffix(end.size());
  if (path.empty()) return std::string();
  path.remove_prefix(1);
  // "/<index>/_doc/_bulk" is what old senders with document types say.
  path = path.substr(0, path.find('/'));
  return std::string(path);
}

std::optional<api::Response> elastic_handshake(const Head& head) {
  const bool reading = head.method == "GET" || head.method == "HEAD";
  const std::string_view path = head.path;
  if (reading && path == "/") return answer(root());
  if (reading && (path == "/_license" || path == "/_xpack")) {
    return answer(json::object{{"license", {{"status", "active"}, {"type", "basic"}, {"mode", "basic"}}},
                               {"features", json::object{{"ilm", {{"available", true}, {"enabled", true}}}}}});
  }
  if (reading && path.starts_with("/_cluster/health")) {
    return answer(json::object{{"cluster_name", "luy"}, {"status", "green"}, {"timed_out", false}});
  }
  if (reading && path.starts_with("/_cat/")) {
    api::Response plain;
    plain.content_type = "text/plain; charset=utf-8";
    plain.body = "luy green\n";
    return plain;
  }
  if (reading && path.starts_with("/_nodes")) {
    return answer(json::object{{"cluster_name", "luy"}, {"nodes", json::object()}});
  }
  constexpr std::array<std::string_view, 6> set_up = {"/_template/",   "/_index_template/", "/_component_template/",
                                                      "/_ilm/policy/", "/_data_stream/",    "/_ingest/pipeline/"};
  const bool known = std::any_of(set_up.begin(), set_up.end(), [&](auto front) { return path.starts_with(front); });
  if (known && (reading || head.method == "PUT" || head.method == "POST")) {
    return answer(json::object{{"acknowledged", true}});
  }
  return std::nullopt;
}

api::Response elastic_error(int status, std::string_view type, std::string_view reason) {
  json::object cause{{"type", type}, {"reason", reason}};
  json::object error = cause;
  error["root_cause"] = json::array{cause};
  return answer(json::object{{"error", std::move(error)}, {"status", status}}, status);
}

api::Response bulk_answer(const std::vector<intake::BulkItem>& items, std::int64_t took_milliseconds) {
  bool errors = false;
  json::array list;
  list.reserve(items.size());
  for (const intake::BulkItem& item : items) {
    errors = errors || item.status >= 300;
    json::object one;
    one[item.action] = item_json(item);
    list.push_back(std::move(one));
  }
  return answer(json::object{{"took", took_milliseconds}, {"errors", errors}, {"items", std::move(list)}});
}

}  // namespace luy::hub
