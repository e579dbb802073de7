// Linux-PAM's modules, whatever program they run in: "pam_unix(sshd:session): session opened for user an(uid=1000) by
// (uid=0)".
#include "event/parser/parsers.h"
#include "event/parser/scan.h"

namespace luy::event::parser {
namespace {

// "an(uid=1000)" or "an"; the rest stays.
void take_user(Scanner& in, Field name, Field id, Event& event) {
  const std::string_view word = in.word();
  const auto open = word.find("(uid=");
  event.set(name, word.substr(0, open));
  if (open == std::string_view::npos || !word.ends_with(')')) return;
  event.set(id, word.substr(open + 5, word.size() - open - 6));
}

bool session(Scanner in, Event& event) {
  const bool opened = in.take("session opened for user ");
  if (!opened && !in.take("session closed for user ")) return false;
  take_user(in, Field::user_name, Field::user_id, event);
  if (in.take(" by ") && !in.rest().starts_with('(')) {
    const std::string_view by = in.rest();
    event.set_label("opened_by", by.substr(0, by.find('(')));
  }
  set_meaning(event, {"session", opened ? "start" : "end", opened ? "session_opened" : "session_closed", "success"});
  return true;
}

// "authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=192.0.2.7  user=an". user= comes last, behind two
// blanks, and is missing when the machine does not know the name; it is the other side's text to the end of the line.
bool failure(Scanner in, Event& event) {
  if (!in.until("authentication failure; ") && !(in.until("more authentication failure") && in.until("; ")))
    return false;
  const std::string_view text = in.rest();
  const auto user = text.find("  user=");
  if (user != std::string_view::npos) event.set(Field::user_name, text.substr(user + 7));
  Scanner pairs(text.substr(0, user));
  while (const auto pair = next_key_value(pairs)) {
    if (pair->key == "rhost") set_source(event, pair->value);
    if (pair->key == "ruser" && !pair->value.empty()) event.set_label("remote_user", pair->value);
    if (pair->key == "tty" && !pair->value.empty()) event.set_label("tty", pair->value);
  }
  set_meaning(event, {"authentication", "start", "authentication_failed", "failure"});
  return true;
}

bool other(Scanner in, Event& event) {
  if (in.take("password changed for ")) {
    event.set(Field::user_target_name, in.rest());
    set_meaning(event, {"iam", "change", "password_changed", "success"});
    return true;
  }
  if (in.take("check pass; user unknown")) {
    set_meaning(event, {"authentication", "start", "user_unknown", "failure"});
    return true;
  }
  // pam_faillock: "Consecutive login failures for user an account temporarily locked".
  if (in.take("Consecutive login failures for user ")) {
    event.set(Field::user_target_name, in.word());
    set_meaning(event, {"iam", "change", "account_locked", "success"});
    return true;
  }
  if (in.take("account ") || in.take("expired password for user ")) {
    const std::string_view name = in.word();
    if (!in.rest().starts_with(" has expired") && !in.rest().starts_with(" (")) return false;
    event.set(Field::user_name, name);
    set_meaning(event, {"authentication", "denied", "account_expired", "failure"});
    return true;
  }
  return false;
}

}  // namespace

bool pam(std::string_view message, Event& event) {
  Scanner in(message);
  if (!in.take("PAM ")) {
    const auto module = in.until("(");
    const auto service = in.until("): ");
    if (!module || !service) return false;
    event.set_label("pam.module", *module);
    event.set_label("pam.service", service->substr(0, service->find(':')));
  }
  return session(in, event) || failure(in, event) || other(in, event);
}

}  // namespace luy::event::parser
