// The header of state and issuer, the title, addressees, signatures and annexes as WordprocessingML.
#include <cairo.h>

#include <algorithm>
#include <memory>

#include "paper/docx.h"
#include "paper/docx/parts.h"
#include "paper/docx/xml.h"
#include "paper/qr.h"

namespace luy::paper::docx {
namespace {

constexpr int header_left = twips_of_mm(style::header_left_mm + style::header_gap_mm);
constexpr int header_right = text_width - header_left;
constexpr int half = text_width / 2;
constexpr int motto_width = twips_of_mm(54);  // As the PDF sets it at 13 pt.

std::string line(std::string_view text, const RunStyle& look, Align align, int before = 0, int after = 0) {
  ParagraphStyle place;
  place.align = align;
  place.before = before;
  place.after = after;
  return paragraph(run(text, look), place);
}

// A framed word in the red of a stamp, centred in a column.
std::string stamp(std::string_view words, int width, int column) {
  ParagraphStyle place;
  place.align = Align::center;
  place.before = 80;
  place.left = place.right = std::max(0, (column - width) / 2);
  std::string borders;
  for (const char* side : {"top", "left", "bottom", "right"}) {
    borders += "<w:" + std::string(side) + " w:val=\"single\" w:sz=\"8\" w:space=\"2\" w:color=\"CC0000\"/>";
  }
  place.borders = borders;
  return paragraph(run(words, {.size = style::stamp_pt, .bold = true, .color = "CC0000"}), place);
}

std::string stamps(const Document& document) {
  const auto wide = [](std::string_view words) {
    return estimated_width(words, style::stamp_pt, header_left) + twips_of_mm(4);
  };
  std::string out;
  if (document.secrecy != Secrecy::none) {
    const char* words = words_of(document.secrecy);
    out += stamp(words, wide(words), header_left);
  }
  if (document.urgency != Urgency::none) {
    const double width = document.urgency == Urgency::urgent        ? style::stamp_urgent_mm
                         : document.urgency == Urgency::very_urgent ? style::stamp_very_urgent_mm
                                                                    : style::stamp_express_mm;
    out += stamp(words_of(document.urgency), twips_of_mm(width), header_left);
  }
  if (!document.circulation.empty()) {
    out += stamp(clean_line(document.circulation), wide(document.circulation), header_left);
  }
  return out;
}

std::string header(const Document& document) {
  std::string left;
  if (!document.superior.empty()) left += line(document.superior, {.size = style::superior_pt}, Align::center);
  left += line(document.issuer, {.size = style::issuer_pt, .bold = true}, Align::center);
  const int issuer = estimated_width(clean_text(document.issuer), style::issuer_pt, header_left);
  left += rule(static_cast<int>(issuer * style::issuer_rule_share), header_left);
  std::string right =
      line("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", {.size = style::national_name_pt, .bold = true}, Align::center);
  right += line("Độc lập - Tự do - Hạnh phúc", {.size = style::motto_pt, .bold = true}, Align::center);
  right += rule(motto_width, header_right);
  const bool has_number = !document.notation.starts_with("/");
  const std::string notation = "Số: " + std::string(has_number ? "" : "      ") + document.notation;
  std::string second = line(notation, {.size = style::notation_pt}, Align::center);
  if (document.type_name.empty()) {
    second += line("V/v " + clean_line(document.subject), {.size = style::letter_subject_pt}, Align::center,
                   static_cast<int>(style::letter_subject_gap_pt * 20));
  }
  second += stamps(document);
  const std::string date = line(clean_line(document.place) + ", " + long_date(document.date),
                                {.size = style::date_pt, .italic = true}, Align::center);
  return table(
      {{{{header_left, left}, {header_right, right}}, false}, {{{header_left, second}, {header_right, date}}, false}},
      false);
}

std::string title(const Document& document) {
  if (document.type_name.empty()) return line("", {.size = 6}, Align::center);
  std::string out = line(document.type_name, {.size = style::title_pt, .bold = true}, Align::center, 240);
  if (document.subject.empty()) return out;
  out += line(document.subject, {.size = style::subject_pt, .bold = true}, Align::center);
  const int width = estimated_width(clean_text(document.subject), style::subject_pt, text_width);
  return out + rule(static_cast<int>(width * style::subject_rule_share), text_width) +
         line("", {.size = 6}, Align::left);
}

std::string recipients(const Document& document) {
  const RunStyle look{.size = style::recipients_pt};
  if (document.recipients.empty()) return {};
  if (document.recipients.size() == 1) {
    return line("Kính gửi: " + clean_line(document.recipients[0]) + ".", look, Align::center, 120, 120);
  }
  std::string items;
  for (std::size_t i = 0; i < document.recipients.size(); ++i) {
    const std::string end = i + 1 == document.recipients.size() ? "." : ";";
    items += line("- " + clean_line(document.recipients[i]) + end, look, Align::left);
  }
  constexpr int label = 2 * first_line + twips_of_mm(22);
  return table({{{{label, line("Kính gửi: ", look, Align::right)}, {text_width - label, items}}, false}}, false) +
         line("", {.size = 6}, Align::left);
}

struct DestroySurface {
  void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
};

cairo_status_t append(void* closure, const unsigned char* bytes, unsigned size) {
  static_cast<std::string*>(closure)->append(reinterpret_cast<const char*>(bytes), size);
  return CAIRO_STATUS_SUCCESS;
}

// A QR code as a picture of 4 × 4 pixels a module, quiet zone included.
Result<std::string> qr_png(std::string_view payload) {
  constexpr unsigned quiet_zone = 4;
  constexpr unsigned scale = 4;
  LUY_TRY(const QrCode code, qr_code(payload));
  const unsigned side = (code.side + 2 * quiet_zone) * scale;
  const std::unique_ptr<cairo_surface_t, DestroySurface> surface(
      cairo_image_surface_create(CAIRO_FORMAT_RGB24, static_cast<int>(side), static_cast<int>(side)));
  cairo_surface_flush(surface.get());
  unsigned char* pixels = cairo_image_surface_get_data(surface.get());
  if (pixels == nullptr) return Error(docx_failed, "cairo");
  const auto stride = static_cast<unsigned>(cairo_image_surface_get_stride(surface.get()));
  for (unsigned y = 0; y < side; ++y) {
    for (unsigned x = 0; x < side; ++x) {
      const unsigned row = y / scale;
      const unsigned column = x / scale;
      const bool is_inside =
          row >= quiet_zone && column >= quiet_zone && row < quiet_zone + code.side && column < quiet_zone + code.side;
      const bool is_dark = is_inside && code.is_dark(row - quiet_zone, column - quiet_zone);
      std::fill_n(pixels + y * stride + 4 * x, 4, static_cast<unsigned char>(is_dark ? 0 : 255));
    }
  }
  cairo_surface_mark_dirty(surface.get());
  std::string out;
  const cairo_status_t status = cairo_surface_write_to_png_stream(surface.get(), append, &out);
  if (status != CAIRO_STATUS_SUCCESS) return Error(docx_failed, cairo_status_to_string(status));
  return out;
}

Result<std::string> copies(const Document& document, Media& media) {
  std::string out;
  if (!document.copies.empty()) {
    out += line("Nơi nhận:", {.size = style::copies_title_pt, .bold = true, .italic = true}, Align::left);
  }
  for (std::size_t i = 0; i < document.copies.size(); ++i) {
    const std::string end = i + 1 == document.copies.size() ? "." : ";";
    out += line("- " + clean_line(document.copies[i]) + end, {.size = style::copies_pt}, Align::left);
  }
  for (const EvidenceMark& mark : document.evidence) {
    LUY_TRY(std::string png, qr_png(mark.payload));
    media.push_back(std::move(png));
    ParagraphStyle place;
    place.before = 80;
    out += paragraph(picture(media.size(), style::evidence_mm, style::evidence_mm), place);
    out += line(mark.caption, {.size = style::evidence_pt}, Align::left);
  }
  if (out.empty()) out = paragraph("", {});
  return out;
}

std::string signature(const Signature& one) {
  std::string out;
  for (const std::string& text : one.authority) {
    out += line(clean_line(text), {.size = style::authority_pt, .bold = true}, Align::center);
  }
  if (!one.note.empty()) {
    out += line(clean_line(one.note), {.size = style::caption_pt, .italic = true}, Align::center);
  }
  return out + line(clean_line(one.name), {.size = style::signer_pt, .bold = true}, Align::center,
                    twips_of_mm(style::signature_space_mm));
}

Result<std::string> signatures(const Document& document, Media& media) {
  LUY_TRY(const std::string left, copies(document, media));
  std::vector<TableRow> rows;
  if (document.signatures.size() == 1) {
    rows.push_back({{{half, left}, {half, signature(document.signatures[0])}}, false});
  } else {
    const std::string nothing = paragraph("", {});
    for (std::size_t i = 0; i < document.signatures.size(); i += 2) {
      const bool has_second = i + 1 < document.signatures.size();
      rows.push_back({{{half, signature(document.signatures[i])},
                       {half, has_second ? signature(document.signatures[i + 1]) : nothing}},
                      false});
    }
    rows.push_back({{{half, left}, {half, nothing}}, false});
  }
  return line("", {.size = 6}, Align::left) + table(rows, false);
}

std::string form_label(const FormLabel& label) {
  constexpr int width = twips_of_mm(78);
  std::string content = line(label.title, {.size = style::note_pt, .bold = true}, Align::center);
  if (!label.source.empty()) content += line(label.source, {.size = style::note_pt, .italic = true}, Align::center);
  return table({{{{width, content}}, false}}, true, "right") + line("", {.size = 6}, Align::left);
}

std::string annex_head(const Document& document, std::size_t annex) {
  const std::string number = document.annexes.size() > 1 ? " " + roman(static_cast<unsigned>(annex + 1)) : "";
  ParagraphStyle first;
  first.align = Align::center;
  first.page_break_before = true;
  const RunStyle bold{.size = style::annex_label_pt, .bold = true};
  return paragraph(run("Phụ lục" + number, bold), first) + line(document.annexes[annex].title, bold, Align::center) +
         line("(Kèm theo Văn bản số " + clean_line(document.notation) + " " + long_date(document.date) + ")",
              {.italic = true}, Align::center, 0, 120);
}

}  // namespace

Result<std::string> body_of(const Document& document, Media& media) {
  std::string out;
  for (const FormLabel& label : document.form_label) out += form_label(label);
  out += header(document) + title(document) + recipients(document) + blocks_of(document.body, media);
  LUY_TRY(const std::string end, signatures(document, media));
  out += end;
  for (std::size_t i = 0; i < document.notes.size(); ++i) {
    const std::string lead = i == 0 ? "Chú thích: " : "";
    out += line(lead + clean_line(document.notes[i]), {.size = style::note_pt, .italic = true}, Align::left);
  }
  for (std::size_t i = 0; i < document.annexes.size(); ++i) {
    out += annex_head(document, i) + blocks_of(document.annexes[i].body, media);
  }
  // A body may not end with a table.
  return out + paragraph("", {});
}

std::string header_part() {
  const std::string look =
      "<w:rPr><w:sz w:val=\"" + std::to_string(static_cast<int>(2 * style::page_number_pt)) + "\"/></w:rPr>";
  const auto field = [&](const char* kind) {
    return "<w:r>" + look + "<w:fldChar w:fldCharType=\"" + kind + "\"/></w:r>";
  };
  ParagraphStyle place;
  place.align = Align::center;
  return paragraph(
      field("begin") + "<w:r>" + look + "<w:instrText xml:space=\"preserve\"> PAGE </w:instrText></w:r>" + field("end"),
      place);
}

std::string footer_part(const Document& document) {
  if (document.contact.empty()) return paragraph("", {});
  ParagraphStyle place;
  place.align = Align::center;
  place.borders = "<w:top w:val=\"single\" w:sz=\"5\" w:space=\"1\" w:color=\"000000\"/>";
  return paragraph(run(clean_line(document.contact), {.size = style::contact_pt}), place);
}

}  // namespace luy::paper::docx
