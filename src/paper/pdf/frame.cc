#include "paper/pdf/frame.h"

#include <algorithm>
#include <memory>

#include "paper/pdf/picture.h"
#include "paper/pdf/stack.h"
#include "paper/qr.h"

namespace luy::paper {
namespace {

constexpr double header_after_pt = 10;
constexpr double title_after_pt = 8;
constexpr double signatures_before_pt = 10;
constexpr double rows_gap_pt = 4;
constexpr double form_label_gap_pt = 8;
constexpr double label_width_mm = 78;
constexpr double stamp_padding_mm = 4;

Spans one(std::string text, bool bold = false, bool italic = false) {
  return {{std::move(text), bold, italic, Box::none}};
}

void push_stacks(Page& page, double gap, bool keep, std::vector<Stack> stacks) {
  double height = 0;
  for (const Stack& stack : stacks) height = std::max(height, stack.height());
  auto shared = std::make_shared<std::vector<Stack>>(std::move(stacks));
  page.flow().push({gap, height, keep, false, [shared](Spot spot) {
                      for (const Stack& stack : *shared) stack.draw(spot);
                    }});
}

Result<void> set_form_label(Page& page, const FormLabel& label) {
  const double width = label_width_mm * mm;
  const double x = page.right() - width;
  Stack stack(x + 2 * mm, width - 4 * mm);
  stack.gap(2);
  const TextStyle look{.size = style::note_pt, .align = Align::center, .line_factor = 1};
  LUY_TRY_VOID(stack.text(page, one(label.title, true), look, Component::form_label));
  if (!label.source.empty()) {
    LUY_TRY_VOID(stack.text(page, one(label.source, false, true), look, Component::form_label, 1));
  }
  stack.gap(3);
  Stack border(x, width);
  const double height = stack.height();
  Page* target = &page;
  border.piece(height, [target, x, width, height](Spot spot) { target->frame({x, spot.y, width, height}); });
  push_stacks(page, 0, false, {std::move(border), std::move(stack)});
  return {};
}

double stamp_width(Urgency value) {
  switch (value) {
    case Urgency::none:
      break;
    case Urgency::urgent:
      return style::stamp_urgent_mm * mm;
    case Urgency::very_urgent:
      return style::stamp_very_urgent_mm * mm;
    case Urgency::express:
      return style::stamp_express_mm * mm;
  }
  return 0;
}

// A framed word, centred in the stack's column, in the red of a stamp. `width` 0: as wide as its text needs.
Result<void> add_stamp(Page& page, Stack& stack, const std::string& words, double width, std::size_t index) {
  const TextStyle look{.size = style::stamp_pt, .bold = true, .align = Align::center, .line_factor = 1};
  LUY_TRY(Text text, page.shape(words, look, width == 0 ? stack.width() : width));
  if (width == 0) {
    width = std::min(stack.width(), text.widest() + stamp_padding_mm * mm);
    LUY_TRY(text, page.shape(words, look, width));
  }
  const double height = std::max(style::stamp_height_mm * mm, text.height() + 2);
  auto shared = std::make_shared<Text>(std::move(text));
  const double x = stack.x() + (stack.width() - width) / 2;
  Page* target = &page;
  stack.gap(rows_gap_pt);
  stack.piece(height, [shared, target, x, width, height, index](Spot spot) {
    cairo_t* cairo = target->cairo();
    cairo_save(cairo);
    cairo_set_source_rgb(cairo, 0.8, 0, 0);
    target->frame({x, spot.y, width, height}, 1);
    shared->draw(cairo, x, spot.y + (height - shared->height()) / 2);
    cairo_restore(cairo);
    target->note(Component::stamp, index, spot.page, {x, spot.y, width, height});
  });
  return {};
}

Result<void> add_stamps(Page& page, Stack& stack, const Document& document) {
  if (document.secrecy != Secrecy::none) {
    LUY_TRY_VOID(add_stamp(page, stack, words_of(document.secrecy), 0, 0));
  }
  if (document.urgency != Urgency::none) {
    LUY_TRY_VOID(add_stamp(page, stack, words_of(document.urgency), stamp_width(document.urgency), 1));
  }
  if (!document.circulation.empty()) {
    LUY_TRY_VOID(add_stamp(page, stack, clean_line(document.circulation), 0, 2));
  }
  return {};
}

Result<void> add_evidence(Page& page, Stack& stack, const EvidenceMark& mark) {
  LUY_TRY(const QrCode code, qr_code(mark.payload));
  const double size = style::evidence_mm * mm;
  const double text_x = stack.x() + size + mm;
  LUY_TRY(Text text, page.shape(clean_line(mark.caption), {.size = style::evidence_pt, .line_factor = 1},
                                stack.width() - size - mm));
  auto shared = std::make_shared<Text>(std::move(text));
  auto modules = std::make_shared<QrCode>(code);
  Page* target = &page;
  const double x = stack.x();
  const double height = std::max(size, shared->height());
  stack.gap(rows_gap_pt);
  stack.piece(height, [=](Spot spot) {
    draw_qr(target->cairo(), *modules, x, spot.y, size);
    shared->draw(target->cairo(), text_x, spot.y + std::max(0.0, (size - shared->height()) / 2));
    target->note(Component::evidence, 0, spot.page, {x, spot.y, size, size});
  });
  return {};
}

Result<void> add_copies(Page& page, Stack& stack, const Document& document) {
  if (!document.copies.empty()) {
    const TextStyle head{.size = style::copies_title_pt, .bold = true, .italic = true};
    LUY_TRY_VOID(stack.text(page, one("Nơi nhận:"), head, Component::copies, 0));
  }
  for (std::size_t i = 0; i < document.copies.size(); ++i) {
    const std::string end = i + 1 == document.copies.size() ? "." : ";";
    const TextStyle look{.size = style::copies_pt, .indent = -2 * mm, .line_factor = 1.05};
    LUY_TRY_VOID(stack.text(page, one("- " + clean_line(document.copies[i]) + end), look, Component::copies, i + 1));
  }
  for (const EvidenceMark& mark : document.evidence) LUY_TRY_VOID(add_evidence(page, stack, mark));
  return {};
}

Result<Stack> signature_of(Page& page, const Signature& signature, std::size_t index, double x, double width) {
  Stack stack(x, width);
  const TextStyle bold{.size = style::authority_pt, .bold = true, .align = Align::center, .line_factor = 1.05};
  for (const std::string& line : signature.authority) {
    LUY_TRY_VOID(stack.text(page, one(clean_line(line)), bold, Component::authority, index));
  }
  if (!signature.note.empty()) {
    const TextStyle note{.size = style::caption_pt, .italic = true, .align = Align::center, .line_factor = 1.05};
    LUY_TRY_VOID(stack.text(page, one(clean_line(signature.note)), note, Component::authority, index));
  }
  const double space = style::signature_space_mm * mm;
  Page* target = &page;
  stack.piece(space, [target, x, width, space, index](Spot spot) {
    target->note(Component::signature_space, index, spot.page, {x, spot.y, width, space});
  });
  const TextStyle name{.size = style::signer_pt, .bold = true, .align = Align::center, .line_factor = 1.05};
  LUY_TRY_VOID(stack.text(page, one(clean_line(signature.name)), name, Component::signer_name, index));
  return stack;
}

}  // namespace

Result<void> set_header(Page& page, const Document& document) {
  for (const FormLabel& label : document.form_label) LUY_TRY_VOID(set_form_label(page, label));
  const double left_width = style::header_left_mm * mm;
  const double right_x = page.left() + left_width + style::header_gap_mm * mm;
  const double right_width = page.right() - right_x;
  const auto look = [](double size, bool bold, bool italic) {
    return TextStyle{.size = size, .bold = bold, .italic = italic, .align = Align::center, .line_factor = 1};
  };
  Stack left(page.left(), left_width);
  if (!document.superior.empty()) {
    const TextStyle style = look(style::superior_pt, false, false);
    LUY_TRY_VOID(left.text(page, one(clean_text(document.superior)), style, Component::superior));
  }
  LUY_TRY_VOID(
      left.text(page, one(clean_text(document.issuer)), look(style::issuer_pt, true, false), Component::issuer));
  left.rule(page, style::issuer_rule_share, Component::issuer_rule);
  Stack right(right_x, right_width);
  LUY_TRY_VOID(right.text(page, one("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"), look(style::national_name_pt, true, false),
                          Component::national_name));
  LUY_TRY_VOID(
      right.text(page, one("Độc lập - Tự do - Hạnh phúc"), look(style::motto_pt, true, false), Component::motto));
  right.rule(page, 1, Component::motto_rule);

  // Number and date stand in one line, however many lines the issuer's name takes.
  const double second_row = std::max(left.height(), right.height()) + rows_gap_pt;
  left.gap(second_row - left.height());
  right.gap(second_row - right.height());
  // Room for the number to be written in by hand or by the numbering, where there is none yet.
  const bool has_number = !document.notation.starts_with("/");
  const std::string notation =
      "Số: " + std::string(has_number ? "" : "\u00A0\u00A0\u00A0\u00A0\u00A0\u00A0") + clean_line(document.notation);
  LUY_TRY_VOID(left.text(page, one(notation), look(style::notation_pt, false, false), Component::notation));
  const std::string date = clean_line(document.place) + ", " + long_date(document.date);
  LUY_TRY_VOID(right.text(page, one(date), look(style::date_pt, false, true), Component::place_date));
  if (document.type_name.empty()) {
    left.gap(style::letter_subject_gap_pt);
    LUY_TRY_VOID(left.text(page, one("V/v " + clean_line(document.subject)),
                           look(style::letter_subject_pt, false, false), Component::letter_subject));
  }
  LUY_TRY_VOID(add_stamps(page, left, document));
  left.gap(header_after_pt);
  push_stacks(page, form_label_gap_pt, false, {std::move(left), std::move(right)});
  return {};
}

Result<void> set_title(Page& page, const Document& document) {
  if (document.type_name.empty()) return {};
  Stack stack(page.left(), page.width());
  TextStyle look{.size = style::title_pt, .bold = true, .align = Align::center};
  LUY_TRY_VOID(stack.text(page, one(clean_text(document.type_name)), look, Component::type_name));
  if (!document.subject.empty()) {
    look.size = style::subject_pt;
    LUY_TRY_VOID(stack.text(page, one(clean_text(document.subject)), look, Component::subject));
    stack.rule(page, style::subject_rule_share, Component::subject_rule);
  }
  stack.gap(title_after_pt);
  push_stacks(page, 0, true, {std::move(stack)});
  return {};
}

Result<void> set_recipients(Page& page, const Document& document) {
  if (document.recipients.empty()) return {};
  const TextStyle plain{.size = style::recipients_pt};
  if (document.recipients.size() == 1) {
    Stack stack(page.left(), page.width());
    TextStyle centred = plain;
    centred.align = Align::center;
    LUY_TRY_VOID(
        stack.text(page, one("Kính gửi: " + clean_line(document.recipients[0]) + "."), centred, Component::recipients));
    push_stacks(page, style::paragraph_gap_pt, true, {std::move(stack)});
    return {};
  }
  // Several: one a line, each with a dash, the dashes under one another behind the colon.
  LUY_TRY(Text label, page.shape("Kính gửi:", plain, page.width()));
  const double indent = 2 * style::first_line_indent_mm * mm;
  const double label_end = page.left() + indent + label.widest() + 2 * mm;
  auto shared_label = std::make_shared<Text>(std::move(label));
  for (std::size_t i = 0; i < document.recipients.size(); ++i) {
    const std::string end = i + 1 == document.recipients.size() ? "." : ";";
    TextStyle hanging = plain;
    hanging.indent = -3 * mm;
    Stack stack(label_end, page.right() - label_end);
    if (i == 0) {
      const double x = page.left() + indent;
      Page* target = &page;
      stack.piece(0, [shared_label, target, x](Spot spot) { shared_label->draw(target->cairo(), x, spot.y); });
    }
    LUY_TRY_VOID(
        stack.text(page, one("- " + clean_line(document.recipients[i]) + end), hanging, Component::recipients, i));
    push_stacks(page, i == 0 ? style::paragraph_gap_pt : 0, true, {std::move(stack)});
  }
  return {};
}

Result<void> set_signatures(Page& page, const Document& document) {
  const double half = page.width() / 2;
  const double right_x = page.left() + half;
  std::vector<std::vector<Stack>> rows;
  const std::size_t count = document.signatures.size();
  // One stands right, beside "Nơi nhận"; several stand in pairs, the first left, and "Nơi nhận" under them.
  if (count == 1) {
    Stack left(page.left(), half - 3 * mm);
    LUY_TRY_VOID(add_copies(page, left, document));
    LUY_TRY(Stack right, signature_of(page, document.signatures[0], 0, right_x, half));
    rows.push_back({std::move(left), std::move(right)});
  } else {
    for (std::size_t i = 0; i < count; i += 2) {
      LUY_TRY(Stack left, signature_of(page, document.signatures[i], i, page.left(), half - mm));
      rows.push_back({std::move(left)});
      if (i + 1 == count) break;
      LUY_TRY(Stack right, signature_of(page, document.signatures[i + 1], i + 1, right_x + mm, half - mm));
      rows.back().push_back(std::move(right));
    }
    Stack below(page.left(), half - 3 * mm);
    LUY_TRY_VOID(add_copies(page, below, document));
    if (below.height() > 0) rows.push_back({std::move(below)});
  }
  for (std::size_t i = 0; i < rows.size(); ++i) {
    for (const Stack& stack : rows[i]) {
      if (stack.height() > page.flow().height_max()) return Error(over_limit, "signatures, copies");
    }
    push_stacks(page, signatures_before_pt, i + 1 < rows.size(), std::move(rows[i]));
  }
  page.flow().finish();
  return {};
}

Result<void> set_notes(Page& page, const Document& document) {
  for (std::size_t i = 0; i < document.notes.size(); ++i) {
    Stack stack(page.left(), page.width());
    if (i == 0) stack.gap(rows_gap_pt);
    const TextStyle look{.size = style::note_pt, .italic = true};
    LUY_TRY_VOID(
        stack.text(page, one((i == 0 ? "Chú thích: " : "") + clean_line(document.notes[i])), look, Component::note, i));
    push_stacks(page, 0, false, {std::move(stack)});
  }
  return {};
}

Result<void> set_annex_head(Page& page, const Document& document, std::size_t annex) {
  page.flow().page_break();
  Stack stack(page.left(), page.width());
  TextStyle look{.size = style::annex_label_pt, .bold = true, .align = Align::center};
  const std::string number = document.annexes.size() > 1 ? " " + roman(static_cast<unsigned>(annex + 1)) : "";
  LUY_TRY_VOID(stack.text(page, one("Phụ lục" + number), look, Component::annex_label, annex));
  look.size = style::annex_title_pt;
  LUY_TRY_VOID(stack.text(page, one(clean_text(document.annexes[annex].title)), look, Component::annex_label, annex));
  look.bold = false;
  look.italic = true;
  const std::string origin =
      "(Kèm theo Văn bản số " + clean_line(document.notation) + " " + long_date(document.date) + ")";
  LUY_TRY_VOID(stack.text(page, one(origin), look, Component::annex_label, annex));
  constexpr double corner_mm = 60;
  const Rectangle corner{page.right() - corner_mm * mm, style::page_number_top_mm * mm, corner_mm * mm,
                         (style::margin_top_mm - style::page_number_top_mm) * mm};
  Page* target = &page;
  stack.piece(0,
              [target, corner, annex](Spot spot) { target->note(Component::annex_corner, annex, spot.page, corner); });
  stack.gap(title_after_pt);
  push_stacks(page, 0, true, {std::move(stack)});
  return {};
}

double contact_height() {
  // Two lines and the rule above them.
  return 2.6 * style::contact_pt * style::line_factor + rows_gap_pt;
}

Result<void> draw_contact(Page& page, const Document& document) {
  if (document.contact.empty()) return {};
  const TextStyle look{.size = style::contact_pt, .align = Align::center, .line_factor = 1};
  LUY_TRY(const Text text, page.shape(clean_line(document.contact), look, page.width()));
  if (text.line_count() > 2) return Error(over_limit, "contact: 2");
  const double y = (style::page_height_mm - style::margin_bottom_mm) * mm - contact_height() + rows_gap_pt;
  page.rule(page.left(), page.right(), y);
  text.draw(page.cairo(), page.left(), y + 2);
  page.note(Component::contact, 0, 1, {page.left(), y, page.width(), text.height() + 2});
  return {};
}

}  // namespace luy::paper
