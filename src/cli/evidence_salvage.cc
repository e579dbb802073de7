#include "cli/evidence_salvage.h"

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <memory>

#include "cli/key_files.h"
#include "evidence/salvage.h"

namespace luy::cli {
namespace {

namespace json = boost::json;

struct SalvageArguments {
  std::string file;
  std::string to;
  std::vector<std::string> keys;
  std::vector<std::string> notes;
  bool with_list = false;
  bool as_json = false;
};

// The report names what stands in the file, which may be anything.
std::string printable_lines(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    out += printable(text.substr(0, end)) + "\n";
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

json::object to_json(const evidence::Salvage& found) {
  json::array lost;
  for (const evidence::LostRange& one : found.lost_ranges) {
    lost.push_back(json::object{{"first", one.records.first},
                                {"last", one.records.end() - 1},
                                {"records", one.records.count},
                                {"from", to_rfc3339(one.from)},
                                {"until", to_rfc3339(one.until)},
                                {"cause", evidence::name_of(one.cause)}});
  }
  json::object out{{"file", found.file.string()}, {"origin", found.origin}, {"cut", found.is_cut},
                   {"first", found.first},        {"end", found.end},       {"proved", found.proved},
                   {"readable", found.readable},  {"lost", found.lost},     {"own_key", found.own_key}};
  out["day"] = found.day ? json::value(to_iso(*found.day)) : json::value(nullptr);
  json::array checkpoints;
  for (const evidence::Checkpoint& one : found.proofs) checkpoints.emplace_back(one.note);
  out["checkpoints"] = std::move(checkpoints);
  out["ranges"] = std::move(lost);
  return out;
}

Result<void> run(Terminal& terminal, const SalvageArguments& arguments) {
  evidence::SalvageOptions options;
  options.with_list = arguments.with_list;
  LUY_TRY(options.keys, read_keys(arguments.keys));
  LUY_TRY(options.notes, read_notes(arguments.notes));
  LUY_TRY(const evidence::Salvage found, evidence::salvage(arguments.file, arguments.to, options));
  terminal.out << (arguments.as_json ? json::serialize(to_json(found)) + "\n"
                                     : printable_lines(evidence::salvage_text(found)));
  // Like every command that finds evidence damaged.
  if (found.lost > 0 || found.readable > 0) terminal.exit = ExitCode::fault;
  return {};
}

}  // namespace

void add_salvage_command(CLI::App& family, Terminal& terminal) {
  const auto a = std::make_shared<SalvageArguments>();
  CLI::App* command = family.add_subcommand(
      "salvage", "Cứu những gì còn lại của một tệp ngày bị hỏng / save what is left of a damaged day file");
  command->add_option("FILE", a->file, "Tệp ngày, không bị thay đổi / the day file, which stays as it is")->required();
  command->add_option("--to", a->to, "Thư mục mới để ghi kết quả / a new folder for the outcome")->required();
  command->add_option("--key", a->keys, "Tệp khóa công khai (vkey) tin cậy / trusted public keys");
  command->add_option("--note", a->notes, "Điểm kiểm tra lưu ở nơi khác / checkpoint kept elsewhere");
  command->add_flag("--list", a->with_list,
                    "Ghi cả danh sách để đọc của các bản ghi chứng minh được / a list to read of what is proved, too");
  command->add_flag("--json", a->as_json, "Kết quả dạng JSON / print JSON");
  command->callback([&terminal, a] {
    if (const auto done = run(terminal, *a); !done) terminal.fail(done.error());
  });
}

}  // namespace luy::cli
