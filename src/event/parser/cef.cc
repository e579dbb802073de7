// ArcSight's Common Event Format, version 0 and 1, as firewalls and mail gateways send it:
// CEF:0|vendor|product|version|event class|name|severity|key=value key=value …
// In the head '|' and '\' are escaped by '\', in the extension '=' and '\', and line breaks are \n and \r. Values hold
// blanks: one ends where the next key begins.
#include <algorithm>
#include <array>
#include <string>

#include "event/parser/parsers.h"
#include "event/parser/scan.h"

namespace luy::event::parser {
namespace {

struct Mapping {
  std::string_view key;
  Field field;
};
// ArcSight's dictionary. Kept sorted.
constexpr std::array mappings{
    Mapping{"app", Field::network_protocol},
    Mapping{"destinationDnsDomain", Field::destination_domain},
    Mapping{"deviceInboundInterface", Field::observer_interface},
    Mapping{"deviceOutboundInterface", Field::observer_egress},
    Mapping{"dhost", Field::destination_domain},
    Mapping{"dpt", Field::destination_port},
    Mapping{"dst", Field::destination_ip},
    Mapping{"duser", Field::user_target_name},
    Mapping{"dvchost", Field::host_name},
    Mapping{"filePath", Field::file_path},
    Mapping{"fname", Field::file_path},
    Mapping{"reason", Field::event_reason},
    Mapping{"requestClientApplication", Field::user_agent},
    Mapping{"requestMethod", Field::http_request_method},
    Mapping{"smac", Field::source_mac},
    Mapping{"sproc", Field::process_name},
    Mapping{"spt", Field::source_port},
    Mapping{"suser", Field::user_name},
};
static_assert(std::is_sorted(mappings.begin(), mappings.end(),
                             [](const Mapping& a, const Mapping& b) { return a.key < b.key; }));

// The next part of the head, its escapes resolved; nullopt without a closing '|'.
std::optional<std::string> take_part(Scanner& in) {
  const std::string_view rest = in.rest();
  std::string out;
  for (std::size_t i = 0; i < rest.size(); ++i) {
    if (rest[i] == '|') {
      in = Scanner(rest.substr(i + 1));
      return out;
    }
    if (rest[i] == '\\' && i + 1 < rest.size()) ++i;
    out += rest[i];
  }
  return std::nullopt;
}

bool is_key_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-';
}

std::string unescaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size()) {
      ++i;
      out += text[i] == 'n' ? '\n' : text[i] == 'r' ? '\r' : text[i];
    } else {
      out += text[i];
    }
  }
  return out;
}

void take_pair(std::string_view key, const std::string& value, const ParseContext& context, Event& event) {
  if (value.empty()) return;
  const auto* found = std::lower_bound(mappings.begin(), mappings.end(), key,
                                       [](const Mapping& one, std::string_view wanted) { return one.key < wanted; });
  if (found != mappings.end() && found->key == key) {
    if (!event.get(found->field)) event.set(found->field, value);
  } else if (key == "src" || key == "shost") {
    set_source(event, value);
  } else if (key == "proto") {
    event.set(Field::network_transport, transport_name(value));
  } else if (key == "request") {
    set_url(event, value);
  } else if (key == "rt" || key == "end" || key == "start") {
    if (const auto time = cef_time(value, context); time && (!event.time || key == "rt")) event.time = time;
  } else {
    event.set_label(key, value);
  }
}

void take_extension(std::string_view text, const ParseContext& context, Event& event) {
  std::string_view key;
  std::size_t value_begin = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    if (i < text.size() && text[i] == '\\') {
      ++i;
      continue;
    }
    if (i < text.size() && text[i] != '=') continue;
    std::size_t key_begin = std::min(i, text.size());
    while (i < text.size() && key_begin > value_begin && is_key_char(text[key_begin - 1])) --key_begin;
    // An '=' within a value, as careless senders leave it, has no key before it.
    const bool is_key =
        i < text.size() && key_begin < i && (key_begin == 0 || (key_begin > value_begin && text[key_begin - 1] == ' '));
    if (i < text.size() && !is_key) continue;
    if (!key.empty()) {
      take_pair(key, unescaped(trimmed(text.substr(value_begin, key_begin - value_begin))), context, event);
    }
    if (i >= text.size()) break;
    key = text.substr(key_begin, i - key_begin);
    value_begin = i + 1;
  }
}

}  // namespace

std::optional<Time> cef_time(std::string_view text, const ParseContext& context) {
  Scanner in(text);
  const auto millis = in.number();
  constexpr std::int64_t millis_max = 253'402'300'799'999;  // The last one of the year 9999.
  if (millis && in.done()) return *millis <= millis_max ? std::optional(from_millis(*millis)) : std::nullopt;
  if (const auto time = from_rfc3339(text)) return time;
  return take_bsd_time(text, context);
}

std::string_view transport_name(std::string_view text) {
  struct Name {
    std::string_view is;
    std::string_view name;
  };
  // Numbers are those of IANA's "Protocol Numbers".
  constexpr std::array names{Name{"6", "tcp"},   Name{"17", "udp"},  Name{"1", "icmp"},     Name{"58", "icmp"},
                             Name{"TCP", "tcp"}, Name{"UDP", "udp"}, Name{"ICMP", "icmp"},  Name{"ICMPv6", "icmp"},
                             Name{"Tcp", "tcp"}, Name{"Udp", "udp"}, Name{"icmp6", "icmp"}, Name{"ICMP6", "icmp"}};
  for (const Name& one : names) {
    if (one.is == text) return one.name;
  }
  return text;
}

void set_verdict(Event& event, std::string_view word) {
  std::string lower(word);
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  const auto says = [&](std::initializer_list<std::string_view> words) {
    return std::any_of(words.begin(), words.end(),
                       [&](std::string_view one) { return lower.find(one) != std::string::npos; });
  };
  if (says({"deny", "denied", "drop", "block", "reject", "prevent"})) {
    set_meaning(event, {"network", "denied", "firewall_denied", "failure"});
  } else if (says({"allow", "accept", "permit", "pass"})) {
    set_meaning(event, {"network", "allowed", "firewall_allowed", "success"});
  } else {
    set_meaning(event, {"network", "info", "firewall_logged", ""});
  }
}

bool cef(std::string_view raw, const ParseContext& context, Event& event) {
  Scanner in(raw);
  in.take("CEF:");
  Event out = event;
  std::string head[7];
  for (std::string& part : head) {
    auto text = take_part(in);
    if (!text) return false;
    part = *std::move(text);
  }
  if (head[0] != "0" && head[0] != "1") return false;
  out.set(Field::event_provider, head[2]);
  out.set(Field::observer_vendor, head[1]);
  out.set(Field::observer_product, head[2]);
  out.set(Field::event_code, head[4]);
  out.set(Field::rule_name, head[5]);
  out.set_label("cef.severity", head[6]);
  out.set(Field::event_dataset, "cef");
  take_extension(in.rest(), context, out);
  const std::string verdict(out.get("labels.act").value_or(""));
  if (out.get(Field::source_ip) && out.get(Field::destination_ip)) {
    set_verdict(out, verdict);
  } else {
    set_meaning(out, {"host", "info", verdict, ""});
  }
  if (const auto outcome = out.get("labels.outcome")) out.set(Field::event_outcome, *outcome);
  event = std::move(out);
  return true;
}

}  // namespace luy::event::parser
