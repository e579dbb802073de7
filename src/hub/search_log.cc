#include "hub/search_log.h"

#include <array>
#include <boost/json.hpp>
#include <cstdint>

#include "base/log.h"
#include "base/utf8.h"

namespace luy::hub {
namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, 7> particulars = {"q", "query", "field", "agency", "device", "from", "until"};
// What people typed.
constexpr std::array<std::string_view, 2> words = {"q", "query"};

void append_unit(std::string& out, std::uint32_t unit) {
  constexpr std::string_view digits = "0123456789abcdef";
  out += "\\u";
  for (int shift = 12; shift >= 0; shift -= 4) out += digits[unit >> static_cast<unsigned>(shift) & 0xFU];
}

// Well-formed UTF-8 as UTF-16 escapes (RFC 8259 section 7).
std::string spelt(std::string_view text) {
  std::string out = "\"";
  while (!text.empty()) {
    const std::size_t bytes = std::max<std::size_t>(utf8_character(text), 1);
    std::uint32_t code = static_cast<unsigned char>(text[0]);
    if (bytes > 1) code &= 0x7FU >> bytes;
    for (std::size_t i = 1; i < bytes; ++i) code = code << 6U | (static_cast<unsigned char>(text[i]) & 0x3FU);
    text.remove_prefix(bytes);
    if (code < 0x10000) {
      append_unit(out, code);
    } else {
      append_unit(out, 0xD800 + ((code - 0x10000) >> 10U));
      append_unit(out, 0xDC00 + ((code - 0x10000) & 0x3FFU));
    }
  }
  return out + "\"";
}

}  // namespace

bool SearchLog::is_new(const std::string& key) {
  const std::lock_guard lock(mutex_);
  const Duration now = clock_.monotonic();
  std::erase_if(noted_, [&](const auto& entry) { return now - entry.second >= same_search; });
  if (noted_.size() >= searches_remembered_max) noted_.clear();
  return noted_.emplace(key, now).second;
}

void SearchLog::note(const api::Request& request, std::string_view act) {
  directory::AuditEntry entry;
  entry.act = act;
  for (const std::string_view name : particulars) {
    if (const auto value = request.param(name); value && !value->empty()) entry.after[name] = to_utf8(*value);
  }
  const std::string key = request.actor->account.text() + " " + entry.act + " " + json::serialize(entry.after);
  if (!is_new(key)) return;
  const auto noted = audit_.record(directory::caller_of(*request.actor, request.client_address), entry);
  if (!noted) log(LogLevel::error, "hub", "audit trail: " + noted.error().text());
}

std::string quiet_search(const std::string& entry) {
  boost::system::error_code error;
  const json::value parsed = json::parse(entry, error);
  if (error || !parsed.is_object()) return entry;
  const json::object& line = parsed.get_object();
  const json::value* act = line.if_contains("event.action");
  const json::value* after = line.if_contains("luy.after");
  if (act == nullptr || !act->is_string()) return entry;
  if (act->get_string() != search_act && act->get_string() != follow_act) return entry;
  if (after == nullptr || !after->is_object()) return entry;
  std::string out = entry;
  for (const std::string_view name : words) {
    const json::value* typed = after->get_object().if_contains(name);
    if (typed == nullptr || !typed->is_string()) continue;
    const std::string member = "\"" + std::string(name) + "\":";
    const std::string plain = member + json::serialize(*typed);
    const std::size_t at = out.rfind(plain);
    if (at == std::string::npos) continue;
    out = out.substr(0, at) + member + spelt(typed->get_string()) + out.substr(at + plain.size());
  }
  return out;
}

}  // namespace luy::hub
