#include "watch/baseline.h"

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>
#include <limits>
#include <vector>

namespace luy::watch {
namespace {

namespace json = boost::json;

std::size_t hour_of(Time at) {
  const auto local = at + vietnam_offset;
  const auto hour = std::chrono::floor<std::chrono::hours>(local - std::chrono::floor<days>(local));
  return static_cast<std::size_t>(hour.count());
}

double median_of(std::vector<double>& values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

}  // namespace

void Baseline::add(Time at, Duration latency) {
  auto& hour = hours_[hour_of(at)];
  constexpr std::int64_t most = std::numeric_limits<std::int32_t>::max();
  hour.push_back(static_cast<std::int32_t>(std::clamp<std::int64_t>(latency.count(), 0, most)));
  if (hour.size() > baseline_samples_max) hour.pop_front();
}

std::size_t Baseline::samples() const {
  std::size_t count = 0;
  for (const auto& hour : hours_) count += hour.size();
  return count;
}

std::optional<Baseline::Level> Baseline::level(Time at) const {
  if (samples() < baseline_warm_up) return std::nullopt;
  const auto& hour = hours_[hour_of(at)];
  std::vector<double> values(hour.begin(), hour.end());
  if (values.size() < baseline_hour_samples) {
    values.clear();
    for (const auto& one : hours_) values.insert(values.end(), one.begin(), one.end());
  }
  const double median = median_of(values);
  Level out;
  out.samples = values.size();
  for (double& value : values) value = std::abs(value - median);
  const double spread = median_of(values);
  const double slack = static_cast<double>(baseline_slack_min.count());
  const double limit = std::max({median + baseline_spread_factor * spread, 2 * median, median + slack});
  out.median = Duration(static_cast<std::int64_t>(median));
  out.limit = Duration(static_cast<std::int64_t>(limit));
  return out;
}

std::string Baseline::saved() const {
  json::array out;
  for (const auto& hour : hours_) out.push_back(json::array(hour.begin(), hour.end()));
  return json::serialize(out);
}

Baseline Baseline::restored(std::string_view text) {
  Baseline out;
  boost::system::error_code error;
  const json::value root = json::parse(json::string_view(text.data(), text.size()), error);
  const json::array* hours = error ? nullptr : root.if_array();
  if (hours == nullptr || hours->size() != out.hours_.size()) return out;
  for (std::size_t i = 0; i < out.hours_.size(); ++i) {
    const json::array* values = (*hours)[i].if_array();
    if (values == nullptr || values->size() > baseline_samples_max) return {};
    for (const json::value& value : *values) {
      if (!value.is_int64()) return {};
      out.hours_[i].push_back(static_cast<std::int32_t>(value.get_int64()));
    }
  }
  return out;
}

}  // namespace luy::watch
