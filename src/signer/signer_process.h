// luy-evidence-signer as seen from the hub: started over a socket pair, asked, and started again when it ends or does
// not answer. The hub itself never reads a signing key.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>

#include "signer/chain_signer.h"

namespace luy::signer {

inline constexpr std::chrono::seconds answer_time_max{10};  // Then the process is killed.

// Beside the running program, or where packages put it.
std::filesystem::path signer_program();

struct ProcessOptions {
  std::filesystem::path program;
  KeeperOptions keeper;  // wait_for_lock is set by itself.
};
// Errors: program_missing, silent, those of Keeper::open().
Result<std::unique_ptr<ChainSigner>> start_signer(const ProcessOptions& options);

}  // namespace luy::signer
