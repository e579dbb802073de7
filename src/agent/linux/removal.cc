#include "agent/linux/removal.h"

#include "agent/linux/text.h"
#include "base/json.h"
#include "base/log.h"
#include "base/utf8.h"

namespace luy::agent {

Result<void> allow_removal(const RemovalSetup& setup) {
  if (setup.forced) {
    std::string body = "{\"forced\":true,\"user\":";
    append_json_text(body, is_utf8(setup.user) ? setup.user : std::string("?"));
    const auto told = setup.ask(body + '}');
    if (!told) log(LogLevel::warning, "removal", "the hub was not told: " + told.error().text());
    return {};
  }
  std::optional<std::string> code = setup.code;
  if (!code || trim(*code).empty()) code = setup.prompt();
  if (!code || trim(*code).empty()) return Error(removal_code_missing, "của hub", "of the hub");
  if (!is_utf8(*code)) return Error(removal_code_missing, "hợp lệ", "that can be read");
  std::string body = "{\"code\":";
  append_json_text(body, trim(*code));
  const auto answer = setup.ask(body + '}');
  if (!answer) return Error(removal_not_checked, answer.error().vi(), answer.error().en());
  return {};
}

}  // namespace luy::agent
