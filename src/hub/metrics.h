// Prometheus text exposition format 0.0.4, written by hand. Pure.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace luy::hub {

class MetricsText {
 public:
  using Labels = std::initializer_list<std::pair<std::string_view, std::string_view>>;
  // Help and type are written once per name: samples of one name must follow one another.
  void counter(std::string_view name, std::string_view help, std::uint64_t value, Labels labels = {});
  void gauge(std::string_view name, std::string_view help, double value, Labels labels = {});
  std::string take() { return std::move(out_); }

 private:
  void begin(std::string_view name, std::string_view help, std::string_view type);
  void sample(std::string_view name, Labels labels, const std::string& value);
  std::string out_;
  std::string last_;
};

// Memory this process holds, in bytes, from /proc/self/statm; 0 where there is none.
std::uint64_t resident_bytes();

}  // namespace luy::hub
