#include <charconv>
#include <system_error>

#include "base/encoding.h"
#include "base/file.h"
#include "evidence/certificate.h"
#include "evidence/cosignature.h"
#include "evidence/error.h"
#include "evidence/leaf_stream.h"
#include "evidence/package_files.h"
#include "evidence/salvage.h"
#include "evidence/salvage_proof.h"

namespace luy::evidence {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view header = "luy-salvage 1\n";
constexpr std::size_t proof_bytes_max = 64 << 20;
constexpr std::size_t small_bytes_max = 1 << 20;

std::optional<std::uint64_t> take_number(std::string_view& line) {
  std::uint64_t out = 0;
  const auto parsed = std::from_chars(line.data(), line.data() + line.size(), out);
  if (parsed.ec != std::errc() || parsed.ptr == line.data() + line.size() || *parsed.ptr != ' ') return std::nullopt;
  line.remove_prefix(static_cast<std::size_t>(parsed.ptr - line.data()) + 1);
  return out;
}

// The folder's proofs with the tree that its records and their nodes make.
struct Opened {
  struct Proof {
    std::string note;
    CheckpointBody body;
  };
  std::vector<Proof> proofs;
  PartialTree tree;
  std::vector<std::string> certificates;
  std::uint64_t records = 0;
  std::uint64_t raw_bytes = 0;
  Time received;  // Of the newest record.
  std::optional<Record> wanted;
};

Result<Opened> open_folder(const fs::path& folder, std::optional<std::uint64_t> seq) {
  Opened out;
  for (std::size_t number = 1; number <= salvage_proofs_max; ++number) {
    const auto text = read_file(folder / salvage_proof_name(number), proof_bytes_max);
    if (!text && number > 1 && text.error().is(file_not_found)) break;
    if (!text) return text.error();
    LUY_TRY(SalvageProof proof, parse_salvage_proof(*text));
    LUY_TRY(CheckpointBody body, parse_body(proof.note));
    for (const TreeNode& node : proof.nodes) out.tree.add_node(node);
    out.proofs.push_back({std::move(proof.note), std::move(body)});
  }
  const auto certificates = read_file(folder / package_certificates, small_bytes_max);
  if (certificates) {
    LUY_TRY(out.certificates, split_certificates(*certificates));
  } else if (!certificates.error().is(file_not_found)) {
    return certificates.error();
  }
  LeafHasher hasher;
  std::optional<std::uint64_t> last;
  LUY_TRY_VOID(read_leaves(folder / salvage_proved, [&](std::string_view data) -> Result<bool> {
    LUY_TRY(Record record, parse_leaf_data(data));
    if (last && record.seq <= *last) return Error(store_corrupt, "record " + std::to_string(record.seq));
    last = record.seq;
    out.tree.add_leaf(record.seq, hasher.hash(to_view(record)));
    ++out.records;
    out.raw_bytes += record.raw.size();
    out.received = std::max(out.received, record.received);
    if (seq == record.seq) out.wanted = std::move(record);
    return true;
  }));
  return out;
}

}  // namespace

std::string format_salvage_proof(const SalvageProof& proof) {
  std::string out(header);
  for (const TreeNode& node : proof.nodes) {
    out += std::to_string(node.level) + ' ' + std::to_string(node.index) + ' ' + to_base64(as_text(node.hash)) + '\n';
  }
  return out + '\n' + proof.note;
}

Result<SalvageProof> parse_salvage_proof(std::string_view text) {
  const Error malformed(note_malformed, std::string(salvage_proof));
  if (!text.starts_with(header)) return malformed;
  text.remove_prefix(header.size());
  SalvageProof out;
  while (!text.starts_with('\n')) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) return malformed;
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end + 1);
    const auto level = take_number(line);
    const auto index = level ? take_number(line) : std::nullopt;
    const auto bytes = index ? from_base64(line) : std::nullopt;
    TreeNode node;
    if (!bytes || bytes->size() != node.hash.size() || *level > 62 || *index >> (62 - *level) != 0) return malformed;
    node.level = static_cast<unsigned>(*level);
    node.index = *index;
    std::copy(bytes->begin(), bytes->end(), node.hash.begin());
    out.nodes.push_back(node);
  }
  out.note = text.substr(1);
  LUY_TRY_VOID(parse_body(out.note));
  return out;
}

bool is_salvage(const fs::path& folder) {
  std::error_code error;
  return fs::is_regular_file(folder / salvage_proof, error) && fs::is_regular_file(folder / salvage_proved, error);
}

Result<VerifySummary> verify_salvage(const fs::path& folder, const VerifyOptions& options) {
  LUY_TRY(const ExpectedRoots expected, expected_roots(options));
  VerifySummary out;
  const auto fault = [&](const ErrorKind& kind, const std::string& detail) {
    ++out.faults;
    options.report({Error(kind, detail), true, folder / salvage_proof});
  };
  auto opened = open_folder(folder, std::nullopt);
  if (!opened && !opened.error().is(store_corrupt)) return opened.error();
  if (!opened) {
    fault(finding_file_damaged, opened.error().en());
    return out;
  }
  out.files = 1;
  out.records = opened->records;
  out.raw_bytes = opened->raw_bytes;
  std::vector<VerifierKey> roots = options.keys;
  if (roots.empty()) {
    const auto own = read_file(folder / package_keys, small_bytes_max);
    auto key =
        own ? VerifierKey::parse(std::string_view(*own).substr(0, own->find('\n'))) : Result<VerifierKey>(own.error());
    if (key) roots.push_back(*std::move(key));
    options.report({Error(remark_own_keys, (folder / package_keys).filename().string()), false, folder});
  }
  KeyRing ring(std::move(roots));
  if (const std::size_t refused = ring.add(opened->certificates); refused > 0) {
    fault(finding_certificate, std::to_string(refused));
  }
  std::vector<SeqRange> proved;
  for (const Opened::Proof& proof : opened->proofs) {
    const std::string place = "checkpoint of size " + std::to_string(proof.body.size);
    const auto signer = ring.verify(proof.note);
    if (!signer || signer->key.name != proof.body.origin) {
      fault(finding_note_invalid, place);
    } else {
      ++out.checkpoints;
      const bool is_newest = &proof == &opened->proofs.front();
      if (is_newest && signer->day && day_of(opened->received) > *signer->day) fault(finding_key_day, place);
    }
    const auto root = opened->tree.root(proof.body.size);
    if (root != proof.body.root) {
      fault(finding_root_differs, place);
      continue;
    }
    if (proof.body.size > out.size) {
      out.size = proof.body.size;
      out.root = *root;
    }
    proved = joined(std::move(proved), opened->tree.covered(proof.body.size).leaves);
    const auto [begin, end] = expected.equal_range(proof.body.size);
    for (auto note = begin; note != end; ++note) {
      if (note->second != proof.body.root) fault(finding_root_differs, place + ", kept elsewhere");
    }
  }
  if (out.faults == 0 && count_of(proved) != opened->records) {
    fault(finding_root_differs, "records that lead to no checkpoint");
  }
  bool all_cosigned = !options.witnesses.empty();
  for (const WitnessKey& witness : options.witnesses) {
    const auto found = verify_cosignatures(opened->proofs.front().note, {witness});
    if (found && !found->empty()) continue;
    all_cosigned = false;
    fault(finding_cosignature_absent, witness.name);
  }
  if (all_cosigned && out.faults == 0) out.cosigned = opened->records;
  return out;
}

Result<InclusionProof> prove_salvaged(const fs::path& folder, std::uint64_t seq) {
  LUY_TRY(Opened opened, open_folder(folder, seq));
  if (!opened.wanted) return Error(record_unknown, std::to_string(seq));
  LeafHasher hasher;
  InclusionProof out;
  out.record = *std::move(opened.wanted);
  out.leaf = hasher.hash(to_view(out.record));
  for (const Opened::Proof& proof : opened.proofs) {
    const auto tree = seq < proof.body.size ? opened.tree.frontier(proof.body.size) : std::nullopt;
    if (!tree) continue;
    auto path = inclusion_path(hasher, seq, *tree, [&](unsigned level, std::uint64_t index) -> Result<Hash> {
      const auto found = opened.tree.node(level, index);
      if (!found) return Error(store_corrupt, folder.string());
      return *found;
    });
    if (!path) continue;
    LUY_TRY(const Hash root, root_of_path(hasher, seq, proof.body.size, out.leaf, *path));
    if (root != proof.body.root) continue;
    out.path = *std::move(path);
    out.checkpoint = {proof.body.size, proof.body.root, proof.note, opened.certificates};
    return out;
  }
  return Error(store_corrupt, folder.string());
}

}  // namespace luy::evidence
