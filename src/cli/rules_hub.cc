// `luy rules list` and `luy rules import`: the rules of a running hub, through its administration port.
#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <filesystem>
#include <memory>
#include <ostream>
#include <string>

#include "base/file.h"
#include "cli/admin_client.h"
#include "cli/command.h"
#include "cli/rule_files.h"
#include "detect/compiled.h"
#include "detect/package.h"

namespace luy::cli {
namespace {

namespace json = boost::json;

struct HubOptions {
  std::filesystem::path data;
  std::filesystem::path package;
  std::string name;
  bool remove = false;
  bool preview = false;
  bool as_json = false;
};

std::string text_at(const json::object& object, const char* key) {
  const json::value* value = object.if_contains(key);
  if (value == nullptr) return {};
  return value->is_string() ? std::string(value->get_string().c_str()) : json::serialize(*value);
}

// A package is sent as it is; a folder or a file becomes one. Names only serve to say where a fault is.
Result<std::string> package_of(const std::filesystem::path& path) {
  std::error_code ignored;
  if (!std::filesystem::is_directory(path, ignored) && !detect::is_rule_file(path.string())) {
    return read_file(path, detect::package_bytes_max);
  }
  LUY_TRY(const auto sources, read_sources({path}));
  LUY_TRY(const auto files, detect::files_of(sources));
  return detect::pack_rules(files);
}

void print(const json::object& answer, std::ostream& out) {
  for (const json::value& value : answer.at("refused").as_array()) {
    const json::object& one = value.as_object();
    out << "✗ " << printable(text_at(one, "title")) << " (" << printable(text_at(one, "id")) << ")\n    "
        << printable(text_at(one, "vi")) << "\n    " << printable(text_at(one, "en")) << "\n";
  }
  out << (answer.at("preview").as_bool() ? "Xem trước, chưa nhập / preview, nothing imported\n"
                                         : "Đã nhập / imported\n");
  for (const json::value& value : answer.at("packages").as_array()) {
    const json::object& one = value.as_object();
    const std::string name = text_at(one, "name");
    out << "  " << (name.empty() ? "(không tên / unnamed)" : printable(name)) << ": " << text_at(one, "files")
        << " tệp / files\n";
  }
  out << text_at(answer, "rules") << " luật nạp được / rules load · " << text_at(answer, "new") << " mới / new · "
      << text_at(answer, "gone") << " không còn / gone · " << text_at(answer, "enabled") << " đang bật / on · "
      << text_at(answer, "unfed") << " không có nguồn nhật ký / that no source can feed · "
      << text_at(answer, "waiting") << " nguồn chưa gửi trong 30 ngày / whose source has not come in 30 days · "
      << answer.at("refused").as_array().size() << " bị từ chối / refused\n";
}

std::string_view fed_words(std::string_view fed) {
  if (fed == "seen") return "có nguồn / fed";
  return fed == "possible" ? "nguồn chưa gửi / source silent" : "không có nguồn / no source";
}

Result<json::value> import(const HubOptions& options) {
  LUY_TRY(const AdminClient client, AdminClient::open(options.data));
  std::string package;
  if (!options.remove) {
    LUY_TRY(package, package_of(options.package));
  }
  const std::string path = "/admin/v1/rules/import?name=" + options.name + (options.preview ? "&preview=1" : "");
  return client.post(path, package);
}

void run_import(const HubOptions& options, Terminal& terminal) {
  const auto answer = import(options);
  if (!answer) return terminal.fail(answer.error());
  if (options.as_json) {
    terminal.out << json::serialize(*answer) << "\n";
  } else {
    print(answer->as_object(), terminal.out);
  }
}

Result<json::value> list(const HubOptions& options) {
  LUY_TRY(const AdminClient client, AdminClient::open(options.data));
  return client.get("/admin/v1/rules");
}

void run_list(const HubOptions& options, Terminal& terminal) {
  const auto answer = list(options);
  if (!answer) return terminal.fail(answer.error());
  if (options.as_json) {
    terminal.out << json::serialize(*answer) << "\n";
    return;
  }
  for (const json::value& value : answer->at("rules").as_array()) {
    const json::object& one = value.as_object();
    terminal.out << (one.at("enabled").as_bool() ? "● " : "○ ") << text_at(one, "level") << "  "
                 << text_at(one, "origin") << "  " << fed_words(text_at(one, "fed")) << "  "
                 << printable(text_at(one, "title_vi")) << "  (" << printable(text_at(one, "id")) << ")\n";
  }
}

}  // namespace

void add_rules_hub_commands(CLI::App& family, Terminal& terminal) {
  const auto options = std::make_shared<HubOptions>();
  CLI::App* import_command = family.add_subcommand(
      "import",
      "Nhập luật vào máy chủ, thay gói cùng tên / import rules into the hub, in place of the package of that name");
  import_command->add_option("package", options->package,
                             "Thư mục, gói .tgz hoặc tệp luật / folder, .tgz or file of rules");
  import_command
      ->add_option("--name", options->name,
                   "Tên gói; các gói tên khác vẫn giữ nguyên / its name; packages of other names stay as they are")
      ->check([](const std::string& name) {
        return detect::is_package_name(name) ? std::string() : std::string("a-z 0-9 -, <= 40");
      });
  import_command->add_flag("--remove", options->remove, "Bỏ gói mang tên này / remove the package of that name");
  import_command->callback([options] {
    if (options->remove == !options->package.empty()) throw CLI::RequiredError("package | --remove");
  });
  CLI::App* list_command = family.add_subcommand("list", "Các luật của máy chủ / the rules of the hub");
  for (CLI::App* command : {import_command, list_command}) {
    command->add_option("--data", options->data, "Thư mục dữ liệu của luy-hub / data folder of luy-hub")->required();
    command->add_flag("--json", options->as_json, "In JSON / print JSON");
  }
  import_command->add_flag("--preview", options->preview, "Chỉ xem trước / only say what it would bring");
  import_command->callback([options, &terminal] { run_import(*options, terminal); });
  list_command->callback([options, &terminal] { run_list(*options, terminal); });
}

}  // namespace luy::cli
