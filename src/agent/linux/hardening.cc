// What the hardening checks say of this machine. They run in a program of their own (luy-agent-check): parsers of many
// formats and the memory they take do not stay in the agent.
#include "agent/linux/collectors.h"
#include "agent/linux/text.h"

namespace luy::agent {
namespace {

// It takes a tenth of a second of processor time; the rest is for machines that are busy.
constexpr RunLimits limits{std::chrono::seconds(120), fact::document_bytes_max};

Result<fact::Hardening> ask(const Machine& machine) {
  LUY_TRY(const std::string json, machine.kernel.run({machine.check_program, "--root", machine.root.string()}, limits));
  LUY_TRY(const fact::Fact read, fact::from_json(trim(json.substr(0, json.find('\n')))));
  const auto* checks = std::get_if<fact::Hardening>(&read.body);
  if (checks == nullptr) return Error(collector_failed, "luy-agent-check: unexpected output");
  return *checks;
}

}  // namespace

Result<Finding> collect_hardening(const Machine& machine) {
  auto checks = ask(machine);
  if (checks) return Finding{"luy-agent-check", *std::move(checks), {}};
  // Said as a fact: what was found before would be taken for the present.
  fact::Hardening none;
  none.unknown_because = checks.error().detail();
  return Finding{"luy-agent-check", std::move(none), {}, checks.error().text()};
}

}  // namespace luy::agent
