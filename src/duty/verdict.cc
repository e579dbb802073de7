#include "duty/verdict.h"

#include <numeric>

namespace luy::duty {
namespace {

constexpr std::array<std::string_view, state_count> state_names = {"kept", "due", "violated", "unknown",
                                                                   "not_applicable"};
// Higher is worse; in the order of State.
constexpr std::array<int, state_count> severity = {1, 3, 4, 2, 0};

}  // namespace

std::string_view name_of(State state) {
  return state_names.at(static_cast<std::size_t>(state));
}

std::optional<State> state_from_name(std::string_view name) {
  for (std::size_t i = 0; i < state_names.size(); ++i) {
    if (state_names[i] == name) return static_cast<State>(i);
  }
  return std::nullopt;
}

bool worse(State a, State b) {
  return severity.at(static_cast<std::size_t>(a)) > severity.at(static_cast<std::size_t>(b));
}

std::int64_t Counts::total() const {
  return std::accumulate(of.begin(), of.end(), std::int64_t{0});
}

State Counts::worst() const {
  State out = State::not_applicable;
  for (std::size_t i = 0; i < state_count; ++i) {
    if (of[i] > 0 && worse(static_cast<State>(i), out)) out = static_cast<State>(i);
  }
  return out;
}

Counts& Counts::operator+=(const Counts& other) {
  for (std::size_t i = 0; i < state_count; ++i) of[i] += other.of[i];
  return *this;
}

}  // namespace luy::duty
