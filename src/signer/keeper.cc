#include "signer/keeper.h"

#include <fcntl.h>
#include <sys/file.h>

#include <algorithm>
#include <cerrno>
#include <thread>

#include "evidence/error.h"
#include "evidence/package_files.h"

namespace luy::signer {
namespace {

constexpr auto lock_wait = std::chrono::milliseconds(50);
constexpr int lock_tries = 100;

std::string sizes(std::uint64_t there, std::uint64_t wanted) {
  return std::to_string(there) + ", " + std::to_string(wanted);
}

}  // namespace

Result<std::unique_ptr<Keeper>> Keeper::open(const KeeperOptions& options, const Clock& clock, Random& random) {
  std::unique_ptr<Keeper> out(new Keeper(options, clock, random));
  LUY_TRY_VOID(make_folder(options.folder));
  LUY_TRY_VOID(out->lock());
  LUY_TRY_VOID(out->open_keys());
  LUY_TRY_VOID(out->read_state());
  LUY_TRY(auto cosigner,
          Cosigner::open(options.folder / witness_folder, options.origin + std::string(witness_suffix), random));
  out->cosigner_.emplace(std::move(cosigner));
  return out;
}

Result<void> Keeper::lock() {
  const std::filesystem::path file = options_.folder / "lock";
  lock_ = UniqueFd(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!lock_) return file_error(file.string(), errno);
  for (int left = options_.wait_for_lock ? lock_tries : 1; left > 0; --left) {
    if (::flock(lock_.get(), LOCK_EX | LOCK_NB) == 0) return {};
    if (errno != EWOULDBLOCK) return file_error(file.string(), errno);
    if (left > 1) std::this_thread::sleep_for(lock_wait);
  }
  return Error(in_use, options_.folder.string());
}

Result<void> Keeper::open_keys() {
  std::error_code error;
  const bool former = !options_.former_key.empty() && std::filesystem::exists(options_.former_key, error);
  if (!std::filesystem::exists(keys_file(), error)) {
    // Without its keys a state is of no use, and new keys beside it would hide that they are lost.
    if (std::filesystem::exists(state_file(), error)) return Error(state_damaged, keys_file().string());
    std::optional<evidence::Ed25519Key> root;
    if (former) {
      LUY_TRY(auto key, evidence::Ed25519Key::load(options_.former_key));
      root = std::move(key);
    }
    LUY_TRY(auto made, KeyChain::create(keys_file(), options_.origin, std::move(root), random_));
    keys_.emplace(std::move(made));
  } else {
    LUY_TRY(auto found, KeyChain::open(keys_file(), options_.origin));
    keys_.emplace(std::move(found));
  }
  if (!former) return {};
  LUY_TRY(const auto key, evidence::Ed25519Key::load(options_.former_key));
  if (key.public_key() != keys_->root().public_key) {
    return Error(state_damaged, options_.former_key.string() + ": another key than " + keys_->root().vkey());
  }
  return wipe_file(options_.former_key);
}

Result<void> Keeper::read_state() {
  auto note = read_file(state_file(), evidence::note_bytes_max);
  if (!note && note.error().is(file_not_found)) return {};
  if (!note) return note.error();
  auto body = evidence::parse_body(*note);
  if (!body || body->origin != options_.origin || body->size == 0) {
    return Error(state_damaged, state_file().string());
  }
  last_ = *std::move(body);
  return {};
}

Standing Keeper::standing() const {
  return {options_.origin, keys_->root().vkey(), last_.size, last_.root};
}

Result<void> Keeper::check_tree(const SignRequest& request) {
  const evidence::CheckpointBody& tree = request.tree;
  if (tree.origin != options_.origin) return Error(other_origin, tree.origin + ", " + options_.origin);
  if (tree.size == 0) return Error(rolled_back, sizes(0, last_.size));
  if (last_.size == 0) return {};
  if (tree.size == last_.size) {
    return tree.root == last_.root ? Result<void>() : Result<void>(Error(forked, std::to_string(tree.size)));
  }
  if (request.old_size != last_.size) return Error(other_size, sizes(request.old_size, last_.size));
  const bool grown = tree.size > last_.size;
  const evidence::CheckpointBody& small = grown ? last_ : tree;
  const evidence::CheckpointBody& large = grown ? tree : last_;
  if (evidence::verify_consistency(hasher_, small.size, large.size, small.root, large.root, request.path)) return {};
  return Error(grown ? forked : rolled_back, sizes(tree.size, last_.size));
}

Result<void> Keeper::check_day(Day day) const {
  const std::optional<Day> present = keys_->day();
  if (present && day < *present) return Error(day_over, to_iso(day));
  const Day today = day_of(clock_.now());
  if (day > std::max(today, present.value_or(today)) + days(days_ahead_max)) return Error(day_ahead, to_iso(day));
  return {};
}

Result<evidence::SignedNote> Keeper::sign(const SignRequest& request) {
  LUY_TRY_VOID(check_tree(request));
  LUY_TRY_VOID(check_day(request.day));
  // Before anything of a day is signed, no key of an earlier one is left.
  if (auto gone = keys_->go_to(request.day, random_); !gone) {
    // What is in memory may be ahead of the disk.
    LUY_TRY(auto kept, KeyChain::open(keys_file(), options_.origin));
    keys_.emplace(std::move(kept));
    return gone.error();
  }
  LUY_TRY(evidence::SignedNote out, keys_->sign(evidence::format_body(request.tree)));
  if (request.tree.size <= last_.size) return out;
  LUY_TRY_VOID(write_file_durably(state_file(), out.note, 0600));
  last_ = request.tree;
  return out;
}

Result<evidence::SignedNote> Keeper::sign_statement(std::string_view body) const {
  LUY_TRY(const evidence::CheckpointBody parsed, evidence::parse_body(body));
  if (parsed.origin != options_.origin + std::string(evidence::package_origin_suffix)) {
    return Error(other_origin, parsed.origin + ", " + options_.origin);
  }
  return keys_->sign(body);
}

}  // namespace luy::signer
