// Postfix: what came in from whom, where it goes, what was refused, who could not sign in.
#include "event/parser/parsers.h"
#include "event/parser/scan.h"

namespace luy::event::parser {
namespace {

// "mail.example[192.0.2.7]" or "unknown[192.0.2.7]:4711".
void set_client(Event& event, std::string_view text) {
  const auto open = text.find('[');
  const auto close = text.find(']');
  if (open == std::string_view::npos || close == std::string_view::npos || close < open) return;
  const std::string_view name = text.substr(0, open);
  set_source(event, text.substr(open + 1, close - open - 1));
  if (name != "unknown") event.set(Field::source_domain, name);
}

std::string_view without_brackets(std::string_view text) {
  if (text.starts_with('<')) text.remove_prefix(1);
  take_suffix(text, ">");
  return text;
}

// "warning: unknown[192.0.2.7]: SASL LOGIN authentication failed: UGFzc3dvcmQ6, sasl_username=an".
bool sign_in_failed(std::string_view message, Event& event) {
  const auto at = message.find(": SASL ");
  if (at == std::string_view::npos || message.find(" authentication failed", at) == std::string_view::npos)
    return false;
  Scanner in(message);
  in.take("warning: ");
  set_client(event, in.word());
  if (const auto user = message.find("sasl_username="); user != std::string_view::npos) {
    event.set(Field::user_name, message.substr(user + 14));
  }
  set_meaning(event, {"authentication", "start", "mail_login_failed", "failure"});
  return true;
}

// "NOQUEUE: reject: RCPT from unknown[192.0.2.7]: 554 5.7.1 <x@example>: Relay access denied; from=<a@b> to=<x@c> …".
bool rejected(std::string_view message, Event& event) {
  const auto at = message.find("reject: ");
  if (at == std::string_view::npos) return false;
  const auto from = message.find(" from ", at);
  if (from != std::string_view::npos) set_client(event, message.substr(from + 6));
  if (const auto semicolon = message.rfind("; "); semicolon != std::string_view::npos) {
    event.set(Field::event_reason, message.substr(at + 8, semicolon - at - 8));
    Scanner in(message.substr(semicolon + 2));
    while (const auto pair = next_key_value(in)) {
      if (pair->key == "from") event.set(Field::email_from, without_brackets(pair->value));
      if (pair->key == "to") event.set(Field::email_to, without_brackets(pair->value));
    }
  }
  set_meaning(event, {"email", "denied", "mail_rejected", "failure"});
  return true;
}

// "4F2A17C0: from=<an@town.vn>, size=1234, nrcpt=50 (queue active)" and the like.
bool queued(Scanner in, Event& event) {
  const auto id = in.until(": ");
  if (!id || id->empty() || id->find(' ') != std::string_view::npos) return false;
  std::string_view action;
  std::string_view outcome;
  while (const auto pair = next_key_value(in)) {
    const auto& [key, value, quote] = *pair;
    if (key == "from") {
      event.set(Field::email_from, without_brackets(value));
      action = "mail_queued";
    } else if (key == "to") {
      event.set(Field::email_to, without_brackets(value));
      action = "mail_delivered";
    } else if (key == "client") {
      set_client(event, value);
      action = "mail_received";
    } else if (key == "sasl_username") {
      event.set(Field::user_name, value);
    } else if (key == "status") {
      action = value == "sent" ? "mail_delivered" : value == "bounced" ? "mail_bounced" : "mail_deferred";
      outcome = value == "sent" ? "success" : "failure";
      event.set_label(key, value);
    } else {
      event.set_label(key, value);
    }
  }
  if (action.empty()) return false;
  event.set_label("queue_id", *id);
  set_meaning(event, {"email", "info", action, outcome});
  return true;
}

}  // namespace

bool postfix(std::string_view message, Event& event) {
  return sign_in_failed(message, event) || rejected(message, event) || queued(Scanner(message), event);
}

}  // namespace luy::event::parser
