#include "signer/cosigner.h"

#include <openssl/crypto.h>

#include <algorithm>
#include <array>

#include "base/encoding.h"
#include "base/file.h"
#include "evidence/certificate.h"
#include "evidence/error.h"

namespace luy::signer {
namespace {

constexpr std::string_view key_header = "luy-witness 1\n";
constexpr std::string_view state_header = "luy-witnessed 1\n";
constexpr std::string_view state_suffix = ".state";
constexpr std::size_t file_bytes_max = 64 << 10;
constexpr std::array<std::pair<Cosigned::Outcome, std::string_view>, 4> outcomes = {
    {{Cosigned::Outcome::signed_, "signed"},
     {Cosigned::Outcome::unverified, "unverified"},
     {Cosigned::Outcome::conflict, "conflict"},
     {Cosigned::Outcome::inconsistent, "inconsistent"}}};

std::string_view take_line(std::string_view& text) {
  const std::string_view line = text.substr(0, text.find('\n'));
  text.remove_prefix(std::min(line.size() + 1, text.size()));
  return line;
}

struct Secret {
  std::string bytes;
  ~Secret() { OPENSSL_cleanse(bytes.data(), bytes.size()); }
};

}  // namespace

std::string_view name_of(Cosigned::Outcome outcome) {
  return std::ranges::find(outcomes, outcome, &decltype(outcomes)::value_type::first)->second;
}

std::optional<Cosigned::Outcome> outcome_from_name(std::string_view name) {
  for (const auto& [outcome, known] : outcomes) {
    if (known == name) return outcome;
  }
  return std::nullopt;
}

Result<Cosigner> Cosigner::open(const std::filesystem::path& folder, std::string_view name, Random& random) {
  LUY_TRY_VOID(make_folder(folder));
  const std::filesystem::path file = folder / "key";
  std::error_code error;
  Secret text;
  if (!std::filesystem::exists(file, error)) {
    // States without the key that made them are of no use, and a new key beside them would hide that it is lost.
    for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
      if (entry.path().extension() == state_suffix) return Error(state_damaged, file.string());
    }
    Secret seed{std::string(evidence::ed25519_seed_bytes, '\0')};
    std::array<std::uint8_t, evidence::ed25519_seed_bytes> bytes{};
    random.fill(bytes);
    std::ranges::copy(bytes, seed.bytes.begin());
    OPENSSL_cleanse(bytes.data(), bytes.size());
    text.bytes = std::string(key_header) + std::string(name) + "\n" + to_hex(as_bytes(seed.bytes)) + "\n";
    LUY_TRY_VOID(write_file_durably(file, text.bytes, 0600));
  } else {
    LUY_TRY(text.bytes, read_file(file, file_bytes_max));
  }
  std::string_view rest = text.bytes;
  if (!rest.starts_with(key_header)) return Error(state_damaged, file.string());
  rest.remove_prefix(key_header.size());
  const std::string_view known = take_line(rest);
  auto seed = from_hex(take_line(rest));
  if (!seed || seed->size() != evidence::ed25519_seed_bytes || !rest.empty()) {
    return Error(state_damaged, file.string());
  }
  const Secret kept{*std::move(seed)};
  evidence::Ed25519Key secret = evidence::Ed25519Key::from_seed(kept.bytes);
  auto key = evidence::WitnessKey::make(known, secret.public_key());
  if (!key) return Error(state_damaged, file.string());
  return Cosigner(folder, *std::move(key), std::move(secret));
}

Cosigner::~Cosigner() = default;

std::filesystem::path Cosigner::file_of(std::string_view origin) const {
  return folder_ / (to_hex(sha256(origin)) + std::string(state_suffix));
}

Result<std::optional<Cosigner::Known>> Cosigner::read(std::string_view origin) const {
  const std::filesystem::path file = file_of(origin);
  const auto bytes = read_file(file, file_bytes_max);
  if (!bytes && bytes.error().is(file_not_found)) return std::optional<Known>();
  if (!bytes) return bytes.error();
  std::string_view text = *bytes;
  if (!text.starts_with(state_header)) return Error(state_damaged, file.string());
  text.remove_prefix(state_header.size());
  const std::string_view day = take_line(text);
  Known out;
  out.day = day_from_iso(day);
  auto body = evidence::parse_body(text);
  if ((!out.day && day != "-") || !body || body->origin != origin || body->size == 0) {
    return Error(state_damaged, file.string());
  }
  out.body = *std::move(body);
  out.note = text;
  return std::optional(std::move(out));
}

Result<Cosigned> Cosigner::cosign(const CosignRequest& request, const Clock& clock) {
  LUY_TRY(const evidence::VerifierKey root, evidence::VerifierKey::parse(request.vkey));
  LUY_TRY(const evidence::CheckpointBody body, evidence::parse_body(request.submission.note));
  if (request.submission.old_size > body.size) return Error(evidence::note_malformed, "old size");
  Cosigned out{key_.vkey()};
  evidence::KeyRing ring({root});
  ring.add(request.certificates);
  const auto signer = ring.verify(request.submission.note);
  if (!signer || body.origin != root.name) {
    out.outcome = Cosigned::Outcome::unverified;
    return out;
  }
  LUY_TRY(const std::optional<Known> known, read(body.origin));
  const std::uint64_t before = known ? known->body.size : 0;
  out.size = before;
  out.newest = known ? known->note : std::string();
  // The keys of days that are over are destroyed: whoever still has one stole it.
  if (known && known->day && signer->day && *signer->day < *known->day && body.size > before) {
    out.outcome = Cosigned::Outcome::unverified;
    return out;
  }
  const evidence::Submission& asked = request.submission;
  if (asked.old_size != before || (known && body.size == before && body.root != known->body.root)) {
    out.outcome = Cosigned::Outcome::conflict;
    return out;
  }
  const bool proven = before == 0           ? asked.path.empty() && (body.size > 0 || body.root == sha256(""))
                      : body.size == before ? asked.path.empty()
                                            : evidence::verify_consistency(hasher_, before, body.size, known->body.root,
                                                                           body.root, asked.path);
  if (!proven) {
    out.outcome = Cosigned::Outcome::inconsistent;
    return out;
  }
  const auto seconds =
      static_cast<std::uint64_t>(std::chrono::floor<std::chrono::seconds>(clock.now().time_since_epoch()).count());
  LUY_TRY(const std::string note, evidence::without_strangers(asked.note, signer->key));
  const std::string text = note.substr(0, note.rfind("\n\n") + 1);
  LUY_TRY(const std::string signature, secret_.sign(evidence::cosigned_message(text, seconds)));
  out.line = evidence::format_cosignature(key_, seconds, signature);
  if (body.size > before) {
    const std::string state =
        std::string(state_header) + (signer->day ? to_iso(*signer->day) : std::string("-")) + "\n" + note + out.line;
    LUY_TRY_VOID(write_file_durably(file_of(body.origin), state, 0600));
    out.size = body.size;
  }
  out.newest.clear();
  return out;
}

}  // namespace luy::signer
