// What the hub is made of below its network: keys, records, evidence, directory. `luy-hub setup` needs no more.
#pragma once

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
#include "evidence/store.h"
#include "hub/agency_view.h"
#include "hub/ca.h"
#include "hub/data_folder.h"
#include "hub/evidence_writer.h"
#include "records/database.h"

namespace luy::hub {

inline constexpr int retention_days_default = 90;

// The directory's audit trail, delivered into the evidence as records of the source "hub/audit".
class EvidenceAuditSink final : public directory::AuditSink {
 public:
  EvidenceAuditSink(EvidenceWriter& writer, std::uint64_t trail, std::function<void()> delivered)
      : writer_(writer), trail_(trail), delivered_(std::move(delivered)) {}
  Result<void> append(const directory::AuditRecord& record) override;

  // Evidence number of the newest entry about an object ("account:<id>") since the start.
  std::optional<std::uint64_t> last_seq(const std::string& object) const;

 private:
  EvidenceWriter& writer_;
  const std::uint64_t trail_;
  const std::function<void()> delivered_;
  mutable std::mutex mutex_;
  std::map<std::string, std::uint64_t> last_seq_;
};

class Core {
 public:
  struct Options {
    std::filesystem::path data;
    std::vector<std::string> names;  // For the server's certificate, besides localhost and the host's own name.
    std::string listen = "127.0.0.1";
    int retention_days = retention_days_default;
  };
  // Errors: those of every part, each naming what to do.
  static Result<std::unique_ptr<Core>> open(const Options& options, const Clock& clock, Random& random);
  ~Core();  // Stops the evidence thread after it stored what waits.

  DataFolder& folder() { return *folder_; }
  Ca& ca() { return *ca_; }
  records::Database& database() { return *database_; }
  evidence::Store& store() { return *store_; }
  evidence::NoteSigner& signer() { return *signer_; }
  EvidenceWriter& writer() { return *writer_; }
  directory::Directory& directory() { return *directory_; }
  AgencyView& agencies() { return *agencies_; }
  EvidenceAuditSink& audit_sink() { return *sink_; }
  const std::vector<std::string>& names() const { return names_; }

  // Told on the thread that made the act, after it: agencies or accounts may have changed.
  void on_directory_change(std::function<void()> told);
  // Told on the evidence thread, for every batch that became durable.
  void on_growth(EvidenceWriter::Grown told);

 private:
  Core(const Clock& clock, Random& random) : clock_(clock), random_(random) {}
  Result<void> open_keys(const Options& options);
  Result<void> open_stores(const Options& options);
  Result<std::uint64_t> audit_trail_id();

  const Clock& clock_;
  Random& random_;
  std::vector<std::string> names_;
  std::optional<DataFolder> folder_;
  std::unique_ptr<Ca> ca_;
  std::unique_ptr<evidence::FileNoteSigner> signer_;
  std::unique_ptr<records::Database> database_;
  std::unique_ptr<evidence::Store> store_;

  std::mutex mutex_;  // Guards the two callbacks.
  std::function<void()> directory_changed_;
  EvidenceWriter::Grown grown_;

  std::unique_ptr<EvidenceWriter> writer_;
  std::unique_ptr<EvidenceAuditSink> sink_;
  std::unique_ptr<directory::Directory> directory_;
  std::unique_ptr<AgencyView> agencies_;
};

}  // namespace luy::hub
