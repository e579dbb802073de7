// luy custody: copies of closed days on external media, and the register of both in the hub.
#include <sys/stat.h>
#include <CLI/CLI.hpp>
#include <boost/json.hpp>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>

#include "base/file.h"
#include "cli/admin_client.h"
#include "cli/command.h"
#include "cli/custody_copy.h"
#include "cli/custody_register.h"
#include "cli/medium_mount.h"
#include "custody/text.h"
#include "evidence/day_file.h"

namespace luy::cli {
namespace {

namespace json = boost::json;
namespace fs = std::filesystem;
using custody::text_at;

struct CustodyArguments {
  std::string data;
  std::string mount;
  std::string name;
  std::string custodian;
  std::string place;
  std::string by;
  std::vector<std::string> witnesses;
  bool is_disc = false;
  bool as_json = false;
};

json::object identity_json(const Mounted& mounted) {
  return {{"point", mounted.point.string()}, {"source", mounted.source},          {"file_system", mounted.file_system},
          {"read_only", mounted.read_only},  {"serial", mounted.identity.serial}, {"uuid", mounted.identity.uuid},
          {"label", mounted.identity.label}};
}

Result<void> check_other_disk(const Mounted& mounted, const fs::path& evidence) {
  struct stat on_medium {};
  struct stat at_home {};
  if (::stat(mounted.point.c_str(), &on_medium) != 0) return medium_error(mounted.point, errno);
  if (::stat(evidence.c_str(), &at_home) != 0) return file_error(evidence.string(), errno);
  if (on_medium.st_dev == at_home.st_dev) return Error(same_disk, mounted.point.string());
  return {};
}

struct Session {
  AdminClient client;
  json::object answer;
  Mounted mounted;
  Known medium;
};

Result<Session> open_session(const CustodyArguments& arguments) {
  LUY_TRY(Mounted mounted, look_at_mount(arguments.mount));
  LUY_TRY(AdminClient client, AdminClient::open(arguments.data));
  LUY_TRY(const json::value answer, client.get("/admin/v1/custody"));
  LUY_TRY(Known medium, recognise(media_of(answer.as_object()), mounted.identity, mounted.point.string()));
  return Session{std::move(client), answer.as_object(), std::move(mounted), std::move(medium)};
}

// Closed days that do not lie on the medium as they are now, with what lies beside them.
std::vector<WantedCopy> days_to_copy(const Session& session, const fs::path& evidence, const fs::path& folder) {
  std::vector<WantedCopy> out;
  for (const json::value& value : session.answer.at("days").as_array()) {
    const json::object& one = value.as_object();
    const auto day = day_from_iso(text_at(one, "day"));
    if (!day) continue;
    const std::string sha256 = text_at(one, "sha256");
    const json::array& copies = one.at("copies").as_array();
    const bool is_there = std::any_of(copies.begin(), copies.end(), [&](const json::value& copy) {
      const json::object& object = copy.as_object();
      return text_at(object, "medium") == session.medium.id && text_at(object, "sha256") == sha256 &&
             object.at("sound").as_bool();
    });
    const bool is_whole =
        is_there && has_same_beside(evidence::day_path(evidence, *day), evidence::day_path(folder, *day));
    if (!is_whole) out.push_back({*day, sha256, one.at("bytes").to_number<std::uint64_t>()});
  }
  return out;
}

Result<void> copy(Terminal& terminal, const CustodyArguments& arguments) {
  LUY_TRY(const Session session, open_session(arguments));
  const fs::path evidence = fs::path(arguments.data) / "evidence";
  LUY_TRY_VOID(check_other_disk(session.mounted, evidence));
  const fs::path folder = copy_folder(session.mounted.point, text_at(session.answer, "origin"));
  LUY_TRY(const auto witnesses, witnesses_of(arguments.witnesses, &session.answer));
  const std::vector<WantedCopy> wanted = days_to_copy(session, evidence, folder);
  if (wanted.empty()) {
    terminal.out << "Mọi ngày đã khóa đều có trên thiết bị " << printable(session.medium.name)
                 << " / every closed day lies on it already\n";
    return {};
  }
  // Pulled out while the hub was asked, a folder of the server's own disk would be filled.
  LUY_TRY(const Mounted before, look_at_mount(arguments.mount));
  if (!(before == session.mounted)) return Error(medium_gone, session.mounted.point.string());
  const auto told = [&](const MadeCopy& one) {
    if (arguments.as_json) return;
    terminal.out << to_iso(one.day) << " " << one.sha256
                 << (one.was_there ? " có sẵn, đã đọc lại / was there, read back"
                                   : " đã chép, đã đọc lại / copied, read back")
                 << (beside_text(one.beside).empty() ? "" : "; " + beside_text(one.beside)) << std::endl;
    if (!one.beside.fault.empty()) terminal.err << printable(one.beside.fault) << "\n";
  };
  LUY_TRY(const std::vector<MadeCopy> made, copy_days(evidence, folder, wanted, witnesses, told));
  // What was pulled out or changed places meanwhile must not be claimed.
  LUY_TRY(const Mounted after, look_at_mount(arguments.mount));
  if (!(after == session.mounted)) return Error(medium_gone, session.mounted.point.string());
  json::array days;
  for (const MadeCopy& one : made) {
    days.push_back(json::object{{"day", to_iso(one.day)},
                                {"sha256", one.sha256},
                                {"bytes", one.bytes},
                                {"cosigned_by", names_json(one.beside.cosigned_by)},
                                {"stamped", one.beside.stamped}});
  }
  const json::object claim{{"medium", session.medium.id}, {"by", own_name(arguments.by)}, {"days", std::move(days)}};
  LUY_TRY(const json::value taken, session.client.post("/admin/v1/custody/copies", json::serialize(claim)));
  if (arguments.as_json) {
    terminal.out << json::serialize(taken) << "\n";
    return {};
  }
  terminal.out << made.size() << " ngày trên / days on " << printable(session.medium.name) << ", bản ghi / record "
               << json::serialize(taken.at("seq")) << "\n";
  return {};
}

// Days that the register says lie on the medium.
std::vector<Day> registered_days(const Session& session) {
  std::vector<Day> out;
  for (const json::value& value : session.answer.at("days").as_array()) {
    const json::object& one = value.as_object();
    const auto day = day_from_iso(text_at(one, "day"));
    for (const json::value& copy : one.at("copies").as_array()) {
      if (day && text_at(copy.as_object(), "medium") == session.medium.id) out.push_back(*day);
    }
  }
  return out;
}

Result<void> verify(Terminal& terminal, const CustodyArguments& arguments) {
  std::optional<Session> session;
  if (!arguments.data.empty()) {
    LUY_TRY(session, open_session(arguments));
  }
  // With the hub's own alone: a medium may hold the days of others, too.
  const fs::path top = session ? copy_folder(session->mounted.point, text_at(session->answer, "origin"))
                               : fs::path(arguments.mount) / "luy-evidence";
  LUY_TRY(const std::vector<FoundCopy> found, read_copies(top));
  LUY_TRY(const auto witnesses, witnesses_of(arguments.witnesses, session ? &session->answer : nullptr));
  std::string fault;
  const auto wrong = [&](const std::string& text) {
    if (fault.empty()) fault = text;
  };
  json::array days;
  std::vector<Day> seen;
  for (const FoundCopy& one : found) {
    seen.push_back(one.day);
    const Beside beside = one.sound() ? look_beside(one.file, witnesses) : Beside();
    days.push_back(json::object{{"day", to_iso(one.day)},
                                {"sha256", one.sha256},
                                {"sound", one.sound()},
                                {"cosigned_by", names_json(beside.cosigned_by)},
                                {"unchecked", names_json(beside.unchecked)},
                                {"stamped", beside.stamped}});
    if (!beside.fault.empty()) wrong(one.file.filename().string() + ": " + beside.fault);
    if (!one.sound()) wrong(one.file.filename().string() + ": " + (one.fault.empty() ? "SHA-256" : one.fault));
    if (arguments.as_json) continue;
    const std::string also = beside.fault.empty() ? beside_text(beside) : printable(beside.fault);
    terminal.out << (one.sound() && beside.fault.empty() ? "✓ " : "✗ ") << printable(one.file.string())
                 << (one.fault.empty() ? "" : "  " + printable(one.fault)) << (also.empty() ? "" : "  " + also) << "\n";
  }
  std::size_t absent = 0;
  if (session) {
    for (const Day day : registered_days(*session)) {
      if (std::find(seen.begin(), seen.end(), day) != seen.end()) continue;
      ++absent;
      wrong(to_iso(day) + ".sqlite: không có trên thiết bị / not on the medium");
      if (!arguments.as_json) terminal.out << "✗ " << to_iso(day) << ".sqlite không có trên thiết bị / absent\n";
    }
    json::object claim{{"medium", session->medium.id}, {"by", own_name(arguments.by)}, {"fault", fault}};
    claim["days"] = days;
    LUY_TRY_VOID(session->client.post("/admin/v1/custody/checks", json::serialize(claim)));
  }
  if (arguments.as_json) {
    terminal.out << json::serialize(json::object{{"days", days}, {"absent", absent}, {"fault", fault}}) << "\n";
  }
  if (!fault.empty()) {
    terminal.err << "Bản sao không còn nguyên vẹn / the copies are not whole: " << printable(fault) << "\n";
    terminal.exit = ExitCode::corrupt;
  } else if (!arguments.as_json) {
    terminal.out << found.size() << " ngày nguyên vẹn / days sound. Chữ ký: 'luy evidence verify' / signatures: 'luy "
                 << "evidence verify'\n";
  }
  return {};
}

Result<void> identify(Terminal& terminal, const CustodyArguments& arguments) {
  LUY_TRY(const Mounted mounted, look_at_mount(arguments.mount));
  if (arguments.as_json) {
    terminal.out << json::serialize(identity_json(mounted)) << "\n";
    return {};
  }
  terminal.out << printable(mounted.point.string()) << ": " << printable(mounted.source) << " "
               << printable(mounted.file_system) << ", " << identity_text(mounted.identity) << "\n";
  return {};
}

Result<void> register_medium(Terminal& terminal, const CustodyArguments& arguments) {
  LUY_TRY(const Mounted mounted, look_at_mount(arguments.mount));
  LUY_TRY_VOID(check_other_disk(mounted, fs::path(arguments.data) / "evidence"));
  LUY_TRY(const AdminClient client, AdminClient::open(arguments.data));
  const json::object wanted{{"name", arguments.name},
                            {"kind", arguments.is_disc ? "disc" : "disk"},
                            {"serial", mounted.identity.serial},
                            {"uuid", mounted.identity.uuid},
                            {"label", mounted.identity.label},
                            {"custodian", arguments.custodian},
                            {"place", arguments.place}};
  LUY_TRY(const json::value made, client.post("/admin/v1/custody/media", json::serialize(wanted)));
  terminal.out << (arguments.as_json ? json::serialize(made)
                                     : "Đã ghi sổ / registered: " + printable(arguments.name) + ", " +
                                           identity_text(mounted.identity))
               << "\n";
  return {};
}

Result<void> list(Terminal& terminal, const CustodyArguments& arguments) {
  LUY_TRY(const AdminClient client, AdminClient::open(arguments.data));
  LUY_TRY(const json::value answer, client.get("/admin/v1/custody"));
  if (arguments.as_json) {
    terminal.out << json::serialize(answer) << "\n";
    return {};
  }
  for (const json::value& value : answer.at("media").as_array()) {
    const json::object& one = value.as_object();
    terminal.out << (one.at("retired").as_bool() ? "○ " : "● ") << printable(text_at(one, "name")) << "  "
                 << identity_text({text_at(one, "serial"), text_at(one, "uuid"), text_at(one, "label")}) << "  "
                 << printable(text_at(one, "custodian")) << ", " << printable(text_at(one, "place")) << "\n";
  }
  return {};
}

using Command = Result<void> (*)(Terminal&, const CustodyArguments&);

}  // namespace

void add_custody_commands(CLI::App& app, Terminal& terminal) {
  CLI::App* family =
      app.add_subcommand("custody", "Bản sao nhật ký trên thiết bị ngoài / copies of the logs on external media");
  family->require_subcommand(1);
  const auto add = [&](const char* name, const char* about, Command command) {
    const auto arguments = std::make_shared<CustodyArguments>();
    CLI::App* one = family->add_subcommand(name, about);
    one->add_flag("--json", arguments->as_json, "In JSON / print JSON");
    one->callback([arguments, command, &terminal] {
      if (const auto done = command(terminal, *arguments); !done) terminal.fail(done.error());
    });
    return std::pair(one, arguments);
  };
  constexpr const char* about_data = "Thư mục dữ liệu của luy-hub đang chạy / data folder of the running luy-hub";
  constexpr const char* about_mount = "Nơi gắn thiết bị / where the medium is mounted";
  constexpr const char* about_witness =
      "Tệp khóa của nhân chứng, thêm vào các khóa luy-hub biết / keys of witnesses, beside those the hub knows";
  constexpr const char* about_by = "Người làm; bỏ trống: người dùng hiện tại / who does it; else the present user";
  {
    const auto [one, arguments] =
        add("copy", "Chép các ngày đã khóa và đọc lại / copy closed days and read them back", copy);
    one->add_option("--data", arguments->data, about_data)->required();
    one->add_option("--to", arguments->mount, about_mount)->required();
    one->add_option("--by", arguments->by, about_by);
  }
  {
    const auto [one, arguments] =
        add("verify", "Đọc lại mọi bản sao trên thiết bị / read every copy on a medium", verify);
    one->add_option("mount", arguments->mount, about_mount)->required();
    one->add_option("--witness", arguments->witnesses, about_witness);
    one->add_option("--data", arguments->data,
                    "Ghi kết quả vào sổ của luy-hub này / take the outcome down in the register of this luy-hub");
    one->add_option("--by", arguments->by, about_by);
  }
  {
    const auto [one, arguments] =
        add("register", "Ghi thiết bị đang gắn vào sổ / register the medium that is mounted", register_medium);
    one->add_option("--data", arguments->data, about_data)->required();
    one->add_option("--to", arguments->mount, about_mount)->required();
    one->add_option("--name", arguments->name, "Tên trong sổ / its name")->required();
    one->add_option("--custodian", arguments->custodian, "Người giữ / who keeps it")->required();
    one->add_option("--place", arguments->place, "Nơi để / where")->required();
    one->add_flag("--disc", arguments->is_disc, "Đĩa quang / an optical disc");
  }
  {
    const auto [one, arguments] = add("identify", "Thiết bị đang gắn là gì / what is mounted there", identify);
    one->add_option("mount", arguments->mount, about_mount)->required();
  }
  {
    const auto [one, arguments] = add("media", "Sổ thiết bị / the register of media", list);
    one->add_option("--data", arguments->data, about_data)->required();
  }
  add_custody_disc_commands(*family, terminal);
}

}  // namespace luy::cli
