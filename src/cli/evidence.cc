// luy evidence verify | show | prove | check; the others are in evidence_data.cc.
#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <filesystem>
#include <memory>
#include <set>

#include "base/encoding.h"
#include "base/file.h"
#include "cli/command.h"
#include "cli/copy_beside.h"
#include "cli/evidence_epoch.h"
#include "cli/evidence_salvage.h"
#include "cli/evidence_stamps.h"
#include "cli/key_files.h"
#include "evidence/archive.h"
#include "evidence/certificate.h"
#include "evidence/day_file.h"
#include "evidence/error.h"
#include "evidence/merkle.h"
#include "evidence/package.h"
#include "evidence/salvage.h"
#include "evidence/verify.h"
#include "evidence/witness_file.h"

namespace luy::cli {
namespace json = boost::json;
namespace {

constexpr std::size_t small_file_bytes_max = 256 << 10;
constexpr std::size_t leaf_file_bytes_max = evidence::record_bytes_max + 1024;

struct VerifyArguments {
  std::string path;
  std::string data;
  std::string package;
  std::string salvaged;
  std::string days;
  std::vector<std::string> keys;
  std::vector<std::string> notes;
  std::vector<std::string> witnesses;
  std::vector<std::string> authorities;
  bool each_record = false;
  bool as_json = false;
};

json::object to_json(const evidence::Finding& finding) {
  return {{"kind", finding.error.name()},
          {"fault", finding.is_fault},
          {"file", finding.file.string()},
          {"vi", finding.error.vi()},
          {"en", finding.error.en()}};
}

json::object to_json(const evidence::VerifySummary& summary, json::array findings) {
  return {{"ok", summary.faults == 0},
          {"files", summary.files},
          {"records", summary.records},
          {"unsigned_records", summary.unsigned_records},
          {"cosigned", summary.cosigned},
          {"raw_bytes", summary.raw_bytes},
          {"checkpoints", summary.checkpoints},
          {"faults", summary.faults},
          {"size", summary.size},
          {"root", to_base64(as_text(summary.root))},
          {"findings", std::move(findings)}};
}

void print_summary(Terminal& terminal, const evidence::VerifySummary& summary) {
  const std::string counts =
      std::to_string(summary.files) + " tệp/files, " + std::to_string(summary.records - summary.unsigned_records) +
      " bản ghi có chữ ký/signed records, " + std::to_string(summary.checkpoints) + " điểm kiểm tra/checkpoints\n";
  const std::string root = to_base64(as_text(summary.root));
  if (summary.faults == 0) {
    terminal.out << "TOÀN VẸN / INTACT: " << counts;
  } else {
    terminal.out << "KHÔNG TOÀN VẸN / NOT INTACT: " << summary.faults << " lỗi/faults; " << counts;
  }
  if (summary.unsigned_records > 0) {
    terminal.out << "CHƯA CÓ CHỮ KÝ, KHÔNG ĐƯỢC BẢO ĐẢM / NOT SIGNED, NOT VOUCHED FOR: " << summary.unsigned_records
                 << " bản ghi cuối/last records\n";
  }
  terminal.out << "Gốc cây / tree root " << root << ", " << summary.size << "\n";
}

// "2026-11-01..2026-11-30", or one day.
Result<std::optional<evidence::VerifyOptions::Range>> range_of(const std::string& text) {
  if (text.empty()) return std::optional<evidence::VerifyOptions::Range>();
  const std::size_t dots = text.find("..");
  const auto first = day_from_iso(std::string_view(text).substr(0, dots));
  const auto last = dots == std::string::npos ? first : day_from_iso(std::string_view(text).substr(dots + 2));
  if (!first || !last || *last < *first) return Error(evidence::query_invalid, "--days " + text);
  return std::optional(evidence::VerifyOptions::Range{*first, *last});
}

// Where day files lie, with their time-stamps beside them.
std::filesystem::path folder_of_days(const VerifyArguments& arguments) {
  if (!arguments.package.empty()) return std::filesystem::path(arguments.package) / "days";
  const std::filesystem::path path = arguments.data.empty() ? arguments.path : arguments.data;
  std::error_code error;
  return !arguments.data.empty() && std::filesystem::is_directory(path / "evidence", error) ? path / "evidence" : path;
}

// Witnesses whose keys were not given: that they signed something is worth knowing, that they did is not known.
void tell_of_unchecked(const std::filesystem::path& path, const std::function<void(const evidence::Finding&)>& report) {
  std::set<std::string> names;
  const auto look = [&](const std::filesystem::path& file) {
    std::error_code error;
    if (!evidence::day_of_path(file) || !std::filesystem::exists(evidence::cosigned_path(file), error)) return;
    for (const std::string& name : look_beside(file, {}).unchecked) names.insert(name);
  };
  std::error_code error;
  if (!std::filesystem::is_directory(path, error)) {
    look(path);
  } else {
    for (std::filesystem::directory_iterator entry(path, error), end; !error && entry != end; entry.increment(error)) {
      look(entry->path());
    }
  }
  std::string all;
  for (const std::string& name : names) all += (all.empty() ? "" : ", ") + name;
  if (!all.empty()) report({Error(remark_not_checked, all), false, path});
}

// A package is verified as such only when it is called one: else a thief could put one in the place of the store.
Result<evidence::VerifySummary> verify_what_was_named(const VerifyArguments& arguments,
                                                      const evidence::VerifyOptions& options) {
  if (!arguments.package.empty()) return evidence::verify_package(arguments.package, options);
  if (!arguments.salvaged.empty()) return evidence::verify_salvage(arguments.salvaged, options);
  const std::filesystem::path path = folder_of_days(arguments);
  auto summary = evidence::verify_path(path, options);
  if (!summary && summary.error().is(file_not_found) && evidence::is_package(path)) {
    return Error(evidence::query_invalid, path.string() + " là gói chứng cứ: dùng --package",
                 path.string() + " is a package: use --package");
  }
  return summary;
}

void verify(Terminal& terminal, const VerifyArguments& arguments) {
  const std::size_t named = (arguments.path.empty() ? 0U : 1U) + (arguments.data.empty() ? 0U : 1U) +
                            (arguments.package.empty() ? 0U : 1U) + (arguments.salvaged.empty() ? 0U : 1U);
  if (named != 1) return terminal.fail(Error(evidence::query_invalid, "PATH, --data, --package, --salvaged"));
  const auto range = range_of(arguments.days);
  if (!range) return terminal.fail(range.error());
  const auto keys = read_keys(arguments.keys);
  if (!keys) return terminal.fail(keys.error());
  const auto notes = read_notes(arguments.notes);
  if (!notes) return terminal.fail(notes.error());
  const auto witnesses = read_witnesses(arguments.witnesses);
  if (!witnesses) return terminal.fail(witnesses.error());
  json::array findings;
  evidence::VerifyOptions options;
  options.keys = *keys;
  options.witnesses = *witnesses;
  options.notes = *notes;
  options.days = *range;
  options.each_record = arguments.each_record;
  options.report = [&](const evidence::Finding& finding) {
    if (arguments.as_json) {
      findings.push_back(to_json(finding));
      return;
    }
    terminal.out << (finding.is_fault ? "LỖI/FAULT " : "GHI CHÚ/REMARK ") << finding.error.name() << "\n  "
                 << printable(finding.error.vi()) << "\n  " << printable(finding.error.en()) << "\n";
  };
  auto summary = verify_what_was_named(arguments, options);
  if (!summary) return terminal.fail(summary.error());
  if (options.witnesses.empty()) tell_of_unchecked(folder_of_days(arguments), options.report);
  const auto stamps = verify_stamps(folder_of_days(arguments), arguments.authorities, options.report);
  if (!stamps) return terminal.fail(stamps.error());
  summary->faults += *stamps;
  if (arguments.as_json) {
    terminal.out << json::serialize(to_json(*summary, std::move(findings))) << "\n";
  } else {
    print_summary(terminal, *summary);
  }
  if (summary->faults > 0) terminal.exit = ExitCode::fault;
}

struct RecordArguments {
  std::string path;
  std::uint64_t seq = 0;
  bool raw = false;
  std::string out = ".";
};

void show(Terminal& terminal, const RecordArguments& arguments) {
  const auto archive = evidence::Archive::open(arguments.path);
  if (!archive) return terminal.fail(archive.error());
  const auto record = (*archive)->read(arguments.seq);
  if (!record) return terminal.fail(record.error());
  if (arguments.raw) {
    terminal.out << record->raw;
    return;
  }
  const Hash leaf = evidence::LeafHasher().hash(evidence::to_view(*record));
  terminal.out << "seq        " << record->seq << "\nreceived   " << to_rfc3339(record->received) << "\nsource     "
               << printable(record->source) << "\ntransport  " << int{record->transport} << "\nleaf       "
               << to_hex(leaf) << "\nraw        " << printable(record->raw) << "\n";
}

Result<evidence::InclusionProof> proof_of(const RecordArguments& arguments) {
  if (evidence::is_salvage(arguments.path)) return evidence::prove_salvaged(arguments.path, arguments.seq);
  LUY_TRY(const auto archive, evidence::Archive::open(arguments.path));
  LUY_TRY(auto checkpoint, evidence::witnessed_checkpoint(*archive, arguments.seq));
  if (!checkpoint) {
    LUY_TRY(checkpoint, archive->newest_checkpoint());
  }
  if (!checkpoint) return Error(evidence::not_covered, std::to_string(arguments.seq));
  LUY_TRY(const auto tree, archive->frontier_at(checkpoint->size));
  return archive->prove(arguments.seq, *checkpoint, tree);
}

Result<void> write_proof(Terminal& terminal, const RecordArguments& arguments) {
  LUY_TRY(const auto proof, proof_of(arguments));
  const std::filesystem::path base = std::filesystem::path(arguments.out) / std::to_string(arguments.seq);
  const std::string leaf_file = base.string() + ".leaf";
  const std::string proof_file = base.string() + ".tlog-proof";
  LUY_TRY_VOID(write_file_durably(leaf_file, evidence::leaf_data(proof.record), 0600));
  LUY_TRY_VOID(
      write_file_durably(proof_file, evidence::format_proof({arguments.seq, proof.path, proof.checkpoint.note}), 0600));
  terminal.out << leaf_file << "\n" << proof_file << "\n";
  if (proof.checkpoint.certificates.empty()) return {};
  const std::string chain_file = base.string() + ".certificates";
  LUY_TRY_VOID(write_file_durably(chain_file, evidence::join_certificates(proof.checkpoint.certificates), 0600));
  terminal.out << chain_file << "\n";
  return {};
}

struct CheckArguments {
  std::string leaf;
  std::string proof;
  std::string certificates;
  std::vector<std::string> keys;
};

// What lies beside the proof, unless another file is named; none where the key itself signed.
Result<evidence::KeyRing> ring_of(const CheckArguments& arguments) {
  LUY_TRY(auto keys, read_keys(arguments.keys));
  evidence::KeyRing ring(std::move(keys));
  const std::filesystem::path beside = std::filesystem::path(arguments.proof).replace_extension(".certificates");
  std::error_code error;
  if (arguments.certificates.empty() && !std::filesystem::exists(beside, error)) return ring;
  LUY_TRY(const std::string text,
          read_file(arguments.certificates.empty() ? beside : std::filesystem::path(arguments.certificates),
                    small_file_bytes_max));
  LUY_TRY(const auto certificates, evidence::split_certificates(text));
  ring.add(certificates);
  return ring;
}

// A single record with its proof, without the store it came from.
Result<void> check_proof(Terminal& terminal, const CheckArguments& arguments) {
  LUY_TRY(const evidence::KeyRing ring, ring_of(arguments));
  LUY_TRY(const std::string leaf, read_file(arguments.leaf, leaf_file_bytes_max));
  LUY_TRY(const std::string text, read_file(arguments.proof, small_file_bytes_max));
  LUY_TRY(const evidence::Record record, evidence::parse_leaf_data(leaf));
  LUY_TRY(const evidence::TlogProof proof, evidence::parse_proof(text));
  LUY_TRY(const evidence::KeyRing::Signer signer, ring.verify(proof.note));
  LUY_TRY(const evidence::CheckpointBody body, evidence::parse_body(proof.note));
  evidence::LeafHasher hasher;
  LUY_TRY(const Hash root,
          evidence::root_of_path(hasher, proof.index, body.size, hasher.hash(evidence::to_view(record)), proof.path));
  const bool too_late = signer.day && day_of(record.received) > *signer.day;
  if (root != body.root || record.seq != proof.index || body.origin != signer.key.name || too_late) {
    return Error(evidence::note_unverified, "record " + std::to_string(record.seq));
  }
  terminal.out << "BẢN GHI CÓ TRONG CÂY ĐÃ KÝ / THE RECORD IS IN THE SIGNED TREE: " << record.seq << " < " << body.size
               << ", " << body.origin << ", " << to_rfc3339(record.received) << ", " << printable(record.source)
               << "\n";
  return {};
}

// Keeps the parsed values alive until the callback has run.
template <class Arguments>
std::shared_ptr<Arguments> arguments_of() {
  return std::make_shared<Arguments>();
}

}  // namespace

void add_evidence_commands(CLI::App& app, Terminal& terminal) {
  CLI::App* family = app.add_subcommand("evidence", "Chứng cứ: kiểm tra, xem, chứng minh / evidence files");
  family->require_subcommand(1);
  add_evidence_data_commands(*family, terminal);
  add_epoch_command(*family, terminal);
  add_salvage_command(*family, terminal);

  const auto v = arguments_of<VerifyArguments>();
  CLI::App* verify_command = family->add_subcommand(
      "verify", "Kiểm tra tính toàn vẹn của một ngày, cả kho hoặc gói chứng cứ / verify a day, a folder or a package");
  verify_command->add_option("PATH", v->path, "Tệp ngày hoặc thư mục / day file or folder");
  verify_command->add_option("--data", v->data, "Thư mục chứng cứ / folder of evidence");
  verify_command->add_option("--package", v->package, "Gói chứng cứ / an evidence package");
  verify_command->add_option("--salvaged", v->salvaged,
                             "Những gì đã cứu được của một ngày / what was salvaged of a day");
  verify_command->add_flag("--each-record", v->each_record,
                           "Gói không có bản kê ký / a package without a signed manifest: each record for itself");
  verify_command->add_option("--days", v->days,
                             "Chỉ các ngày này, vì chỉ chúng được sao chép / these days only: 2026-11-01..2026-11-30");
  verify_command->add_option("--key", v->keys, "Tệp khóa công khai (vkey) tin cậy / trusted public keys");
  verify_command->add_option("--note", v->notes, "Điểm kiểm tra lưu ở nơi khác / checkpoint kept elsewhere");
  verify_command->add_option("--witness", v->witnesses,
                             "Tệp khóa của nhân chứng phải đã ký xác nhận / keys of witnesses that must have cosigned");
  verify_command->add_option("--time-stamp-ca", v->authorities,
                             "Chứng thư gốc của dịch vụ dấu thời gian / authorities of the time-stamp service");
  verify_command->add_flag("--json", v->as_json, "Kết quả dạng JSON / print JSON");
  verify_command->callback([&terminal, v] { verify(terminal, *v); });

  const auto s = arguments_of<RecordArguments>();
  CLI::App* show_command = family->add_subcommand("show", "Xem một bản ghi / show a record");
  show_command->add_option("PATH", s->path, "Tệp ngày hoặc thư mục / day file or folder")->required();
  show_command->add_option("--seq", s->seq, "Số thứ tự bản ghi / record number")->required();
  show_command->add_flag("--raw", s->raw, "Chỉ in các byte gốc / the raw bytes only");
  show_command->callback([&terminal, s] { show(terminal, *s); });

  const auto p = arguments_of<RecordArguments>();
  CLI::App* prove_command =
      family->add_subcommand("prove", "Ghi bằng chứng .tlog-proof của một bản ghi / write a record's proof");
  prove_command->add_option("PATH", p->path, "Tệp ngày hoặc thư mục / day file or folder")->required();
  prove_command->add_option("--seq", p->seq, "Số thứ tự bản ghi / record number")->required();
  prove_command->add_option("--out", p->out, "Thư mục ghi kết quả / where to write");
  prove_command->callback([&terminal, p] {
    if (const auto done = write_proof(terminal, *p); !done) terminal.fail(done.error());
  });

  const auto c = arguments_of<CheckArguments>();
  CLI::App* check_command = family->add_subcommand("check", "Kiểm tra một bằng chứng / check a record's proof");
  check_command->add_option("LEAF", c->leaf, "Tệp .leaf")->required();
  check_command->add_option("PROOF", c->proof, "Tệp .tlog-proof")->required();
  check_command->add_option(
      "--certificates", c->certificates,
      "Giấy chứng nhận khóa ngày; mặc định tệp .certificates bên cạnh / certificates of day keys");
  check_command->add_option("--key", c->keys, "Tệp khóa công khai (vkey) tin cậy / trusted public keys")->required();
  check_command->callback([&terminal, c] {
    if (const auto done = check_proof(terminal, *c); !done) terminal.fail(done.error());
  });
}

}  // namespace luy::cli
