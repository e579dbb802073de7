#include "cli/evidence_epoch.h"

#include <boost/json.hpp>
#include <memory>

#include "base/file.h"
#include "event/batch.h"
#include "evidence/archive.h"
#include "evidence/error.h"
#include "evidence/hub_note.h"

namespace luy::cli {
namespace {

namespace json = boost::json;

struct EpochArguments {
  std::string path;
  std::string out;
};

std::string text_in(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

// The record that begins a tree after another one. Errors: those of reading; record_unknown where there was none.
Result<json::object> epoch_of(const std::filesystem::path& path) {
  LUY_TRY(const auto archive, evidence::Archive::open(path));
  LUY_TRY(const evidence::Record record, archive->read(0));
  boost::system::error_code error;
  const json::value parsed = json::parse(record.raw, error);
  const bool own =
      record.source == evidence::store_source && record.transport == static_cast<std::uint8_t>(event::Transport::hub);
  if (error || !own || !parsed.is_object() || text_in(parsed.get_object(), "note") != "epoch") {
    return Error(evidence::record_unknown, "0 'epoch'");
  }
  return parsed.get_object();
}

Result<void> tell(Terminal& terminal, const EpochArguments& arguments) {
  LUY_TRY(const json::object epoch, epoch_of(arguments.path));
  const std::string cosigned = text_in(epoch, "cosigned");
  const std::string note = cosigned.empty() ? text_in(epoch, "signed") : cosigned;
  terminal.out << "Cây mới / new tree:      " << printable(text_in(epoch, "origin"))
               << "\nCây trước / tree before: " << printable(text_in(epoch, "before"))
               << "\nLý do / reason:          " << printable(text_in(epoch, "reason")) << "\n";
  if (note.empty()) {
    terminal.out << "Không biết điểm kiểm tra nào của cây trước / no checkpoint of it is known\n";
    return {};
  }
  LUY_TRY(const evidence::CheckpointBody body, evidence::parse_body(note));
  terminal.out << (cosigned.empty() ? "Ký lần cuối / signed last:    " : "Xác nhận lần cuối / cosigned last: ")
               << body.size << " bản ghi/records\n";
  if (arguments.out.empty()) return {};
  LUY_TRY_VOID(write_file_durably(arguments.out, note, 0600));
  terminal.out << arguments.out << "\n";
  return {};
}

}  // namespace

void add_epoch_command(CLI::App& family, Terminal& terminal) {
  const auto e = std::make_shared<EpochArguments>();
  CLI::App* command = family.add_subcommand(
      "epoch", "Cây chứng cứ trước cây này, đã mất, và điểm kiểm tra cuối của nó / the lost tree before this one");
  command->add_option("PATH", e->path, "Tệp ngày hoặc thư mục / day file or folder")->required();
  command->add_option("--out", e->out, "Ghi điểm kiểm tra đó vào tệp / write its checkpoint, for verify --note");
  command->callback([&terminal, e] {
    if (const auto done = tell(terminal, *e); !done) terminal.fail(done.error());
  });
}

}  // namespace luy::cli
