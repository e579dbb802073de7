// Seals papers for agencies: the agency's key on its token, in a process of its own; the foreign PDF read in the
// sandbox; the seal's picture where decree 30/2020 has it. Whether the paper may be sealed is the caller's question.
//
// Threads: every function from any thread; one paper is sealed at a time, the others wait.
#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/hash.h"
#include "base/random.h"
#include "base/result.h"
#include "paper/pdf.h"
#include "seal/seal.h"
#include "signature/signer.h"

namespace luy::seal {

// How long one waits for those before it. A seal takes a second; behind a token that hangs nobody else shall hang.
inline constexpr std::chrono::seconds seal_wait_max{5};

inline constexpr ErrorKind no_seal{
    "seal.none", ErrorClass::not_found,
    "Chưa khai báo con dấu số của cơ quan {} trên máy chủ. Hãy khai báo theo docs/format/seals.md.",
    "No seal of the agency {} is declared on the hub. Declare it as docs/format/seals.md says."};
inline constexpr ErrorKind no_space{
    "seal.no_space", ErrorClass::invalid,
    "Văn bản không có chỗ ký để đóng dấu: {}. Hãy lập lại văn bản có khối chữ ký.",
    "The document has no signature space to seal: {}. Make it again with a signature block."};
inline constexpr ErrorKind desk_busy{"seal.busy", ErrorClass::busy,
                                     "Thiết bị ký số đang bận đóng dấu văn bản khác ({}). Hãy thử lại sau ít phút.",
                                     "The token is busy with another document ({}). Try again in a few minutes."};

class SealDesk {
 public:
  struct Dependencies {
    std::filesystem::path folder;        // Of the declarations (seal.h); read each time.
    std::filesystem::path worker;        // signature::worker_program()
    std::filesystem::path token_worker;  // signature::token_program()
    std::filesystem::path fonts;         // paper::font_folder_default
    const Clock& clock;
    Random& random;
  };
  explicit SealDesk(Dependencies dependencies) : d_(std::move(dependencies)) {}

  // Errors: those of read_seals().
  Result<std::vector<Seal>> seals() const { return read_seals(d_.folder); }

  struct Sealed {
    std::string pdf;
    std::string name;  // On the seal's certificate.
  };
  // `signed_pdf` carries the signatures; `document` is what was rendered before them and tells where the last signature
  // space is. Nothing is kept. Errors: no_seal, no_space, desk_busy, those of read_seals(), read_pin(), reading the
  // pictures, open_token_apart(), seal_appearance(), prepare_in_worker(), complete(), the time-stamp call. A PIN that
  // the token did not take is not tried again: tokens lock themselves.
  Result<Sealed> seal(const std::string& agency, std::string_view signed_pdf, const paper::Document& document);

 private:
  Result<signature::VisiblePlace> space_of(const paper::Document& document) const;
  Result<std::unique_ptr<signature::Signer>> open(const Seal& seal);

  const Dependencies d_;
  std::timed_mutex sealing_;
  // Under `sealing_`.
  std::optional<paper::PdfRenderer> renderer_;  // Opened by the first paper.
  std::map<std::string, Hash> refused_;         // By the seal's id: SHA-256 of the PIN that its token did not take.
};

}  // namespace luy::seal
