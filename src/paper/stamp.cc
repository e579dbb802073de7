#include "paper/stamp.h"

#include <cairo-pdf.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <utility>

#include "paper/pdf/image.h"
#include "paper/pdf/page.h"
#include "paper/pdf/state.h"
#include "paper/pdf/text.h"

namespace luy::paper {
namespace {

struct DestroySurface {
  void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
};
struct DestroyCairo {
  void operator()(cairo_t* cairo) const { cairo_destroy(cairo); }
};

constexpr double shrink_min = 0.5;
constexpr double shrink_step = 0.05;

cairo_status_t append(void* closure, const unsigned char* bytes, unsigned size) {
  static_cast<std::string*>(closure)->append(reinterpret_cast<const char*>(bytes), size);
  return CAIRO_STATUS_SUCCESS;
}

bool within(double side, double max) {
  return side > 0 && side <= max;
}

Result<void> check_stamp(const Stamp& stamp) {
  if (!within(stamp.width_mm, style::page_width_mm) || !within(stamp.height_mm, style::page_height_mm)) {
    return Error(over_limit, "mm");
  }
  if (stamp.pictures.size() > stamp_pictures_max || stamp.lines.size() > stamp_lines_max) {
    return Error(over_limit, std::to_string(stamp_lines_max));
  }
  for (const StampPicture& one : stamp.pictures) {
    if (!within(one.width_mm, style::page_width_mm) || !within(one.height_mm, style::page_height_mm)) {
      return Error(over_limit, "mm");
    }
  }
  return {};
}

Result<void> draw_picture(cairo_t* cairo, const StampPicture& one) {
  LUY_TRY(const std::shared_ptr<cairo_surface_t> picture, decode_png(one.png));
  const double wide = cairo_image_surface_get_width(picture.get());
  const double high = cairo_image_surface_get_height(picture.get());
  const double scale = std::min(one.width_mm * mm / wide, one.height_mm * mm / high);
  cairo_save(cairo);
  cairo_translate(cairo, one.x_mm * mm + (one.width_mm * mm - wide * scale) / 2,
                  one.y_mm * mm + (one.height_mm * mm - high * scale) / 2);
  cairo_scale(cairo, scale, scale);
  cairo_set_source_surface(cairo, picture.get(), 0, 0);
  cairo_paint(cairo);
  cairo_restore(cairo);
  return {};
}

Result<void> draw_lines(PangoContext* context, cairo_t* cairo, const Stamp& stamp) {
  if (stamp.lines.empty()) return {};
  for (double shrink = 1; shrink >= shrink_min; shrink -= shrink_step) {
    const TextStyle look{.size = stamp.text_pt * shrink, .align = stamp.align, .line_factor = 1};
    std::vector<Text> texts;
    double height = 0;
    for (const std::string& line : stamp.lines) {
      LUY_TRY(Text text, Text::shape(context, clean_line(line), look, stamp.width_mm * mm));
      height += text.height();
      texts.push_back(std::move(text));
    }
    if (height > stamp.height_mm * mm) continue;
    cairo_set_source_rgb(cairo, 0, 0, 0);
    double y = 0;
    for (const Text& text : texts) {
      text.draw(cairo, 0, y);
      y += text.height();
    }
    return {};
  }
  return Error(over_limit, "stamp");
}

struct Count {
  std::size_t visible = 0;
  std::size_t blue = 0;
  std::size_t red = 0;
  std::size_t clear = 0;
};

Count count_pixels(cairo_surface_t* picture) {
  Count out;
  const unsigned char* data = cairo_image_surface_get_data(picture);
  const int stride = cairo_image_surface_get_stride(picture);
  const int width = cairo_image_surface_get_width(picture);
  const int height = cairo_image_surface_get_height(picture);
  const bool alpha = cairo_image_surface_get_format(picture) == CAIRO_FORMAT_ARGB32;
  for (int row = 0; row < height; ++row) {
    const auto* pixels = reinterpret_cast<const std::uint32_t*>(data + std::ptrdiff_t{row} * stride);
    for (int column = 0; column < width; ++column) {
      const std::uint32_t pixel = pixels[column];  // Premultiplied, so channels compare within a pixel.
      const int a = alpha ? static_cast<int>(pixel >> 24) : 255;
      const int r = static_cast<int>(pixel >> 16 & 255);
      const int g = static_cast<int>(pixel >> 8 & 255);
      const int b = static_cast<int>(pixel & 255);
      if (a < 64) {
        ++out.clear;
        continue;
      }
      ++out.visible;
      const int margin = a / 8;
      if (b > r + margin && b >= g) ++out.blue;
      if (r > b + margin && r > g + margin) ++out.red;
    }
  }
  return out;
}

}  // namespace

Result<std::string> render_stamp(const PdfRenderer& renderer, const Stamp& stamp) {
  LUY_TRY_VOID(check_stamp(stamp));
  std::string out;
  const std::unique_ptr<cairo_surface_t, DestroySurface> surface(
      cairo_pdf_surface_create_for_stream(append, &out, stamp.width_mm * mm, stamp.height_mm * mm));
  cairo_pdf_surface_restrict_to_version(surface.get(), CAIRO_PDF_VERSION_1_5);
  // Always given: cairo would write the present time.
  cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_CREATE_DATE, "1970-01-01T00:00:00Z");
  const std::unique_ptr<cairo_t, DestroyCairo> cairo(cairo_create(surface.get()));
  PangoContext* context = renderer.state_->fonts.context();
  pango_cairo_update_context(cairo.get(), context);
  for (const StampPicture& one : stamp.pictures) LUY_TRY_VOID(draw_picture(cairo.get(), one));
  LUY_TRY_VOID(draw_lines(context, cairo.get(), stamp));
  cairo_show_page(cairo.get());
  cairo_surface_finish(surface.get());
  for (const cairo_status_t status : {cairo_status(cairo.get()), cairo_surface_status(surface.get())}) {
    if (status != CAIRO_STATUS_SUCCESS) return Error(render_failed, cairo_status_to_string(status));
  }
  return out;
}

Result<InkOf> ink_of(std::string_view png) {
  LUY_TRY(const std::shared_ptr<cairo_surface_t> picture, decode_png(png));
  const cairo_format_t format = cairo_image_surface_get_format(picture.get());
  if (format != CAIRO_FORMAT_ARGB32 && format != CAIRO_FORMAT_RGB24) return Error(bad_image, "RGB");
  const Count count = count_pixels(picture.get());
  InkOf out;
  if (count.visible > 0 && count.blue * 2 > count.visible) out.ink = Ink::blue;
  if (count.visible > 0 && count.red * 2 > count.visible) out.ink = Ink::red;
  out.transparent = count.clear * 5 >= count.clear + count.visible;  // A fifth at least: strokes cover less than that.
  return out;
}

}  // namespace luy::paper
