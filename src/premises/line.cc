#include "premises/line.h"

#include <algorithm>
#include <array>

namespace luy::premises {
namespace {

constexpr std::array<std::string_view, 3> kind_names = {"internet", "dedicated", "other"};

}  // namespace

std::string_view name_of(LineKind kind) {
  return kind_names[static_cast<std::size_t>(kind)];
}

std::optional<LineKind> line_kind_from_name(std::string_view name) {
  const auto found = std::find(kind_names.begin(), kind_names.end(), name);
  if (found == kind_names.end()) return std::nullopt;
  return static_cast<LineKind>(found - kind_names.begin());
}

std::optional<Time> notice_owed_since(const Line& line, std::optional<Time> plan_changed_at) {
  if (line.kind != LineKind::internet || line.ended_at) return std::nullopt;
  if (!line.noticed_at) return line.told_change_at;
  std::optional<Time> since;
  if (line.told_change_at > *line.noticed_at) since = line.told_change_at;
  if (plan_changed_at && *plan_changed_at > *line.noticed_at)
    since = std::max(since.value_or(*plan_changed_at), *plan_changed_at);
  return since;
}

std::string line_act(const LineId& id) {
  return "line:" + id.text();
}
std::string notice_act(const LineId& id) {
  return "line_notice:" + id.text();
}

}  // namespace luy::premises
