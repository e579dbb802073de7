// What the machine is made of, and whether it is a real one.
#include <algorithm>

#include "agent/linux/collectors.h"
#include "agent/linux/text.h"

namespace luy::agent {
namespace {

// System enclosure types, SMBIOS reference specification (DMTF DSP0134 3.6) table 17.
std::string chassis_name(std::int64_t type) {
  switch (type) {
    case 3:
    case 4:
    case 5:
    case 6:
    case 7:
    case 13:
    case 15:
    case 16:
    case 24:
    case 35:
    case 36:
      return "desktop";
    case 8:
    case 9:
    case 10:
    case 14:
    case 30:
    case 31:
    case 32:
      return "laptop";
    case 17:
    case 23:
    case 25:
    case 28:
    case 29:
      return "server";
    case 1:
    case 11:
    case 12:
    case 18:
    case 34:
      return "other";
    default:
      return "unknown";
  }
}

struct Cpu {
  std::string model;
  std::int64_t count = 0;
  bool hypervisor = false;  // The processor itself says it is run by one (CPUID 1, ECX bit 31).
};

Cpu read_cpu(const Machine& machine) {
  Cpu cpu;
  const std::string text = machine.text("proc/cpuinfo");
  for (const std::string_view line : lines(text)) {
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    const std::string_view key = trim(line.substr(0, colon));
    const std::string_view value = trim(line.substr(colon + 1));
    if (key == "processor") ++cpu.count;
    if ((key == "model name" || key == "Model" || key == "Hardware") && cpu.model.empty()) cpu.model = value;
    if (key == "flags" && !cpu.hypervisor) {
      const auto flags = words(value);
      cpu.hypervisor = std::find(flags.begin(), flags.end(), "hypervisor") != flags.end();
    }
  }
  return cpu;
}

std::int64_t memory_bytes(const Machine& machine) {
  const std::string text = machine.text("proc/meminfo");
  for (const std::string_view line : lines(text)) {
    const auto rest = after(line, "MemTotal:");
    if (!rest) continue;
    const auto fields = words(*rest);
    if (!fields.empty()) return number(fields[0]).value_or(0) * 1024;
  }
  return 0;
}

// Batteries of the machine itself, not of a mouse (scope "Device").
bool has_battery(const Machine& machine) {
  for (const std::string& name : machine.list("sys/class/power_supply")) {
    const std::string folder = "sys/class/power_supply/" + name;
    if (machine.word(folder + "/type") == "Battery" && machine.word(folder + "/scope") != "Device") return true;
  }
  return false;
}

bool is_virtual_vendor(const std::string& vendor, const std::string& model) {
  for (const char* name : {"QEMU", "VMware", "innotek", "Xen", "Amazon EC2", "Google Compute", "Parallels", "OpenStack",
                           "KVM", "Bochs", "Virtual Machine", "VirtualBox", "HVM domU", "Alibaba Cloud ECS"}) {
    if (vendor.find(name) != std::string::npos || model.find(name) != std::string::npos) return true;
  }
  return false;
}

}  // namespace

Result<Finding> collect_hardware(const Machine& machine) {
  fact::Hardware hardware;
  hardware.vendor = machine.word("sys/class/dmi/id/sys_vendor");
  hardware.model = machine.word("sys/class/dmi/id/product_name");
  if (hardware.model.empty()) {
    hardware.model = machine.word("proc/device-tree/model");
    hardware.model.erase(std::remove(hardware.model.begin(), hardware.model.end(), '\0'), hardware.model.end());
  }
  const Cpu cpu = read_cpu(machine);
  hardware.cpu_model = cpu.model;
  hardware.cpus = cpu.count;
  hardware.memory_bytes = memory_bytes(machine);
  hardware.battery = has_battery(machine);
  hardware.chassis = chassis_name(number(machine.word("sys/class/dmi/id/chassis_type")).value_or(0));
  if (cpu.hypervisor || is_virtual_vendor(hardware.vendor, hardware.model)) hardware.chassis = "virtual";
  if (hardware.chassis == "unknown" && hardware.battery) hardware.chassis = "laptop";
  return Finding{"DMI, /proc/cpuinfo, /proc/meminfo", std::move(hardware), {}};
}

}  // namespace luy::agent
