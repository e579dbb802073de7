// Performs orders on Linux, and what the taker of orders needs of this platform.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/linux/backup_requests.h"
#include "agent/linux/containment.h"
#include "agent/linux/machine.h"
#include "agent/linux/quarantine.h"
#include "agent/order_taker.h"

namespace luy::agent {

class LinuxOrders final : public OrderActs {
 public:
  struct Setup {
    Containment& containment;
    const Machine& machine;
    Quarantine& quarantine;
    BackupRequests& backups;
    std::function<void()> now_and_then{};  // Done with settle(). May be empty.
  };
  explicit LinuxOrders(Setup setup) : setup_(std::move(setup)) {}
  Result<Performed> perform(const order::Body& body) override;
  std::vector<Item> settle() override {
    if (setup_.now_and_then) setup_.now_and_then();
    return setup_.containment.settle();
  }

 private:
  Setup setup_;
};

// Ed25519 (RFC 8032) on OpenSSL. For order::Verify.
bool verify_ed25519(std::string_view public_key, std::string_view message, std::string_view signature);

// Where the program nft is; empty when there is none.
std::string find_nft();

// The addresses a host name stands for; of an address itself.
std::vector<std::string> addresses_of(const std::string& host);

}  // namespace luy::agent
