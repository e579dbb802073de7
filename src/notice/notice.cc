#include "notice/notice.h"

#include <algorithm>

namespace luy::notice {
namespace {

constexpr std::array<std::string_view, kind_count> kind_names = {"finding", "search", "verdict", "incident",
                                                                 "warning", "act",    "account", "break_glass"};
constexpr std::array<std::string_view, 3> how_names = {"at_once", "digest", "none"};
constexpr std::array<std::string_view, 2> language_names = {"vi", "en"};
constexpr std::array<std::string_view, 2> channel_names = {"mail", "webhook"};
constexpr std::array<std::string_view, 3> state_names = {"waiting", "sent", "failed"};

template <class Value, std::size_t n>
std::optional<Value> value_of(const std::array<std::string_view, n>& names, std::string_view name) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return std::nullopt;
  return static_cast<Value>(found - names.begin());
}

}  // namespace

std::string_view name_of(Kind kind) {
  return kind_names.at(static_cast<std::size_t>(kind));
}
std::optional<Kind> kind_from_name(std::string_view name) {
  return value_of<Kind>(kind_names, name);
}
std::string_view name_of(How how) {
  return how_names.at(static_cast<std::size_t>(how));
}
std::optional<How> how_from_name(std::string_view name) {
  return value_of<How>(how_names, name);
}
std::string_view name_of(Language language) {
  return language_names.at(static_cast<std::size_t>(language));
}
std::optional<Language> language_from_name(std::string_view name) {
  return value_of<Language>(language_names, name);
}
std::string_view name_of(Channel channel) {
  return channel_names.at(static_cast<std::size_t>(channel));
}
std::string_view name_of(State state) {
  return state_names.at(static_cast<std::size_t>(state));
}
std::optional<State> state_from_name(std::string_view name) {
  return value_of<State>(state_names, name);
}

How default_of(Kind kind) {
  return kind == Kind::verdict ? How::digest : How::at_once;
}

Duration pause_after(std::int64_t attempts) {
  Duration pause = first_pause;
  for (std::int64_t i = 1; i < attempts && pause < pause_max; ++i) pause *= 2;
  return std::min<Duration>(pause, pause_max);
}

}  // namespace luy::notice
