#include "evidence/cosignature.h"

#include <algorithm>

#include "base/encoding.h"
#include "evidence/error.h"
#include "evidence/note_lines.h"
#include "evidence/signature.h"

namespace luy::evidence {
namespace {

constexpr std::string_view old_prefix = "old ";
constexpr std::size_t time_bytes = 8;

// The lines behind the text, each without its LF. Errors: note_malformed.
Result<std::vector<std::string_view>> lines_of(std::string_view signatures) {
  std::vector<std::string_view> out;
  while (!signatures.empty()) {
    const auto line = take_note_line(signatures);
    if (!line || out.size() == note_signatures_max) return Error(note_malformed, "signature lines");
    out.push_back(*line);
  }
  return out;
}

}  // namespace

std::string WitnessKey::vkey() const {
  return name + "+" + to_hex(as_bytes(note_key_hash_bytes(hash))) + "+" +
         to_base64(std::string(1, algorithm_cosignature) + public_key);
}

Result<WitnessKey> WitnessKey::make(std::string_view name, std::string_view public_key) {
  if (!is_key_name(name)) return Error(key_invalid, "name '" + std::string(name.substr(0, 80)) + "'");
  if (public_key.size() != ed25519_public_bytes) return Error(key_invalid, "public key is not 32 bytes");
  return WitnessKey{std::string(name), note_key_hash(name, algorithm_cosignature, public_key), std::string(public_key)};
}

Result<WitnessKey> WitnessKey::parse(std::string_view vkey) {
  while (vkey.ends_with('\n')) vkey.remove_suffix(1);
  const std::size_t first = vkey.find('+');
  const std::size_t second = first == std::string_view::npos ? first : vkey.find('+', first + 1);
  if (second == std::string_view::npos) return Error(key_invalid, "not name+hash+key");
  const auto bytes = from_base64(vkey.substr(second + 1));
  if (!bytes || bytes->empty() || bytes->front() != algorithm_cosignature) {
    return Error(key_invalid, "not a key of cosignature/v1");
  }
  LUY_TRY(WitnessKey key, make(vkey.substr(0, first), std::string_view(*bytes).substr(1)));
  const auto hash = from_hex(vkey.substr(first + 1, second - first - 1));
  if (!hash || *hash != note_key_hash_bytes(key.hash)) return Error(key_invalid, "key hash does not match");
  return key;
}

std::string cosigned_message(std::string_view text, std::uint64_t seconds) {
  return "cosignature/v1\ntime " + std::to_string(seconds) + "\n" + std::string(text);
}

std::string format_cosignature(const WitnessKey& key, std::uint64_t seconds, std::string_view signature) {
  std::string bytes = note_key_hash_bytes(key.hash);
  put_u64(bytes, seconds);
  bytes += signature;
  return std::string(note_signature_prefix) + key.name + " " + to_base64(bytes) + "\n";
}

Result<std::vector<Cosignature>> verify_cosignatures(std::string_view note, const std::vector<WitnessKey>& keys) {
  LUY_TRY(const SplitNote parts, split_note(note));
  LUY_TRY(const auto lines, lines_of(parts.signatures));
  std::vector<Cosignature> out;
  for (const std::string_view line : lines) {
    LUY_TRY(const SignatureLine signature, parse_signature_line(line));
    const WitnessKey* known = nullptr;
    bool valid = false;
    std::uint64_t seconds = 0;
    for (const WitnessKey& key : keys) {
      if (key.name != signature.name || key.hash != signature.hash || valid) continue;
      known = &key;
      if (signature.signature.size() != time_bytes + ed25519_signature_bytes) continue;
      ByteReader reader(signature.signature);
      seconds = reader.u64();
      valid =
          seconds <= INT64_MAX && ed25519_verify(key.public_key, cosigned_message(parts.text, seconds), reader.rest());
    }
    if (known == nullptr) continue;
    if (!valid) return Error(note_unverified, known->name);
    out.push_back({*known, seconds});
  }
  return out;
}

Result<std::string> without_strangers(std::string_view note, const VerifierKey& log) {
  LUY_TRY(const SplitNote parts, split_note(note));
  LUY_TRY(const auto lines, lines_of(parts.signatures));
  std::string out = std::string(parts.text) + "\n";
  for (const std::string_view line : lines) {
    LUY_TRY(const SignatureLine signature, parse_signature_line(line));
    if (signature.name == log.name && signature.hash == log.hash) out += std::string(line) + "\n";
  }
  return out;
}

Result<std::string> add_cosignature(std::string_view note, std::string_view lines, const WitnessKey& key) {
  LUY_TRY(const auto given, lines_of(lines));
  LUY_TRY_VOID(split_note(note));
  std::string own;
  for (const std::string_view line : given) {
    LUY_TRY(const SignatureLine signature, parse_signature_line(line));
    if (signature.name == key.name && signature.hash == key.hash && own.empty()) own = std::string(line) + "\n";
  }
  std::string out = std::string(note) + own;
  LUY_TRY(const auto verified, verify_cosignatures(out, {key}));
  if (own.empty() || verified.empty()) return Error(note_unverified, key.name);
  return out;
}

std::string format_submission(const Submission& submission) {
  std::string out = std::string(old_prefix) + std::to_string(submission.old_size) + "\n";
  for (const Hash& hash : submission.path) out += to_base64(as_text(hash)) + "\n";
  return out + "\n" + submission.note;
}

Result<Submission> parse_submission(std::string_view text) {
  if (text.size() > submission_bytes_max) return Error(note_malformed, "request longer than 32 KiB");
  const auto first = take_note_line(text);
  if (!first || !first->starts_with(old_prefix)) return Error(note_malformed, "old size");
  const auto old_size = parse_note_number(first->substr(old_prefix.size()));
  if (!old_size) return Error(note_malformed, "old size");
  Submission out{*old_size, {}, {}};
  auto line = take_note_line(text);
  for (; line && !line->empty(); line = take_note_line(text)) {
    const auto hash = parse_note_hash(*line);
    if (!hash || out.path.size() == submission_path_max) return Error(note_malformed, "path");
    out.path.push_back(*hash);
  }
  if (!line) return Error(note_malformed, "no checkpoint");
  LUY_TRY(const SplitNote parts, split_note(text));
  LUY_TRY(const CheckpointBody body, parse_body(parts.text));
  LUY_TRY(const auto lines, lines_of(parts.signatures));
  if (lines.empty()) return Error(note_malformed, "no signature");
  for (const std::string_view one : lines) LUY_TRY_VOID(parse_signature_line(one));
  if (out.old_size > body.size) return Error(note_malformed, "old size");
  out.note = text;
  return out;
}

}  // namespace luy::evidence
