// Which machine this is: a hash of the numbers that stay when the agent is installed again.
#include "agent/linux/collectors.h"
#include "agent/linux/text.h"
#include "base/encoding.h"
#include "base/hash.h"

namespace luy::agent {
namespace {

constexpr std::string_view label = "luy device identity 1";

// What firmware says when nobody has filled in the field.
bool is_filler(const std::string& text) {
  const std::string folded = lower(text);
  for (const char* filler : {"none", "default string", "to be filled by o.e.m.", "not specified",
                             "system serial number", "base board serial number", "00000000-0000-0000-0000-000000000000",
                             "ffffffff-ffff-ffff-ffff-ffffffffffff", "0", "123456789"}) {
    if (folded == filler) return true;
  }
  return folded.empty();
}

// The permanent hardware address of the first network card: only for machines that have no number at all.
std::string first_hardware_address(const Machine& machine) {
  for (const std::string& name : machine.list("sys/class/net")) {
    if (!machine.exists("sys/class/net/" + name + "/device")) continue;
    std::string address = machine.word("sys/class/net/" + name + "/address");
    if (!address.empty() && address != "00:00:00:00:00:00") return address;
  }
  return {};
}

// The full name as /etc/hosts gives it: no question to a name server, which could wait or lie.
std::string full_name(const Machine& machine, const std::string& hostname) {
  const std::string text = machine.text("etc/hosts");
  for (const std::string_view line : lines(text)) {
    for (const std::string_view name : words(line.substr(0, line.find('#')))) {
      if (name.starts_with(hostname + ".")) return std::string(name);
    }
  }
  return hostname;
}

}  // namespace

Result<Finding> collect_identity(const Machine& machine) {
  std::string numbers;
  std::string method;
  const auto take = [&](std::string_view name, std::string value, std::string_view source) {
    if (is_filler(value)) return;
    numbers += std::string(name) + '=' + value + '\n';
    method += (method.empty() ? "" : ", ") + std::string(source);
  };
  std::string id = machine.word("etc/machine-id");
  if (number(id, 16) || id.size() == 32) {
    take("machine-id", id, "/etc/machine-id");
  } else {
    take("machine-id", machine.word("var/lib/dbus/machine-id"), "/var/lib/dbus/machine-id");
  }
  take("product-uuid", lower(machine.word("sys/class/dmi/id/product_uuid")), "DMI product_uuid");
  take("board-serial", machine.word("sys/class/dmi/id/board_serial"), "DMI board_serial");
  if (numbers.empty()) take("hardware-address", first_hardware_address(machine), "network card");
  if (numbers.empty()) {
    return Error(collector_failed, "no machine-id, no DMI number and no network card: run systemd-machine-id-setup");
  }
  fact::Identity identity;
  identity.key = to_hex(Sha256().digest({label, "\n", numbers}));
  identity.hostname = machine.kernel.hostname();
  identity.fqdn = full_name(machine, identity.hostname);
  return Finding{std::move(method), std::move(identity), {}};
}

}  // namespace luy::agent
