// Messages of OpenSSH's server (auth.c, packet.c, sshd.c). Names of users come from the other side and may hold blanks
// and even " from 1.2.3.4 port 5": the address is therefore looked for from the end of the line wherever the end is
// ours and not theirs.
#include <array>

#include "event/parser/parsers.h"
#include "event/parser/scan.h"

namespace luy::event::parser {
namespace {

struct Peer {
  std::string_view before;  // What stands before the address.
  std::string_view address;
  std::string_view port;
};

// "… 192.0.2.7 port 4711…", the last such place in the text.
std::optional<Peer> last_peer(std::string_view text) {
  constexpr std::string_view mark = " port ";
  const auto at = text.rfind(mark);
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view front = text.substr(0, at);
  const auto blank = front.rfind(' ');
  const std::string_view port = text.substr(at + mark.size());
  return Peer{.before = blank == std::string_view::npos ? std::string_view() : front.substr(0, blank),
              .address = blank == std::string_view::npos ? front : front.substr(blank + 1),
              .port = port.substr(0, port.find_first_not_of("0123456789"))};
}

void set_peer(Event& event, const Peer& peer) {
  set_source(event, peer.address, peer.port);
}

// "for invalid user admin from" → the user, and whether the machine knows it.
void set_user(Event& event, std::string_view text) {
  Scanner in(text);
  in.take("for ");
  for (const std::string_view word : {"authenticating user ", "user "}) in.take(word);
  if (in.take("invalid user ")) event.set_label("user.unknown", "true");
  std::string_view name = in.rest();
  if (!take_suffix(name, " from") && name == "from") name = {};
  event.set(Field::user_name, name);
}

// "Accepted publickey for an from 192.0.2.7 port 4711 ssh2: ED25519 SHA256:…". The part after "ssh2:" can hold a
// certificate's id, which its owner chose; who got in is a name of ours without blanks, so the first address counts.
bool accepted(Scanner in, Event& event) {
  const std::string_view method = in.word();
  in.blanks();
  if (!in.take("for ")) return false;
  const auto user = in.until(" from ");
  if (!user) return false;
  const std::string_view address = in.word();
  if (!in.take(" port ")) return false;
  const std::string_view port = in.word();
  set_source(event, address, port);
  event.set(Field::user_name, *user);
  event.set_label("auth_method", method);
  set_meaning(event, {"authentication", "start", "ssh_login", "success"});
  return true;
}

// "Failed password for invalid user admin from 192.0.2.7 port 4711 ssh2".
bool failed(Scanner in, Event& event) {
  const std::string_view method = in.word();
  in.blanks();
  if (!in.rest().starts_with("for ")) return false;
  std::string_view text = in.rest();
  if (!text.ends_with(" ssh2")) text = text.substr(0, text.rfind(" ssh2: "));
  const auto peer = last_peer(text);
  if (!peer) return false;
  set_peer(event, *peer);
  set_user(event, peer->before);
  event.set_label("auth_method", method);
  set_meaning(event, {"authentication", "start", "ssh_login_failed", "failure"});
  return true;
}

// "User an from 192.0.2.7 not allowed because not listed in AllowUsers".
bool not_allowed(Scanner in, Event& event) {
  const std::string_view text = in.rest();
  const auto why = text.rfind(" not allowed because ");
  if (why == std::string_view::npos) return false;
  const auto from = text.substr(0, why).rfind(" from ");
  if (from == std::string_view::npos) return false;
  event.set(Field::user_name, text.substr(0, from));
  set_source(event, text.substr(from + 6, why - from - 6));
  event.set(Field::event_reason, text.substr(why + 21));
  set_meaning(event, {"authentication", "denied", "ssh_login_denied", "failure"});
  return true;
}

// "Server listening on 0.0.0.0 port 22.", "Received signal 15; terminating."
bool own_state(Scanner in, Event& event) {
  const bool start = in.take("Server listening on ");
  if (!start && !in.rest().ends_with("; terminating.")) return false;
  set_meaning(event,
              {"process", start ? "start" : "end", start ? "ssh_server_started" : "ssh_server_stopped", "success"});
  return true;
}

// The other lines: a phrase, then a user or nothing, then an address and its port.
struct Phrase {
  std::string_view front;
  Meaning meaning;
};
constexpr Meaning refused_probe{"network", "denied", "ssh_probe", "failure"};
constexpr std::array phrases{
    Phrase{"Invalid user ", {"authentication", "start", "ssh_invalid_user", "failure"}},
    Phrase{"maximum authentication attempts exceeded ",
           {"authentication", "denied", "ssh_too_many_attempts", "failure"}},
    Phrase{"Connection closed by ", {"network", "end", "ssh_connection_closed", ""}},
    Phrase{"Connection reset by ", {"network", "end", "ssh_connection_closed", ""}},
    Phrase{"Disconnected from ", {"session", "end", "ssh_disconnected", ""}},
    Phrase{"Disconnecting ", {"session", "end", "ssh_disconnected", ""}},
    Phrase{"Connection from ", {"network", "start", "ssh_connection", ""}},
    Phrase{"Timeout before authentication for ", {"authentication", "end", "ssh_login_timeout", "failure"}},
    Phrase{"Did not receive identification string from ", refused_probe},
    Phrase{"banner exchange: Connection from ", refused_probe},
    Phrase{"Bad protocol version identification ", refused_probe},
    Phrase{"Unable to negotiate with ", refused_probe},
    Phrase{"ssh_dispatch_run_fatal: Connection from ", refused_probe},
};

}  // namespace

bool sshd(std::string_view message, Event& event) {
  event.set(Field::network_protocol, "ssh");
  take_suffix(message, " [preauth]");
  Scanner in(message);
  for (const std::string_view level : {"error: ", "fatal: ", "debug1: "}) in.take(level);
  if (in.take("Accepted ")) return accepted(in, event);
  if (in.take("Failed ")) return failed(in, event);
  if (in.take("User ")) return not_allowed(in, event);
  if (in.take("Received disconnect from ")) {
    // The rest of the line is the other side's text: "192.0.2.7 port 4711:11: disconnected by user".
    const std::string_view address = in.word();
    if (!in.take(" port ")) return false;
    set_source(event, address, in.until(":").value_or(in.rest()));
    set_meaning(event, {"session", "end", "ssh_disconnected", ""});
    return true;
  }
  for (const Phrase& phrase : phrases) {
    if (!in.take(phrase.front)) continue;
    // "Connection from 192.0.2.7 port 4711 on 192.0.2.1 port 22" names two; ours comes last.
    const std::string_view theirs =
        phrase.meaning.action == "ssh_connection" ? in.rest().substr(0, in.rest().find(" on ")) : in.rest();
    const auto peer = last_peer(theirs);
    if (peer) {
      set_peer(event, *peer);
      set_user(event, peer->before);
    }
    set_meaning(event, phrase.meaning);
    return true;
  }
  return own_state(in, event);
}

}  // namespace luy::event::parser
