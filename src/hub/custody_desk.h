// How the logs are kept, wired into the hub: rules of retention and erasure, the register of media and copies, and the
// disk. A thread of the lowest priority looks at the disk every few seconds, writes days anew whose content has to go,
// and once a day looks for days that should have been copied.
#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "custody/api.h"
#include "directory/directory.h"
#include "finding/finding.h"
#include "hub/agency_view.h"
#include "hub/custody_keeper.h"
#include "hub/desk.h"
#include "hub/evidence_writer.h"
#include "inventory/inventory.h"
#include "regulation/pack.h"

namespace luy::hub {

// Within this time a full disk is noticed, and one with room again.
inline constexpr std::chrono::seconds custody_look_every{5};
// After a round of erasing that had nothing to do, or could not.
inline constexpr std::chrono::minutes erase_every{1};
inline constexpr std::chrono::minutes silence_every{1};  // Verdicts change with the minute.

// For so many days logs are kept where systems of a level stand, by level; empty when the pack says nothing.
std::map<unsigned, int> level_days(const regulation::Pack& pack);

class CustodyDesk final : public Desk {
 public:
  struct Dependencies {
    records::Database& database;
    const Clock& clock;
    Random& random;
    const evidence::Store& store;
    EvidenceWriter& writer;
    directory::Directory& directory;
    const AgencyView& agencies;
    const inventory::Inventory& inventory;
    const regulation::Pack& pack;
    std::filesystem::path folder;  // Of the evidence.
    int retention_days = 0;        // Files are kept at least so long.
    std::function<Result<void>(std::span<const finding::Report>)> report;
    std::function<bool(const DeviceId&)> is_silent;  // As the duty to be monitored is judged (article 9.1).
    std::function<bool(Day)> is_damaged;             // As the newest verification of the day found it.
    bool disk_findings = true;
    std::function<std::vector<std::string>()> witnesses{};  // Their vkeys. Thread-safe; may be empty.
    std::function<void()> terms_changed{};  // Terms or levels of systems may have: any thread. May be empty.
  };
  // Registers the acts for two people. Errors: those of the database.
  static Result<std::unique_ptr<CustodyDesk>> open(Dependencies dependencies);
  ~CustodyDesk() override { stop(); }

  std::vector<api::Route> routes() override;
  // GET /admin/v1/custody; POST /admin/v1/custody/media, /copies, /checks (docs/format/admin.md).
  void administer(AdminService::Dependencies& admin) override;
  void start() override;
  void stop() override;

 private:
  explicit CustodyDesk(Dependencies dependencies) : d_(std::move(dependencies)) {}
  Result<void> load();
  void run();
  void look_soon();  // Two people have decided something: any thread.
  void look_at_disk();
  void erase();
  Result<void> look_for_copies();
  Result<void> look_for_silence();
  Result<std::uint64_t> note(const boost::json::object& text, std::string source) const;
  Result<std::optional<std::string>> digest_of(Day day) const;
  std::vector<custody::LevelFloor> level_floors() const;
  std::vector<custody::Place> places() const;
  custody::SourceClass class_of(const DeviceId& device) const;
  Result<std::vector<custody::SentRecords>> sent(Day day) const;
  std::vector<custody::SentRecords> sources() const;
  std::string running() const;
  // A finding about the keeping of the logs, at the top of the tree; nothing without an agency.
  Result<void> tell(finding::Severity severity, const char* key, finding::Text title, finding::Text story) const;
  Result<api::Response> list_for_admin(const AdminService::Query& query) const;
  Result<api::Response> register_medium(const std::string& body);
  Result<api::Response> take_copies(const std::string& body);
  Result<api::Response> take_check(const std::string& body);

  const Dependencies d_;
  std::optional<int> copy_within_days_;
  int floor_days_ = 0;
  std::map<unsigned, int> level_days_;
  std::unique_ptr<custody::MediumBook> media_;
  std::unique_ptr<custody::DiskWatch> disk_;
  std::unique_ptr<custody::RetentionBook> rules_;
  std::unique_ptr<custody::ErasureBook> erasures_;
  std::unique_ptr<custody::SilenceBook> silences_;
  std::unique_ptr<CustodyKeeper> keeper_;
  std::optional<Day> copies_looked_for_;  // On the desk's thread,
  Duration next_erase_{};                 // as are these.
  Duration next_silence_{};
  mutable std::mutex mutex_;  // Guards what follows.
  bool asked_ = false;        // To erase at once.
  std::string running_;       // What erasing could not do.
  mutable std::map<AgencyId, unsigned> levels_;
  std::condition_variable_any wake_;
  std::stop_source stop_;
  std::thread thread_;
};

}  // namespace luy::hub
