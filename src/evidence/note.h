// Checkpoints as C2SP signed notes (c2sp.org/signed-note, c2sp.org/tlog-checkpoint) with Ed25519, and the C2SP
// c2sp.org/tlog-proof text that carries an inclusion proof. Text functions are pure; the file signer reads its key
// once.
//
//   body       <origin> LF <size, decimal> LF <root, base 64> LF
//   note       body LF then lines "— <key name> <base64(key hash, 4 bytes | signature)>" LF
//   key hash   first 4 bytes of SHA-256(<key name> | LF | 0x01 | public key)
//   vkey       <key name>+<key hash, 8 hex digits>+<base64(0x01 | public key)>
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/hash.h"
#include "base/result.h"

namespace luy::evidence {

inline constexpr std::size_t note_bytes_max = 64 << 10;
inline constexpr std::size_t note_signatures_max = 64;
inline constexpr std::size_t proof_path_max = 64;  // A path has at most one hash per bit of the index.

struct Checkpoint {
  std::uint64_t size = 0;
  Hash root{};
  std::string note;  // C2SP signed note, as written: origin, size, root, signatures.
};

struct CheckpointBody {
  std::string origin;
  std::uint64_t size = 0;
  Hash root{};
};

std::string format_body(const CheckpointBody& body);
// Takes the body off the front of a note (or a bare body). Errors: note_malformed.
Result<CheckpointBody> parse_body(std::string_view note);

// A public key that signs notes.
struct VerifierKey {
  std::string name;
  std::uint32_t hash = 0;
  std::string public_key;  // 32 bytes.

  std::string vkey() const;
  static Result<VerifierKey> parse(std::string_view vkey);  // Errors: key_invalid.
  static Result<VerifierKey> make(std::string_view name, std::string_view public_key);
};

// Whether `note` is well formed and carries a valid signature of at least one of `keys`. Signatures of unknown keys are
// ignored, as the specification demands; a wrong signature of a known key is an error. Returns the key that signed.
// Errors: note_malformed, note_unverified.
Result<VerifierKey> verify_note(std::string_view note, const std::vector<VerifierKey>& keys);

// "c2sp.org/tlog-proof@v1".
struct TlogProof {
  std::uint64_t index = 0;
  std::vector<Hash> path;
  std::string note;
};
std::string format_proof(const TlogProof& proof);
Result<TlogProof> parse_proof(std::string_view text);  // Errors: note_malformed.

// Signs checkpoints. The evidence store never sees the private key.
class NoteSigner {
 public:
  virtual ~NoteSigner() = default;
  virtual std::string origin() const = 0;  // "luy/<hub name>"
  virtual std::string vkey() const = 0;    // The public half, stored in every day file.
  // The whole signed note for a checkpoint's body or, with "/package" after the origin, that of a package's manifest.
  // From any thread.
  virtual Result<std::string> sign(std::string_view body) = 0;
};

// Holds an Ed25519 key in memory; the file is PKCS#8 PEM with mode 0600.
class FileNoteSigner final : public NoteSigner {
 public:
  // Writes a new key to `file`, which must not exist. Errors: key_invalid (name with blanks or '+', file exists), file
  // errors.
  static Result<void> generate(const std::filesystem::path& file);
  // Errors: key_invalid, file errors; file_denied when others may read the key.
  static Result<std::unique_ptr<FileNoteSigner>> load(const std::filesystem::path& file, std::string_view origin);

  ~FileNoteSigner() override;
  std::string origin() const override;
  std::string vkey() const override;
  Result<std::string> sign(std::string_view body) override;

 private:
  struct Key;
  FileNoteSigner(std::unique_ptr<Key> key, VerifierKey verifier);
  std::unique_ptr<Key> key_;
  VerifierKey verifier_;
};

}  // namespace luy::evidence
