#include "signature/appearance.h"

#include <algorithm>
#include <utility>

#include "paper/png.h"
#include "paper/stamp.h"

namespace luy::signature {
namespace {

Result<void> check_ink(std::string_view png, paper::Ink want, const char* what) {
  LUY_TRY(const paper::InkOf found, paper::ink_of(png));
  if (found.ink != want || !found.transparent) return Error(wrong_ink, what);
  return {};
}

// The largest rectangle of the picture's proportions in the middle of the space, within the limits for a signature;
// without a picture the whole that the limits allow.
Result<VisiblePlace> person_place(const VisiblePlace& space, std::string_view png) {
  VisiblePlace out{space.page, 0, 0, std::min(space.width_mm, person_width_mm),
                   std::min(space.height_mm, person_height_mm)};
  if (!png.empty()) {
    const auto size = paper::png_size(png);
    if (!size) return Error(paper::bad_image, "PNG");
    const double scale = std::min(out.width_mm / size->width, out.height_mm / size->height);
    out.width_mm = size->width * scale;
    out.height_mm = size->height * scale;
  }
  out.x_mm = space.x_mm + (space.width_mm - out.width_mm) / 2;
  out.y_mm = space.y_mm + (space.height_mm - out.height_mm) / 2;
  return out;
}

Result<Appearance> picture_at(const paper::PdfRenderer& renderer, const VisiblePlace& place, std::string png) {
  paper::Stamp stamp{place.width_mm, place.height_mm};
  stamp.pictures.push_back({std::move(png), 0, 0, place.width_mm, place.height_mm});
  LUY_TRY(std::string pdf, paper::render_stamp(renderer, stamp));
  return Appearance{place, std::move(pdf)};
}

std::optional<VisiblePlace> find(const paper::Pdf& pdf, paper::Component component, std::size_t index) {
  const paper::Placement* found = pdf.find(component, index);
  if (found == nullptr) return std::nullopt;
  return VisiblePlace{found->page, found->x_mm, found->y_mm, found->width_mm, found->height_mm};
}

}  // namespace

Result<Appearance> person_appearance(const paper::PdfRenderer& renderer, const VisiblePlace& space, std::string png) {
  LUY_TRY_VOID(check_ink(png, paper::Ink::blue, "chữ ký / signature"));
  LUY_TRY(const VisiblePlace place, person_place(space, png));
  return picture_at(renderer, place, std::move(png));
}

Result<Appearance> seal_appearance(const paper::PdfRenderer& renderer, const VisiblePlace& space,
                                   std::string_view person_png, std::string seal_png, double seal_width_mm) {
  LUY_TRY_VOID(check_ink(seal_png, paper::Ink::red, "con dấu / seal"));
  LUY_TRY(const VisiblePlace person, person_place(space, person_png));
  const auto size = paper::png_size(seal_png);
  if (!size) return Error(paper::bad_image, "PNG");
  if (!(seal_width_mm > 0 && seal_width_mm <= seal_width_max_mm)) return Error(bad_place, "mm");
  VisiblePlace place{space.page, 0, 0, seal_width_mm, seal_width_mm * size->height / size->width};
  place.x_mm = person.x_mm + person.width_mm / 3 - place.width_mm;
  // In the middle of the signature, as far as that does not reach down to the name.
  place.y_mm = std::min(person.y_mm + person.height_mm / 2 - place.height_mm / 2,
                        space.y_mm + space.height_mm - place.height_mm);
  return picture_at(renderer, place, std::move(seal_png));
}

Result<Appearance> text_appearance(const paper::PdfRenderer& renderer, const VisiblePlace& space,
                                   const TextBlock& text) {
  VisiblePlace place = space;
  place.height_mm = std::min(space.height_mm, text_block_height_mm);
  place.y_mm += (space.height_mm - place.height_mm) / 2;
  paper::Stamp stamp{place.width_mm, place.height_mm};
  if (!text.notation.empty()) stamp.lines.push_back("Số: " + text.notation);
  if (!text.name.empty()) stamp.lines.push_back("Người ký: " + text.name);
  if (!text.agency.empty()) stamp.lines.push_back("Cơ quan: " + text.agency);
  stamp.lines.push_back("Thời gian ký: " + signing_time_text(text.time));
  LUY_TRY(std::string pdf, paper::render_stamp(renderer, stamp));
  return Appearance{place, std::move(pdf)};
}

std::optional<VisiblePlace> signature_space(const paper::Pdf& pdf, std::size_t index) {
  return find(pdf, paper::Component::signature_space, index);
}

std::optional<VisiblePlace> annex_corner(const paper::Pdf& pdf, std::size_t index) {
  return find(pdf, paper::Component::annex_corner, index);
}

std::string signing_time_text(Time time) {
  const std::string local = to_rfc3339(time + vietnam_offset);
  return to_vietnamese(day_of(time)) + " " + local.substr(11, 8) + " +07:00";
}

}  // namespace luy::signature
