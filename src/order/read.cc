#include <simdjson.h>

#include <algorithm>

#include "base/id.h"
#include "order/order.h"

namespace luy::order {
namespace {

using simdjson::dom::element;
using simdjson::dom::object;

constexpr std::size_t depth_max = 8;

// Takes fields off an object; the first that is missing or of another kind is remembered.
class Fields {
 public:
  explicit Fields(object from) : from_(from) {}

  std::string text(std::string_view key) {
    std::string_view value;
    if (from_[key].get(value) != simdjson::SUCCESS) miss(key);
    return std::string(value);
  }
  std::int64_t number(std::string_view key) {
    std::int64_t value = 0;
    if (from_[key].get(value) != simdjson::SUCCESS) miss(key);
    return value;
  }
  bool flag(std::string_view key) {
    bool value = false;
    if (from_[key].get(value) != simdjson::SUCCESS) miss(key);
    return value;
  }
  Time time(std::string_view key) {
    const auto value = from_rfc3339(text(key));
    if (!value) miss(key);
    return value.value_or(Time{});
  }
  std::optional<Time> maybe_time(std::string_view key) {
    element value;
    if (from_[key].get(value) == simdjson::SUCCESS && value.is_null()) return std::nullopt;
    return time(key);
  }
  std::vector<std::string> texts(std::string_view key) {
    std::vector<std::string> out;
    simdjson::dom::array list;
    if (from_[key].get(list) != simdjson::SUCCESS)
      miss(key);
    else
      for (const element one : list) {
        std::string_view value;
        if (one.get(value) != simdjson::SUCCESS || out.size() > dns_max) miss(key);
        out.emplace_back(value);
        if (!missing_.empty()) break;
      }
    return out;
  }
  object inner(std::string_view key) {
    object value;
    if (from_[key].get(value) != simdjson::SUCCESS) miss(key);
    return value;
  }
  const std::string& missing() const { return missing_; }

 private:
  void miss(std::string_view key) {
    if (missing_.empty()) missing_ = key;
  }
  object from_;
  std::string missing_;
};

struct ParametersReader {
  Fields& fields;
  void operator()(IsolateNetwork& body) const {
    body.until = fields.time("until");
    body.dns = fields.texts("dns");
    body.dhcp = fields.flag("dhcp");
  }
  void operator()(BlockAddress& body) const {
    body.address = fields.text("address");
    body.until = fields.maybe_time("until");
  }
  void operator()(UnblockAddress& body) const { body.address = fields.text("address"); }
  void operator()(StopProcess& body) const {
    body.pid = fields.number("pid");
    body.start_ticks = fields.number("start_ticks");
    body.path = fields.text("path");
    body.sha256 = fields.text("sha256");
  }
  void operator()(ReleaseNetwork&) const {}
  void operator()(CollectVolatile&) const {}
  void operator()(CollectNow&) const {}
  void operator()(RestoreQuarantined& body) const {
    body.item = fields.text("item");
    body.sha256 = fields.text("sha256");
  }
  void operator()(DeleteQuarantined& body) const {
    body.item = fields.text("item");
    body.sha256 = fields.text("sha256");
  }
  void operator()(BackupNow& body) const {
    body.request = fields.text("request");
    body.set = fields.text("set");
  }
  void operator()(DrillRestore& body) const {
    body.request = fields.text("request");
    body.set = fields.text("set");
  }
  void operator()(PreviewRestore& body) const { restore(body); }
  void operator()(RestoreBackup& body) const { restore(body); }
  void restore(RestoreWanted& body) const {
    body.request = fields.text("request");
    body.set = fields.text("set");
    body.snapshot = fields.text("snapshot");
    body.at = fields.maybe_time("at");
    body.paths = fields.texts("paths");
    body.destination = fields.text("destination");
  }
};

// The parser must outlive what is read of it.
bool parse(simdjson::dom::parser& parser, std::string_view json, object& out) {
  return parser.allocate(document_bytes_max, depth_max) == simdjson::SUCCESS &&
         parser.parse(json.data(), json.size(), true).get(out) == simdjson::SUCCESS;
}

}  // namespace

Result<Order> read(std::string_view json) {
  if (json.size() > document_bytes_max) return Error(malformed, "size");
  simdjson::dom::parser parser(document_bytes_max);
  object document;
  if (!parse(parser, json, document)) return Error(malformed, "JSON");
  Fields fields(document);
  Order order;
  if (fields.number("v") != 1) return Error(malformed, "v");
  order.id = fields.text("id");
  order.device = fields.text("device");
  order.serial = fields.number("serial");
  order.issued_at = fields.time("issued_at");
  order.expires_at = fields.time("expires_at");
  order.incident = fields.text("case");
  order.reason = fields.text("reason");
  order.asked_by = fields.text("asked_by");
  order.agreed_by = fields.text("agreed_by");
  const std::string type = fields.text("type");
  if (!fields.missing().empty()) return Error(malformed, fields.missing());
  auto body = body_of_type(type);
  if (!body) return Error(type_unknown, type.substr(0, name_bytes_max));
  order.body = *std::move(body);
  const object parameters = fields.inner("parameters");
  if (!fields.missing().empty()) return Error(malformed, fields.missing());
  Fields of_body(parameters);
  std::visit(ParametersReader{of_body}, order.body);
  if (!of_body.missing().empty()) return Error(malformed, of_body.missing());
  LUY_TRY_VOID(check(order));
  if (to_json(order) != json) return Error(malformed, "form");
  return order;
}

std::string claimed_id(std::string_view json) {
  if (json.size() > document_bytes_max) return {};
  simdjson::dom::parser parser(document_bytes_max);
  object document;
  std::string_view id;
  if (!parse(parser, json, document) || document["id"].get(id) != simdjson::SUCCESS || !is_id_text(id)) return {};
  return std::string(id);
}

}  // namespace luy::order
