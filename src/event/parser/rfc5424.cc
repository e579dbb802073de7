// RFC 5424, the syslog protocol.
#include <string>

#include "event/parser/parsers.h"
#include "event/parser/scan.h"

namespace luy::event::parser {
namespace {

constexpr std::string_view nil = "-";
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";  // Section 6.4: marks a UTF-8 message.

// SD-PARAM's value (section 6.3.3): up to the quote, with \" \\ and \] unescaped.
std::optional<std::string> take_value(Scanner& in) {
  if (!in.take('"')) return std::nullopt;
  std::string out;
  const std::string_view rest = in.rest();
  for (std::size_t i = 0; i < rest.size(); ++i) {
    if (rest[i] == '"') {
      in = Scanner(rest.substr(i + 1));
      return out;
    }
    if (rest[i] == '\\' && i + 1 < rest.size() && (rest[i + 1] == '"' || rest[i + 1] == '\\' || rest[i + 1] == ']'))
      ++i;
    out += rest[i];
  }
  return std::nullopt;
}

// STRUCTURED-DATA (section 6.3); its parameters become labels "<SD-ID>.<PARAM-NAME>". False when it is malformed.
bool take_structured_data(Scanner& in, Event& event) {
  if (in.take(nil)) return true;
  if (!in.rest().starts_with('[')) return false;
  while (in.take('[')) {
    const std::string_view rest = in.rest();
    const std::string_view id = rest.substr(0, rest.find_first_of(" ]=\""));
    if (id.empty()) return false;
    in.take(id);
    while (in.take(' ')) {
      const auto name = in.until("=");
      if (!name || name->empty() || name->find_first_of(" ]\"") != std::string_view::npos) return false;
      const auto value = take_value(in);
      if (!value) return false;
      // Longer names are not kept anyway; joining them for every parameter would cost their product.
      if (id.size() + name->size() < label_name_bytes_max) {
        event.set_label(std::string(id).append(".").append(*name), *value);
      }
    }
    if (!in.take(']')) return false;
  }
  return true;
}

std::string_view take_part(Scanner& in) {
  const std::string_view part = in.word();
  in.take(' ');
  return part == nil ? std::string_view() : part;
}

}  // namespace

bool rfc5424(std::string_view raw, const ParseContext& context, Event& event) {
  Scanner in(raw);
  const auto priority = take_priority(in);
  if (!priority || !in.take("1 ")) return false;
  Event out = event;
  set_priority(out, *priority);
  const std::string_view time = take_part(in);
  if (!time.empty()) {
    out.time = from_rfc3339(time);
    if (!out.time) return false;
  }
  out.set(Field::host_name, take_part(in));
  const std::string_view program = take_part(in);
  const std::string_view process = take_part(in);
  out.set(Field::log_syslog_appname, program);
  out.set(Field::process_name, program);
  out.set(Field::log_syslog_procid, process);
  out.set(Field::process_pid, process);
  out.set(Field::log_syslog_msgid, take_part(in));
  const std::string_view before = in.rest();
  if (!take_structured_data(in, out)) return false;
  const std::string_view data = before.substr(0, before.size() - in.rest().size());
  if (data != nil) out.set(Field::log_syslog_structured_data, data);
  if (!in.done() && !in.take(' ')) return false;
  in.take(byte_order_mark);
  out.set(Field::message, in.rest());
  refine(program, in.rest(), context, out);
  event = std::move(out);
  return true;
}

}  // namespace luy::event::parser
