// What the evidence store signs with: the keeper in this process, or in one of its own (signer_process.h).
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "evidence/note.h"
#include "signer/wire.h"

namespace luy::signer {

// The keeper's answer to a request. Errors: the keeper's.
Result<Answer> answer(Keeper& keeper, const Request& request);

class ChainSigner : public evidence::NoteSigner {
 public:
  std::string origin() const override;
  std::string vkey() const override;
  std::optional<evidence::CheckpointBody> last_signed() const override;
  // Errors: the keeper's, silent; rolled_back also where the path cannot be had, because the records are fewer than
  // those that were signed; others of the path.
  Result<evidence::SignedNote> sign_checkpoint(const evidence::CheckpointBody& tree, Day day,
                                               const evidence::ConsistencySource& path) override;
  Result<evidence::SignedNote> sign_statement(std::string_view body) override;

  // As a witness of other logs. Errors: those of Cosigner::cosign(), silent.
  Result<Cosigned> cosign(const CosignRequest& request);
  const std::string& witness_vkey() const { return witness_; }

 protected:
  // One at a time. Errors: the keeper's; silent.
  virtual Result<Answer> ask(const Request& request) = 0;
  // Learns the standing; before anything else is called.
  Result<void> begin();

 private:
  Result<evidence::SignedNote> sign_once(const evidence::CheckpointBody& tree, Day day,
                                         const evidence::ConsistencySource& path);

  mutable std::mutex mutex_;  // Guards what follows, and ask().
  Standing standing_;
  std::string witness_;  // Never changes once begun.
};

// The keeper in this process: for commands that have the data folder for themselves, and tests. `clock` and `random`
// are borrowed. Errors: those of Keeper::open().
Result<std::unique_ptr<ChainSigner>> open_signer(const KeeperOptions& options, const Clock& clock, Random& random);
// With the system's randomness.
Result<std::unique_ptr<ChainSigner>> open_signer(const KeeperOptions& options, const Clock& clock);

}  // namespace luy::signer
