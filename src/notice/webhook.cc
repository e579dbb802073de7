#include "notice/webhook.h"

#include <boost/json.hpp>

#include "base/encoding.h"
#include "base/hash.h"

namespace luy::notice {
namespace {

namespace json = boost::json;

json::object document(const NoticeId& id, std::string_view kind, Time at, const AgencyId& agency,
                      const std::optional<directory::Agency>& known, const Text& title, const std::string& url) {
  return {{"version", 1},
          {"id", id.text()},
          {"kind", kind},
          {"at", to_rfc3339(at)},
          {"agency", {{"id", agency.text()}, {"code", known ? known->code : ""}, {"name", known ? known->name : ""}}},
          {"title", {{"vi", title.vi}, {"en", title.en}}},
          {"obligation", nullptr},
          {"due", nullptr},
          {"url", url}};
}

}  // namespace

std::string webhook_document(const Notice& notice, const std::optional<directory::Agency>& agency,
                             const Wording& wording) {
  const Event& event = notice.event;
  json::object out = document(notice.id, name_of(event.kind), event.at, event.agency, agency, event.title,
                              wording.console + event.path);
  if (!event.obligation.empty()) out["obligation"] = event.obligation;
  if (event.due) out["due"] = to_rfc3339(*event.due);
  return json::serialize(out);
}

std::string webhook_test_document(const NoticeId& id, const directory::Agency& agency, const Wording& wording,
                                  Time now) {
  return json::serialize(
      document(id, "test", now, agency.id, agency, {"Thử webhook", "A test of the webhook"}, wording.console + "/"));
}

std::string signature_of(const std::vector<std::string>& secrets, Time now, std::string_view body) {
  const std::string seconds = std::to_string(std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count());
  const std::string signed_text = seconds + "." + std::string(body);
  std::string out = "t=" + seconds;
  for (const std::string& secret : secrets) out += ",v1=" + to_hex(hmac_sha256(secret, signed_text));
  return out;
}

}  // namespace luy::notice
