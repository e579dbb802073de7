// The operating system: os-release(5), the kernel, and when it was started.
#include "agent/linux/collectors.h"
#include "agent/linux/text.h"

namespace luy::agent {
namespace {

// The value of an os-release(5) assignment without its quotes and backslashes.
std::string unquoted(std::string_view value) {
  if (value.size() >= 2 && (value.front() == '"' || value.front() == '\'') && value.back() == value.front()) {
    value = value.substr(1, value.size() - 2);
  }
  std::string out;
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (value[i] == '\\' && i + 1 < value.size()) ++i;
    out += value[i];
  }
  return out;
}

}  // namespace

Result<Finding> collect_os(const Machine& machine) {
  std::string text = machine.text("etc/os-release");
  if (text.empty()) text = machine.text("usr/lib/os-release");
  fact::Os os;
  for (const std::string_view line : lines(text)) {
    if (const auto id = after(line, "ID=")) os.id = unquoted(*id);
    if (const auto version = after(line, "VERSION_ID=")) os.version_id = unquoted(*version);
    if (const auto name = after(line, "PRETTY_NAME=")) os.pretty_name = unquoted(*name);
  }
  if (os.id.empty()) os.id = "linux";
  os.kernel = machine.kernel.release();
  os.architecture = machine.kernel.architecture();
  const std::string statistics = machine.text("proc/stat");
  for (const std::string_view line : lines(statistics)) {
    const auto seconds = after(line, "btime ");
    if (!seconds) continue;
    if (const auto at = number(*seconds)) os.booted_at = Time{std::chrono::seconds(*at)};
  }
  return Finding{"os-release, uname, /proc/stat", std::move(os), {}};
}

}  // namespace luy::agent
