// Hardening checks wired into the hub: exceptions from them, their routes, and a thread that tells the book of findings
// what devices newly fail.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "finding/finding.h"
#include "hub/desk.h"
#include "inventory/inventory.h"
#include "posture/api.h"
#include "posture/exception_book.h"
#include "posture/watch.h"

namespace luy::hub {

class PostureDesk final : public Desk {
 public:
  // Between two looks at all devices; what a device reports is on its page at once.
  static constexpr std::chrono::seconds period{30};

  struct Dependencies {
    records::Database& database;
    directory::AuditTrail& audit;
    const Clock& clock;
    inventory::Inventory& inventory;
    std::function<std::vector<AgencyId>(const AgencyId&)> lineage;
    std::function<std::string(const AgencyId&)> agency_name;
    std::function<Result<void>(const finding::Report&)> report;
  };
  // Errors: those of the database.
  static Result<std::unique_ptr<PostureDesk>> open(Dependencies dependencies);
  ~PostureDesk() override { stop(); }

  std::vector<api::Route> routes() override;
  void start() override;
  void stop() override;

 private:
  explicit PostureDesk(Dependencies dependencies) : d_(std::move(dependencies)) {}
  void run();

  const Dependencies d_;
  std::unique_ptr<posture::ExceptionBook> exceptions_;
  std::unique_ptr<posture::Watch> watch_;  // On the thread.
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace luy::hub
