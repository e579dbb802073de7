#include "paper/pdf.h"

#include <cairo-pdf.h>

#include <utility>

#include "paper/pdf/body.h"
#include "paper/pdf/frame.h"
#include "paper/pdf/page.h"
#include "paper/pdf/state.h"

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

void set_metadata(cairo_surface_t* surface, const Document& document) {
  std::string title = clean_line(document.type_name);
  if (!title.empty() && !document.subject.empty()) title += " ";
  title += clean_line(document.subject);
  const std::string author = clean_line(document.issuer);
  const std::string keywords = clean_line(document.notation);
  // ISO 8601, as cairo wants it; whole seconds.
  const std::string created = to_rfc3339(document.created).substr(0, 19) + "Z";
  cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, title.c_str());
  cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_AUTHOR, author.c_str());
  cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_KEYWORDS, keywords.c_str());
  cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR, "Lũy");
  // Always given: cairo would write the present time.
  cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, created.c_str());
  cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_MOD_DATE, created.c_str());
}

Result<void> set_document(Page& page, const Document& document) {
  LUY_TRY_VOID(draw_contact(page, document));
  LUY_TRY_VOID(set_header(page, document));
  LUY_TRY_VOID(set_title(page, document));
  LUY_TRY_VOID(set_recipients(page, document));
  LUY_TRY_VOID(set_blocks(page, document.body, 0, true));
  LUY_TRY_VOID(set_signatures(page, document));
  LUY_TRY_VOID(set_notes(page, document));
  std::size_t first_index = document.body.size();
  for (std::size_t i = 0; i < document.annexes.size(); ++i) {
    LUY_TRY_VOID(set_annex_head(page, document, i));
    LUY_TRY_VOID(set_blocks(page, document.annexes[i].body, first_index, false));
    first_index += document.annexes[i].body.size();
  }
  page.finish();
  if (page.first_error()) return *page.first_error();
  if (page.flow().failed()) return Error(over_limit, std::to_string(pages_max) + " trang / pages");
  return {};
}

}  // namespace

PdfRenderer::PdfRenderer(std::unique_ptr<State> state) : state_(std::move(state)) {}
PdfRenderer::PdfRenderer(PdfRenderer&&) noexcept = default;
PdfRenderer& PdfRenderer::operator=(PdfRenderer&&) noexcept = default;
PdfRenderer::~PdfRenderer() = default;

Result<PdfRenderer> PdfRenderer::open(const std::filesystem::path& font_folder) {
  LUY_TRY(Fonts fonts, Fonts::open(font_folder));
  return PdfRenderer(std::make_unique<State>(State{std::move(fonts)}));
}

const Placement* Pdf::find(Component component, std::size_t index) const {
  for (const Placement& one : placements) {
    if (one.component == component && one.index == index) return &one;
  }
  return nullptr;
}

Result<Pdf> PdfRenderer::render(const Document& document) const {
  LUY_TRY_VOID(check_document(document));
  Pdf out;
  const std::unique_ptr<cairo_surface_t, DestroySurface> surface(
      cairo_pdf_surface_create_for_stream(append, &out.bytes, style::page_width_mm * mm, style::page_height_mm * mm));
  cairo_pdf_surface_restrict_to_version(surface.get(), CAIRO_PDF_VERSION_1_5);
  set_metadata(surface.get(), document);
  const std::unique_ptr<cairo_t, DestroyCairo> cairo(cairo_create(surface.get()));
  pango_cairo_update_context(cairo.get(), state_->fonts.context());
  double bottom_first = (style::page_height_mm - style::margin_bottom_mm) * mm;
  if (!document.contact.empty()) bottom_first -= contact_height();
  Page page(state_->fonts.context(), cairo.get(), bottom_first);
  const Result<void> set = set_document(page, document);
  draw_boxes_with(state_->fonts.context(), nullptr);
  if (!set) return set.error();
  cairo_surface_finish(surface.get());
  for (const cairo_status_t status : {cairo_status(cairo.get()), cairo_surface_status(surface.get())}) {
    if (status != CAIRO_STATUS_SUCCESS) return Error(render_failed, cairo_status_to_string(status));
  }
  out.pages = page.flow().page();
  out.placements = page.placements();
  return out;
}

}  // namespace luy::paper
