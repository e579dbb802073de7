// luy evidence ingest | search | stats | export: a folder of evidence without a hub.
#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <optional>

#include "base/encoding.h"
#include "base/file.h"
#include "base/hash.h"
#include "cli/command.h"
#include "event/batch.h"
#include "evidence/archive.h"
#include "evidence/error.h"
#include "evidence/package.h"
#include "evidence/package_days.h"
#include "evidence/store.h"
#include "evidence/tally.h"
#include "signer/chain_signer.h"

namespace luy::cli {
namespace json = boost::json;
namespace fs = std::filesystem;
namespace {

constexpr std::size_t commit_bytes = 256 << 10;
constexpr std::size_t top_default = 10;

struct DataArguments {
  std::string data;
  std::string question;
  std::string from;
  std::string until;
  std::string source;
  std::size_t limit = 100;
  bool as_json = false;
  // stats
  std::string bucket;
  std::string top;
  std::size_t rows = top_default;
  // export
  std::string out;
  std::string days;
  // ingest
  std::vector<std::string> files;
  std::string key;
  std::string signer;
  std::string origin = "luy/local";
};

// The hub keeps its evidence in a folder of its data; a disc may hold the day files alone.
fs::path evidence_folder(const std::string& data) {
  std::error_code error;
  const fs::path inside = fs::path(data) / "evidence";
  return fs::is_directory(inside, error) ? inside : fs::path(data);
}

// RFC 3339, or a day of Vietnam, whose begin is meant.
Result<std::optional<Time>> time_of(const std::string& text) {
  if (text.empty()) return std::optional<Time>();
  if (const auto time = from_rfc3339(text)) return time;
  if (const auto day = day_from_iso(text)) return std::optional(day_begin(*day));
  return Error(evidence::query_invalid, text);
}

struct Asked {
  std::unique_ptr<evidence::Archive> archive;
  evidence::Question question;
  evidence::SearchQuery query;
};

Result<Asked> ask_for(const DataArguments& arguments) {
  Asked out;
  LUY_TRY(out.question, evidence::Question::parse(arguments.question));
  LUY_TRY(out.query.from, time_of(arguments.from));
  LUY_TRY(out.query.until, time_of(arguments.until));
  out.query.source_prefix = arguments.source;
  out.query.limit = arguments.limit;
  LUY_TRY(out.archive, evidence::Archive::open(evidence_folder(arguments.data)));
  return out;
}

json::object to_json(const evidence::Record& record) {
  // Bytes that are no UTF-8 would make the whole answer invalid JSON.
  return {{"seq", record.seq},
          {"received", to_rfc3339(record.received)},
          {"source", printable(record.source)},
          {"raw", printable(record.raw)}};
}

void tell_damage(Terminal& terminal, std::uint64_t records) {
  if (records == 0) return;
  terminal.err
      << records
      << " bản ghi bị hỏng, không đọc được: chạy 'luy evidence verify'. / records are damaged and could not be "
         "read: run 'luy evidence verify'.\n";
}

Result<void> search(Terminal& terminal, const DataArguments& arguments) {
  LUY_TRY(const Asked asked, ask_for(arguments));
  std::size_t found = 0;
  LUY_TRY(const evidence::SearchStats stats,
          evidence::ask(*asked.archive, asked.question, asked.query, {}, [&](const evidence::Record& record) {
            ++found;
            if (arguments.as_json) {
              terminal.out << json::serialize(to_json(record)) << "\n";
            } else {
              terminal.out << record.seq << " " << to_rfc3339(record.received) << " " << printable(record.source) << " "
                           << printable(record.raw) << "\n";
            }
            return evidence::Visit::keep;
          }));
  if (found == 0) terminal.exit = ExitCode::not_found;
  tell_damage(terminal, stats.damaged.records);
  if (!stats.complete && !arguments.as_json) {
    terminal.err << "Còn bản ghi cũ hơn: tăng --limit. / There are older records: raise --limit.\n";
  }
  return {};
}

Result<Duration> bucket_of(const std::string& text) {
  if (text == "minute") return Duration(std::chrono::minutes(1));
  if (text == "hour") return Duration(std::chrono::hours(1));
  if (text == "day" || text.empty()) return Duration(std::chrono::hours(24));
  return Error(evidence::query_invalid, "--by " + text);
}

void print_counts(Terminal& terminal, const evidence::Counts& counts, bool as_json) {
  if (as_json) {
    json::array rows;
    for (const auto& bucket : counts.buckets) {
      rows.push_back(json::object{{"begin", to_rfc3339(bucket.begin)}, {"count", bucket.count}});
    }
    terminal.out << json::serialize(json::object{{"total", counts.total}, {"counts", std::move(rows)}}) << "\n";
    return;
  }
  for (const auto& bucket : counts.buckets) terminal.out << to_rfc3339(bucket.begin) << " " << bucket.count << "\n";
  terminal.out << "Tổng / total " << counts.total << "\n";
}

Result<void> count_over_time(Terminal& terminal, const DataArguments& arguments, const Asked& asked) {
  LUY_TRY(const Duration bucket, bucket_of(arguments.bucket));
  if (arguments.question.empty()) {
    LUY_TRY(const evidence::Counts counts, asked.archive->counts(asked.query, bucket, {}));
    tell_damage(terminal, counts.damaged.records);
    print_counts(terminal, counts, arguments.as_json);
    return {};
  }
  evidence::TimeTally tally(bucket);
  Result<void> added;
  const auto visit = [&](const evidence::Record& record) {
    added = tally.add(record.received);
    return added ? evidence::Visit::skip : evidence::Visit::stop;
  };
  LUY_TRY(const evidence::SearchStats stats, evidence::ask(*asked.archive, asked.question, asked.query, {}, visit));
  if (!added) return added;
  tell_damage(terminal, stats.damaged.records);
  print_counts(terminal, tally.counts(), arguments.as_json);
  return {};
}

Result<void> stats(Terminal& terminal, const DataArguments& arguments) {
  LUY_TRY(const Asked asked, ask_for(arguments));
  if (arguments.top.empty()) return count_over_time(terminal, arguments, asked);
  evidence::ValueTally tally(arguments.top);
  const auto visit = [&](const evidence::Record& record) {
    tally.add(record);
    return evidence::Visit::skip;
  };
  LUY_TRY(const evidence::SearchStats stats, evidence::ask(*asked.archive, asked.question, asked.query, {}, visit));
  tell_damage(terminal, stats.damaged.records);
  json::array rows;
  for (const auto& row : tally.top(arguments.rows)) {
    if (arguments.as_json) {
      rows.push_back(json::object{{"value", printable(row.value)}, {"count", row.count}});
    } else {
      terminal.out << row.count << " " << printable(row.value) << "\n";
    }
  }
  if (arguments.as_json) {
    terminal.out << json::serialize(json::object{
                        {"top", std::move(rows)}, {"without", tally.without()}, {"others", tally.others()}})
                 << "\n";
  }
  return {};
}

// The keys of days in a folder, as the hub's signer keeps them; the folder must be in use by nobody else.
Result<std::unique_ptr<evidence::NoteSigner>> keeper_of(const Terminal& terminal, const fs::path& folder,
                                                        const std::string& origin) {
  LUY_TRY(auto kept, signer::open_signer({folder, origin}, terminal.clock));
  return std::unique_ptr<evidence::NoteSigner>(std::move(kept));
}

// The key given, or the one that lies where ingest or the hub keeps theirs; null when there is none.
Result<std::unique_ptr<evidence::NoteSigner>> export_signer(const Terminal& terminal, const DataArguments& arguments,
                                                            const evidence::Archive& archive) {
  const auto days = archive.list();
  std::error_code error;
  fs::path keys = arguments.signer;
  const fs::path of_hub = fs::path(arguments.data) / "keys" / "signer";
  if (keys.empty() && arguments.key.empty() && fs::exists(of_hub / "keys", error)) keys = of_hub;
  if (!keys.empty() && !days.empty()) {
    auto found = keeper_of(terminal, keys, days.back()->origin);
    // Beside a running hub only the console can have packages signed.
    const bool busy = !found && arguments.signer.empty() && found.error().is(signer::in_use);
    return busy ? Result<std::unique_ptr<evidence::NoteSigner>>(nullptr) : std::move(found);
  }
  std::vector<fs::path> places = {arguments.key};
  if (arguments.key.empty()) {
    places = {evidence_folder(arguments.data) / "signing.pem", fs::path(arguments.data) / "keys" / "checkpoint.key"};
  }
  for (const fs::path& place : places) {
    if (days.empty() || (arguments.key.empty() && !fs::exists(place, error))) continue;
    LUY_TRY(auto signer, evidence::FileNoteSigner::load(place, days.back()->origin));
    return std::unique_ptr<evidence::NoteSigner>(std::move(signer));
  }
  return std::unique_ptr<evidence::NoteSigner>();
}

Result<void> export_days(Terminal& terminal, const DataArguments& arguments) {
  const std::size_t dots = arguments.days.find("..");
  const auto first = day_from_iso(std::string_view(arguments.days).substr(0, dots));
  const auto last = dots == std::string::npos ? first : day_from_iso(std::string_view(arguments.days).substr(dots + 2));
  if (!first || !last) return Error(evidence::query_invalid, "--days " + arguments.days);
  LUY_TRY(const auto archive, evidence::Archive::open(evidence_folder(arguments.data)));
  LUY_TRY(const auto signer, export_signer(terminal, arguments, *archive));
  if (signer == nullptr) return Error(evidence::key_invalid, "--key, --signer");
  const evidence::DayPackage wanted{*first, *last, *signer, terminal.clock.now()};
  LUY_TRY(const evidence::PackageSummary done, evidence::write_day_package(*archive, wanted, arguments.out));
  terminal.out << arguments.out << ": " << done.records << " bản ghi / records, cây / tree " << done.size << "\n";
  return {};
}

Result<void> write_export(Terminal& terminal, const DataArguments& arguments) {
  if (!arguments.days.empty()) return export_days(terminal, arguments);
  LUY_TRY(const Asked asked, ask_for(arguments));
  LUY_TRY(const auto signer, export_signer(terminal, arguments, *asked.archive));
  std::optional<evidence::PackageSeal> seal;
  if (signer != nullptr) seal.emplace(evidence::PackageSeal{*signer, terminal.clock.now(), arguments.question});
  LUY_TRY(const evidence::PackageSummary done,
          evidence::write_package(*asked.archive, asked.question, asked.query, arguments.out, seal ? &*seal : nullptr));
  if (!seal) {
    terminal.err << "Không có khóa ký: gói chỉ kiểm được từng bản ghi, dùng --key với khóa của máy chủ. / No key: only "
                    "each record can be verified for itself; use --key with the hub's key.\n";
  }
  terminal.out << arguments.out << ": " << done.records << " bản ghi / records, cây / tree " << done.size << "\n";
  if (!done.complete) {
    terminal.err << "Còn bản ghi cũ hơn chưa xuất: tăng --limit. / Older records were left out: raise --limit.\n";
  }
  tell_damage(terminal, done.damaged);
  if (done.uncovered > 0) {
    terminal.err << done.uncovered
                 << " bản ghi chưa có chữ ký bao phủ, không xuất. / records not signed yet, left out.\n";
  }
  return {};
}

// What a run of ingest reads, and what became of it.
struct Intake {
  std::string name;
  std::optional<std::uint64_t> bytes_max;  // Of a file as it was when it was looked at; it may have grown.
  std::string sender;                      // Names the file's content and source; empty: read but once.
};
struct Taken {
  std::uint64_t records = 0;
  std::uint64_t bytes = 0;
  std::uint64_t known = 0;  // Records that were stored by an earlier run.
};

// One line after another; nothing beyond the limit.
class Lines {
 public:
  Lines(std::istream& in, std::optional<std::uint64_t> bytes_max) : in_(in), left_(bytes_max) {}
  bool next(std::string& line) {
    if ((left_ && *left_ == 0) || !std::getline(in_, line)) return false;
    if (!left_) return true;
    if (line.size() > *left_) line.resize(static_cast<std::size_t>(*left_));
    *left_ -= std::min<std::uint64_t>(line.size() + 1, *left_);
    return true;
  }

 private:
  std::istream& in_;
  std::optional<std::uint64_t> left_;
};

// Reads the file once before anything is stored: the same lines of the same source have the same name for ever, and a
// line that no record can hold is told while nothing is done yet.
Result<Intake> look_at(const std::string& file, const std::string& source) {
  std::error_code error;
  if (file == "-" || !fs::is_regular_file(file, error)) return Intake{file, {}, {}};
  std::ifstream in(file, std::ios::binary);
  if (!in) return file_error(file, errno);
  Intake out{file, fs::file_size(file, error), {}};
  if (error) return file_error(file, error.value());
  Sha256 hasher;
  // How lines are put together into batches is part of the name.
  Hash name = hasher.digest(source + '\n' + std::to_string(commit_bytes));
  Lines lines(in, out.bytes_max);
  std::uint64_t number = 0;
  for (std::string line; lines.next(line);) {
    ++number;
    if (line.size() > evidence::record_bytes_max) {
      return Error(evidence::record_invalid,
                   file + ":" + std::to_string(number) + ": " + std::to_string(line.size()) + " byte");
    }
    name = hasher.digest({as_text(name), line});
  }
  if (in.bad()) return file_error(file, errno);
  out.sender = "ingest/" + to_hex(name).substr(0, 32);
  return out;
}

// The lines of a stream, committed as they come. A file that was taken before, or half of it, adds only what is new.
Result<void> take_lines(evidence::Store& store, const std::string& source, const Intake& from, std::istream& in,
                        Taken& taken) {
  std::vector<std::string> lines;
  std::size_t pending = 0;
  std::uint64_t number = 0;
  const auto flush = [&]() -> Result<void> {
    evidence::Store::Batch batch;
    if (!from.sender.empty()) batch.key = evidence::BatchKey{from.sender, 1, ++number, {}};
    for (const std::string& line : lines) {
      batch.records.push_back({source, static_cast<std::uint8_t>(event::Transport::file), line});
    }
    LUY_TRY(const auto appended, store.append({&batch, 1}));
    if (appended.front().duplicate) {
      taken.known += lines.size();
    } else {
      taken.records += lines.size();
      taken.bytes += pending;
    }
    lines.clear();
    pending = 0;
    return {};
  };
  Lines reader(in, from.bytes_max);
  for (std::string line; reader.next(line);) {
    pending += line.size();
    lines.push_back(std::move(line));
    if (pending >= commit_bytes) LUY_TRY_VOID(flush());
  }
  return lines.empty() ? Result<void>() : flush();
}

// A store that exists keeps its origin; the key of a new one is made beside it.
Result<std::unique_ptr<evidence::NoteSigner>> signer_of(const Terminal& terminal, const DataArguments& arguments,
                                                        const fs::path& folder) {
  std::string origin = arguments.origin;
  std::error_code error;
  if (fs::is_directory(folder, error)) {
    LUY_TRY(const auto archive, evidence::Archive::open(folder));
    if (const auto days = archive->list(); !days.empty()) origin = days.back()->origin;
  }
  if (!arguments.signer.empty()) return keeper_of(terminal, arguments.signer, origin);
  const fs::path key = arguments.key.empty() ? folder / "signing.pem" : fs::path(arguments.key);
  if (arguments.key.empty() && !fs::exists(key, error)) {
    LUY_TRY_VOID(make_folder(folder));
    LUY_TRY_VOID(evidence::FileNoteSigner::generate(key));
  }
  LUY_TRY(auto signer, evidence::FileNoteSigner::load(key, origin));
  return std::unique_ptr<evidence::NoteSigner>(std::move(signer));
}

Result<void> ingest(Terminal& terminal, const DataArguments& arguments) {
  std::vector<Intake> intakes;
  for (const std::string& file : arguments.files) {
    LUY_TRY(Intake intake, look_at(file, arguments.source));
    intakes.push_back(std::move(intake));
  }
  const fs::path folder = evidence_folder(arguments.data);
  LUY_TRY(const auto signer, signer_of(terminal, arguments, folder));
  LUY_TRY(const auto store, evidence::open_store({folder}, terminal.clock, *signer));
  Taken taken;
  for (const Intake& from : intakes) {
    if (from.name == "-") {
      LUY_TRY_VOID(take_lines(*store, arguments.source, from, std::cin, taken));
      continue;
    }
    std::ifstream in(from.name, std::ios::binary);
    if (!in) return file_error(from.name, errno);
    LUY_TRY_VOID(take_lines(*store, arguments.source, from, in, taken));
    if (in.bad()) return file_error(from.name, errno);
  }
  if (store->size() > 0) LUY_TRY_VOID(store->checkpoint());
  terminal.out << taken.records << " bản ghi / records, " << taken.bytes << " byte\n" << signer->vkey() << "\n";
  if (taken.known > 0) {
    terminal.err << taken.known << " bản ghi đã có từ lần trước. / records were there from an earlier run.\n";
  }
  return {};
}

// The clock is far from the time last seen, and right: on a hub that is stopped.
Result<void> accept_clock(Terminal& terminal, const DataArguments& arguments) {
  const fs::path folder = evidence_folder(arguments.data);
  LUY_TRY(auto archive, evidence::Archive::open(folder));
  LUY_TRY(const auto signer, export_signer(terminal, arguments, *archive));
  if (signer == nullptr) return Error(evidence::key_invalid, "--key");
  archive.reset();
  LUY_TRY(const auto store, evidence::open_store({.folder = folder, .accept_clock = true}, terminal.clock, *signer));
  LUY_TRY_VOID(store->checkpoint());
  terminal.out << to_rfc3339(terminal.clock.now()) << "\n";
  return {};
}

using Command = Result<void> (*)(Terminal&, const DataArguments&);

CLI::App* add(CLI::App& family, Terminal& terminal, const char* name, const char* help,
              const std::shared_ptr<DataArguments>& arguments, Command command) {
  CLI::App* out = family.add_subcommand(name, help);
  out->add_option("--data", arguments->data, "Thư mục chứng cứ / folder of evidence")->required();
  out->callback([&terminal, arguments, command] {
    if (const auto done = command(terminal, *arguments); !done) terminal.fail(done.error());
  });
  return out;
}

void add_question(CLI::App& command, DataArguments& arguments) {
  command.add_option("QUESTION", arguments.question,
                     "Câu tìm kiếm / the search, e.g. 'host:web1 sshd \"failed password\" -user:root ip:10.0.0.0/8'");
  command.add_option("--from", arguments.from, "Từ thời điểm hoặc ngày / from a time or day");
  command.add_option("--until", arguments.until, "Đến trước thời điểm hoặc ngày / until a time or day");
  command.add_option("--source", arguments.source, "Phần đầu của nguồn / begin of the source");
}

}  // namespace

void add_evidence_data_commands(CLI::App& family, Terminal& terminal) {
  const auto i = std::make_shared<DataArguments>();
  CLI::App* command =
      add(family, terminal, "ingest", "Đưa các dòng của tệp vào kho / store the lines of files", i, ingest);
  command->add_option("FILES", i->files, "Tệp, '-' là đầu vào chuẩn / files, '-' for standard input")->required();
  command->add_option("--source", i->source, "<cơ quan>/<thiết bị>/<luồng> / <agency>/<device>/<stream>")->required();
  command->add_option("--key", i->key, "Khóa ký PKCS#8; mặc định signing.pem trong kho / signing key");
  command->add_option("--signer", i->signer,
                      "Thư mục khóa theo ngày, thay cho --key / a folder of day keys, instead of --key");
  command->add_option("--origin", i->origin, "Tên nguồn của kho mới / origin of a new store");

  const auto s = std::make_shared<DataArguments>();
  command = add(family, terminal, "search", "Tìm bản ghi, mới nhất trước / find records, newest first", s, search);
  add_question(*command, *s);
  command->add_option("--limit", s->limit, "Số bản ghi tối đa / at most so many");
  command->add_flag("--json", s->as_json, "Mỗi dòng một đối tượng JSON / a JSON object a line");

  const auto t = std::make_shared<DataArguments>();
  command =
      add(family, terminal, "stats", "Đếm theo thời gian hoặc theo giá trị / count over time or by value", t, stats);
  add_question(*command, *t);
  command->add_option("--by", t->bucket, "minute, hour, day");
  command->add_option("--top", t->top, "Trường cần đếm giá trị / field whose values are counted");
  command->add_option("--rows", t->rows, "Số giá trị / how many values");
  command->add_flag("--json", t->as_json, "Kết quả dạng JSON / print JSON");

  const auto e = std::make_shared<DataArguments>();
  e->limit = evidence::package_records_max;
  command = add(family, terminal, "export",
                "Xuất gói chứng cứ tự kiểm tra được / write a package that verifies by itself", e, write_export);
  add_question(*command, *e);
  command->add_option("--limit", e->limit, "Số bản ghi tối đa / at most so many");
  command->add_option("--out", e->out, "Thư mục mới / a new folder")->required();
  command->add_option("--days", e->days,
                      "Cả ngày, thay cho câu tìm kiếm / whole days instead of a search: 2026-11-01..2026-11-30");
  command->add_option("--signer", e->signer,
                      "Thư mục khóa theo ngày; mặc định keys/signer / the store's folder of day keys");
  command->add_option("--key", e->key, "Khóa ký của kho, để ký bản kê của gói / the store's key, signs the manifest");

  const auto c = std::make_shared<DataArguments>();
  command = add(family, terminal, "accept-clock",
                "Xác nhận đồng hồ hiện tại là đúng, khi luy-hub đã dừng / say that the clock is right; luy-hub stopped",
                c, accept_clock);
  command->add_option("--signer", c->signer, "Thư mục khóa theo ngày / the store's folder of day keys");
  command->add_option("--key", c->key, "Khóa ký của kho / the store's key");
}

}  // namespace luy::cli
