#include "evidence/tally.h"

#include "evidence/error.h"

namespace luy::evidence {

Result<void> TimeTally::add(Time time) {
  const Duration local = time.time_since_epoch() + vietnam_offset;
  const auto n = local.count() / bucket_.count() - (local.count() % bucket_.count() < 0 ? 1 : 0);
  ++buckets_[Time(Duration(n * bucket_.count()) - vietnam_offset)];
  if (buckets_.size() > count_buckets_max) return Error(query_invalid, "10.000 khoảng / intervals");
  return {};
}

Counts TimeTally::counts() const {
  Counts out;
  for (const auto& [begin, count] : buckets_) {
    out.buckets.push_back({begin, count});
    out.total += count;
  }
  return out;
}

FieldValues::FieldValues(std::string_view field) {
  for (const ShortField& known : short_fields()) {
    if (known.name == field) fields_.assign(known.fields.begin(), known.fields.end());
  }
  const bool known = field == "source" || field.starts_with("labels.") || event::field_from_name(field);
  if (fields_.empty()) fields_.push_back(known ? std::string(field) : "labels." + std::string(field));
}

std::vector<std::string> FieldValues::of(const Record& record) const {
  if (fields_.front() == "source") return {record.source};
  const event::Event event = event_of(record);
  std::vector<std::string> out;
  for (const std::string& field : fields_) {
    if (auto value = event.get(std::string_view(field))) out.push_back(*std::move(value));
  }
  return out;
}

void ValueTally::count(std::string value) {
  const auto known = values_.find(value);
  if (known != values_.end()) {
    ++known->second;
  } else if (values_.size() < tally_values_max) {
    values_.emplace(std::move(value), 1);
  } else {
    ++others_;
  }
}

void ValueTally::add(const Record& record) {
  std::vector<std::string> values = field_.of(record);
  if (values.empty()) ++without_;
  for (std::string& value : values) count(std::move(value));
}

std::vector<ValueTally::Row> ValueTally::top(std::size_t n) const {
  std::vector<Row> out;
  out.reserve(values_.size());
  for (const auto& [value, count] : values_) out.push_back({value, count});
  const auto order = [](const Row& a, const Row& b) {
    return a.count != b.count ? a.count > b.count : a.value < b.value;
  };
  const auto middle = out.begin() + static_cast<std::ptrdiff_t>(std::min(n, out.size()));
  std::partial_sort(out.begin(), middle, out.end(), order);
  out.erase(middle, out.end());
  return out;
}

}  // namespace luy::evidence
