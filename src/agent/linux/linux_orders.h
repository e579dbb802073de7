// Performs orders on Linux, and what the taker of orders needs of this platform.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "agent/linux/containment.h"
#include "agent/linux/machine.h"
#include "agent/linux/quarantine.h"
#include "agent/order_taker.h"

namespace luy::agent {

class LinuxOrders final : public OrderActs {
 public:
  LinuxOrders(Containment& containment, const Machine& machine, Quarantine& quarantine)
      : containment_(containment), machine_(machine), quarantine_(quarantine) {}
  Result<Performed> perform(const order::Body& body) override;
  std::vector<Item> settle() override { return containment_.settle(); }

 private:
  Containment& containment_;
  const Machine& machine_;
  Quarantine& quarantine_;
};

// Ed25519 (RFC 8032) on OpenSSL. For order::Verify.
bool verify_ed25519(std::string_view public_key, std::string_view message, std::string_view signature);

// Where the program nft is; empty when there is none.
std::string find_nft();

// The addresses a host name stands for; of an address itself.
std::vector<std::string> addresses_of(const std::string& host);

}  // namespace luy::agent
