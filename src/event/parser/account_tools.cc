// The shadow tools (useradd, usermod, passwd, …): changes of users and groups. Their texts quote names in '…'.
#include <array>

#include "event/parser/parsers.h"
#include "event/parser/scan.h"

namespace luy::event::parser {
namespace {

// "new user: name=an, UID=1001, GID=1001, home=/home/an, shell=/bin/bash, from=/dev/pts/0".
bool created(Scanner in, Event& event) {
  const bool user = in.take("new user: ");
  if (!user && !in.take("new group: ") && !in.take("group added to /etc/group: ")) return false;
  while (const auto pair = next_key_value(in)) {
    if (pair->key == "name") event.set(user ? Field::user_target_name : Field::group_name, pair->value);
    if (pair->key == "UID") event.set(Field::user_target_id, pair->value);
    if (pair->key == "GID") event.set(Field::group_id, pair->value);
    if (pair->key == "home" || pair->key == "shell") event.set_label(pair->key, pair->value);
  }
  set_meaning(event, {"iam", "creation", user ? "user_added" : "group_added", "success"});
  return true;
}

// "<front>'<first>'<middle>'<second>'": what the two quoted names are depends on the sentence.
struct Sentence {
  std::string_view front;
  std::string_view middle;  // What must follow the first name; "" = anything.
  Field first;
  std::optional<Field> second;
  Meaning meaning;
};
constexpr std::array sentences{
    Sentence{"delete user ", "", Field::user_target_name, {}, {"iam", "deletion", "user_deleted", "success"}},
    Sentence{"failed adding user ", "", Field::user_target_name, {}, {"iam", "creation", "user_added", "failure"}},
    Sentence{"add ",
             " to group ",
             Field::user_target_name,
             Field::group_name,
             {"iam", "change", "group_member_added", "success"}},
    Sentence{"add ",
             " to shadow group ",
             Field::user_target_name,
             Field::group_name,
             {"iam", "change", "group_member_added", "success"}},
    Sentence{"delete ",
             " from group ",
             Field::user_target_name,
             Field::group_name,
             {"iam", "change", "group_member_removed", "success"}},
    Sentence{"delete ",
             " from shadow group ",
             Field::user_target_name,
             Field::group_name,
             {"iam", "change", "group_member_removed", "success"}},
    Sentence{"removed group ", "", Field::group_name, {}, {"iam", "deletion", "group_deleted", "success"}},
    Sentence{"group ", " removed from ", Field::group_name, {}, {"iam", "deletion", "group_deleted", "success"}},
    Sentence{"lock user ", "", Field::user_target_name, {}, {"iam", "change", "account_locked", "success"}},
    Sentence{"unlock user ", "", Field::user_target_name, {}, {"iam", "change", "account_unlocked", "success"}},
    Sentence{
        "change user ", " password", Field::user_target_name, {}, {"iam", "change", "password_changed", "success"}},
    Sentence{"change user name ",
             " to ",
             Field::user_target_name,
             Field::user_name,
             {"iam", "change", "user_renamed", "success"}},
    Sentence{"change user ", "", Field::user_target_name, {}, {"iam", "change", "user_changed", "success"}},
    Sentence{"changed user ", "", Field::user_target_name, {}, {"iam", "change", "user_changed", "success"}},
    Sentence{"password for ",
             " changed by ",
             Field::user_target_name,
             Field::user_name,
             {"iam", "change", "password_changed", "success"}},
};

std::optional<std::string_view> take_quoted(Scanner& in) {
  Scanner attempt = in;
  if (!attempt.take('\'')) return std::nullopt;
  const auto name = attempt.until("'");
  if (name) in = attempt;
  return name;
}

bool quoted(std::string_view message, const Sentence& sentence, Event& event) {
  Scanner in(message);
  if (!in.take(sentence.front)) return false;
  const auto first = take_quoted(in);
  if (!first || !in.take(sentence.middle)) return false;
  event.set(sentence.first, *first);
  if (sentence.second) {
    if (const auto second = take_quoted(in)) event.set(*sentence.second, *second);
  }
  set_meaning(event, sentence.meaning);
  return true;
}

// gpasswd: "user an added by root to group sudo", "user an removed by root from group sudo";
// chage: "changed password expiry for an".
bool unquoted(Scanner in, Event& event) {
  if (in.take("changed password expiry for ")) {
    event.set(Field::user_target_name, in.rest());
    set_meaning(event, {"iam", "change", "password_expiry_changed", "success"});
    return true;
  }
  if (!in.take("user ")) return false;
  const std::string_view user = in.word();
  const bool added = in.take(" added by ");
  if (!added && !in.take(" removed by ")) return false;
  const std::string_view by = in.word();
  if (!in.take(added ? " to group " : " from group ")) return false;
  event.set(Field::user_target_name, user);
  event.set(Field::user_name, by);
  event.set(Field::group_name, in.rest());
  set_meaning(event, {"iam", "change", added ? "group_member_added" : "group_member_removed", "success"});
  return true;
}

}  // namespace

bool account_tools(std::string_view message, Event& event) {
  if (created(Scanner(message), event)) return true;
  for (const Sentence& sentence : sentences) {
    if (quoted(message, sentence, event)) return true;
  }
  return unquoted(Scanner(message), event);
}

}  // namespace luy::event::parser
