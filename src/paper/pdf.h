// Documents as PDF, set by the measures of style.h with Pango and Cairo. The same document gives the same bytes. Tells
// where each component came to stand, for the appearance of signatures (F-7.18 to F-7.20) and for measuring.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "paper/document.h"

namespace luy::paper {

inline constexpr unsigned pages_max = 2000;
// Where Debian's package fonts-croscore puts Tinos.
inline constexpr std::string_view font_folder_default = "/usr/share/fonts/truetype/croscore";

inline constexpr ErrorKind font_missing{"paper.font_missing", ErrorClass::unavailable,
                                        "Không tìm thấy phông chữ {}. Hãy cài gói fonts-croscore rồi làm lại.",
                                        "The font {} is missing. Install the package fonts-croscore and try again."};
inline constexpr ErrorKind glyph_missing{"paper.glyph_missing", ErrorClass::invalid,
                                         "Phông chữ của văn bản không có ký tự {}. Hãy thay hoặc bỏ ký tự này.",
                                         "The font of official documents has no character {}. Replace or remove it."};
inline constexpr ErrorKind bad_image{"paper.bad_image", ErrorClass::invalid,
                                     "Không đọc được ảnh PNG: {}. Hãy dùng ảnh khác.",
                                     "The PNG picture cannot be read: {}. Use another picture."};
inline constexpr ErrorKind render_failed{"paper.render_failed", ErrorClass::internal,
                                         "Không tạo được tệp văn bản: {}. Hãy báo người phụ trách phần mềm.",
                                         "The document could not be made: {}. Tell the maintainers."};

enum class Component : std::uint8_t {
  superior,
  issuer,
  issuer_rule,
  national_name,
  motto,
  motto_rule,
  notation,
  letter_subject,
  place_date,
  form_label,
  stamp,
  type_name,
  subject,
  subject_rule,
  recipients,
  body_block,  // `index` counts the blocks of the body; one entry for each page that holds a part of it.
  table_head,  // One entry for each page.
  empty_box,   // Check boxes; `index` counts both kinds in reading order.
  checked_box,
  authority,        // `index` counts the signatures, for the next three as well.
  signature_space,  // Where the image of the signature goes, between title and name (F-7.18).
  signer_name,
  copies,
  evidence,
  contact,
  note,
  annex_label,
  annex_corner,  // Top right of an annex's first page: place of the agency's text signature (F-7.20).
  page_number,
};

// A rectangle on a page, in millimetres from its top left corner.
struct Placement {
  Component component{};
  std::size_t index = 0;
  unsigned page = 1;
  double x_mm = 0;
  double y_mm = 0;
  double width_mm = 0;
  double height_mm = 0;
  bool operator==(const Placement&) const = default;
};

struct Pdf {
  std::string bytes;
  unsigned pages = 0;
  std::vector<Placement> placements;

  // The first of that kind and index; nullptr when there is none.
  const Placement* find(Component component, std::size_t index = 0) const;
};

struct Stamp;  // stamp.h

// Holds the fonts. Not thread-safe: one per thread.
class PdfRenderer {
 public:
  // Errors: font_missing.
  static Result<PdfRenderer> open(const std::filesystem::path& font_folder = font_folder_default);
  PdfRenderer(PdfRenderer&&) noexcept;
  PdfRenderer& operator=(PdfRenderer&&) noexcept;
  ~PdfRenderer();

  // Errors: over_limit, bad_document, glyph_missing, bad_image, render_failed.
  Result<Pdf> render(const Document& document) const;

 private:
  friend Result<std::string> render_stamp(const PdfRenderer& renderer, const Stamp& stamp);
  struct State;
  explicit PdfRenderer(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace luy::paper
