#include "paper/pdf/fonts.h"

#include <fontconfig/fontconfig.h>
#include <pango/pangofc-fontmap.h>

#include <array>
#include <string>
#include <system_error>

#include "paper/pdf.h"
#include "paper/style.h"

namespace luy::paper {
namespace {

struct DestroyConfig {
  void operator()(FcConfig* config) const { FcConfigDestroy(config); }
};

}  // namespace

Result<Fonts> Fonts::open(const std::filesystem::path& folder) {
  constexpr std::array styles = {"Regular", "Bold", "Italic", "BoldItalic"};
  const std::unique_ptr<FcConfig, DestroyConfig> config(FcConfigCreate());
  if (!config) return Error(font_missing, "fontconfig");
  for (const char* one : styles) {
    const std::string file = (folder / (std::string(style::font_family) + "-" + one + ".ttf")).string();
    std::error_code ignored;
    if (!std::filesystem::is_regular_file(file, ignored)) return Error(font_missing, file);
    const auto* name = reinterpret_cast<const FcChar8*>(file.c_str());
    if (FcConfigAppFontAddFile(config.get(), name) != FcTrue) return Error(font_missing, file);
  }
  GPtr<PangoFontMap> map(pango_cairo_font_map_new_for_font_type(CAIRO_FONT_TYPE_FT));
  if (!map) return Error(font_missing, "FreeType");
  pango_fc_font_map_set_config(PANGO_FC_FONT_MAP(map.get()), config.get());
  GPtr<PangoContext> context(pango_font_map_create_context(map.get()));
  cairo_font_options_t* options = cairo_font_options_create();
  cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
  cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
  cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
  pango_cairo_context_set_font_options(context.get(), options);
  cairo_font_options_destroy(options);
  pango_cairo_context_set_resolution(context.get(), 72);
  pango_context_set_round_glyph_positions(context.get(), FALSE);
  pango_context_set_language(context.get(), pango_language_from_string("vi"));
  pango_context_set_base_dir(context.get(), PANGO_DIRECTION_LTR);
  return Fonts(std::move(map), std::move(context));
}

Fonts::~Fonts() {
  context_.reset();
  // Pango 1.50 keeps its reference to the configuration when the map ends.
  if (map_) pango_fc_font_map_set_config(PANGO_FC_FONT_MAP(map_.get()), nullptr);
}

}  // namespace luy::paper

// fontconfig stores pointers as offsets, which the leak checker cannot follow: it reports what is still in use.
extern "C" const char* __lsan_default_options();
extern "C" const char* __lsan_default_options() {
  return "print_suppressions=0";
}
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() {
  return "leak:libfontconfig\n";
}
