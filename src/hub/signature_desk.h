// Signatures of antivirus programs wired into the hub: sets from the console and from a watched folder, into which
// whoever carries a stick puts the databases, their routes, what agents fetch, and what they tell.
#pragma once

#include <condition_variable>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "antivirus/api.h"
#include "antivirus/book.h"
#include "api/upload_box.h"
#include "evidence/record.h"
#include "hub/desk.h"
#include "inventory/inventory.h"
#include "regulation/pack.h"

namespace luy::hub {

class SignatureDesk final : public Desk {
 public:
  static constexpr std::chrono::seconds period{30};  // Between two looks into the folder.

  struct Dependencies {
    records::Database& database;
    directory::AuditTrail& audit;
    const Clock& clock;
    Random& random;
    const inventory::Inventory& inventory;
    const regulation::Pack& pack;
    std::filesystem::path files;   // The desk's own, as `uploads`.
    std::filesystem::path folder;  // Watched for main, daily and bytecode (.cvd, .cld); files in it are left there.
    std::filesystem::path uploads;
    std::function<std::vector<AgencyId>(const AgencyId&)> lineage;
    std::function<std::string(const AgencyId&)> agency_name;
    std::function<std::optional<AgencyId>()> town;
    std::function<void()> changed;  // Policies name other databases now.
  };
  // Errors: those of the database; file errors.
  static Result<std::unique_ptr<SignatureDesk>> open(Dependencies dependencies);
  ~SignatureDesk() override { stop(); }

  std::vector<api::Route> routes() override;
  void start() override;
  void stop() override;

  // One round of the thread's work; for tests, while it is not started.
  void look();
  // All of the following from any thread.
  std::vector<device_policy::SignatureFile> files_for(const std::vector<AgencyId>& lineage) const {
    return book_->files_for(lineage);
  }
  // The answer to {"sha256","offset"} of a device of that agency, which gets nothing that is not in its policy. Errors:
  // api.bad_request, antivirus.set_unknown; file errors.
  Result<std::string> give(const AgencyId& agency, std::string_view body) const;
  // A durable record of the evidence: what a device told is kept.
  void take(const evidence::Record& record);

 private:
  explicit SignatureDesk(Dependencies dependencies) : d_(std::move(dependencies)) {}
  void run();

  const Dependencies d_;
  std::unique_ptr<antivirus::Book> book_;
  std::unique_ptr<api::UploadBox> uploads_;
  Duration age_max_{0};
  // Of the folder: size and time as they were seen last, and as they were when it was read. On the thread.
  using Seen = std::pair<std::uintmax_t, std::filesystem::file_time_type>;
  std::map<std::string, std::pair<Seen, Seen>> looked_at_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace luy::hub
