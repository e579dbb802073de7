// Software wired into the hub: requests of staff, what is wrong with what is installed, the gates, and the signed list
// that each device holds of what it may install. A thread tells the book of findings what is new.
#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "evidence/signature.h"
#include "finding/finding.h"
#include "hub/desk.h"
#include "hub/policy_book.h"
#include "inventory/inventory.h"
#include "software/api.h"
#include "software/request_book.h"
#include "software/watch.h"

namespace luy::hub {

class SoftwareDesk final : public Desk {
 public:
  // Between two looks at all devices; what a device reports is on its page at once.
  static constexpr std::chrono::seconds period{30};

  struct Dependencies {
    records::Database& database;
    directory::AuditTrail& audit;
    const Clock& clock;
    Random& random;
    inventory::Inventory& inventory;
    const PolicyBook& policies;
    const evidence::Ed25519Key& key;  // Of orders and policies.
    std::function<std::vector<AgencyId>(const AgencyId&)> lineage;
    std::function<std::string(const AgencyId&)> agency_name;
    std::function<std::optional<AgencyId>(const AccountId&)> agency_of_account;
    std::function<Result<void>(const finding::Report&)> report;
  };
  // Errors: those of the database.
  static Result<std::unique_ptr<SoftwareDesk>> open(Dependencies dependencies);
  ~SoftwareDesk() override { stop(); }

  std::vector<api::Route> routes() override;
  void start() override;
  void stop() override;

  // The answer to a device that asks for its list, as JSON; `body` is {"held":"<SHA-256 of the content, or empty>"}.
  // Any thread. Errors: api.bad_request, device_policy::list_too_long, device_unknown.
  Result<std::string> give_list(const DeviceId& device, std::string_view body) const;

 private:
  explicit SoftwareDesk(Dependencies dependencies) : d_(std::move(dependencies)) {}
  void run();

  const Dependencies d_;
  std::unique_ptr<software::RequestBook> book_;
  std::unique_ptr<software::Watch> watch_;  // On the thread.
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace luy::hub
