#include "agent/linux/removable.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>

#include "agent/linux/text.h"
#include "base/file.h"
#include "base/log.h"
#include "base/utf8.h"

namespace luy::agent {
namespace {

namespace fs = std::filesystem;
using device_policy::RemovableGate;

constexpr const char* bus = "sys/bus/usb/devices";
constexpr std::string_view mass_storage = "08";  // USB class codes, usb.org: base class 08h.
constexpr std::size_t word_bytes_max = 200;
constexpr std::int64_t sector_bytes = 512;  // Of "size" in sysfs, whatever the disk's own sectors are.

// Names of what lies in a folder; empty when it is not there.
std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> out;
  std::error_code error;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    out.push_back(at->path().filename().string());
  }
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace

std::string RemovableWatch::word(const std::string& place, const char* name) const {
  const auto text = read_file(root_ / bus / place / name, 4096);
  return text ? std::string(utf8_front(to_utf8(trim(*text)), word_bytes_max)) : std::string();
}

std::int64_t RemovableWatch::bytes_of(const std::string& place) const {
  // .../1-1/1-1:1.0/host4/target4:0:0/4:0:0:0/block/sdb/size
  std::error_code error;
  fs::recursive_directory_iterator at(root_ / bus / place / (place + ":1.0"), error);
  for (const fs::recursive_directory_iterator end; !error && at != end; at.increment(error)) {
    if (at.depth() > 6) at.disable_recursion_pending();
    if (at->path().filename() != "size" || at->path().parent_path().parent_path().filename() != "block") continue;
    const auto text = read_file(at->path(), 64);
    const auto sectors = text ? number(trim(*text)) : std::nullopt;
    if (sectors) return *sectors * sector_bytes;
  }
  return 0;
}

std::vector<RemovableWatch::Device> RemovableWatch::plugged() const {
  std::map<std::string, Device> devices;
  for (const std::string& name : names_in(root_ / bus)) {
    const auto colon = name.find(':');
    if (colon == std::string::npos) continue;
    if (word(name, "bInterfaceClass") != mass_storage) continue;
    devices[name.substr(0, colon)].storage = true;
  }
  // A device that is switched off has no interfaces any more.
  for (const auto& [place, serial] : refused_) {
    if (fs::exists(root_ / bus / place) && word(place, "serial") == serial) devices[place].storage = true;
  }
  std::vector<Device> out;
  for (auto& [place, device] : devices) {
    device.place = place;
    device.about.serial = word(place, "serial");
    device.about.vendor = word(place, "manufacturer");
    device.about.model = word(place, "product");
    device.about.bytes = bytes_of(place);
    device.about.present = true;
    out.push_back(std::move(device));
  }
  return out;
}

bool RemovableWatch::authorise(const std::string& place, bool on) const {
  const std::string path = (root_ / bus / place / "authorized").string();
  const UniqueFd fd(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  return fd && ::write(fd.get(), on ? "1\n" : "0\n", 2) == 2;
}

void RemovableWatch::remember(const fact::Removable& before) {
  seen_ = before;
  for (fact::RemovableDevice& one : seen_.devices) one.present = false;
}

bool RemovableWatch::step(const device_policy::Software& section) {
  const fact::Removable before = seen_;
  std::error_code error;
  seen_.mode = name_of(section.removable);
  if (!fs::is_directory(root_ / bus, error)) {
    if (section.removable != RemovableGate::off) seen_.mode = "unsupported";
    return !(seen_ == before);
  }
  if (section.removable == RemovableGate::off) {
    for (const auto& [place, serial] : std::exchange(refused_, {})) authorise(place, true);
    for (fact::RemovableDevice& one : seen_.devices) one.present = false;
    return !(seen_ == before);
  }
  std::vector<fact::RemovableDevice> now;
  std::map<std::string, std::string> refused;
  for (Device& device : plugged()) {
    fact::RemovableDevice& about = device.about;
    const bool known = !about.serial.empty() &&
                       std::find(section.media.begin(), section.media.end(), about.serial) != section.media.end();
    const bool is_off = refused_.contains(device.place);
    about.decision = known ? "allowed" : section.removable == RemovableGate::refuse ? "refused" : "watched";
    if (about.decision == "refused") {
      if (is_off || authorise(device.place, false)) refused[device.place] = about.serial;
      // Seen, and could not be switched off: that is no refusal.
      if (!refused.contains(device.place)) about.decision = "watched";
    } else if (is_off) {
      authorise(device.place, true);
    }
    const auto old = std::find_if(before.devices.begin(), before.devices.end(), [&](const auto& one) {
      return one.serial == about.serial && one.vendor == about.vendor && one.model == about.model;
    });
    const bool stayed = old != before.devices.end() && old->present;
    about.seen_at = stayed ? old->seen_at : clock_.now();
    if (old != before.devices.end() && about.bytes == 0) about.bytes = old->bytes;
    now.push_back(about);
  }
  refused_ = std::move(refused);
  for (const fact::RemovableDevice& one : before.devices) {
    const bool is_there = std::any_of(now.begin(), now.end(), [&](const auto& other) {
      return one.serial == other.serial && one.vendor == other.vendor && one.model == other.model;
    });
    if (is_there) continue;
    now.push_back(one);
    now.back().present = false;
  }
  std::stable_sort(now.begin(), now.end(), [](const auto& a, const auto& b) { return a.seen_at > b.seen_at; });
  if (now.size() > fact::refused_told_max) now.resize(fact::refused_told_max);
  seen_.devices = std::move(now);
  return !(seen_ == before);
}

}  // namespace luy::agent
