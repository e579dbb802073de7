// The collectors of Linux, one file each. Every one reads below machine.root only, except for what it asks of
// machine.kernel; each is a plain function from the machine's state to a fact.
#pragma once

#include <string>
#include <vector>

#include "agent/collector.h"
#include "agent/linux/machine.h"

namespace luy::agent {

// All of them with their periods and triggers. The machine must outlive the list.
std::vector<Collector> linux_collectors(const Machine& machine);

Result<Finding> collect_identity(const Machine& machine);
Result<Finding> collect_os(const Machine& machine);
Result<Finding> collect_hardware(const Machine& machine);
Result<Finding> collect_packages(const Machine& machine, const std::string& memory);
Result<Finding> collect_updates(const Machine& machine, const std::string& memory);
Result<Finding> collect_antivirus(const Machine& machine);
Result<Finding> collect_accounts(const Machine& machine);
Result<Finding> collect_listening(const Machine& machine);
Result<Finding> collect_firewall(const Machine& machine);
Result<Finding> collect_disks(const Machine& machine);
Result<Finding> collect_interfaces(const Machine& machine);
Result<Finding> collect_wifi(const Machine& machine, const std::string& memory);
Result<Finding> collect_neighbours(const Machine& machine);
Result<Finding> collect_domain(const Machine& machine);
Result<Finding> collect_shares(const Machine& machine);
Result<Finding> collect_time_sync(const Machine& machine);
Result<Finding> collect_hardening(const Machine& machine);
Result<Finding> collect_software_gate(const Machine& machine);
Result<Finding> collect_removable(const Machine& machine);

}  // namespace luy::agent
