#include "incident/playbook.h"

#include <algorithm>
#include <charconv>

#include "base/file.h"
#include "incident/read_choice.h"
#include "regulation/load.h"

namespace luy::incident {
namespace {

using regulation::Faults;
using regulation::MapReader;
using regulation::with_choices;
using regulation::YamlNode;

constexpr std::string_view common_kind = "common";

constexpr std::string_view doers[] = {"system_admin", "security_officer", "agency_head", "staff", "town_office"};

std::string one_of(MapReader& reader, std::string_view key, const std::vector<std::string_view>& choices) {
  std::string written = reader.text(key);
  if (std::find(choices.begin(), choices.end(), written) == choices.end()) {
    reader.fault(regulation::unknown_name, key, with_choices(written, choices));
  }
  return written;
}

unsigned version_of(MapReader& reader) {
  const std::string written = reader.text("version");
  unsigned value = 0;
  const auto [end, error] = std::from_chars(written.data(), written.data() + written.size(), value);
  if (error != std::errc() || end != written.data() + written.size() || value == 0) {
    reader.fault(regulation::bad_value, "version", with_choices(written, {"1, 2, 3"}));
  }
  return value;
}

PlaybookTask read_task(const YamlNode& node, const Process& process, Faults& faults) {
  MapReader reader(node, faults, {"id", "state", "title", "detail", "role", "within"});
  PlaybookTask out;
  out.id = reader.text("id");
  if (!regulation::is_slug(out.id)) reader.fault(regulation::bad_value, "id", out.id);
  std::vector<std::string_view> states;
  for (const ProcessState& state : process.states) {
    if (!state.is_end) states.push_back(state.id);
  }
  out.state = one_of(reader, "state", states);
  out.title = reader.both("title");
  out.detail = reader.both("detail");
  out.role = one_of(reader, "role", {std::begin(doers), std::end(doers)});
  const std::string within = reader.text("within");
  if (const auto limit = limit_from(within)) {
    out.within = *limit;
  } else {
    reader.fault(regulation::bad_value, "within", with_choices(within, {"30 minutes", "4 hours", "1 working days"}));
  }
  return out;
}

}  // namespace

Result<Playbook> parse_playbook(std::string_view file, std::string_view bytes, const Process& process) {
  LUY_TRY(const YamlNode root, regulation::parse_yaml(file, bytes));
  Faults faults{std::string(file)};
  MapReader reader(root, faults, {"kind", "version", "title", "tasks"});
  Playbook out;
  std::vector<std::string_view> kinds = ids_of(process.kinds);
  kinds.push_back(common_kind);
  out.kind = one_of(reader, "kind", kinds);
  out.version = version_of(reader);
  out.title = reader.both("title");
  for (const YamlNode& node : reader.list("tasks")) {
    PlaybookTask task = read_task(node, process, faults);
    const bool is_known =
        std::any_of(out.tasks.begin(), out.tasks.end(), [&](const PlaybookTask& one) { return one.id == task.id; });
    if (is_known) faults.add(regulation::duplicate, node, task.id);
    if (task.id.starts_with("common_") != (out.kind == common_kind)) faults.add(regulation::bad_value, node, task.id);
    out.tasks.push_back(std::move(task));
  }
  if (out.tasks.empty()) reader.fault(regulation::missing_key, "tasks", "tasks");
  if (out.tasks.size() > playbook_tasks_max) reader.fault(regulation::over_limit, "tasks", "tasks");
  if (faults.first()) return *faults.first();
  return out;
}

Result<Playbooks> load_playbooks(const std::filesystem::path& pack_folder, const Process& process) {
  const std::filesystem::path folder = pack_folder / "playbooks";
  const auto load = [&](const std::string& kind) -> Result<Playbook> {
    const std::filesystem::path file = folder / (kind + ".yaml");
    LUY_TRY(const std::string bytes, read_file(file, regulation::file_bytes_max));
    LUY_TRY(Playbook one, parse_playbook(file.lexically_normal().string(), bytes, process));
    if (one.kind != kind) {
      return Error(regulation::bad_value, file.lexically_normal().string() + ":1:1: " + with_choices(one.kind, {kind}));
    }
    return one;
  };
  LUY_TRY(const Playbook common, load(std::string(common_kind)));
  Playbooks out;
  for (const Choice& kind : process.kinds) {
    LUY_TRY(const Playbook own, load(kind.id));
    Playbook whole{own.kind, own.version, own.title, {}};
    for (const ProcessState& state : process.states) {
      for (const Playbook* part : {&common, &own}) {
        for (PlaybookTask& task : tasks_of(*part, state.id)) whole.tasks.push_back(std::move(task));
      }
    }
    out.emplace(kind.id, std::move(whole));
  }
  return out;
}

std::vector<PlaybookTask> tasks_of(const Playbook& playbook, std::string_view state) {
  std::vector<PlaybookTask> out;
  for (const PlaybookTask& task : playbook.tasks) {
    if (task.state == state) out.push_back(task);
  }
  return out;
}

}  // namespace luy::incident
