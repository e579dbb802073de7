// `luy rules list` and `luy rules import`: the rules of a running hub, through its administration port.
#include <CLI/CLI.hpp>
#include <array>
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
  bool preview = false;
  bool as_json = false;
};

std::string text_at(const json::object& object, const char* key) {
  const json::value* value = object.if_contains(key);
  if (value == nullptr) return {};
  return value->is_string() ? std::string(value->get_string().c_str()) : json::serialize(*value);
}

// One member of a tar (POSIX ustar); names of up to 255 bytes are divided between name and prefix.
void add_member(std::string& out, const std::string& name, const std::string& bytes) {
  constexpr std::size_t block = 512;
  std::array<char, block> head{};
  const auto put = [&](std::size_t at, const std::string& text) {
    std::copy(text.begin(), text.end(), head.begin() + static_cast<std::ptrdiff_t>(at));
  };
  const auto octal = [&](std::size_t at, std::size_t digits, std::uint64_t value) {
    for (std::size_t i = digits; i-- > 0; value /= 8) head.at(at + i) = static_cast<char>('0' + value % 8);
  };
  put(0, name.substr(0, 100));
  octal(100, 7, 0644);
  octal(108, 7, 0);
  octal(116, 7, 0);
  octal(124, 11, bytes.size());
  octal(136, 11, 0);
  head.at(156) = '0';
  put(257, "ustar");
  put(263, "00");
  std::fill_n(head.begin() + 148, 8, ' ');
  std::uint64_t sum = 0;
  for (const char c : head) sum += static_cast<unsigned char>(c);
  octal(148, 6, sum);
  head.at(154) = 0;
  out.append(head.data(), head.size());
  out += bytes;
  out.append((block - bytes.size() % block) % block, '\0');
}

// A package is sent as it is; a folder or a file becomes one. Names only serve to say where a fault is.
Result<std::string> package_of(const std::filesystem::path& path) {
  std::error_code ignored;
  if (!std::filesystem::is_directory(path, ignored) && !detect::is_rule_file(path.string())) {
    return read_file(path, detect::package_bytes_max);
  }
  LUY_TRY(const auto sources, read_sources({path}));
  LUY_TRY(const auto files, detect::files_of(sources));
  std::string out;
  for (std::size_t i = 0; i < files.size(); ++i) {
    const std::string& name = files[i].name;
    add_member(out, name.size() <= 100 ? name : std::to_string(i) + "-" + name.substr(name.size() - 90),
               files[i].bytes);
  }
  out.append(1024, '\0');
  return out;
}

void print(const json::object& answer, std::ostream& out) {
  for (const json::value& value : answer.at("refused").as_array()) {
    const json::object& one = value.as_object();
    out << "✗ " << printable(text_at(one, "title")) << " (" << printable(text_at(one, "id")) << ")\n    "
        << printable(text_at(one, "vi")) << "\n    " << printable(text_at(one, "en")) << "\n";
  }
  out << (answer.at("preview").as_bool() ? "Xem trước, chưa nhập / preview, nothing imported\n"
                                         : "Đã nhập / imported\n");
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
  LUY_TRY(const std::string package, package_of(options.package));
  return client.post(options.preview ? "/admin/v1/rules/import?preview=1" : "/admin/v1/rules/import", package);
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
      "Nhập luật vào máy chủ, thay gói đã nhập trước / import rules into the hub, in place of the last package");
  import_command
      ->add_option("package", options->package, "Thư mục, gói .tgz hoặc tệp luật / folder, .tgz or file of rules")
      ->required();
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
