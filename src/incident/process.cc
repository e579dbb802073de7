#include "incident/process.h"

#include <algorithm>
#include <array>
#include <span>

namespace luy::incident {
namespace {

constexpr std::array<std::string_view, moment_count> moments = {
    "discovered",     "reported",      "received",    "opened",          "triaged",
    "escalated",      "ended",         "notified",    "initial_report",  "progress_report",
    "closing_report", "support_asked", "remedy_plan", "evidence_handed", "breach_notified"};
constexpr std::array<std::string_view, need_count> needs = {"guidance", "joint_actions"};
constexpr std::array<std::string_view, paper_owner_count> owners = {"case", "period", "warning", "review",
                                                                    "provider_request"};

template <class Value>
std::optional<Value> value_from(std::span<const std::string_view> names, std::string_view name) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return std::nullopt;
  return static_cast<Value>(found - names.begin());
}

template <class T, class Key>
const T* find_by(const std::vector<T>& all, std::string T::*member, Key key) {
  const auto found = std::find_if(all.begin(), all.end(), [&](const T& one) { return one.*member == key; });
  return found == all.end() ? nullptr : &*found;
}

}  // namespace

std::string_view name_of(Moment value) {
  return moments.at(static_cast<std::size_t>(value));
}
std::optional<Moment> moment_from_name(std::string_view name) {
  return value_from<Moment>(moments, name);
}
std::string_view name_of(Need value) {
  return needs.at(static_cast<std::size_t>(value));
}
std::optional<Need> need_from_name(std::string_view name) {
  return value_from<Need>(needs, name);
}
std::string_view name_of(PaperOwner value) {
  return owners.at(static_cast<std::size_t>(value));
}
std::optional<PaperOwner> paper_owner_from_name(std::string_view name) {
  return value_from<PaperOwner>(owners, name);
}

const ProcessState* Process::state(std::string_view state_id) const {
  return find_by(states, &ProcessState::id, state_id);
}
const Transition* Process::transition(std::string_view event) const {
  return find_by(transitions, &Transition::event, event);
}
const PaperUse* Process::paper(std::string_view form) const {
  return find_by(papers, &PaperUse::form, form);
}
const Edition* Process::edition(std::string_view edition_id) const {
  return find_by(editions, &Edition::id, edition_id);
}
const Edition* Process::edition_on(Day day) const {
  for (const Edition& one : editions) {
    if (one.valid_from <= day && (!one.valid_to || day <= *one.valid_to)) return &one;
  }
  return nullptr;
}
const Choice* find_choice(const std::vector<Choice>& all, std::string_view id) {
  return find_by(all, &Choice::id, id);
}

}  // namespace luy::incident
