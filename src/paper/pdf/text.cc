#include "paper/pdf/text.h"

#include <array>
#include <cstdint>
#include <cstdio>

#include "paper/pdf.h"
#include "paper/sentence.h"

namespace luy::paper {
namespace {

// U+FFFC, which clean_text() lets nobody else use, and U+2060, without which a line may end between a box and its
// words.
constexpr std::string_view box_placeholder = "\xEF\xBF\xBC";
constexpr std::string_view word_joiner = "\xE2\x81\xA0";
constexpr double box_size_em = 0.72;
constexpr double box_gap_em = 0.32;
// No capital of the font but W is wider: what is that narrow fits whatever it says.
constexpr double character_width_max_em = 0.8;

// Distinct addresses stand for the two states: Pango carries them to the drawing function.
constexpr std::array<char, 2> box_states = {'e', 'c'};

struct DestroyDescription {
  void operator()(PangoFontDescription* value) const { pango_font_description_free(value); }
};
struct UnrefAttributes {
  void operator()(PangoAttrList* value) const { pango_attr_list_unref(value); }
};
struct FreeIter {
  void operator()(PangoLayoutIter* value) const { pango_layout_iter_free(value); }
};

int to_units(double points) {
  return static_cast<int>(points * PANGO_SCALE);
}
double to_points(int units) {
  return static_cast<double>(units) / PANGO_SCALE;
}

void insert(PangoAttrList* list, PangoAttribute* attribute, std::size_t begin, std::size_t end) {
  attribute->start_index = static_cast<guint>(begin);
  attribute->end_index = static_cast<guint>(end);
  pango_attr_list_insert(list, attribute);
}

void insert_box(PangoAttrList* list, double size, bool checked, std::size_t at) {
  const PangoRectangle shape{0, to_units(-size * box_size_em), to_units(size * (box_size_em + box_gap_em)),
                             to_units(size * box_size_em)};
  const char* state = &box_states[checked ? 1 : 0];
  PangoAttribute* attribute =
      pango_attr_shape_new_with_data(&shape, &shape, const_cast<char*>(state), nullptr, nullptr);
  insert(list, attribute, at, at + box_placeholder.size());
}

void draw_box(cairo_t* cairo, PangoAttrShape* attribute, gboolean do_path, gpointer data) {
  if (do_path) return;
  double x = 0;
  double y = 0;
  cairo_get_current_point(cairo, &x, &y);
  const double size = to_points(attribute->ink_rect.height);
  const bool checked = *static_cast<const char*>(attribute->data) == box_states[1];
  const double inset = size * 0.08;
  cairo_save(cairo);
  cairo_set_line_width(cairo, style::rule_pt);
  cairo_rectangle(cairo, x + inset, y - size + inset, size - 2 * inset, size - 2 * inset);
  cairo_stroke(cairo);
  if (checked) {
    cairo_set_line_width(cairo, 2 * style::rule_pt);
    cairo_move_to(cairo, x + size * 0.24, y - size * 0.76);
    cairo_line_to(cairo, x + size * 0.76, y - size * 0.24);
    cairo_move_to(cairo, x + size * 0.76, y - size * 0.76);
    cairo_line_to(cairo, x + size * 0.24, y - size * 0.24);
    cairo_stroke(cairo);
  }
  cairo_restore(cairo);
  if (data != nullptr) static_cast<BoxObserver*>(data)->box_drawn(x, y - size, size, checked);
}

// "U+4E2D (中)".
std::string name_of_character(std::uint32_t code) {
  char buffer[16];
  std::snprintf(buffer, sizeof buffer, "U+%04X", code);
  std::array<char, 6> utf8{};
  const int size = g_unichar_to_utf8(code, utf8.data());
  return std::string(buffer) + " (" + std::string(utf8.data(), static_cast<std::size_t>(size)) + ")";
}

// The first glyph that the font does not have. With one family configured, Pango marks it as unknown instead of taking
// another font's.
Result<void> check_glyphs(PangoLayoutLine* line) {
  for (GSList* node = line->runs; node != nullptr; node = node->next) {
    const PangoGlyphString* glyphs = static_cast<PangoLayoutRun*>(node->data)->glyphs;
    for (int i = 0; i < glyphs->num_glyphs; ++i) {
      const PangoGlyph glyph = glyphs->glyphs[i].glyph;
      if (glyph == PANGO_GLYPH_EMPTY || (glyph & PANGO_GLYPH_UNKNOWN_FLAG) == 0) continue;
      return Error(glyph_missing, name_of_character(glyph & ~PANGO_GLYPH_UNKNOWN_FLAG));
    }
  }
  return {};
}

GPtr<PangoLayout> layout_of(PangoContext* context, const Spans& spans, const TextStyle& style, double width) {
  GPtr<PangoLayout> layout(pango_layout_new(context));
  const std::unique_ptr<PangoFontDescription, DestroyDescription> font(pango_font_description_new());
  pango_font_description_set_family_static(font.get(), style::font_family.data());
  pango_font_description_set_absolute_size(font.get(), style.size * PANGO_SCALE);
  if (style.bold) pango_font_description_set_weight(font.get(), PANGO_WEIGHT_BOLD);
  if (style.italic) pango_font_description_set_style(font.get(), PANGO_STYLE_ITALIC);
  pango_layout_set_font_description(layout.get(), font.get());

  const std::unique_ptr<PangoAttrList, UnrefAttributes> attributes(pango_attr_list_new());
  std::string text;
  for (const Span& span : spans) {
    const std::size_t begin = text.size();
    if (span.box != Box::none) {
      text += box_placeholder;
      insert_box(attributes.get(), style.size, span.box == Box::checked, begin);
      text += word_joiner;
    }
    text += clean_text(span.text);
    if (span.bold) insert(attributes.get(), pango_attr_weight_new(PANGO_WEIGHT_BOLD), begin, text.size());
    if (span.italic) insert(attributes.get(), pango_attr_style_new(PANGO_STYLE_ITALIC), begin, text.size());
  }
  // A hyphen that is not in the text would change an address or a digest.
  insert(attributes.get(), pango_attr_insert_hyphens_new(FALSE), 0, text.size());
  for (const TextRange& range : unbroken_ranges(text)) {
    // Where it might not fit into one line, breaking is better than running into the next column.
    if (static_cast<double>(range.characters) * style.size * character_width_max_em > width) continue;
    insert(attributes.get(), pango_attr_allow_breaks_new(FALSE), range.begin, range.end);
  }
  pango_layout_set_text(layout.get(), text.data(), static_cast<int>(text.size()));
  pango_layout_set_attributes(layout.get(), attributes.get());
  pango_layout_set_auto_dir(layout.get(), FALSE);
  pango_layout_set_width(layout.get(), to_units(width));
  pango_layout_set_wrap(layout.get(), PANGO_WRAP_WORD_CHAR);
  pango_layout_set_indent(layout.get(), to_units(style.indent));
  pango_layout_set_justify(layout.get(), style.align == Align::justify);
  pango_layout_set_alignment(layout.get(), style.align == Align::center  ? PANGO_ALIGN_CENTER
                                           : style.align == Align::right ? PANGO_ALIGN_RIGHT
                                                                         : PANGO_ALIGN_LEFT);
  return layout;
}

}  // namespace

Result<Text> Text::shape(PangoContext* context, const Spans& spans, const TextStyle& style, double width) {
  Text out;
  out.layout_ = layout_of(context, spans, style, width);
  const std::unique_ptr<PangoLayoutIter, FreeIter> iter(pango_layout_get_iter(out.layout_.get()));
  do {
    PangoLayoutLine* line = pango_layout_iter_get_line_readonly(iter.get());
    LUY_TRY_VOID(check_glyphs(line));
    PangoRectangle place;
    pango_layout_iter_get_line_extents(iter.get(), nullptr, &place);
    PangoRectangle own;
    pango_layout_line_get_extents(line, nullptr, &own);
    const double natural = to_points(own.height);
    const double height = natural * style.line_factor;
    const double ascent = to_points(-own.y);
    out.lines_.push_back({line, to_points(place.x), ascent + (height - natural) / 2, height});
    out.height_ += height;
    out.widest_ = std::max(out.widest_, to_points(place.width));
    out.last_end_ = to_points(place.x + place.width);
  } while (pango_layout_iter_next_line(iter.get()));
  return out;
}

Result<Text> Text::shape(PangoContext* context, std::string_view text, const TextStyle& style, double width) {
  return shape(context, Spans{Span{std::string(text)}}, style, width);
}

void Text::draw_line(cairo_t* cairo, std::size_t line, double x, double y) const {
  const Line& one = lines_[line];
  cairo_move_to(cairo, x + one.x, y + one.baseline);
  pango_cairo_show_layout_line(cairo, one.line);
}

void Text::draw(cairo_t* cairo, double x, double y) const {
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    draw_line(cairo, i, x, y);
    y += lines_[i].height;
  }
}

void draw_boxes_with(PangoContext* context, BoxObserver* observer) {
  pango_cairo_context_set_shape_renderer(context, draw_box, observer, nullptr);
}

}  // namespace luy::paper
