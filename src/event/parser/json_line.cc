// JSON lines of programs: nested keys are joined by dots; ECS names and the usual names of others go to fields, the
// rest to labels.
#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "event/parser/json_tree.h"
#include "event/parser/parsers.h"
#include "event/parser/scan.h"

namespace luy::event::parser {
namespace {

using simdjson::dom::element;

struct Alias {
  std::string_view name;
  Field field;
};
// What programs, proxies, and Windows (Security log and Sysmon) call our fields. Kept sorted.
constexpr std::array aliases{
    Alias{"CommandLine", Field::process_command_line},
    Alias{"Computer", Field::host_name},
    Alias{"CurrentDirectory", Field::process_working_directory},
    Alias{"DestinationHostname", Field::destination_domain},
    Alias{"DestinationIp", Field::destination_ip},
    Alias{"DestinationPort", Field::destination_port},
    Alias{"EventID", Field::event_code},
    Alias{"EventType", Field::event_action},
    Alias{"Image", Field::process_executable},
    Alias{"IpAddress", Field::source_ip},
    Alias{"IpPort", Field::source_port},
    Alias{"Message", Field::message},
    Alias{"ParentCommandLine", Field::process_parent_command_line},
    Alias{"ParentImage", Field::process_parent_executable},
    Alias{"ParentProcessId", Field::process_parent_pid},
    Alias{"ProcessId", Field::process_pid},
    Alias{"Provider.#attributes.Name", Field::event_provider},
    Alias{"Provider.@Name", Field::event_provider},
    Alias{"Provider_Name", Field::event_provider},
    Alias{"QueryName", Field::dns_question_name},
    Alias{"SourceIP", Field::source_ip},
    Alias{"SourceIp", Field::source_ip},
    Alias{"SourcePort", Field::source_port},
    Alias{"SubjectUserName", Field::user_name},
    Alias{"TargetFilename", Field::file_path},
    Alias{"TargetUserName", Field::user_target_name},
    Alias{"User", Field::user_name},
    Alias{"action", Field::event_action},
    Alias{"client_ip", Field::source_ip},
    Alias{"clientip", Field::source_ip},
    Alias{"computer_name", Field::host_name},
    Alias{"dest_ip", Field::destination_ip},
    Alias{"dest_port", Field::destination_port},
    Alias{"dst_ip", Field::destination_ip},
    Alias{"dst_port", Field::destination_port},
    Alias{"event_id", Field::event_code},
    Alias{"host", Field::host_name},
    Alias{"hostname", Field::host_name},
    Alias{"level", Field::log_level},
    Alias{"log", Field::message},
    Alias{"msg", Field::message},
    Alias{"outcome", Field::event_outcome},
    Alias{"pid", Field::process_pid},
    Alias{"program", Field::process_name},
    Alias{"provider_name", Field::event_provider},
    Alias{"remote_addr", Field::source_ip},
    Alias{"remote_ip", Field::source_ip},
    Alias{"service", Field::service_name},
    Alias{"severity", Field::log_level},
    Alias{"src_ip", Field::source_ip},
    Alias{"src_port", Field::source_port},
    Alias{"unit", Field::service_name},
    Alias{"user", Field::user_name},
    Alias{"username", Field::user_name},
};
static_assert(std::is_sorted(aliases.begin(), aliases.end(),
                             [](const Alias& a, const Alias& b) { return a.name < b.name; }));

constexpr std::array<std::string_view, 10> time_names{"@timestamp",
                                                      "timestamp",
                                                      "time",
                                                      "ts",
                                                      "datetime",
                                                      "UtcTime",
                                                      "TimeCreated.#attributes.SystemTime",
                                                      "TimeCreated.@SystemTime",
                                                      "TimeCreated_SystemTime",
                                                      "collected_at"};

// Windows events as XML turned to JSON, and Winlogbeat, wrap everything in these.
constexpr std::array<std::string_view, 5> wrappers{"Event.System.", "Event.EventData.", "winlog.event_data.",
                                                   "winlog.user_data.", "winlog."};

std::optional<Field> field_of(std::string_view name) {
  if (const auto field = field_from_name(name)) return field;
  const auto* found = std::lower_bound(aliases.begin(), aliases.end(), name,
                                       [](const Alias& alias, std::string_view wanted) { return alias.name < wanted; });
  if (found == aliases.end() || found->name != name) return std::nullopt;
  return found->field;
}

// Seconds, or thousandths, millionths or billionths of a second since 1970: the size of the number tells.
std::optional<Time> epoch_time(double number) {
  if (!(number > 0)) return std::nullopt;
  for (const double micros_per_unit : {1e6, 1e3, 1.0, 1e-3}) {
    // 100,000,000,000 seconds are the year 5138; the same count of milliseconds is 1973.
    const double micros = number * micros_per_unit;
    if (micros < 1e17) return from_micros(static_cast<std::int64_t>(micros));
  }
  return std::nullopt;
}

std::optional<Time> time_of(std::string_view name, element value, const ParseContext& context) {
  double number = 0;
  if (value.get_double().get(number) == simdjson::SUCCESS) return epoch_time(number);
  const std::string text = scalar_text(value);
  if (const auto time = from_rfc3339(text)) return time;
  ParseContext zone = context;
  if (name == "UtcTime") zone.offset = std::chrono::minutes{0};
  std::string_view rest = text;
  const auto time = take_local_time(rest, zone);
  return rest.empty() ? time : std::nullopt;
}

class Walk {
 public:
  Walk(const ParseContext& context, Event& event) : context_(context), event_(event) {}

  // Depth is bounded by JsonTree.
  void take(element value) {
    if (value.is_object()) {
      const simdjson::dom::object object = value.get_object().value_unsafe();
      for (const auto [key, member] : object) {
        const std::size_t before = path_.size();
        // What is called longer than a label may be is not kept; so the path stays short whatever the nesting.
        if (before + 1 + key.size() > label_name_bytes_max) continue;
        if (before > 0) path_ += '.';
        path_ += key;
        take(member);
        path_.resize(before);
      }
    } else if (value.is_array()) {
      take_list(value.get_array().value_unsafe());
    } else {
      take_scalar(value, scalar_text(value));
    }
  }

 private:
  // Texts of a list are joined; what a list holds in objects stands under the list's own name.
  void take_list(simdjson::dom::array list) {
    std::string joined;
    element first;
    for (const element item : list) {
      if (item.is_object() || item.is_array()) {
        if (!take_named(item)) take(item);
        continue;
      }
      if (joined.size() > value_bytes_max) continue;
      if (joined.empty()) first = item;
      joined.append(joined.empty() ? "" : ", ").append(scalar_text(item));
    }
    if (!joined.empty()) take_scalar(first, field_of(name()) ? scalar_text(first) : joined);
  }

  // XML's <Data Name="x">text</Data> becomes {"@Name": "x", "#text": "text"}; false for anything else.
  bool take_named(element item) {
    std::string_view called;
    element text;
    if (!item.is_object() || item["@Name"].get_string().get(called) != simdjson::SUCCESS ||
        item["#text"].get(text) != simdjson::SUCCESS || called.size() > label_name_bytes_max) {
      return false;
    }
    const std::string list = std::exchange(path_, std::string(called));
    take_scalar(text, scalar_text(text));
    path_ = list;
    return true;
  }

  void take_scalar(element value, const std::string& text) {
    if (text.empty()) return;
    const std::string_view key = name();
    if (std::find(time_names.begin(), time_names.end(), key) != time_names.end() && !event_.time) {
      event_.time = time_of(key, value, context_);
      if (event_.time) return;
    }
    const auto field = field_of(key);
    if (field == Field::source_ip) {
      set_source(event_, text);
    } else if (field && !event_.get(*field)) {
      event_.set(*field, text);
    }
    // What its field refused, or had no room for, is still worth keeping.
    if (!field || event_.text(*field) != text) event_.set_label(key, text);
  }

  std::string_view name() const {
    std::string_view out = path_;
    for (const std::string_view wrapper : wrappers) {
      if (out.starts_with(wrapper)) out.remove_prefix(wrapper.size());
    }
    take_suffix(out, ".#text");
    return out;
  }

  const ParseContext& context_;
  Event& event_;
  std::string path_;
};

}  // namespace

bool json_line(std::string_view raw, const ParseContext& context, Event& event) {
  JsonTree tree;
  if (!tree.read(raw) || !tree.root().is_object()) return false;
  Walk(context, event).take(tree.root());
  if (!event.get(Field::message)) event.set(Field::message, raw);
  windows(event);
  return true;
}

}  // namespace luy::event::parser
