// Keys that sign for one day each, and how they lead back to the key people wrote down at installation, the root.
//
//   a day's key     <origin>/key LF <yyyy-MM-dd> LF <vkey> LF         signs checkpoints whose newest record was
//                                                                     received on that day
//   a successor     <origin>/successor LF <yyyy-MM-dd> LF <vkey> LF   certifies day keys from that day on
//
// Each is a C2SP signed note over these three lines by the root or by a successor; all keys bear the origin as name.
// A day's key certifies nothing, a successor signs no checkpoint, and neither reaches back before its day: whoever
// steals keys can forge neither the days before nor, with the key of a day that is over, any other. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "evidence/note.h"

namespace luy::evidence {

struct Certificate {
  enum class Kind { day, successor };
  Kind kind = Kind::day;
  Day day;  // The one it signs for, or the first whose keys it certifies.
  VerifierKey key;
};

std::string format_certificate_body(const Certificate& certificate);
// Does not verify. Errors: note_malformed, key_invalid.
Result<Certificate> parse_certificate(std::string_view note);

// One after another, each of five lines, and the way back. Errors: note_malformed.
std::string join_certificates(const std::vector<std::string>& certificates);
Result<std::vector<std::string>> split_certificates(std::string_view text);

// Which keys may sign, by a chain of certificates from trusted roots.
class KeyRing {
 public:
  // Roots sign for every day: they are the only keys of stores from before there were day keys.
  explicit KeyRing(std::vector<VerifierKey> roots);

  // In any order. Answers how many of them no key signed that may certify.
  std::size_t add(const std::vector<std::string>& certificates);

  struct Signer {
    VerifierKey key;
    VerifierKey root;        // Where the chain begins.
    std::optional<Day> day;  // The only one it may sign for; nullopt for a root.
  };
  // As verify_note(), with every key of the ring. Errors: note_malformed, note_unverified.
  Result<Signer> verify(std::string_view note) const;

  const std::vector<VerifierKey>& roots() const { return roots_; }

 private:
  struct Certifier {
    VerifierKey key;
    VerifierKey root;
    std::optional<Day> from;
  };
  bool accept(const Certificate& certificate, std::string_view note);

  std::vector<VerifierKey> roots_;
  std::vector<Certifier> certifiers_;
  std::vector<Signer> signers_;
  std::vector<VerifierKey> keys_;  // Of signers_, in the same order.
};

}  // namespace luy::evidence
