#include "hub/core.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "antivirus/book.h"
#include "backup/key_book.h"
#include "base/encoding.h"
#include "base/log.h"
#include "custody/medium_book.h"
#include "custody/retention_book.h"
#include "duty/engine.h"
#include "event/batch.h"
#include "finding/book.h"
#include "hub/alarm_api.h"
#include "hub/audit_index.h"
#include "hub/migrations.h"
#include "hub/order_book.h"
#include "hub/policy_book.h"
#include "hub/search_log.h"
#include "incident/case_book.h"
#include "incident/system_book.h"
#include "indicator/book.h"
#include "intake/sender_book.h"
#include "inventory/inventory.h"
#include "notice/setup.h"
#include "people/migrations.h"
#include "posture/exception_book.h"
#include "premises/equipment_book.h"
#include "release/book.h"
#include "signer/signer_process.h"
#include "software/request_book.h"
#include "vulnerability/book.h"
#include "watch/watch.h"

namespace luy::hub {
namespace {

std::string text_in(const boost::json::object& object, std::string_view key) {
  const boost::json::value* value = object.if_contains(key);
  if (value == nullptr || !value->is_string()) return {};
  return std::string(value->get_string().data(), value->get_string().size());
}

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

// In hub_setting: "<size> <root in hexadecimal>".
constexpr std::string_view checkpoint_setting = "checkpoint";

}  // namespace

std::vector<records::Migration> all_migrations() {
  std::vector<records::Migration> out;
  for (const auto list : {directory::migrations(),
                          custody::migrations(),
                          inventory::migrations(),
                          intake::migrations(),
                          watch::migrations(),
                          indicator::migrations(),
                          finding::migrations(),
                          posture::migrations(),
                          software::migrations(),
                          premises::migrations(),
                          vulnerability::migrations(),
                          antivirus::migrations(),
                          release::migrations(),
                          backup::migrations(),
                          incident::migrations(),
                          people::migrations(),
                          duty::migrations(),
                          notice::migrations(),
                          migrations(),
                          order_migrations(),
                          policy_migrations(),
                          alarm_migrations(),
                          audit_migrations()}) {
    out.insert(out.end(), list.begin(), list.end());
  }
  return out;
}

Result<void> EvidenceAuditSink::append(const directory::AuditRecord& record) {
  // First, so that whoever reads after the act sees it.
  d_.delivered();
  boost::system::error_code error;
  const boost::json::value parsed = boost::json::parse(record.json, error);
  const boost::json::object entry = !error && parsed.is_object() ? parsed.get_object() : boost::json::object();
  d_.told(record, entry);
  const std::optional<AgencyId> agency = d_.place(entry);
  std::vector<OwnedRecord> records;
  records.push_back({(agency ? agency->text() + "/" : std::string()) + "hub/audit",
                     static_cast<std::uint8_t>(event::Transport::hub), quiet_search(record.json)});
  LUY_TRY(const evidence::Appended appended,
          d_.writer.append(evidence::BatchKey{std::string(own_sender), d_.trail, record.number}, std::move(records)));
  static_cast<void>(appended);
  return {};
}

Result<std::unique_ptr<Core>> Core::open(const Options& options, const Clock& clock, Random& random) {
  std::unique_ptr<Core> core(new Core(clock, random));
  LUY_TRY(core->folder_, DataFolder::open(options.data));
  LUY_TRY_VOID(core->open_keys(options));
  LUY_TRY_VOID(core->open_stores(options));
  return core;
}

Core::~Core() {
  if (!writer_) return;
  writer_->stop();
  if (auto kept = remember_checkpoint(); !kept) log(LogLevel::warning, "hub", "checkpoint: " + kept.error().text());
}

Result<evidence::Options::Known> Core::known_evidence() {
  evidence::Options::Known known;
  std::string text;
  LUY_TRY_VOID(database_->read([&](records::Connection& c) -> Result<void> {
    LUY_TRY(known.records, inventory::applied_records(c));
    return c.query("SELECT value FROM hub_setting WHERE name = $1", {checkpoint_setting},
                   [&](const records::Row& row) { text = row.text(0); });
  }));
  const std::size_t space = std::min(text.find(' '), text.size());
  const auto root = from_hex(std::string_view(text).substr(std::min(space + 1, text.size())));
  if (text.empty() || !root || root->size() != known.signed_root.size()) return known;
  known.signed_size = std::stoull(text);
  std::copy(root->begin(), root->end(), known.signed_root.begin());
  remembered_size_ = known.signed_size;
  return known;
}

// Before anything else can be stored. After a crash it is stored already, and only forgotten.
Result<void> Core::begin_epoch() {
  std::string record;
  const auto read = database_->read([&](records::Connection& c) {
    return c.query("SELECT value FROM hub_setting WHERE name = $1", {epoch_setting},
                   [&](const records::Row& row) { record = row.text(0); });
  });
  if (!read) return read.error();
  if (record.empty()) return {};
  if (store_->size() == 0) {
    evidence::Store::Batch batch;
    batch.records.push_back({"hub/evidence", static_cast<std::uint8_t>(event::Transport::hub), record});
    LUY_TRY(const auto appended, store_->append({&batch, 1}));
    static_cast<void>(appended);
  }
  return database_->write([&](records::Connection& c) -> Result<void> {
    LUY_TRY(const std::int64_t gone, c.run("DELETE FROM hub_setting WHERE name = $1", {epoch_setting}));
    static_cast<void>(gone);
    return {};
  });
}

Result<void> Core::remember_checkpoint() {
  const auto newest = store_->last_checkpoint();
  if (!newest || newest->size == remembered_size_) return {};
  const std::string text = std::to_string(newest->size) + " " + to_hex(newest->root);
  LUY_TRY_VOID(database_->write([&](records::Connection& c) {
    return c.run(
        "INSERT INTO hub_setting (name, value) VALUES ($1, $2) "
        "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        {checkpoint_setting, std::string_view(text)});
  }));
  remembered_size_ = newest->size;
  return {};
}

Result<void> Core::open_keys(const Options& options) {
  names_ = server_names(options);
  LUY_TRY(ca_, Ca::open_or_create(folder_->keys(), clock_, random_));
  LUY_TRY(const bool renewed, ca_->refresh_server(names_));
  if (renewed) log(LogLevel::info, "hub", "new server certificate");
  LUY_TRY(const std::string origin, folder_->origin(random_));
  const signer::KeeperOptions of_signer{folder_->signer(), origin, folder_->checkpoint_key()};
  if (options.signer_program.empty()) {
    LUY_TRY(signer_, signer::open_signer(of_signer, clock_, random_));
  } else {
    LUY_TRY(signer_, signer::start_signer({options.signer_program, of_signer}));
  }
  if (!std::filesystem::exists(folder_->orders_key())) {
    LUY_TRY_VOID(evidence::Ed25519Key::generate(folder_->orders_key()));
  }
  LUY_TRY(orders_key_, evidence::Ed25519Key::load(folder_->orders_key()));
  return {};
}

Result<void> Core::open_stores(const Options& options) {
  const std::vector<records::Migration> tables = all_migrations();
  LUY_TRY(database_, records::open_sqlite(folder_->records(), tables));
  evidence::Options evidence_options;
  evidence_options.folder = folder_->evidence();
  evidence_options.retention_days = options.retention_days;
  LUY_TRY(evidence_options.known, known_evidence());
  LUY_TRY(store_, evidence::open_store(evidence_options, clock_, *signer_));
  LUY_TRY_VOID(begin_epoch());
  writer_ = std::make_unique<EvidenceWriter>(
      *store_, clock_, options.retention_days,
      [this](const std::optional<evidence::BatchKey>& key, const evidence::Appended& appended) {
        const std::lock_guard lock(mutex_);
        if (grown_) grown_(key, appended);
      },
      [this, options] { return kept_from(options); });
  writer_->start();
  LUY_TRY(const std::uint64_t trail, audit_trail_id());
  EvidenceAuditSink::Dependencies of_sink{*writer_, trail, {}, {}, {}};
  of_sink.told = [this](const directory::AuditRecord& record, const boost::json::object& entry) {
    const std::lock_guard lock(telling_);
    if (entry_told_) entry_told_(record, entry);
  };
  of_sink.place = [this](const boost::json::object& entry) { return place_of(entry); };
  of_sink.delivered = [this] {
    if (agencies_) {
      if (auto fresh = agencies_->refresh(); !fresh) log(LogLevel::error, "hub", fresh.error().text());
    }
    const std::lock_guard lock(mutex_);
    if (directory_changed_) directory_changed_();
  };
  sink_ = std::make_unique<EvidenceAuditSink>(std::move(of_sink));
  directory::Options of_directory;
  of_directory.sessions = options.sessions;
  of_directory.passwords = options.passwords;
  LUY_TRY(directory_, directory::Directory::open(*database_, *sink_, clock_, random_, of_directory));
  agencies_ = std::make_unique<AgencyView>(std::as_const(*directory_).agencies());
  return agencies_->refresh();
}

Result<std::optional<Day>> Core::kept_from(const Options& options) const {
  LUY_TRY(const auto held, incident::held_from(*database_));
  LUY_TRY(int keep, custody::longest_rule(*database_));
  LUY_TRY(const auto levels, incident::system_levels(*database_));
  for (const auto& [agency, level] : levels) {
    const auto found = options.level_days.find(level);
    if (found != options.level_days.end()) keep = std::max(keep, found->second);
  }
  const Day kept = day_of(clock_.now()) - days(std::max(keep, options.retention_days));
  return std::optional(std::min(held.value_or(kept), kept));
}

// What an act was about decides, then who did it; the town itself stands for the rest.
std::optional<AgencyId> Core::place_of(const boost::json::object& entry) const {
  if (!directory_ || !agencies_) return std::nullopt;
  const auto agency_of = [&](std::string_view account) -> std::optional<AgencyId> {
    const auto id = AccountId::parse(account);
    if (!id) return std::nullopt;
    const auto found = std::as_const(*directory_).accounts().find(*id);
    return found ? std::optional(found->agency) : std::nullopt;
  };
  const std::string object = text_in(entry, "luy.object");
  const std::size_t colon = object.find(':');
  const std::string_view kind = std::string_view(object).substr(0, colon);
  const std::string_view id =
      colon == std::string::npos ? std::string_view{} : std::string_view(object).substr(colon + 1);
  std::optional<AgencyId> agency;
  if (kind == "account") agency = agency_of(id);
  if (kind == "agency") agency = AgencyId::parse(id);
  const boost::json::value* after = entry.if_contains("luy.after");
  if (!agency && after != nullptr && after->is_object()) {
    agency = AgencyId::parse(text_in(after->get_object(), "agency"));
  }
  if (!agency) agency = agency_of(text_in(entry, "user.id"));
  for (const directory::Agency& one : agencies_->all()) {
    if (agency) break;
    if (!one.superior) agency = one.id;
  }
  return agency;
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

void Core::on_entry(EntryTold told) {
  const std::lock_guard lock(telling_);
  entry_told_ = std::move(told);
}

void Core::on_growth(EvidenceWriter::Grown told) {
  const std::lock_guard lock(mutex_);
  grown_ = std::move(told);
}

}  // namespace luy::hub
