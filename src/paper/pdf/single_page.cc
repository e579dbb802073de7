#include "paper/pdf/single_page.h"

#include <cairo-pdf.h>

#include <memory>

#include "paper/pdf.h"
#include "paper/pdf/fonts.h"
#include "paper/pdf/page.h"
#include "paper/pdf/text.h"

namespace luy::paper {
namespace {

struct DestroySurface {
  void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
};
struct DestroyCairo {
  void operator()(cairo_t* cairo) const { cairo_destroy(cairo); }
};

cairo_status_t append(void* closure, const unsigned char* bytes, unsigned size) {
  static_cast<std::string*>(closure)->append(reinterpret_cast<const char*>(bytes), size);
  return CAIRO_STATUS_SUCCESS;
}

}  // namespace

Result<std::string> single_page(const std::filesystem::path& font_folder, const std::string& title, Time created,
                                const std::function<Result<void>(PangoContext* context, cairo_t* cairo)>& draw) {
  LUY_TRY(const Fonts fonts, Fonts::open(font_folder));
  std::string out;
  const std::unique_ptr<cairo_surface_t, DestroySurface> surface(
      cairo_pdf_surface_create_for_stream(append, &out, style::page_width_mm * mm, style::page_height_mm * mm));
  const std::string day = to_rfc3339(created).substr(0, 19) + "Z";
  cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_TITLE, title.c_str());
  cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_CREATOR, "Lũy");
  // Always given: cairo would write the present time.
  cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_CREATE_DATE, day.c_str());
  cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_MOD_DATE, day.c_str());
  const std::unique_ptr<cairo_t, DestroyCairo> cairo(cairo_create(surface.get()));
  pango_cairo_update_context(cairo.get(), fonts.context());
  LUY_TRY_VOID(draw(fonts.context(), cairo.get()));
  cairo_surface_finish(surface.get());
  for (const cairo_status_t status : {cairo_status(cairo.get()), cairo_surface_status(surface.get())}) {
    if (status != CAIRO_STATUS_SUCCESS) return Error(render_failed, cairo_status_to_string(status));
  }
  return out;
}

}  // namespace luy::paper
