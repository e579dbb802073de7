#include "event/event.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

#include "base/json.h"
#include "base/utf8.h"
#include "base/vietnamese.h"

namespace luy::event {
namespace {

constexpr std::string_view label_prefix = "labels.";
constexpr std::size_t slots_expected = 24;  // A syslog line of sshd sets 22.

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

bool same(char a, char b) {
  return lower(a) == lower(b);
}

bool is_integer(std::string_view text) {
  const std::string_view digits = text.substr(text.starts_with('-') ? 1 : 0);
  if (digits.empty() || (digits.front() == '0' && text.size() > 1)) return false;  // One spelling for each number.
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size();
}

bool is_address(std::string_view text) {
  std::array<char, INET6_ADDRSTRLEN> copy{};
  if (text.size() >= copy.size() || text.find('\0') != std::string_view::npos) return false;
  std::memcpy(copy.data(), text.data(), text.size());
  std::array<unsigned char, sizeof(in6_addr)> out{};
  return inet_pton(AF_INET, copy.data(), out.data()) == 1 || inet_pton(AF_INET6, copy.data(), out.data()) == 1;
}

bool fits(Field field, std::string_view text) {
  switch (info_of(field).type) {
    case FieldType::text:
      return true;
    case FieldType::integer:
      return is_integer(text);
    case FieldType::address:
      return is_address(text);
    case FieldType::time:
      return false;
  }
  return false;
}

bool matches_text(std::string_view text, std::string_view pattern) {
  const bool open_front = pattern.starts_with('*');
  if (open_front) pattern.remove_prefix(1);
  const bool open_back = pattern.ends_with('*');
  if (open_back) pattern.remove_suffix(1);
  if (text.size() < pattern.size()) return false;
  const auto equal_at = [&](std::size_t at) {
    return std::equal(pattern.begin(), pattern.end(), text.begin() + static_cast<std::ptrdiff_t>(at), same);
  };
  if (open_front && open_back) {
    return std::search(text.begin(), text.end(), pattern.begin(), pattern.end(), same) != text.end() || pattern.empty();
  }
  if (open_front) return equal_at(text.size() - pattern.size());
  return (open_back || text.size() == pattern.size()) && equal_at(0);
}

}  // namespace

Event::Event(Time received_at, std::size_t bytes_expected) : received(received_at) {
  bytes_.reserve(bytes_expected);
  slots_.reserve(slots_expected);
}

Event::Span Event::keep(std::string_view text) {
  const Span span{static_cast<std::uint32_t>(bytes_.size()), static_cast<std::uint32_t>(text.size())};
  bytes_.append(text);
  return span;
}

const Event::Slot* Event::find(Field field) const {
  const auto found = std::find_if(slots_.begin(), slots_.end(), [&](const Slot& slot) { return slot.field == field; });
  return found == slots_.end() ? nullptr : &*found;
}

void Event::set(Field field, std::string_view text) {
  std::string repaired;
  if (!is_utf8(text)) text = repaired = to_utf8(text);
  if (field != Field::message) text = utf8_front(text, value_bytes_max);
  if (text.empty() || !fits(field, text)) return;
  const Span span = keep(text);
  if (const Slot* slot = find(field)) {
    slots_[static_cast<std::size_t>(slot - slots_.data())].text = span;
  } else {
    slots_.push_back({field, span});
  }
}

void Event::set(Field field, std::int64_t number) {
  set(field, std::to_string(number));
}

void Event::set_label(std::string_view name, std::string_view text) {
  if (name.empty() || name.size() > label_name_bytes_max || labels_.size() >= labels_max) return;
  std::string good_name;
  std::string good_text;
  if (!is_utf8(name)) name = good_name = to_utf8(name);
  for (const LabelSlot& label : labels_) {
    if (view(label.name) == name) return;
  }
  text = utf8_front(text, value_bytes_max);
  if (!is_utf8(text)) text = good_text = to_utf8(text);
  const Span name_span = keep(name);
  labels_.push_back({name_span, keep(utf8_front(text, value_bytes_max))});
}

std::optional<std::string_view> Event::get(Field field) const {
  const Slot* slot = find(field);
  if (slot == nullptr) return std::nullopt;
  return view(slot->text);
}

std::optional<std::string> Event::get(std::string_view name) const {
  if (const auto field = field_from_name(name)) {
    if (*field == Field::timestamp) return to_rfc3339(time.value_or(received));
    if (*field == Field::event_ingested) return to_rfc3339(received);
    const auto text = get(*field);
    return text ? std::optional<std::string>(*text) : std::nullopt;
  }
  if (!name.starts_with(label_prefix)) return std::nullopt;
  name.remove_prefix(label_prefix.size());
  for (const LabelSlot& label : labels_) {
    if (view(label.name) == name) return std::string(view(label.text));
  }
  return std::nullopt;
}

std::vector<Event::Value> Event::values() const {
  std::vector<Value> out;
  out.reserve(slots_.size());
  for (const Slot& slot : slots_) out.push_back({slot.field, view(slot.text)});
  std::sort(out.begin(), out.end(), [](const Value& a, const Value& b) { return a.field < b.field; });
  return out;
}

std::vector<Event::Label> Event::labels() const {
  std::vector<Label> out;
  out.reserve(labels_.size());
  for (const LabelSlot& label : labels_) out.push_back({view(label.name), view(label.text)});
  return out;
}

std::string to_json(const Event& event) {
  std::string out = "{";
  const auto put_key = [&](std::string_view prefix, std::string_view name) {
    if (out.size() > 1) out += ',';
    append_json_text(out, std::string(prefix).append(name));
    out += ':';
  };
  for (const Field field : {Field::timestamp, Field::event_ingested}) {
    put_key("", info_of(field).name);
    append_json_text(out, *event.get(info_of(field).name));
  }
  for (const auto& [field, text] : event.values()) {
    const FieldInfo& info = info_of(field);
    put_key("", info.name);
    if (info.type == FieldType::integer) {
      out += text;
    } else {
      append_json_text(out, text);
    }
  }
  for (const auto& [name, text] : event.labels()) {
    put_key(label_prefix, name);
    append_json_text(out, text);
  }
  out += '}';
  return out;
}

bool matches(const Event& event, Field field, std::string_view pattern) {
  if (info_of(field).type == FieldType::time) return matches_text(*event.get(info_of(field).name), pattern);
  const auto text = event.get(field);
  return text && matches_text(*text, pattern);
}

bool matches(const Event& event, std::string_view name, std::string_view pattern) {
  if (const auto field = field_from_name(name)) return matches(event, *field, pattern);
  const auto text = event.get(name);
  return text && matches_text(*text, pattern);
}

WordMatcher::WordMatcher(const std::vector<std::string>& words) {
  for (const std::string& word : words) folded_.push_back(fold_vietnamese(word));
}

bool WordMatcher::matches(std::string_view raw) const {
  if (folded_.empty()) return true;
  const std::string folded = fold_vietnamese(raw);
  return std::all_of(folded_.begin(), folded_.end(),
                     [&](const std::string& word) { return folded.find(word) != std::string::npos; });
}

}  // namespace luy::event
