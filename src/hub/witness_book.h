// Whose evidence this hub cosigns, who cosigns its own, and what was exposed thereby: kept in the records, read from
// memory (docs/format/witness.md). What the witness itself has seen of an origin stands with the signer.
//
// Threads: every function from any thread.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/id.h"
#include "base/random.h"
#include "base/result.h"
#include "evidence/cosignature.h"
#include "notice/settings.h"
#include "records/database.h"

namespace luy::hub {

using WitnessId = Id<struct WitnessTag>;
using WitnessOriginId = Id<struct WitnessOriginTag>;
using WitnessProofId = Id<struct WitnessProofTag>;

inline constexpr std::size_t witnesses_max = 8;
inline constexpr std::size_t witness_origins_max = 200;
inline constexpr std::size_t witness_proofs_max = 100;  // Kept; the oldest are the ones that count.
inline constexpr std::size_t witness_name_bytes_max = 400;
inline constexpr std::size_t witness_certificates_max = 64;  // Of an origin: successors and the newest days.

inline constexpr ErrorKind witness_invalid{"hub.witness_invalid", ErrorClass::invalid,
                                           "Thông tin nhân chứng không dùng được: {}.",
                                           "What was said of the witness cannot be used: {}."};
inline constexpr ErrorKind witness_known{"hub.witness_known", ErrorClass::conflict,
                                         "Nhân chứng hoặc kho chứng cứ này đã có trong danh sách.",
                                         "This witness or this evidence is on the list already."};
inline constexpr ErrorKind witnesses_too_many{"hub.witnesses_too_many", ErrorClass::conflict,
                                              "Đã đủ số lượng cho phép ({}).",
                                              "There are as many as there may be ({})."};
inline constexpr ErrorKind witness_unknown{"hub.witness_unknown", ErrorClass::not_found,
                                           "Không có nhân chứng hoặc kho chứng cứ này trong danh sách.",
                                           "This witness or this evidence is not on the list."};

struct Witness {
  WitnessId id;
  std::string name;
  std::string url;
  evidence::WitnessKey key;
  std::vector<std::string> networks;
  std::string ca_file;
  Time added_at;
  std::string origin{};
  std::uint64_t size = 0;
  std::string note{};
  std::optional<Time> cosigned_at{};
};

struct WitnessedOrigin {
  WitnessOriginId id;
  std::string name;
  evidence::VerifierKey key;
  std::vector<std::string> certificates;
  Time added_at;
  std::uint64_t size = 0;
  std::optional<Time> seen_at{};
};

struct WitnessProof {
  WitnessProofId id;
  bool ours = false;
  std::string kind;
  std::string origin;
  std::string witness;
  Time found_at;
  std::string cosigned;
  std::string submitted;
};

// Who may be called at this URL.
Result<notice::WebhookHost> witness_host(const std::string& url, const std::vector<std::string>& networks);

class WitnessBook {
 public:
  struct Dependencies {
    records::Database& database;
    const Clock& clock;
    Random& random;
  };
  // In the transaction of an act: its entry in the audit trail.
  using Also = std::function<Result<void>(records::Connection&, const std::string& object)>;

  // Errors: those of the database.
  static Result<std::unique_ptr<WitnessBook>> open(Dependencies dependencies);

  std::vector<Witness> witnesses() const;
  std::vector<WitnessedOrigin> origins() const;
  std::optional<WitnessedOrigin> origin(std::string_view name) const;
  std::vector<WitnessProof> proofs() const;  // Newest first.

  // Errors: witness_invalid, witness_known, witnesses_too_many, evidence::key_invalid, those of `also`.
  struct NewWitness {
    std::string name, url, vkey;
    std::vector<std::string> networks;
    std::string ca_file;
  };
  Result<Witness> add(const NewWitness& wanted, const Also& also);
  Result<WitnessedOrigin> add_origin(const std::string& name, const std::string& vkey, const Also& also);
  // Errors: witness_unknown, those of `also`.
  Result<void> remove(const WitnessId& id, const Also& also);
  Result<void> remove_origin(const WitnessOriginId& id, const Also& also);

  // What the witness saw, and with a note what it cosigned. Errors: witness_unknown, those of the database.
  Result<void> note_seen(const WitnessId& id, const std::string& origin, std::uint64_t size);
  Result<void> note_cosigned(const WitnessId& id, const std::string& origin, std::uint64_t size,
                             const std::string& note, Time at);
  Result<void> note_origin(const WitnessOriginId& id, std::uint64_t size);
  // Those that its key leads to; others are left out. Answers how many are kept. Errors: witness_unknown, those of the
  // database.
  Result<std::size_t> add_certificates(std::string_view origin, const std::vector<std::string>& certificates);
  // False: it is known already, or there are enough. Errors: those of the database.
  Result<bool> add_proof(WitnessProof proof);

 private:
  explicit WitnessBook(Dependencies dependencies) : d_(dependencies) {}
  Result<void> load();

  const Dependencies d_;
  std::mutex writing_;        // Held by acts from what they look at to what they leave.
  mutable std::mutex mutex_;  // Guards what follows.
  std::vector<Witness> witnesses_;
  std::vector<WitnessedOrigin> origins_;
  std::vector<WitnessProof> proofs_;
};

}  // namespace luy::hub
