// `luy check`: what `./run --check` prints. Waits for a machine's first verdicts, verifies every proof they rest on by
// itself – leaf, path, root, signature – and says whether the main job works.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <memory>
#include <ostream>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "base/encoding.h"
#include "base/utf8.h"
#include "cli/admin_client.h"
#include "cli/command.h"
#include "cli/table.h"
#include "evidence/certificate.h"
#include "evidence/error.h"
#include "evidence/merkle.h"
#include "evidence/note.h"

namespace luy::cli {
namespace {

namespace json = boost::json;

constexpr auto poll_interval = std::chrono::milliseconds(200);

struct CheckOptions {
  std::filesystem::path data;  // The hub's data folder.
  bool json = false;
  int wait_seconds = 90;
  // How many of the 57 obligations must be kept, due or violated: what any Debian machine can measure about itself.
  int measured_min = 12;
};

struct Verdict {
  std::string obligation;
  std::string subject;
  std::string subject_name;
  std::string state;
  std::string reason_vi;
  std::string reason_en;
  std::vector<std::uint64_t> proofs;
  bool measured() const { return state == "kept" || state == "due" || state == "violated"; }
};

struct Answer {
  std::vector<Verdict> verdicts;
  std::uint64_t events_stored = 0;
  std::uint64_t checkpoint_size = 0;

  std::size_t obligations_measured() const {
    std::set<std::string> names;
    for (const Verdict& verdict : verdicts) {
      if (verdict.measured()) names.insert(verdict.obligation);
    }
    return names.size();
  }
  std::set<std::uint64_t> proofs() const {
    std::set<std::uint64_t> out;
    for (const Verdict& verdict : verdicts) out.insert(verdict.proofs.begin(), verdict.proofs.end());
    return out;
  }
};

std::string text_of(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

std::uint64_t number_of(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  if (value == nullptr) return 0;
  boost::system::error_code error;
  const auto number = value->to_number<std::uint64_t>(error);
  return error ? 0 : number;
}

Result<Answer> ask(const AdminClient& hub) {
  LUY_TRY(const json::value body, hub.get("/admin/v1/check"));
  if (!body.is_object()) return Error(hub_refused, "/admin/v1/check");
  Answer answer;
  answer.events_stored = number_of(body.get_object(), "events_stored");
  if (const auto* checkpoint = body.get_object().if_contains("checkpoint");
      checkpoint != nullptr && checkpoint->is_object()) {
    answer.checkpoint_size = number_of(checkpoint->get_object(), "size");
  }
  const auto* list = body.get_object().if_contains("verdicts");
  if (list == nullptr || !list->is_array()) return Error(hub_refused, "/admin/v1/check: verdicts");
  for (const json::value& item : list->get_array()) {
    if (!item.is_object()) return Error(hub_refused, "/admin/v1/check: verdicts");
    const json::object& object = item.get_object();
    Verdict verdict{.obligation = text_of(object, "obligation"),
                    .subject = text_of(object, "subject"),
                    .subject_name = text_of(object, "subject_name"),
                    .state = text_of(object, "verdict"),
                    .reason_vi = text_of(object, "reason_vi"),
                    .reason_en = text_of(object, "reason"),
                    .proofs = {}};
    if (const auto* seqs = object.if_contains("proof_seqs"); seqs != nullptr && seqs->is_array()) {
      for (const json::value& seq : seqs->get_array()) {
        boost::system::error_code error;
        const auto number = seq.to_number<std::uint64_t>(error);
        if (!error) verdict.proofs.push_back(number);
      }
    }
    answer.verdicts.push_back(std::move(verdict));
  }
  return answer;
}

// Recomputes the root from the leaf and checks the signature over it; nothing the hub says about validity is believed.
Result<void> verify_proof(const AdminClient& hub, std::uint64_t seq) {
  LUY_TRY(const json::value body, hub.get("/admin/v1/proof?seq=" + std::to_string(seq)));
  const Error broken(evidence::store_corrupt, "the proof of record " + std::to_string(seq) + " does not hold");
  if (!body.is_object()) return broken;
  const json::object& proof = body.get_object();
  const auto leaf_data = from_base64(text_of(proof, "leaf_data"));
  const auto* path = proof.if_contains("path");
  if (!leaf_data || path == nullptr || !path->is_array()) return broken;
  std::vector<Hash> hashes;
  for (const json::value& step : path->get_array()) {
    const auto bytes = step.is_object() ? from_hex(text_of(step.get_object(), "hash")) : std::nullopt;
    if (!bytes || bytes->size() != sizeof(Hash)) return broken;
    std::copy_n(reinterpret_cast<const std::uint8_t*>(bytes->data()), sizeof(Hash), hashes.emplace_back().begin());
  }
  const std::string note = text_of(proof, "checkpoint");
  LUY_TRY(const evidence::CheckpointBody checkpoint, evidence::parse_body(note));
  LUY_TRY(evidence::VerifierKey root_key, evidence::VerifierKey::parse(text_of(proof, "root_key")));
  evidence::KeyRing ring({std::move(root_key)});
  std::vector<std::string> certificates;
  const auto* list = proof.if_contains("certificates");
  if (list == nullptr || !list->is_array()) return broken;
  for (const json::value& one : list->get_array()) {
    if (one.is_string()) certificates.emplace_back(one.get_string().data(), one.get_string().size());
  }
  ring.add(certificates);
  LUY_TRY_VOID(ring.verify(note));
  // The leaf begins with its format version and its own number: a proof of another record is no proof of this one.
  ByteReader leaf(*leaf_data);
  leaf.u8();
  if (leaf.u64() != seq || !leaf.ok()) return broken;
  evidence::LeafHasher hasher;
  const Hash leaf_hash = Sha256().digest({std::string_view("\0", 1), *leaf_data});
  LUY_TRY(const Hash root, evidence::root_of_path(hasher, seq, checkpoint.size, leaf_hash, hashes));
  if (root != checkpoint.root) return broken;
  return {};
}

// A device's name and what a reason quotes come from outside.
std::string shown(std::string_view text) {
  return printable(to_utf8(text));
}

constexpr std::string_view margin = "    ";
constexpr std::string_view gap = "  ";
constexpr std::size_t subject_columns_max = 28;
constexpr std::size_t reason_columns_min = 40;

void print_table(const Answer& answer, std::size_t columns, std::ostream& out) {
  const struct {
    std::string_view state;
    std::string_view sign;
    std::string_view vi;
  } states[] = {{"violated", "✗", "Vi phạm"},
                {"due", "!", "Sắp đến hạn"},
                {"unknown", "?", "Chưa đủ dữ liệu"},
                {"kept", "✓", "Đạt"},
                {"not_applicable", "–", "Không áp dụng"}};
  // The reason gets what the two names leave, or lines of its own where that is too little to read.
  std::size_t obligation = 0;
  std::size_t subject = 0;
  for (const Verdict& verdict : answer.verdicts) {
    obligation = std::max(obligation, display_width(verdict.obligation));
    subject = std::max(subject, display_width(shown(verdict.subject_name)));
  }
  subject = std::min(subject, subject_columns_max);
  const std::size_t names = margin.size() + obligation + gap.size() + subject + gap.size();
  const bool beside = columns >= names + reason_columns_min;
  const std::string indent(beside ? names : 2 * margin.size(), ' ');
  const std::size_t reason = std::max(columns, indent.size() + reason_columns_min) - indent.size();
  for (const auto& [state, sign, vi] : states) {
    const auto count = std::count_if(answer.verdicts.begin(), answer.verdicts.end(),
                                     [&](const Verdict& v) { return v.state == state; });
    if (count == 0) continue;
    out << "\n" << sign << " " << vi << " (" << count << ")\n";
    for (const Verdict& verdict : answer.verdicts) {
      if (verdict.state != state) continue;
      out << margin << fitted(verdict.obligation, obligation) << gap << fitted(shown(verdict.subject_name), subject);
      bool first = beside;
      for (const std::string& line : wrapped(shown(verdict.reason_vi), reason)) {
        out << (first ? std::string(gap) : "\n" + indent) << line;
        first = false;
      }
      out << "\n";
    }
  }
}

// What scripts rely on: exactly these members.
json::value to_json(const Answer& answer, std::size_t verified) {
  json::array verdicts;
  for (const Verdict& verdict : answer.verdicts) {
    verdicts.push_back({{"obligation", verdict.obligation},
                        {"subject", verdict.subject},
                        {"verdict", verdict.state},
                        {"reason", verdict.reason_en}});
  }
  return {{"verdicts", std::move(verdicts)}, {"events_stored", answer.events_stored}, {"proofs_verified", verified}};
}

// The hub's answer once enough is measured and a checkpoint covers every proof, or the last answer before the time ran
// out.
Result<Answer> first_verdicts(const CheckOptions& options, const AdminClient& hub) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(options.wait_seconds);
  for (;;) {
    LUY_TRY(Answer answer, ask(hub));
    const auto proofs = answer.proofs();
    const bool covered = !proofs.empty() && answer.checkpoint_size > *proofs.rbegin();
    const bool enough = answer.obligations_measured() >= static_cast<std::size_t>(options.measured_min);
    if ((enough && covered) || std::chrono::steady_clock::now() > deadline) return answer;
    std::this_thread::sleep_for(poll_interval);
  }
}

void check(const CheckOptions& options, Terminal& terminal) {
  const auto hub = AdminClient::open(options.data);
  if (!hub) return terminal.fail(hub.error());
  const auto answer = first_verdicts(options, *hub);
  if (!answer) return terminal.fail(answer.error());

  std::size_t verified = 0;
  for (const std::uint64_t seq : answer->proofs()) {
    if (const auto proof = verify_proof(*hub, seq); proof) {
      ++verified;
    } else {
      terminal.fail(proof.error());
    }
  }
  const std::size_t measured = answer->obligations_measured();
  if (options.json) {
    terminal.out << json::serialize(to_json(*answer, verified)) << "\n";
  } else {
    print_table(*answer, terminal.columns, terminal.out);
    terminal.out << "\n"
                 << measured << " nghĩa vụ đo được / obligations measured · " << answer->events_stored
                 << " bản ghi / records · " << verified << " chứng minh đã kiểm / proofs verified\n";
  }
  const bool enough = measured >= static_cast<std::size_t>(options.measured_min);
  if (!enough) {
    terminal.err << "Chỉ đo được " << measured << " nghĩa vụ, cần ít nhất " << options.measured_min << ".\n"
                 << "Only " << measured << " obligations are measured; at least " << options.measured_min
                 << " are needed.\n";
  }
  const bool works = answer->events_stored > 0 && verified > 0 && enough;
  if (!works && terminal.exit == ExitCode::ok) terminal.exit = ExitCode::fault;
}

}  // namespace

void add_check_command(CLI::App& app, Terminal& terminal) {
  const auto options = std::make_shared<CheckOptions>();
  CLI::App* command = app.add_subcommand(
      "check",
      "Chờ kết luận đầu tiên của máy này, kiểm mọi chứng minh / wait for the first verdicts, verify every proof");
  command->add_option("--data", options->data, "Thư mục dữ liệu của luy-hub / data folder of luy-hub")->required();
  command->add_flag("--json", options->json, "In JSON / print JSON");
  command->add_option("--wait", options->wait_seconds, "Số giây chờ / seconds to wait")
      ->check(CLI::Range(0, 3600))
      ->capture_default_str();
  command->callback([options, &terminal] { check(*options, terminal); });
}

}  // namespace luy::cli
