#include "hub/core.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "base/log.h"
#include "duty/engine.h"
#include "event/batch.h"
#include "hub/enrolment.h"
#include "inventory/inventory.h"

namespace luy::hub {
namespace {

std::vector<std::string> server_names(const Core::Options& options) {
  std::vector<std::string> names = {"localhost", "127.0.0.1", "::1"};
  const auto add = [&](const std::string& name) {
    if (!name.empty() && std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  };
  std::array<char, 256> host{};
  if (::gethostname(host.data(), host.size() - 1) == 0) add(host.data());
  if (options.listen != "0.0.0.0" && options.listen != "::") add(options.listen);
  for (const std::string& name : options.names) add(name);
  return names;
}

std::vector<records::Migration> all_migrations() {
  std::vector<records::Migration> out;
  for (const auto list : {directory::migrations(), inventory::migrations(), duty::migrations(), migrations()}) {
    out.insert(out.end(), list.begin(), list.end());
  }
  return out;
}

}  // namespace

Result<void> EvidenceAuditSink::append(const directory::AuditRecord& record) {
  // First, so that whoever reads after the act sees it.
  delivered_();
  std::vector<OwnedRecord> records;
  records.push_back({"hub/audit", static_cast<std::uint8_t>(event::Transport::hub), record.json});
  LUY_TRY(const evidence::Appended appended,
          writer_.append(evidence::BatchKey{"hub", trail_, record.number}, std::move(records)));
  if (appended.duplicate) return {};
  boost::system::error_code error;
  const boost::json::value entry = boost::json::parse(record.json, error);
  const boost::json::value* object =
      !error && entry.is_object() ? entry.get_object().if_contains("luy.object") : nullptr;
  if (object != nullptr && object->is_string()) {
    const boost::json::string& name = object->get_string();
    const std::lock_guard lock(mutex_);
    last_seq_[std::string(name.data(), name.size())] = appended.first_seq;
  }
  return {};
}

std::optional<std::uint64_t> EvidenceAuditSink::last_seq(const std::string& object) const {
  const std::lock_guard lock(mutex_);
  const auto found = last_seq_.find(object);
  return found != last_seq_.end() ? std::optional(found->second) : std::nullopt;
}

Result<std::unique_ptr<Core>> Core::open(const Options& options, const Clock& clock, Random& random) {
  std::unique_ptr<Core> core(new Core(clock, random));
  LUY_TRY(core->folder_, DataFolder::open(options.data));
  LUY_TRY_VOID(core->open_keys(options));
  LUY_TRY_VOID(core->open_stores(options));
  return core;
}

Core::~Core() {
  if (writer_) writer_->stop();
}

Result<void> Core::open_keys(const Options& options) {
  names_ = server_names(options);
  LUY_TRY(ca_, Ca::open_or_create(folder_->keys(), clock_, random_));
  LUY_TRY(const bool renewed, ca_->refresh_server(names_));
  if (renewed) log(LogLevel::info, "hub", "new server certificate");
  LUY_TRY(const std::string origin, folder_->origin(random_));
  if (!std::filesystem::exists(folder_->checkpoint_key())) {
    LUY_TRY_VOID(evidence::FileNoteSigner::generate(folder_->checkpoint_key()));
  }
  LUY_TRY(signer_, evidence::FileNoteSigner::load(folder_->checkpoint_key(), origin));
  return {};
}

Result<void> Core::open_stores(const Options& options) {
  const std::vector<records::Migration> tables = all_migrations();
  LUY_TRY(database_, records::open_sqlite(folder_->records(), tables));
  evidence::Options evidence_options;
  evidence_options.folder = folder_->evidence();
  evidence_options.retention_days = options.retention_days;
  LUY_TRY(store_, evidence::open_store(evidence_options, clock_, *signer_));
  writer_ = std::make_unique<EvidenceWriter>(
      *store_, clock_, options.retention_days,
      [this](const std::optional<evidence::BatchKey>& key, const evidence::Appended& appended) {
        const std::lock_guard lock(mutex_);
        if (grown_) grown_(key, appended);
      });
  writer_->start();
  LUY_TRY(const std::uint64_t trail, audit_trail_id());
  sink_ = std::make_unique<EvidenceAuditSink>(*writer_, trail, [this] {
    if (agencies_) {
      if (auto fresh = agencies_->refresh(); !fresh) log(LogLevel::error, "hub", fresh.error().text());
    }
    const std::lock_guard lock(mutex_);
    if (directory_changed_) directory_changed_();
  });
  LUY_TRY(directory_, directory::Directory::open(*database_, *sink_, clock_, random_));
  agencies_ = std::make_unique<AgencyView>(std::as_const(*directory_).agencies());
  return agencies_->refresh();
}

// Names the audit trail of this database for ever, so that an entry delivered twice is stored once.
Result<std::uint64_t> Core::audit_trail_id() {
  std::array<std::uint8_t, 8> bytes{};
  random_.fill(bytes);
  std::uint64_t fresh = 0;
  for (const std::uint8_t byte : bytes) fresh = fresh << 8U | byte;
  std::string kept;
  LUY_TRY_VOID(database_->write([&](records::Connection& c) -> Result<void> {
    LUY_TRY(const std::int64_t added,
            c.run("INSERT INTO hub_setting (name, value) VALUES ('audit_trail', $1) ON CONFLICT (name) DO NOTHING",
                  {std::to_string(fresh)}));
    static_cast<void>(added);
    return c.query("SELECT value FROM hub_setting WHERE name = 'audit_trail'", {},
                   [&](const records::Row& row) { kept = row.text(0); });
  }));
  return std::stoull(kept);
}

void Core::on_directory_change(std::function<void()> told) {
  const std::lock_guard lock(mutex_);
  directory_changed_ = std::move(told);
}

void Core::on_growth(EvidenceWriter::Grown told) {
  const std::lock_guard lock(mutex_);
  grown_ = std::move(told);
}

}  // namespace luy::hub
