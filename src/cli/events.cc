// `luy events`: lines of a log file as the events that rules read, so that whoever writes a rule sees its fields and
// has its test's events.jsonl.
#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <filesystem>
#include <memory>
#include <ostream>
#include <string>

#include "cli/command.h"
#include "cli/rule_files.h"
#include "event/parse.h"

namespace luy::cli {
namespace {

struct EventsOptions {
  std::filesystem::path file;
  std::string stream;
  std::string device;
  std::string received;
  bool syslog = false;
};

void print_events(const EventsOptions& options, Terminal& terminal) {
  event::ParseContext context{.received = terminal.clock.now()};
  if (const auto time = from_rfc3339(options.received)) context.received = *time;
  auto reader = LineReader::open(options.file);
  if (!reader) return terminal.fail(reader.error());
  const event::Transport transport = options.syslog ? event::Transport::syslog : event::Transport::file;
  const std::string stream = options.stream.empty() ? options.file.string() : options.stream;
  // What the hub adds to every event of a device (docs/detection.md).
  const std::string device =
      options.device.empty() ? "}"
                             : ",\"luy.device\":" + boost::json::serialize(boost::json::value(options.device)) + "}";
  for (;;) {
    const auto line = reader->next();
    if (!line) return terminal.fail(line.error());
    if (!*line) return;
    const std::string_view text = (*line)->text;
    if (text.empty()) continue;
    std::string json = event::rule_json(event::parse(transport, stream, text, context), text);
    json.pop_back();
    terminal.out << json << device << "\n";
  }
}

}  // namespace

void add_events_command(CLI::App& app, Terminal& terminal) {
  const auto options = std::make_shared<EventsOptions>();
  CLI::App* command = app.add_subcommand(
      "events", "Đổi dòng nhật ký thành sự kiện như luật đọc / lines of a log as the events that rules read");
  command->add_option("file", options->file, "Tệp nhật ký, '-' là đầu vào chuẩn / log file, '-' is standard input")
      ->required();
  command->add_option(
      "--stream", options->stream,
      "Tên nguồn, ví dụ /var/log/auth.log; mặc định là tên tệp / name of the stream; by default the file's");
  command->add_flag("--syslog", options->syslog,
                    "Các dòng là gói tin syslog có <số> ở đầu / lines are syslog packets, with <number> in front");
  command->add_option("--device", options->device,
                      "Mã thiết bị để ghi vào sự kiện / id of the device to be written in");
  command
      ->add_option("--received", options->received,
                   "Lúc nhận (RFC 3339), cho dòng không ghi năm / time of receipt, for lines without a year")
      ->check([](const std::string& text) {
        return from_rfc3339(text) ? std::string() : "cần dạng 2026-11-22T05:00:00Z / wants 2026-11-22T05:00:00Z";
      });
  command->callback([options, &terminal] { print_events(*options, terminal); });
}

}  // namespace luy::cli
