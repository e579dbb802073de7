#include "detect/engine.h"

#include "detect/engine/compiler.h"
#include "detect/engine/matcher.h"
#include "detect/engine/slot_table.h"

namespace luy::detect {
namespace {

// Rules' fields first, so that their slots are those of the program; then what routing and correlations read.
std::unique_ptr<SlotTable> make_slots(const Program& program, const Routing& routing, const RuleSet& rules) {
  auto out = std::make_unique<SlotTable>();
  for (const std::string& field : program.slots) out->add(field);
  for (const std::string& field : routing_fields(routing)) out->add(field);
  for (const std::string& field : routing.time_fields) out->add(field);
  for (const ResolvedCorrelation& one : rules.correlations) {
    for (const std::string& field : one.correlation.group_by) out->add(field);
    for (const std::string& field : one.correlation.fields) out->add(field);
    for (const Alias& alias : one.correlation.aliases) {
      for (const Alias::Source& source : alias.sources) out->add(source.field);
    }
  }
  for (const auto& [from, to] : routing.shape.renamed()) {
    if (const std::uint32_t slot = out->find(to); slot != SlotTable::none) out->add_alias(from, slot);
  }
  return out;
}

}  // namespace

Engine::Engine(RuleSet rules, Routing routing, std::unique_ptr<Program> program)
    : rules_(std::move(rules)),
      routing_(std::move(routing)),
      program_(std::move(program)),
      slots_(make_slots(*program_, routing_, rules_)) {}

Engine::~Engine() = default;

Result<std::shared_ptr<const Engine>> Engine::make(RuleSet rules, Routing routing) {
  LUY_TRY(Program program, compile(rules, routing));
  return of(std::move(rules), std::move(routing), std::make_unique<Program>(std::move(program)));
}

std::shared_ptr<const Engine> Engine::of(RuleSet rules, Routing routing, std::unique_ptr<Program> program) {
  return std::shared_ptr<const Engine>(new Engine(std::move(rules), std::move(routing), std::move(program)));
}

std::uint32_t Engine::slot_of(std::string_view field) const {
  return slots_->find(field);
}

Matcher::Matcher(std::shared_ptr<const Engine> engine, MatchOptions options)
    : state_(std::make_unique<State>(std::move(engine), options)) {}
Matcher::~Matcher() = default;
Matcher::Matcher(Matcher&&) noexcept = default;

Result<std::span<const std::uint32_t>> Matcher::match(std::string_view json, std::size_t capacity) {
  return state_->match(json, capacity);
}

std::optional<std::string_view> Matcher::text(std::uint32_t slot) const {
  const std::uint32_t value = state_->event().first(slot);
  if (value == HeldEvent::none || state_->event().value(value).kind == ValueKind::null) return std::nullopt;
  return state_->event().value(value).text;
}

bool Matcher::labelled() const {
  return state_->partition().labelled;
}
std::span<const LogSource> Matcher::labels() const {
  return state_->partition().labels;
}
const MatchCounts& Matcher::counts() const {
  return state_->counts();
}

}  // namespace luy::detect
