// The running system behind the Kernel interface.
#pragma once

#include <atomic>

#include "agent/linux/machine.h"

namespace luy::agent {

class LinuxKernel final : public Kernel {
 public:
  std::string release() override;
  std::string architecture() override;
  std::string hostname() override;
  std::optional<Space> space(const std::string& path) override;
  std::vector<InterfaceAddress> addresses() override;
  bool clock_synchronised() override;
  std::optional<std::string> ssid(const std::string& interface) override;
  Result<std::string> run(const std::vector<std::string>& arguments, const RunLimits& limits) override;

  // Ends a program that runs now and refuses the next ones, so that stopping does not wait for them. From any thread.
  void interrupt() { interrupted_ = true; }

 private:
  std::atomic<bool> interrupted_ = false;
};

}  // namespace luy::agent
