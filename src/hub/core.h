// What the hub is made of below its network: keys, records, evidence, directory. `luy-hub setup` needs no more.
#pragma once

#include <boost/json.hpp>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "directory/directory.h"
#include "evidence/note.h"
#include "evidence/signature.h"
#include "evidence/store.h"
#include "hub/agency_view.h"
#include "hub/ca.h"
#include "hub/data_folder.h"
#include "hub/evidence_writer.h"
#include "records/database.h"
#include "signer/chain_signer.h"

namespace luy::hub {

inline constexpr int retention_days_default = 90;

// The directory's audit trail, delivered into the evidence as records of the source "<agency>/hub/audit": whoever may
// search an agency's records sees what was done about it.
class EvidenceAuditSink final : public directory::AuditSink {
 public:
  struct Dependencies {
    EvidenceWriter& writer;
    std::uint64_t trail = 0;  // Names the trail for ever, so that an entry delivered twice is stored once.
    std::function<void()> delivered;
    // The agency an entry belongs to; nullopt while there is none at all.
    std::function<std::optional<AgencyId>(const boost::json::object& entry)> place;
    std::function<void(const directory::AuditRecord&, const boost::json::object& entry)> told;
  };
  explicit EvidenceAuditSink(Dependencies dependencies) : d_(std::move(dependencies)) {}
  Result<void> append(const directory::AuditRecord& record) override;

 private:
  Dependencies d_;
};

// In hub_setting until it is the first record of a tree that follows a lost one (docs/adr/0217).
inline constexpr std::string_view epoch_setting = "epoch";

// Of every module that keeps records.
std::vector<records::Migration> all_migrations();

class Core {
 public:
  struct Options {
    std::filesystem::path data;
    std::vector<std::string> names;  // For the server's certificate, besides localhost and the host's own name.
    std::string listen = "127.0.0.1";
    int retention_days = retention_days_default;
    std::map<unsigned, int> level_days{};  // For so many days logs are kept where systems of a level stand.
    // luy-evidence-signer; empty: the keys are used in this process, for commands that end and for tests.
    std::filesystem::path signer_program;
    directory::SessionLimits sessions;
    directory::PasswordCost passwords;
  };
  // Errors: those of every part, each naming what to do.
  static Result<std::unique_ptr<Core>> open(const Options& options, const Clock& clock, Random& random);
  ~Core();  // Stops the evidence thread after it stored what waits.

  DataFolder& folder() { return *folder_; }
  Ca& ca() { return *ca_; }
  records::Database& database() { return *database_; }
  evidence::Store& store() { return *store_; }
  signer::ChainSigner& signer() { return *signer_; }
  const evidence::Ed25519Key& orders_key() const { return *orders_key_; }
  EvidenceWriter& writer() { return *writer_; }
  directory::Directory& directory() { return *directory_; }
  AgencyView& agencies() { return *agencies_; }
  EvidenceAuditSink& audit_sink() { return *sink_; }
  const std::vector<std::string>& names() const { return names_; }

  // Writes the newest checkpoint into the records, so that lost or older evidence is noticed at the next start. Cheap
  // while there is no newer one. One thread at a time. Errors: those of the database.
  Result<void> remember_checkpoint();

  // Told on the thread that made the act, after it: agencies or accounts may have changed.
  void on_directory_change(std::function<void()> told);
  // Told of each entry of the audit trail before it is in the evidence, on the thread that delivers it, never inside a
  // transaction; after a crash again under its number. Must not deliver entries itself.
  using EntryTold = std::function<void(const directory::AuditRecord&, const boost::json::object&)>;
  void on_entry(EntryTold told);
  // Told on the evidence thread, for every batch that became durable.
  void on_growth(EvidenceWriter::Grown told);

 private:
  Core(const Clock& clock, Random& random) : clock_(clock), random_(random) {}
  Result<void> open_keys(const Options& options);
  Result<void> open_stores(const Options& options);
  Result<evidence::Options::Known> known_evidence();
  Result<void> begin_epoch();
  Result<std::uint64_t> audit_trail_id();
  // The first day whose file has to stay: by a legal hold, a rule of retention or the level of a system.
  Result<std::optional<Day>> kept_from(const Options& options) const;
  std::optional<AgencyId> place_of(const boost::json::object& entry) const;

  const Clock& clock_;
  Random& random_;
  std::vector<std::string> names_;
  std::optional<DataFolder> folder_;
  std::unique_ptr<Ca> ca_;
  std::unique_ptr<signer::ChainSigner> signer_;
  std::optional<evidence::Ed25519Key> orders_key_;
  std::unique_ptr<records::Database> database_;
  std::unique_ptr<evidence::Store> store_;
  std::uint64_t remembered_size_ = 0;

  std::mutex mutex_;  // Guards the two callbacks.
  std::function<void()> directory_changed_;
  EvidenceWriter::Grown grown_;
  std::mutex telling_;  // Guards on_entry()'s, and is held while it is told.
  EntryTold entry_told_;

  std::unique_ptr<EvidenceWriter> writer_;
  std::unique_ptr<EvidenceAuditSink> sink_;
  std::unique_ptr<directory::Directory> directory_;
  std::unique_ptr<AgencyView> agencies_;
};

}  // namespace luy::hub
