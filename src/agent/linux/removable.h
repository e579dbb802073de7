// Storage on the USB: what is plugged in, and refusing it by the kernel's own switch (sysfs, "authorized": Linux,
// Documentation/usb/authorization.rst). Looked at every half second: a device is there for that long before it is
// refused. Everything is read and written below a root, so that tests show made-up buses.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/clock.h"
#include "device_policy/software.h"
#include "fact/fact.h"

namespace luy::agent {

class RemovableWatch {
 public:
  RemovableWatch(std::filesystem::path root, const Clock& clock) : root_(std::move(root)), clock_(clock) {}

  // Looks, and refuses or allows as the section has it. True when something is different from the look before.
  bool step(const device_policy::Software& section);
  const fact::Removable& seen() const { return seen_; }
  // From before a restart.
  void remember(const fact::Removable& before);

 private:
  struct Device {
    std::string place;  // Its name on the bus: "1-1".
    fact::RemovableDevice about;
    bool storage = false;  // Has an interface for mass storage, or had one when it was refused.
  };
  std::vector<Device> plugged() const;
  std::string word(const std::string& place, const char* name) const;
  std::int64_t bytes_of(const std::string& place) const;
  bool authorise(const std::string& place, bool on) const;

  const std::filesystem::path root_;
  const Clock& clock_;
  fact::Removable seen_;
  std::map<std::string, std::string> refused_;  // Place -> serial of those that this switched off.
};

}  // namespace luy::agent
