// The signer's keys: one for each day, in one file of the signer's folder (docs/format/signer.md).
//
// A root key certifies the keys of the next days_per_period days at once and is then destroyed. What is kept is one
// seed, that of today: each day's seed gives the day's key and the next day's seed through a one-way function, so that
// past days cannot be computed from it. At the end of the period the last seed gives the key of a successor, which was
// certified with the days and certifies the next ones. (R. Anderson's forward-secure signatures, with a tree of height
// one.)
//
// Until the first signature there is the root alone, so that the first day is that of the first record.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "evidence/certificate.h"
#include "evidence/note.h"
#include "evidence/signature.h"
#include "signer/error.h"

namespace luy::signer {

// 92 KB of certificates in the signer's file, and about one successor a year in what is handed out.
inline constexpr int days_per_period = 400;

class KeyChain {
 public:
  // A new root, or `root` where the store's only key so far is to become one. Durable when it returns. Errors: file
  // errors.
  static Result<KeyChain> create(const std::filesystem::path& file, std::string_view origin,
                                 std::optional<evidence::Ed25519Key> root, Random& random);
  // Errors: state_damaged, other_origin, file errors.
  static Result<KeyChain> open(const std::filesystem::path& file, std::string_view origin);
  ~KeyChain();
  KeyChain(KeyChain&&) noexcept = default;
  KeyChain& operator=(KeyChain&&) = delete;

  const evidence::VerifierKey& root() const { return root_; }
  // The day whose key is there; nullopt before the first signature.
  std::optional<Day> day() const { return day_; }

  // Makes the key of `day`, not before day(), the present one. The keys of days before it are destroyed on the disk,
  // too, when this returns. Errors: file errors.
  Result<void> go_to(Day day, Random& random);

  // With the present day's key, or with the root while there is none.
  Result<evidence::SignedNote> sign(std::string_view body) const;

 private:
  KeyChain(std::filesystem::path file, evidence::VerifierKey root) : file_(std::move(file)), root_(std::move(root)) {}
  std::string encode() const;
  static Result<KeyChain> decode(const std::filesystem::path& file, std::string_view text);
  // Certifies a period from `first` on by the key of `seed`.
  Result<void> begin_period(std::string certifier_seed, Day first, Random& random);
  void step();
  Result<void> save() const;

  std::filesystem::path file_;
  evidence::VerifierKey root_;
  std::optional<Day> day_;
  Day last_{};                           // The period's last day.
  std::string seed_;                     // Of day_; before the first signature the root's.
  std::vector<std::string> successors_;  // From the root to the key that certified this period.
  std::vector<std::string> days_;        // From day_ to last_.
  std::string next_;                     // The certificate of the next period's certifier.
};

// What a folder's older key files leave on the disk is overwritten before they are removed. Errors: file errors.
Result<void> wipe_file(const std::filesystem::path& file);

}  // namespace luy::signer
