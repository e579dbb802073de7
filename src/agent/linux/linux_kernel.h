// The running system behind the Kernel interface.
#pragma once

#include "agent/linux/machine.h"
#include "base/file.h"

namespace luy::agent {

class LinuxKernel final : public Kernel {
 public:
  LinuxKernel();
  // Ends a running run() and every later one at once, with an error: the agent is stopping.
  void interrupt();

  std::string release() override;
  std::string architecture() override;
  std::string hostname() override;
  std::optional<Space> space(const std::string& path) override;
  std::vector<InterfaceAddress> addresses() override;
  bool clock_synchronised() override;
  std::optional<std::string> ssid(const std::string& interface) override;
  Result<std::string> run(const std::vector<std::string>& arguments, const RunLimits& limits) override;

 private:
  UniqueFd stop_;
};

}  // namespace luy::agent
