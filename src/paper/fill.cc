#include "paper/fill.h"

#include <algorithm>
#include <utility>

#include "base/utf8.h"
#include "paper/fill/value.h"
#include "paper/sentence.h"

namespace luy::paper {
namespace json = boost::json;
namespace {

constexpr double row_text_weight = 4;  // Beside columns of 1 to 5.

class Filler {
 public:
  Filler(const Form& form, const PaperData& data) : form_(form), data_(data) {}

  Result<Document> fill() {
    LUY_TRY_VOID(check());
    LUY_TRY(notation_, notation_of(data_.number, {form_.kind, data_.letterhead.symbol, data_.letterhead.unit}));
    Document out;
    out.superior = data_.letterhead.superior;
    out.issuer = data_.letterhead.issuer;
    out.notation = notation_;
    out.place = data_.letterhead.place;
    out.date = data_.date;
    out.created = data_.created;
    out.type_name = form_.type_name;
    out.subject = without_end_marks(plain(form_.subject));
    out.recipients = data_.recipients.empty() ? form_.recipients : data_.recipients;
    out.copies = data_.copies.empty() ? form_.copies : data_.copies;
    out.signatures = data_.signatures;
    if (out.signatures.empty()) {
      for (const std::string& title : form_.signers) out.signatures.push_back({{title}, "", ""});
    }
    out.form_label = form_.form_label;
    out.evidence = data_.evidence;
    out.urgency = data_.urgency;
    out.circulation = data_.circulation;
    out.notes = form_.notes;
    // The address line belongs to letters (decree 30, form 1.5).
    if (form_.type_name.empty()) out.contact = data_.letterhead.contact;
    add(form_.body, out.body);
    for (const FormAnnex& annex : form_.annexes) {
      if (!holds(annex.when)) continue;
      out.annexes.push_back({without_end_marks(plain(annex.title)), {}});
      add(annex.body, out.annexes.back().body);
    }
    return out;
  }

 private:
  const json::value* value(std::string_view field) const { return data_.fields.if_contains(field); }

  bool holds(const std::optional<Condition>& condition) const {
    if (!condition) return true;
    const FormField* field = form_.field(condition->field);
    const json::value* found = value(condition->field);
    bool is_so = false;
    if (condition->is.empty()) {
      is_so = field->type == FieldType::flag ? !ids_of(*field, found).empty() : !is_empty(found);
    } else {
      for (const std::string& id : ids_of(*field, found)) {
        is_so = is_so || std::find(condition->is.begin(), condition->is.end(), id) != condition->is.end();
      }
    }
    return is_so != condition->negated;
  }

  Result<void> check() const {
    for (const auto& [key, entered] : data_.fields) {
      const FormField* field = form_.field(std::string_view(key));
      if (field == nullptr) {
        return Error(unknown_field, "'" + clean_line(utf8_front(std::string_view(key), 80)) + "' (" + form_.id + ")");
      }
      LUY_TRY_VOID(check_value(*field, entered));
    }
    std::string vi;
    std::string en;
    const auto miss = [&](std::string_view label_vi, std::string_view label_en) {
      vi += (vi.empty() ? "" : "; ") + std::string(label_vi);
      en += (en.empty() ? "" : "; ") + std::string(label_en);
    };
    if (data_.letterhead.issuer.empty()) miss("Tên cơ quan ban hành", "Issuing agency");
    if (data_.letterhead.agency.empty()) miss("Tên cơ quan", "Agency");
    if (data_.letterhead.place.empty()) miss("Địa danh", "Place");
    if (data_.letterhead.symbol.empty()) miss("Ký hiệu cơ quan", "Agency's symbol");
    for (const FormField& field : form_.fields) {
      if (!field.is_mandatory || !holds(field.when)) continue;
      const json::value* found = value(field.id);
      // Unset and set to false are both an answer to a yes-or-no question only when it was answered.
      const bool is_answered = field.type == FieldType::flag ? found != nullptr && found->is_bool() : !is_empty(found);
      if (!is_answered) miss(field.label.vi, field.label.en);
    }
    if (!vi.empty()) return Error(missing_fields, vi, en);
    return {};
  }

  std::string letterhead(std::string_view name) const {
    if (name == "agency") return data_.letterhead.agency;
    if (name == "place") return data_.letterhead.place;
    if (name == "notation") return notation_;
    return long_date(data_.date);
  }

  std::string item(std::string_view part) const {
    if (part == "index") return std::to_string(index_);
    if (item_ == nullptr) return {};
    if (part.empty()) return item_->is_string() ? clean_text(std::string_view(item_->get_string())) : "";
    return cell_of(*item_, part);
  }

  // What a phrase is printed in: times are written out in sentences, short in tables and lines of a form.
  enum class Place : std::uint8_t { sentence, cell };

  // Whether `at` is the comma, or the words with one, before a part of a person that is not there.
  bool leads_to_nothing(const Phrase& phrase, std::size_t at) const {
    const Piece& piece = phrase[at];
    if (piece.kind != Piece::Kind::literal || at == 0 || at + 1 == phrase.size()) return false;
    const Piece& before = phrase[at - 1];
    const Piece& next = phrase[at + 1];
    const bool is_one_person = next.kind == Piece::Kind::field && before.kind == Piece::Kind::field &&
                               next.name == before.name && form_.field(next.name)->type == FieldType::person;
    if (!is_one_person || next.part.empty() || (piece.text.front() != ',' && piece.text.front() != ';')) return false;
    const json::value* person = value(next.name);
    return person == nullptr || cell_of(*person, next.part).empty();
  }

  Spans words_of(const Piece& piece, bool is_last, Place place) const {
    const FormField& field = *form_.field(piece.name);
    std::string filter = piece.filter;
    if (filter.empty() && place == Place::cell && field.type == FieldType::datetime) filter = "short";
    Spans out = words_of_value(field, value(piece.name), piece.part, filter);
    // The sentence goes on: what was entered does not end it.
    const bool is_text = field.type == FieldType::text || field.type == FieldType::long_text;
    if (is_text && !is_last) {
      for (Span& one : out) one.text = without_end_marks(one.text);
    }
    return out;
  }

  Spans spans(const Phrase& phrase, bool bold = false, bool italic = false, Place place = Place::sentence) const {
    Spans out;
    const auto put = [&](std::string text) {
      // Neighbours in the same style are one span.
      if (!out.empty() && out.back().bold == bold && out.back().italic == italic) {
        out.back().text += text;
      } else {
        out.push_back({std::move(text), bold, italic, Box::none});
      }
    };
    for (std::size_t i = 0; i < phrase.size(); ++i) {
      const Piece& piece = phrase[i];
      if (leads_to_nothing(phrase, i)) continue;
      switch (piece.kind) {
        case Piece::Kind::literal:
          put(piece.text);
          break;
        case Piece::Kind::letterhead:
          put(letterhead(piece.name));
          break;
        case Piece::Kind::item:
          put(item(piece.name));
          break;
        case Piece::Kind::field:
          for (Span& one : words_of(piece, i + 1 == phrase.size(), place)) {
            if (one.box == Box::none) {
              put(std::move(one.text));
            } else {
              out.push_back(std::move(one));
            }
          }
          break;
      }
    }
    return out;
  }

  std::string plain(const Phrase& phrase) const {
    std::string out;
    for (const Span& span : spans(phrase)) out += span.text;
    return out;
  }

  void add(const std::vector<FormBlock>& blocks, std::vector<Block>& out) {
    for (const FormBlock& block : blocks) {
      if (holds(block.when)) add(block, out);
    }
  }

  void add(const FormBlock& block, std::vector<Block>& out) {
    using Kind = FormBlock::Kind;
    switch (block.kind) {
      case Kind::paragraph:
        add_paragraph(block, out);
        break;
      case Kind::basis: {
        LegalBasis basis;
        for (const Phrase& one : block.phrases) basis.items.push_back(plain(one));
        out.push_back(std::move(basis));
        break;
      }
      case Kind::heading:
        out.push_back(Heading{plain(block.phrases[0]), block.level, block.is_indented, block.note});
        break;
      case Kind::list:
        add_list(block, out);
        break;
      case Kind::field: {
        const FormField& field = *form_.field(block.field);
        std::string words;
        for (const Span& span : words_of_value(field, value(block.field), "", "short")) words += span.text;
        out.push_back(Field{field.printed_label(), field.is_mandatory, field.hint, words});
        break;
      }
      case Kind::choices:
        out.push_back(Choices{boxes_of(*form_.field(block.field), value(block.field)), block.columns});
        break;
      case Kind::table:
        add_table(block, out);
        break;
      case Kind::grid:
        add_grid(block, out);
        break;
      case Kind::long_text: {
        const Spans words = words_of_value(*form_.field(block.field), value(block.field), "", "");
        if (!words.empty()) out.push_back(Paragraph{words, block.align, block.is_indented});
        break;
      }
      case Kind::group:
        add(block.body, out);
        break;
      case Kind::repeat:
        add_repeat(block, out);
        break;
      case Kind::page_break:
        out.push_back(PageBreak{});
        break;
    }
  }

  // What announces something, or stands as a heading, stays with it.
  void add_paragraph(const FormBlock& block, std::vector<Block>& out) {
    Spans words = spans(block.phrases[0], block.is_bold, block.is_italic);
    const bool announces = block.is_bold || (!words.empty() && words.back().text.ends_with(':'));
    out.push_back(Paragraph{std::move(words), block.align, block.is_indented, announces});
  }

  void add_list(const FormBlock& block, std::vector<Block>& out) {
    List list;
    list.marker = block.marker;
    for (const Phrase& one : block.phrases) list.items.push_back(spans(one));
    const json::value* found = block.field.empty() ? nullptr : value(block.field);
    if (!is_empty(found)) {
      const json::array& items = found->get_array();
      for (std::size_t i = 0; i < items.size(); ++i) {
        const std::string words =
            items[i].is_string() ? clean_text(std::string_view(items[i].get_string())) : person_words(items[i]);
        list.items.push_back({{as_item(words, i + 1 == items.size())}});
      }
    }
    if (!list.items.empty()) out.push_back(std::move(list));
  }

  void add_grid(const FormBlock& block, std::vector<Block>& out) {
    Table table;
    for (const double weight : block.weights) table.columns.push_back({"", weight, Align::left});
    for (std::size_t i = 0; i < block.phrases.size(); ++i) {
      if (i % table.columns.size() == 0) table.rows.emplace_back();
      table.rows.back().cells.push_back(spans(block.phrases[i], false, false, Place::cell));
    }
    if (!table.rows.empty()) out.push_back(std::move(table));
  }

  void add_table(const FormBlock& block, std::vector<Block>& out) {
    const FormField& field = *form_.field(block.field);
    Table table;
    const std::size_t before = (block.is_numbered ? 1U : 0U) + (field.rows.empty() ? 0U : 1U);
    if (block.is_numbered) table.columns.push_back({"STT", ordinal_weight(field), Align::center});
    if (!field.rows.empty()) table.columns.push_back({field.row_title, row_text_weight, Align::left});
    for (const TableField& column : field.columns)
      table.columns.push_back({column.label.vi, column.weight, column.align});
    const json::value* found = value(block.field);
    const json::value nothing;
    const auto add_row = [&](const std::string& text, const json::value& entered) {
      Row row;
      if (block.is_numbered) row.cells.push_back({{std::to_string(table.rows.size() + 1)}});
      if (!field.rows.empty()) row.cells.push_back({{text}});
      for (const TableField& column : field.columns) {
        std::string cell = cell_of(entered, column.id);
        if (cell.empty() && column.is_number && !field.rows.empty()) cell = "0";
        row.cells.push_back({{std::move(cell)}});
      }
      table.rows.push_back(std::move(row));
    };
    std::vector<const json::value*> entered;
    for (const FixedRow& fixed : field.rows) {
      const json::value* one = is_empty(found) ? nullptr : found->get_object().if_contains(fixed.id);
      entered.push_back(one == nullptr ? &nothing : one);
      add_row(fixed.text, *entered.back());
    }
    if (field.rows.empty() && !is_empty(found)) {
      for (const json::value& one : found->get_array()) {
        entered.push_back(&one);
        add_row("", one);
      }
    }
    if (!field.total.empty()) table.rows.push_back(total_of(field, entered, before));
    out.push_back(std::move(table));
  }

  // Wide enough for "STT" in any table: 7,5 % of the rest, 11 mm of 165.
  static double ordinal_weight(const FormField& field) {
    double sum = field.rows.empty() ? 0 : row_text_weight;
    for (const TableField& column : field.columns) sum += column.weight;
    return 0.075 * sum;
  }

  static Row total_of(const FormField& field, const std::vector<const json::value*>& entered, std::size_t before) {
    Row row;
    row.bold = true;
    for (std::size_t i = 0; i < before; ++i) row.cells.push_back({{i + 1 == before ? field.total : ""}});
    for (const TableField& column : field.columns) {
      std::uint64_t sum = 0;
      for (const json::value* one : entered) sum += number_of(*one, column.id);
      row.cells.push_back({{column.is_number ? grouped(sum) : ""}});
    }
    return row;
  }

  void add_repeat(const FormBlock& block, std::vector<Block>& out) {
    const json::value* found = value(block.field);
    if (is_empty(found) || !found->is_array()) return;
    for (const json::value& one : found->get_array()) {
      item_ = &one;
      ++index_;
      add(block.body, out);
    }
    item_ = nullptr;
    index_ = 0;
  }

  const Form& form_;
  const PaperData& data_;
  std::string notation_;
  const json::value* item_ = nullptr;  // Inside a repeat.
  std::size_t index_ = 0;
};

}  // namespace

Result<Document> fill_form(const Form& form, const PaperData& data) {
  return Filler(form, data).fill();
}

}  // namespace luy::paper
