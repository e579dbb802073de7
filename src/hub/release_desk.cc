#include "hub/release_desk.h"

#include <boost/json.hpp>
#include <utility>

#include "base/log.h"
#include "event/batch.h"
#include "evidence/signature.h"
#include "hub/source_parts.h"

namespace luy::hub {
namespace {

namespace json = boost::json;

// Of the agent's own notes.
constexpr std::string_view note_stream = "agent";

Result<json::object> object_of(std::string_view body) {
  boost::system::error_code error;
  json::value parsed = json::parse(body, error);
  json::object* object = error ? nullptr : parsed.if_object();
  if (object == nullptr) return Error(api::bad_request, "JSON");
  return std::move(*object);
}

Result<std::string> text_in(const json::object& object, const char* key) {
  const json::value* one = object.if_contains(key);
  if (one == nullptr || !one->is_string()) return Error(api::bad_request, key);
  return std::string(one->get_string());
}

}  // namespace

Result<std::unique_ptr<ReleaseDesk>> ReleaseDesk::open(Dependencies dependencies) {
  std::unique_ptr<ReleaseDesk> desk(new ReleaseDesk(std::move(dependencies)));
  const Dependencies& d = desk->d_;
  LUY_TRY(desk->uploads_, api::UploadBox::open({d.uploads, d.clock, d.random,
                                                static_cast<std::size_t>(device_policy::release_bytes_max)}));
  LUY_TRY(desk->book_, release::Book::open({d.database, d.audit, d.acts, d.clock, d.random, d.files,
                                            evidence::ed25519_verify, release::with_dpkg_deb()}));
  return desk;
}

std::vector<api::Route> ReleaseDesk::routes() {
  return release::routes({d_.inventory, *book_, removals_, *uploads_, d_.clock, d_.lineage, d_.agency_name, d_.town});
}

Result<std::string> ReleaseDesk::give(const DeviceId& device, const AgencyId& agency, std::string_view body) {
  LUY_TRY(const json::object object, object_of(body));
  LUY_TRY(const std::string version, text_in(object, "version"));
  LUY_TRY(const std::string architecture, text_in(object, "architecture"));
  if (!device_policy::is_release_version(version)) return Error(api::bad_request, "version");
  if (architecture.size() > 32) return Error(api::bad_request, "architecture");
  LUY_TRY(const auto wanted, book_->wanted_by(device, d_.lineage(agency), version, architecture));
  return device_policy::to_json(wanted);
}

Result<std::string> ReleaseDesk::give_piece(std::string_view body) const {
  LUY_TRY(const json::object object, object_of(body));
  LUY_TRY(const std::string digest, text_in(object, "sha256"));
  const json::value* offset = object.if_contains("offset");
  if (offset == nullptr || !offset->is_int64()) return Error(api::bad_request, "offset");
  return book_->piece(digest, offset->get_int64());
}

Result<void> ReleaseDesk::remove(const DeviceId& device, const AgencyId& agency, std::string_view body) {
  LUY_TRY(const json::object object, object_of(body));
  if (const json::value* forced = object.if_contains("forced"); forced != nullptr && forced->is_bool()) {
    LUY_TRY(const std::string user, text_in(object, "user"));
    if (!forced->get_bool()) return Error(api::bad_request, "forced");
    return removals_.forced(device, agency, user);
  }
  LUY_TRY(const std::string code, text_in(object, "code"));
  return removals_.use(device, agency, code);
}

void ReleaseDesk::take(const evidence::Record& record) {
  if (record.transport != static_cast<std::uint8_t>(event::Transport::agent)) return;
  if (record.raw.find("\"release_") == std::string::npos) return;
  const SourceParts source = split_source(record.source);
  const auto device = DeviceId::parse(source.device);
  if (!device || source.stream != note_stream) return;
  if (const auto taken = book_->take(*device, record.raw, record.seq); !taken) {
    log(LogLevel::error, "hub", "releases: " + taken.error().text());
  }
}

}  // namespace luy::hub
