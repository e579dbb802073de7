// Signing a PDF: PAdES baseline B-B (ETSI EN 319 142-1), and B-T where a time-stamp service answers. In two steps, so
// that parsing the PDF may run in the sandboxed worker (worker.h) and only bytes are hashed where the key is:
// prepare() appends the signature's objects with room for the signature, complete() signs and fills the room.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "signature/signer.h"

namespace luy::signature {

inline constexpr std::size_t pdf_bytes_max = 64 << 20;
// Room for a signature: certificates of three levels and a time-stamp with its own are 8 to 12 KiB.
inline constexpr std::size_t cms_bytes_max = 24 << 10;
inline constexpr std::size_t reason_bytes_max = 500;
inline constexpr std::size_t timestamp_bytes_max = 16 << 10;

inline constexpr ErrorKind bad_pdf{"signature.bad_pdf", ErrorClass::invalid,
                                   "Không đọc được tệp PDF ({}). Hãy xuất lại tệp từ phần mềm đã tạo ra nó.",
                                   "The PDF cannot be read ({}). Export it again from the program that made it."};
inline constexpr ErrorKind pdf_encrypted{"signature.pdf_encrypted", ErrorClass::invalid,
                                         "Tệp PDF đặt mật khẩu. Hãy bỏ mật khẩu rồi làm lại.",
                                         "The PDF is protected by a password. Remove it and try again."};
inline constexpr ErrorKind pdf_too_large{"signature.pdf_too_large", ErrorClass::too_large,
                                         "Tệp PDF quá lớn: {}. Hãy giảm kích thước ảnh trong tệp.",
                                         "The PDF is too large: {}. Make the pictures in it smaller."};
inline constexpr ErrorKind bad_place{"signature.bad_place", ErrorClass::invalid,
                                     "Vị trí chữ ký không nằm trong trang: {}. Hãy chọn lại trang và vị trí.",
                                     "The place of the signature is not on the page: {}. Choose page and place again."};
inline constexpr ErrorKind sign_failed{"signature.sign_failed", ErrorClass::internal,
                                       "Không tạo được chữ ký số: {}. Hãy báo người phụ trách phần mềm.",
                                       "The signature could not be made: {}. Tell the maintainers."};
inline constexpr ErrorKind timestamp_failed{
    "signature.timestamp_failed", ErrorClass::unavailable,
    "Dịch vụ cấp dấu thời gian trả lời sai: {}. Hãy thử lại hoặc báo đơn vị cung cấp dịch vụ.",
    "The time-stamp service gave a wrong answer: {}. Try again or tell its provider."};

// Where the signature shows, in millimetres from the page's top left corner, the page unrotated.
struct VisiblePlace {
  unsigned page = 1;
  double x_mm = 0;
  double y_mm = 0;
  double width_mm = 0;
  double height_mm = 0;
  bool operator==(const VisiblePlace&) const = default;
};

struct SignRequest {
  Time time{};         // The time the signature claims; written with +07:00.
  std::string name{};  // Of the signer.
  std::string reason{};
  std::optional<VisiblePlace> place{};  // None: the signature is not seen.
  std::string appearance{};             // A PDF of one page (appearance.h), scaled to `place`.
};

// A PDF that lacks only the signature itself.
struct Prepared {
  std::string bytes;
  std::size_t room_begin = 0;  // Of "<", the only part that is not signed.
  std::size_t room_end = 0;    // Behind ">".
  bool operator==(const Prepared&) const = default;
};

// Pure; earlier signatures stay valid. Errors: bad_pdf, pdf_encrypted, pdf_too_large, bad_place.
Result<Prepared> prepare(std::string_view pdf, const SignRequest& request);

// Sends the DER of an RFC 3161 request, gives the DER of the answer; what it fails with is returned as it is.
using TimeStampCall = std::function<Result<std::string>(std::string_view request)>;
struct TimeStamping {
  TimeStampCall call{};      // Empty: B-B, without a time-stamp.
  Random* random = nullptr;  // For the nonce; borrowed, needed with a call.
};

// The signed PDF. Errors: those of Signer::sign and of the time-stamp call, sign_failed, timestamp_failed; there is no
// half signed PDF.
Result<std::string> complete(Prepared prepared, Signer& signer, const TimeStamping& stamping = {});

// Both steps in this process: for PDFs of our own making.
Result<std::string> sign_pdf(std::string_view pdf, const SignRequest& request, Signer& signer,
                             const TimeStamping& stamping = {});

}  // namespace luy::signature
