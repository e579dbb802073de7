#include "hub/signature_desk.h"

#include <algorithm>
#include <boost/json.hpp>
#include <utility>

#include "base/log.h"
#include "event/batch.h"
#include "hub/source_parts.h"

namespace luy::hub {
namespace {

namespace fs = std::filesystem;

// Of the agent's own notes.
constexpr std::string_view note_stream = "agent";

}  // namespace

Result<std::unique_ptr<SignatureDesk>> SignatureDesk::open(Dependencies dependencies) {
  std::unique_ptr<SignatureDesk> desk(new SignatureDesk(std::move(dependencies)));
  const Dependencies& d = desk->d_;
  for (const regulation::Obligation& one : d.pack.obligations) {
    if (one.check != regulation::Check::antivirus) continue;
    LUY_TRY(desk->age_max_, one.parameters.duration("signatures_age_days"));
  }
  LUY_TRY(desk->uploads_, api::UploadBox::open({d.uploads, d.clock, d.random, antivirus::database_bytes_max}));
  LUY_TRY(desk->book_, antivirus::Book::open(
                           {d.database, d.audit, d.clock, d.random, d.files, antivirus::installed_tools(d.uploads)}));
  return desk;
}

std::vector<api::Route> SignatureDesk::routes() {
  return antivirus::routes(
      {d_.inventory, *book_, *uploads_, d_.clock, age_max_, d_.lineage, d_.agency_name, d_.town, d_.changed});
}

Result<std::string> SignatureDesk::give(const AgencyId& agency, std::string_view body) const {
  boost::system::error_code error;
  const boost::json::value parsed = boost::json::parse(body, error);
  const boost::json::object* object = error ? nullptr : parsed.if_object();
  const boost::json::value* digest = object != nullptr ? object->if_contains("sha256") : nullptr;
  const boost::json::value* offset = object != nullptr ? object->if_contains("offset") : nullptr;
  if (digest == nullptr || !digest->is_string()) return Error(api::bad_request, "sha256");
  if (offset == nullptr || !offset->is_int64()) return Error(api::bad_request, "offset");
  const std::string wanted(digest->get_string());
  const auto files = book_->files_for(d_.lineage(agency));
  const bool theirs = std::any_of(files.begin(), files.end(), [&](const auto& one) { return one.sha256 == wanted; });
  if (!theirs) return Error(antivirus::set_unknown, wanted.substr(0, 64));
  return book_->piece(wanted, offset->get_int64());
}

void SignatureDesk::take(const evidence::Record& record) {
  if (record.transport != static_cast<std::uint8_t>(event::Transport::agent)) return;
  if (record.raw.find("\"signatures_") == std::string::npos) return;
  const SourceParts source = split_source(record.source);
  const auto device = DeviceId::parse(source.device);
  if (!device || source.stream != note_stream) return;
  if (const auto taken = book_->take(*device, record.raw, record.seq); !taken) {
    log(LogLevel::error, "hub", "signatures: " + taken.error().text());
  }
}

void SignatureDesk::look() {
  std::error_code error;
  for (fs::directory_iterator it(d_.folder, error), end; !error && it != end; it.increment(error)) {
    const std::string name = it->path().filename().string();
    std::error_code failed;
    // A link would let whoever writes here have other files of the hub read.
    if (it->symlink_status(failed).type() != fs::file_type::regular || antivirus::official_base(name).empty()) continue;
    const std::pair now{it->file_size(failed), it->last_write_time(failed)};
    if (failed) continue;
    auto& before = looked_at_[name];
    // It may be being copied: it is read when it has stayed as it is for a round, and then once.
    const bool still = std::exchange(before.first, now) == now;
    if (!still || std::exchange(before.second, now) == now) continue;
    // After a restart what was imported lies there still; that is no attempt to go back.
    if (book_->holds(name, it->path())) continue;
    antivirus::Book::NewDatabase wanted;
    wanted.file = it->path();
    wanted.name = name;
    wanted.source = "folder";
    wanted.by = "luy-hub";
    const auto done = book_->import(directory::server_operator(), d_.town(), wanted);
    if (done) d_.changed();
    if (!done) log(LogLevel::warning, "hub", "signatures " + name + ": " + done.error().text());
  }
}

void SignatureDesk::start() {
  thread_ = std::thread([this] { run(); });
}

void SignatureDesk::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void SignatureDesk::run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    lock.unlock();
    look();
    lock.lock();
    wake_.wait_for(lock, period, [this] { return stopping_; });
  }
}

}  // namespace luy::hub
