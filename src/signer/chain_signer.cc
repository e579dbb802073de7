#include "signer/chain_signer.h"

#include <algorithm>

#include "evidence/error.h"

namespace luy::signer {
namespace {

class KeptSigner final : public ChainSigner {
 public:
  Result<void> start(const KeeperOptions& options, const Clock& clock, Random* random) {
    LUY_TRY(keeper_, Keeper::open(options, clock, random == nullptr ? own_random_ : *random));
    return begin();
  }

 protected:
  Result<Answer> ask(const Request& request) override { return answer(*keeper_, request); }

 private:
  SystemRandom own_random_;
  std::unique_ptr<Keeper> keeper_;
};

Result<std::unique_ptr<ChainSigner>> open_kept(const KeeperOptions& options, const Clock& clock, Random* random) {
  auto out = std::make_unique<KeptSigner>();
  LUY_TRY_VOID(out->start(options, clock, random));
  return std::unique_ptr<ChainSigner>(std::move(out));
}

}  // namespace

Result<Answer> answer(Keeper& keeper, const Request& request) {
  Answer out;
  if (const auto* sign = std::get_if<SignRequest>(&request)) {
    LUY_TRY(out.signed_, keeper.sign(*sign));
  } else if (const auto* statement = std::get_if<Statement>(&request)) {
    LUY_TRY(out.signed_, keeper.sign_statement(statement->body));
  } else if (std::holds_alternative<WitnessWanted>(request)) {
    out.cosigned = Cosigned{keeper.witness().vkey()};
  } else if (const auto* cosign = std::get_if<CosignRequest>(&request)) {
    LUY_TRY(out.cosigned, keeper.cosign(*cosign));
  }
  out.standing = keeper.standing();
  return out;
}

Result<void> ChainSigner::begin() {
  const std::lock_guard lock(mutex_);
  LUY_TRY(Answer now, ask(StandingWanted{}));
  standing_ = std::move(now.standing);
  LUY_TRY(Answer witness, ask(WitnessWanted{}));
  if (!witness.cosigned) return Error(silent, "witness");
  witness_ = std::move(witness.cosigned->vkey);
  return {};
}

std::string ChainSigner::origin() const {
  const std::lock_guard lock(mutex_);
  return standing_.origin;
}

std::string ChainSigner::vkey() const {
  const std::lock_guard lock(mutex_);
  return standing_.vkey;
}

std::optional<evidence::CheckpointBody> ChainSigner::last_signed() const {
  const std::lock_guard lock(mutex_);
  if (standing_.size == 0) return std::nullopt;
  return evidence::CheckpointBody{standing_.origin, standing_.size, standing_.root};
}

Result<evidence::SignedNote> ChainSigner::sign_once(const evidence::CheckpointBody& tree, Day day,
                                                    const evidence::ConsistencySource& path) {
  SignRequest request{tree, day, standing_.size, {}};
  if (standing_.size > 0 && standing_.size != tree.size) {
    auto found = path(std::min(standing_.size, tree.size), std::max(standing_.size, tree.size));
    if (!found && found.error().is(evidence::record_unknown)) {
      return Error(rolled_back, std::to_string(tree.size) + ", " + std::to_string(standing_.size));
    }
    if (!found) return found.error();
    request.path = *std::move(found);
  }
  LUY_TRY(Answer done, ask(request));
  standing_ = std::move(done.standing);
  return std::move(done.signed_);
}

Result<evidence::SignedNote> ChainSigner::sign_checkpoint(const evidence::CheckpointBody& tree, Day day,
                                                          const evidence::ConsistencySource& path) {
  const std::lock_guard lock(mutex_);
  auto done = sign_once(tree, day, path);
  if (done || !done.error().is(other_size)) return done;
  // An answer was lost on the way: it had signed more than we know of.
  LUY_TRY(Answer now, ask(StandingWanted{}));
  standing_ = std::move(now.standing);
  return sign_once(tree, day, path);
}

Result<evidence::SignedNote> ChainSigner::sign_statement(std::string_view body) {
  const std::lock_guard lock(mutex_);
  LUY_TRY(Answer done, ask(Statement{std::string(body)}));
  return std::move(done.signed_);
}

Result<Cosigned> ChainSigner::cosign(const CosignRequest& request) {
  // What the signer cannot read ends it.
  const std::string message = encode_request(request);
  if (message.size() > message_bytes_max || !decode_request(message)) return Error(evidence::note_malformed, "request");
  const std::lock_guard lock(mutex_);
  LUY_TRY(Answer done, ask(request));
  if (!done.cosigned) return Error(silent, "cosign");
  return *std::move(done.cosigned);
}

Result<std::unique_ptr<ChainSigner>> open_signer(const KeeperOptions& options, const Clock& clock, Random& random) {
  return open_kept(options, clock, &random);
}

Result<std::unique_ptr<ChainSigner>> open_signer(const KeeperOptions& options, const Clock& clock) {
  return open_kept(options, clock, nullptr);
}

}  // namespace luy::signer
