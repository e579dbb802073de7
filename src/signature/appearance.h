// How a signature looks on a paper, by decree 30/2020 (F-7.18 to F-7.20): a person's blue signature between title and
// name, the agency's red seal over its left third, and a block of text on annexes and where there is no picture.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "paper/pdf.h"
#include "signature/sign.h"

namespace luy::signature {

// What the decree leaves to the issuer.
inline constexpr double person_width_mm = 45;   // At most; the picture keeps its proportions.
inline constexpr double person_height_mm = 22;  // The signature space is 30 mm high (paper/style.h).
inline constexpr double seal_width_default_mm = 36;
inline constexpr double seal_width_max_mm = 50;
inline constexpr double text_block_height_mm = 20;

inline constexpr ErrorKind wrong_ink{
    "signature.wrong_ink", ErrorClass::invalid,
    "Ảnh {} không đúng thể thức. Hãy dùng ảnh PNG nền trong suốt: chữ ký màu xanh, con dấu màu đỏ.",
    "The picture of {} is not as the rules demand. Use a PNG with a transparent ground: signatures blue, seals red."};

// Where and how it shows; for SignRequest.
struct Appearance {
  VisiblePlace place;
  std::string pdf;
};

// Errors of all: wrong_ink, those of paper::render_stamp, bad_place.
// The picture of a person's signature, in the middle of the signature space of the paper.
Result<Appearance> person_appearance(const paper::PdfRenderer& renderer, const VisiblePlace& space, std::string png);
// The agency's seal in its actual size, over the left third of the person's signature in the same space.
// `person_png` is that signature's picture, whose proportions tell how wide it stands; empty when it is not known. It
// ends where the space ends: the name below stays free.
Result<Appearance> seal_appearance(const paper::PdfRenderer& renderer, const VisiblePlace& space,
                                   std::string_view person_png, std::string seal_png,
                                   double seal_width_mm = seal_width_default_mm);

struct TextBlock {
  std::string notation{};  // Số và ký hiệu; on annexes in separate files (F-7.20).
  std::string name{};      // Of the person.
  std::string agency{};
  Time time{};
};
// Times New Roman's metrics, upright, 10, black; the time as "22/11/2026 08:05:09 +07:00".
Result<Appearance> text_appearance(const paper::PdfRenderer& renderer, const VisiblePlace& space,
                                   const TextBlock& text);

// The signature space number `index` of a rendered paper, and the corner of an annex; nullopt when there is none.
std::optional<VisiblePlace> signature_space(const paper::Pdf& pdf, std::size_t index);
std::optional<VisiblePlace> annex_corner(const paper::Pdf& pdf, std::size_t index);

// "22/11/2026 08:05:09 +07:00"
std::string signing_time_text(Time time);

}  // namespace luy::signature
