#include "evidence/note.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/check.h"
#include "base/encoding.h"
#include "evidence/error.h"
#include "evidence/note_lines.h"
#include "evidence/package_files.h"
#include "evidence/signature.h"

namespace luy::evidence {
namespace {

constexpr std::string_view proof_header = "c2sp.org/tlog-proof@v1";

}  // namespace

std::string format_body(const CheckpointBody& body) {
  return body.origin + "\n" + std::to_string(body.size) + "\n" + to_base64(as_text(body.root)) + "\n";
}

Result<CheckpointBody> parse_body(std::string_view note) {
  if (note.size() > note_bytes_max) return Error(note_malformed, "longer than 64 KiB");
  const auto origin = take_note_line(note);
  const auto size = take_note_line(note);
  const auto root = take_note_line(note);
  if (!origin || !size || !root || origin->empty()) return Error(note_malformed, "fewer than three lines");
  const auto number = parse_note_number(*size);
  if (!number) return Error(note_malformed, "size");
  const auto hash = parse_note_hash(*root);
  if (!hash) return Error(note_malformed, "root");
  return CheckpointBody{std::string(*origin), *number, *hash};
}

std::string VerifierKey::vkey() const {
  return name + "+" + to_hex(as_bytes(note_key_hash_bytes(hash))) + "+" +
         to_base64(std::string(1, algorithm_ed25519) + public_key);
}

Result<VerifierKey> VerifierKey::make(std::string_view name, std::string_view public_key) {
  if (!is_key_name(name)) return Error(key_invalid, "name '" + std::string(name.substr(0, 80)) + "'");
  if (public_key.size() != ed25519_public_bytes) return Error(key_invalid, "public key is not 32 bytes");
  return VerifierKey{std::string(name), note_key_hash(name, algorithm_ed25519, public_key), std::string(public_key)};
}

Result<VerifierKey> VerifierKey::parse(std::string_view vkey) {
  while (vkey.ends_with('\n')) vkey.remove_suffix(1);
  const std::size_t first = vkey.find('+');
  const std::size_t second = first == std::string_view::npos ? first : vkey.find('+', first + 1);
  if (second == std::string_view::npos) return Error(key_invalid, "not name+hash+key");
  const auto bytes = from_base64(vkey.substr(second + 1));
  if (!bytes || bytes->empty() || bytes->front() != algorithm_ed25519) return Error(key_invalid, "not Ed25519");
  LUY_TRY(VerifierKey key, make(vkey.substr(0, first), std::string_view(*bytes).substr(1)));
  const auto hash = from_hex(vkey.substr(first + 1, second - first - 1));
  if (!hash || *hash != note_key_hash_bytes(key.hash)) return Error(key_invalid, "key hash does not match");
  return key;
}

Result<VerifierKey> verify_note(std::string_view note, const std::vector<VerifierKey>& keys) {
  LUY_TRY(SplitNote parts, split_note(note));
  std::optional<VerifierKey> signer;
  std::size_t count = 0;
  while (!parts.signatures.empty()) {
    const auto line = take_note_line(parts.signatures);
    if (!line || ++count > note_signatures_max) return Error(note_malformed, "signature lines");
    LUY_TRY(const SignatureLine signature, parse_signature_line(*line));
    // The hash is short: several keys may have it.
    bool known = false;
    bool valid = false;
    for (const VerifierKey& key : keys) {
      if (key.name != signature.name || key.hash != signature.hash) continue;
      known = true;
      valid = ed25519_verify(key.public_key, parts.text, signature.signature);
      if (valid && !signer) signer = key;
      if (valid) break;
    }
    if (known && !valid) return Error(note_unverified, std::string(signature.name));
  }
  if (!signer) return Error(note_unverified, "no signature of a known key");
  return *signer;
}

std::string format_note(std::string_view body, const VerifierKey& key, std::string_view signature) {
  return std::string(body) + "\n" + std::string(note_signature_prefix) + key.name + " " +
         to_base64(note_key_hash_bytes(key.hash) + std::string(signature)) + "\n";
}

Result<std::string> merge_notes(std::string_view first, std::string_view second) {
  LUY_TRY(const SplitNote kept, split_note(first));
  LUY_TRY(SplitNote added, split_note(second));
  if (kept.text != added.text) return Error(note_malformed, "another text");
  std::string out(first);
  std::size_t count = static_cast<std::size_t>(std::ranges::count(kept.signatures, '\n'));
  while (!added.signatures.empty()) {
    const auto line = take_note_line(added.signatures);
    if (!line) return Error(note_malformed, "signature lines");
    const std::string whole = std::string(*line) + "\n";
    if (("\n" + out).find("\n" + whole) != std::string::npos) continue;
    if (++count > note_signatures_max) return Error(note_malformed, "signature lines");
    out += whole;
  }
  return out;
}

std::string format_proof(const TlogProof& proof) {
  std::string out(proof_header);
  out += "\nindex " + std::to_string(proof.index) + "\n";
  for (const Hash& hash : proof.path) out += to_base64(as_text(hash)) + "\n";
  return out + "\n" + proof.note;
}

Result<TlogProof> parse_proof(std::string_view text) {
  constexpr std::string_view index_prefix = "index ";
  constexpr std::string_view extra_prefix = "extra ";
  if (text.size() > 2 * note_bytes_max) return Error(note_malformed, "proof longer than 128 KiB");
  const auto header = take_note_line(text);
  if (!header || *header != proof_header) return Error(note_malformed, "proof header");
  auto line = take_note_line(text);
  if (line && line->starts_with(extra_prefix)) line = take_note_line(text);  // Allowed by the specification, not used.
  if (!line || !line->starts_with(index_prefix)) return Error(note_malformed, "proof index");
  const auto index = parse_note_number(line->substr(index_prefix.size()));
  if (!index) return Error(note_malformed, "proof index");
  TlogProof out{*index, {}, {}};
  for (line = take_note_line(text); line && !line->empty(); line = take_note_line(text)) {
    const auto hash = parse_note_hash(*line);
    if (!hash || out.path.size() == proof_path_max) return Error(note_malformed, "proof path");
    out.path.push_back(*hash);
  }
  if (!line) return Error(note_malformed, "proof without checkpoint");
  out.note = text;
  return out;
}

struct FileNoteSigner::Key {
  Ed25519Key key;
};

FileNoteSigner::FileNoteSigner(std::unique_ptr<Key> key, VerifierKey verifier)
    : key_(std::move(key)), verifier_(std::move(verifier)) {}
FileNoteSigner::~FileNoteSigner() = default;

Result<void> FileNoteSigner::generate(const std::filesystem::path& file) {
  return Ed25519Key::generate(file);
}

Result<std::unique_ptr<FileNoteSigner>> FileNoteSigner::load(const std::filesystem::path& file,
                                                             std::string_view origin) {
  LUY_TRY(Ed25519Key key, Ed25519Key::load(file));
  LUY_TRY(VerifierKey verifier, VerifierKey::make(origin, key.public_key()));
  return std::unique_ptr<FileNoteSigner>(
      new FileNoteSigner(std::make_unique<Key>(Key{std::move(key)}), std::move(verifier)));
}

std::string FileNoteSigner::origin() const {
  return verifier_.name;
}

std::string FileNoteSigner::vkey() const {
  return verifier_.vkey();
}

Result<SignedNote> FileNoteSigner::sign_checkpoint(const CheckpointBody& tree, Day /*day*/,
                                                   const ConsistencySource& /*path*/) {
  return sign_statement(format_body(tree));
}

Result<SignedNote> FileNoteSigner::sign_statement(std::string_view body) {
  LUY_TRY(std::string note, sign(body));
  return SignedNote{std::move(note), vkey(), {}};
}

Result<std::string> FileNoteSigner::sign(std::string_view body) const {
  LUY_TRY(const CheckpointBody parsed, parse_body(body));
  if (parsed.origin != verifier_.name && parsed.origin != verifier_.name + std::string(package_origin_suffix))
    return Error(note_malformed, "origin '" + parsed.origin + "'");
  LUY_TRY(const std::string signature, key_->key.sign(body));
  return format_note(body, verifier_, signature);
}

}  // namespace luy::evidence
