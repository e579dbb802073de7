// Records of the Linux audit daemon: type=… msg=audit(seconds.millis:serial): key=value … ; user-space records carry
// more pairs in msg='…'. Text that could hold blanks or quotes is written in hexadecimal instead (audit-userspace,
// "auparse" type "escaped"). With log_format=ENRICHED a byte 0x1d and explained pairs in capitals follow.
#include <algorithm>
#include <array>
#include <string>

#include "base/encoding.h"
#include "event/parser/parsers.h"
#include "event/parser/scan.h"

namespace luy::event::parser {
namespace {

struct TypeMeaning {
  std::string_view type;
  Meaning meaning;
};
// Kept sorted by type. Outcomes come from res= and success=.
constexpr std::array types{
    TypeMeaning{"ADD_GROUP", {"iam", "creation", "group_added", ""}},
    TypeMeaning{"ADD_USER", {"iam", "creation", "user_added", ""}},
    TypeMeaning{"ANOM_ABEND", {"process", "end", "process_crashed", "failure"}},
    TypeMeaning{"ANOM_PROMISCUOUS", {"network", "change", "promiscuous_mode_changed", ""}},
    TypeMeaning{"AVC", {"process", "denied", "access_denied", "failure"}},
    TypeMeaning{"CONFIG_CHANGE", {"configuration", "change", "audit_configuration_changed", ""}},
    TypeMeaning{"CRED_ACQ", {"authentication", "info", "credentials_acquired", ""}},
    TypeMeaning{"CRED_DISP", {"authentication", "info", "credentials_disposed", ""}},
    TypeMeaning{"DAEMON_END", {"configuration", "end", "audit_stopped", ""}},
    TypeMeaning{"DAEMON_START", {"configuration", "start", "audit_started", ""}},
    TypeMeaning{"DEL_GROUP", {"iam", "deletion", "group_deleted", ""}},
    TypeMeaning{"DEL_USER", {"iam", "deletion", "user_deleted", ""}},
    TypeMeaning{"EXECVE", {"process", "start", "process_started", ""}},
    TypeMeaning{"KERN_MODULE", {"driver", "info", "kernel_module", ""}},
    TypeMeaning{"LOGIN", {"session", "info", "login_id_set", ""}},
    TypeMeaning{"NETFILTER_CFG", {"configuration", "change", "firewall_changed", ""}},
    TypeMeaning{"PATH", {"file", "info", "file_touched", ""}},
    TypeMeaning{"SERVICE_START", {"process", "start", "service_started", ""}},
    TypeMeaning{"SERVICE_STOP", {"process", "end", "service_stopped", ""}},
    TypeMeaning{"SYSCALL", {"process", "info", "system_call", ""}},
    TypeMeaning{"SYSTEM_BOOT", {"host", "start", "host_started", ""}},
    TypeMeaning{"SYSTEM_SHUTDOWN", {"host", "end", "host_stopped", ""}},
    TypeMeaning{"USER_ACCT", {"authentication", "info", "account_checked", ""}},
    TypeMeaning{"USER_AUTH", {"authentication", "info", "user_authenticated", ""}},
    TypeMeaning{"USER_CHAUTHTOK", {"iam", "change", "password_changed", ""}},
    TypeMeaning{"USER_CMD", {"process", "start", "command_run", ""}},
    TypeMeaning{"USER_END", {"session", "end", "session_closed", ""}},
    TypeMeaning{"USER_ERR", {"authentication", "info", "user_error", ""}},
    TypeMeaning{"USER_LOGIN", {"authentication", "start", "user_login", ""}},
    TypeMeaning{"USER_LOGOUT", {"authentication", "end", "user_logout", ""}},
    TypeMeaning{"USER_MGMT", {"iam", "change", "account_changed", ""}},
    TypeMeaning{"USER_START", {"session", "start", "session_opened", ""}},
};
static_assert(std::is_sorted(types.begin(), types.end(),
                             [](const TypeMeaning& a, const TypeMeaning& b) { return a.type < b.type; }));

struct Mapping {
  std::string_view key;
  Field field;
};
constexpr std::array mappings{
    Mapping{"pid", Field::process_pid},
    Mapping{"ppid", Field::process_parent_pid},
    Mapping{"comm", Field::process_name},
    Mapping{"exe", Field::process_executable},
    Mapping{"cwd", Field::process_working_directory},
    Mapping{"proctitle", Field::process_command_line},
    Mapping{"cmd", Field::process_command_line},
    Mapping{"name", Field::file_path},
    Mapping{"uid", Field::user_id},
    Mapping{"UID", Field::user_name},
    Mapping{"unit", Field::service_name},
    Mapping{"grp", Field::group_name},
    Mapping{"node", Field::host_name},
    Mapping{"op", Field::event_reason},
};

// Keys whose bare values are hexadecimal (auparse, typetab.h); a0, a1 … only in EXECVE.
constexpr std::array<std::string_view, 18> escaped{"acct",  "cmd",  "comm",      "cwd",      "data", "device",
                                                   "dir",   "exe",  "file",      "grp",      "key",  "name",
                                                   "ocomm", "path", "proctitle", "root_dir", "vm",   "watch"};

bool is_argument(std::string_view key) {
  return key.size() > 1 && key[0] == 'a' && key.find_first_not_of("0123456789", 1) == std::string_view::npos;
}

// The value in clear. proctitle separates arguments by zero bytes.
std::string clear_value(const KeyValue& pair, bool execve) {
  const bool hex = pair.quote == '\0' && (std::find(escaped.begin(), escaped.end(), pair.key) != escaped.end() ||
                                          (execve && is_argument(pair.key)));
  auto decoded = hex ? from_hex(pair.value) : std::nullopt;
  if (!decoded) return std::string(pair.value);
  std::replace(decoded->begin(), decoded->end(), '\0', ' ');
  return *std::move(decoded);
}

bool says_nothing(std::string_view value) {
  return value.empty() || value == "?" || value == "(null)" || value == "(none)";
}

void take_outcome(std::string_view value, Event& event) {
  if (value == "success" || value == "yes" || value == "1") event.set(Field::event_outcome, "success");
  if (value == "failed" || value == "no" || value == "0") event.set(Field::event_outcome, "failure");
}

void take_pair(std::string_view type, const KeyValue& pair, const std::string& value, Event& event) {
  if (says_nothing(value)) return;
  const bool changes_accounts = type == "ADD_USER" || type == "DEL_USER" || type == "USER_MGMT" ||
                                type == "USER_CHAUTHTOK" || type == "ADD_GROUP" || type == "DEL_GROUP";
  if (pair.key == "res" || pair.key == "success") {
    take_outcome(value, event);
  } else if (pair.key == "acct") {
    event.set(changes_accounts ? Field::user_target_name : Field::user_name, value);
  } else if (pair.key == "ID" && changes_accounts) {
    event.set(Field::user_target_name, value);
  } else if (pair.key == "addr" || pair.key == "hostname") {
    set_source(event, value);
  } else if (const auto* known = std::find_if(mappings.begin(), mappings.end(),
                                              [&](const Mapping& mapping) { return mapping.key == pair.key; });
             known != mappings.end()) {
    if (!event.get(known->field)) event.set(known->field, value);
  } else {
    event.set_label(pair.key, value);
  }
}

// The pairs of a record, and those inside msg='…', which holds no further msg.
void take_pairs(std::string_view type, std::string_view text, Event& event, std::string& arguments, bool inner) {
  Scanner in(text);
  while (const auto pair = next_key_value(in)) {
    if (pair->key == "msg" && pair->quote == '\'' && !inner) {
      take_pairs(type, pair->value, event, arguments, true);
      continue;
    }
    const std::string value = clear_value(*pair, type == "EXECVE");
    if (type == "EXECVE" && is_argument(pair->key)) {
      if (!arguments.empty()) arguments += ' ';
      arguments += value;
      continue;
    }
    take_pair(type, *pair, value, event);
  }
}

}  // namespace

void audit_body(std::string_view type, std::string_view body, Event& event) {
  event.set(Field::event_code, type);
  std::string arguments;
  take_pairs(type, body, event, arguments, false);
  event.set(Field::process_command_line, arguments);
  const auto* found =
      std::lower_bound(types.begin(), types.end(), type,
                       [](const TypeMeaning& entry, std::string_view wanted) { return entry.type < wanted; });
  if (found != types.end() && found->type == type) set_meaning(event, found->meaning);
  if (type == "PATH") {
    const auto kind = event.get("labels.nametype").value_or("");
    if (kind == "CREATE") set_meaning(event, {"file", "creation", "file_created", ""});
    if (kind == "DELETE") set_meaning(event, {"file", "deletion", "file_deleted", ""});
  }
}

bool audit(std::string_view raw, const ParseContext&, Event& event) {
  Scanner in(raw);
  std::string_view node;
  if (in.take("node=")) {
    node = in.word();
    in.blanks();
  }
  if (!in.take("type=")) return false;
  const std::string_view type = in.word();
  in.blanks();
  if (!in.take("msg=audit(")) return false;
  const auto seconds = in.number();
  if (!seconds || !in.take('.')) return false;
  const auto millis = in.number();
  if (!millis || *millis > 999 || !in.take(':')) return false;
  const auto serial = in.number();
  if (!serial || !in.take(')')) return false;
  in.take(':');
  constexpr std::int64_t seconds_max = 253'402'300'799;  // The last second of the year 9999.
  if (*seconds > seconds_max) return false;

  event.time = from_millis(*seconds * 1000 + *millis);
  event.set(Field::host_name, node);
  event.set(Field::event_provider, "auditd");
  event.set(Field::message, raw);
  event.set_label("serial", std::to_string(*serial));  // Joins the records of one event.
  audit_body(type, in.rest(), event);
  return true;
}

}  // namespace luy::event::parser
