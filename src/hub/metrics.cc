#include "hub/metrics.h"

#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>

#include "base/file.h"

namespace luy::hub {

void MetricsText::begin(std::string_view name, std::string_view help, std::string_view type) {
  if (last_ == name) return;
  last_ = name;
  out_.append("# HELP ").append(name).append(" ").append(help).append("\n# TYPE ").append(name);
  out_.append(" ").append(type).append("\n");
}

void MetricsText::sample(std::string_view name, Labels labels, const std::string& value) {
  out_ += name;
  char open = '{';
  for (const auto& [key, text] : labels) {
    out_ += open;
    out_.append(key).append("=\"");
    for (const char c : text) {
      if (c == '"' || c == '\\') out_ += '\\';
      out_ += c == '\n' ? ' ' : c;
    }
    out_ += '"';
    open = ',';
  }
  if (labels.size() > 0) out_ += '}';
  out_.append(" ").append(value).append("\n");
}

void MetricsText::counter(std::string_view name, std::string_view help, std::uint64_t value, Labels labels) {
  begin(name, help, "counter");
  sample(name, labels, std::to_string(value));
}

void MetricsText::gauge(std::string_view name, std::string_view help, double value, Labels labels) {
  begin(name, help, "gauge");
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.17g", value);
  sample(name, labels, text.data());
}

std::uint64_t resident_bytes() {
  const auto statm = read_file("/proc/self/statm", 4096);
  if (!statm) return 0;
  const std::size_t blank = statm->find(' ');
  if (blank == std::string::npos) return 0;
  const auto pages = std::strtoull(statm->c_str() + blank + 1, nullptr, 10);
  return pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

}  // namespace luy::hub
