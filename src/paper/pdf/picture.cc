#include "paper/pdf/picture.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "paper/pdf/body.h"
#include "paper/pdf/image.h"
#include "paper/qr.h"

namespace luy::paper {

Result<void> set_picture(Page& page, const Image& image, std::size_t block, bool glue_end) {
  LUY_TRY(const std::shared_ptr<cairo_surface_t> picture, decode_png(image.png));
  const double pixels_wide = cairo_image_surface_get_width(picture.get());
  const double pixels_high = cairo_image_surface_get_height(picture.get());
  double scale = image.width_mm * mm / pixels_wide;
  // Room for a caption of two lines stays free.
  const double height_max = page.flow().height_max() - 40;
  scale = std::min(scale, height_max / pixels_high);
  const double width = pixels_wide * scale;
  const double height = pixels_high * scale;
  const double x = page.left() + (page.width() - width) / 2;
  page.flow().push({style::paragraph_gap_pt, height, glue_end || !image.caption.empty(), false,
                    [&page, picture, scale, x, width, height, block](Spot spot) {
                      cairo_save(page.cairo());
                      cairo_translate(page.cairo(), x, spot.y);
                      cairo_scale(page.cairo(), scale, scale);
                      cairo_set_source_surface(page.cairo(), picture.get(), 0, 0);
                      cairo_paint(page.cairo());
                      cairo_restore(page.cairo());
                      page.note_body(block, spot.page, {x, spot.y, width, height});
                    }});
  if (image.caption.empty()) return {};
  const TextStyle look{.size = style::caption_pt, .italic = true, .align = Align::center};
  LUY_TRY(Text caption, page.shape(clean_line(image.caption), look, page.width()));
  push_lines(page, std::move(caption), {page.left(), 2, false, glue_end, block});
  return {};
}

void draw_qr(cairo_t* cairo, const QrCode& code, double x, double y, double size) {
  constexpr unsigned quiet_zone = 4;  // Modules on each side, ISO/IEC 18004 section 9.1.
  const double module = size / (code.side + 2 * quiet_zone);
  for (unsigned row = 0; row < code.side; ++row) {
    // Runs of dark modules as one rectangle: fewer seams, a smaller file.
    for (unsigned column = 0; column < code.side;) {
      unsigned end = column;
      while (end < code.side && code.is_dark(row, end)) ++end;
      if (end > column) {
        cairo_rectangle(cairo, x + (column + quiet_zone) * module, y + (row + quiet_zone) * module,
                        (end - column) * module, module);
      }
      column = end + 1;
    }
  }
  cairo_fill(cairo);
}

}  // namespace luy::paper
