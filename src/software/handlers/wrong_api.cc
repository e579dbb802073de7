// listWrongSoftware, exportWrongSoftware, reviewBaseline.
#include <algorithm>

#include "base/encoding.h"
#include "base/vietnamese.h"
#include "inventory/api.h"
#include "sheet/csv.h"
#include "sheet/xlsx.h"
#include "software/handlers/values.h"

namespace luy::software {
namespace {

namespace json = boost::json;
using api::Request;
using api::Response;
using directory::Action;
using inventory::StatePointer;

struct Filter {
  std::optional<Wrong> kind;
  std::string words;  // Folded.

  bool admits(const Line& line) const {
    if (line.kinds.empty() || (kind && !line.is(*kind))) return false;
    if (words.empty()) return true;
    const std::string text = line.package.name + " " + (line.mark != nullptr ? line.mark->label : std::string()) + " " +
                             line.package.installed_by;
    return fold_vietnamese(text).find(words) != std::string::npos;
  }
};

Result<Filter> filter_of(const Request& request) {
  Filter out;
  if (const auto name = request.param("kind")) {
    out.kind = wrong_from_name(*name);
    if (!out.kind) return Error(api::bad_request, "kind");
  }
  out.words = fold_vietnamese(request.param("q").value_or(std::string()));
  return out;
}

// What comes after a line: "<device> <name> <architecture> <version>"; lines are in that order.
std::string cursor_of(const DeviceId& device, const inventory::InstalledPackage& package) {
  return device.text() + ' ' + package.name + ' ' + package.architecture + ' ' + package.version;
}

std::string title_of(Wrong wrong) {
  switch (wrong) {
    case Wrong::unapproved:
      return "Chưa phê duyệt";
    case Wrong::expired:
      return "Phê duyệt hết hạn";
    case Wrong::remote_control:
      return "Điều khiển từ xa";
    case Wrong::pirated:
      return "Nghi bẻ khóa";
  }
  return {};
}

std::string shown_day(const std::optional<Time>& time) {
  if (!time) return {};
  const std::string day = to_iso(day_of(*time));
  return day.substr(8, 2) + "/" + day.substr(5, 2) + "/" + day.substr(0, 4);
}

// Calls `each` with every line admitted, in order, until it answers false.
Result<void> each_wrong(const ApiDependencies& d, const std::vector<StatePointer>& devices, const Filter& filter,
                        std::string_view from, const std::function<bool(const StatePointer&, const Line&)>& each) {
  for (const StatePointer& state : devices) {
    const DeviceId& id = state->device.id;
    if (!state->software || std::string_view(id.text()) < from.substr(0, id.text().size())) continue;
    if (!may_have(d.inventory.package_names(id), filter.kind, d.marks)) continue;
    LUY_TRY(const std::vector<Line> lines, survey(d.inventory, id, d.marks));
    for (const Line& line : lines) {
      if (!filter.admits(line) || (!from.empty() && cursor_of(id, line.package) <= from)) continue;
      if (!each(state, line)) return {};
    }
  }
  return {};
}

json::object line_json(const ApiDependencies& d, const StatePointer& state, const Line& line) {
  json::array kinds;
  for (const Wrong kind : line.kinds) kinds.push_back(json::value(name_of(kind)));
  const inventory::Device& device = state->device;
  return {{"device", named(device.id.text(), device.name)},
          {"agency", named(device.agency.text(), d.agency_name(device.agency))},
          {"software", inventory::software_json(line.package)},
          {"kinds", std::move(kinds)},
          {"mark", mark_json(line.mark)}};
}

bool has_mark(const std::vector<inventory::Inventory::NamedPackage>& names, Mark mark, const MarkList& marks) {
  return std::any_of(names.begin(), names.end(), [&](const inventory::Inventory::NamedPackage& one) {
    const MarkRule* const rule = marks.find(one.name);
    return rule != nullptr && rule->mark == mark;
  });
}

}  // namespace

Result<Response> list_wrong(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const auto devices, devices_of(d, request));
  LUY_TRY(const Filter filter, filter_of(request));
  LUY_TRY(const std::int64_t limit, request.number_param("limit", 200, 1, 1000));
  const std::string after = request.param("after").value_or(std::string());
  json::array items;
  json::value next = nullptr;
  std::string last;
  LUY_TRY_VOID(each_wrong(d, devices, filter, after, [&](const StatePointer& state, const Line& line) {
    if (items.size() >= static_cast<std::size_t>(limit)) {
      next = last;
      return false;
    }
    items.push_back(line_json(d, state, line));
    last = cursor_of(state->device.id, line.package);
    return true;
  }));
  std::int64_t told = 0;
  std::int64_t unapproved = 0;
  std::int64_t remote = 0;
  std::int64_t pirated = 0;
  for (const StatePointer& state : devices) {
    if (!state->software) continue;
    ++told;
    unapproved += state->software->value.unapproved > 0 ? 1 : 0;
    const auto names = d.inventory.package_names(state->device.id);
    remote += has_mark(names, Mark::remote_control, d.marks) ? 1 : 0;
    pirated += has_mark(names, Mark::pirated, d.marks) ? 1 : 0;
  }
  return api::json(json::object{{"items", std::move(items)},
                                {"next", std::move(next)},
                                {"devices", told},
                                {"unapproved_devices", unapproved},
                                {"remote_control_devices", remote},
                                {"pirated_devices", pirated}});
}

Result<Response> export_wrong(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const auto devices, devices_of(d, request));
  LUY_TRY(const Filter filter, filter_of(request));
  sheet::Page page{"Phần mềm cần xem xét",
                   {{"Thiết bị", 24},
                    {"Đơn vị", 30},
                    {"Phần mềm", 30},
                    {"Phiên bản", 20},
                    {"Tình trạng", 30},
                    {"Nhận dạng", 30},
                    {"Người cài", 20},
                    {"Ngày cài", 14},
                    {"Thấy lần đầu", 14},
                    {"Phê duyệt hết hạn", 16}},
                   {}};
  std::size_t rows = 0;
  LUY_TRY_VOID(each_wrong(d, devices, filter, {}, [&](const StatePointer& state, const Line& line) {
    if (++rows > sheet::rows_max) return false;
    std::string kinds;
    for (const Wrong kind : line.kinds) kinds += (kinds.empty() ? "" : "; ") + title_of(kind);
    const inventory::InstalledPackage& package = line.package;
    page.rows.push_back({state->device.name, d.agency_name(state->device.agency), package.name, package.version, kinds,
                         line.mark != nullptr ? line.mark->label : std::string(), package.installed_by,
                         shown_day(package.installed_at), shown_day(package.first_seen), shown_day(package.ended)});
    return true;
  }));
  if (rows > sheet::rows_max) return Error(sheet_too_long);
  const std::string format = request.param("format").value_or("csv");
  if (format == "csv") return api::json(json::object{{"csv", sheet::to_csv(page)}});
  if (format != "xlsx") return Error(api::bad_request, "format");
  LUY_TRY(const std::string bytes, sheet::to_xlsx(page));
  return api::json(json::object{{"xlsx", to_base64(bytes)}});
}

Result<Response> review_baseline(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const auto id, request.id_param<DeviceId>("device", "device"));
  LUY_TRY(const StatePointer state, device_of(d, request, Action::software_read, id));
  LUY_TRY(const std::vector<Line> lines, survey(d.inventory, id, d.marks));
  json::array software;
  for (const Line& line : lines) {
    if (line.package.approval) continue;
    software.push_back(json::object{{"software", inventory::software_json(line.package)},
                                    {"suspicious", line.mark != nullptr},
                                    {"by_hand", !line.package.installed_by.empty()},
                                    {"mark", mark_json(line.mark)}});
  }
  return api::json(json::object{{"device", named(id.text(), state->device.name)}, {"software", std::move(software)}});
}

}  // namespace luy::software
