// cron and crontab: "(user) VERB (detail)".
#include <array>

#include "event/parser/parsers.h"
#include "event/parser/scan.h"

namespace luy::event::parser {
namespace {

struct Verb {
  std::string_view word;
  Meaning meaning;
};
constexpr std::array verbs{
    Verb{"CMD", {"process", "start", "cron_command", ""}},
    Verb{"CMDEND", {"process", "end", "cron_command_ended", ""}},
    Verb{"RELOAD", {"configuration", "change", "crontab_reloaded", ""}},
    Verb{"REPLACE", {"configuration", "change", "crontab_replaced", ""}},
    Verb{"DELETE", {"configuration", "deletion", "crontab_deleted", ""}},
    Verb{"BEGIN EDIT", {"configuration", "access", "crontab_edited", ""}},
    Verb{"END EDIT", {"configuration", "info", "crontab_edit_ended", ""}},
    Verb{"LIST", {"configuration", "access", "crontab_listed", ""}},
    Verb{"AUTH", {"authentication", "denied", "crontab_denied", "failure"}},
    Verb{"INFO", {"process", "info", "cron_info", ""}},
};

}  // namespace

bool cron(std::string_view message, Event& event) {
  Scanner in(message);
  if (!in.take('(')) return false;
  const auto user = in.until(") ");
  const auto word = in.until(" (");
  if (!user || !word) return false;
  std::string_view detail = in.rest();
  take_suffix(detail, ")");
  for (const Verb& verb : verbs) {
    if (verb.word != *word) continue;
    // "(CRON) INFO" and "(*system*) RELOAD" are cron itself.
    if (*user != "CRON" && *user != "*system*") event.set(Field::user_name, *user);
    event.set(verb.word.starts_with("CMD") ? Field::process_command_line : Field::event_reason, detail);
    set_meaning(event, verb.meaning);
    return true;
  }
  return false;
}

}  // namespace luy::event::parser
