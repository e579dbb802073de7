// Goal: a form is read as it is written and everything else is refused with file, line and column; what is entered is
// printed, and what is missing or wrong is named in both languages.
// Method: one small form and a table of replacements in it, each with the error and the line it must cause; values in
// tables.
#include "paper/template.h"

#include <gtest/gtest.h>

#include "paper/fill.h"
#include "regulation/load.h"

namespace luy::paper {
namespace {

const std::string good = R"yaml(id: a
title: {vi: "Biên bản", en: "Minutes"}
sources: ["Mẫu 1.9"]
kind: BB
type_name: "BIÊN BẢN"
subject: "Về {incident} tại {agency}"
signers: ["THƯ KÝ", "CHỦ TỌA"]
copies: ["Lưu: VT"]
fields:
  - {id: incident, type: text, required: true, label: {vi: "Sự cố", en: "Incident"}}
  - {id: started, type: datetime, label: {vi: "Bắt đầu", en: "Started"}}
  - {id: day, type: date, label: {vi: "Ngày", en: "Day"}}
  - {id: chair, type: person, label: {vi: "Chủ trì", en: "Chair"}}
  - {id: people, type: persons, label: {vi: "Thành phần", en: "People"}}
  - {id: done, type: flag, label: {vi: "Xong", en: "Done"}}
  - {id: outcome, type: choice, label: {vi: "Kết luận", en: "Outcome"}, options: [{id: ok, text: "Tốt"}, {id: other, text: "Khác:", detail: true}]}
  - {id: reason, type: long_text, required: true, label: {vi: "Lý do", en: "Reason"}, when: {field: outcome, is: other}}
  - {id: rows, type: table, label: {vi: "Bảng", en: "Table"}, columns: [{id: what, label: {vi: "Việc", en: "What"}, required: true}, {id: count, type: number, label: {vi: "Số", en: "Count"}}], total: "Tổng"}
body:
  - paragraph: "Lúc {started}, {day|long}: {chair}; {chair.phone}. {{x}}"
  - list: people
  - {paragraph: "Đã xong.", when: {field: done}}
  - {paragraph: "Chưa xong.", when: {field: done, not: true}}
  - paragraph: "{outcome|boxes}"
  - {long_text: reason, when: {field: outcome, is: other}}
  - {table: rows, numbered: true}
  - repeat: people
    body:
      - paragraph: "{item.index}. {item.name} ({item.position})"
)yaml";

std::string with(std::string_view old_text, std::string_view new_text) {
  std::string out = good;
  const std::size_t at = out.find(old_text);
  EXPECT_NE(at, std::string::npos) << old_text;
  return out.replace(at, old_text.size(), new_text);
}

TEST(Form, NamesEveryFaultWithItsPlace) {
  const struct {
    const char* old_text;
    const char* new_text;
    const ErrorKind& kind;
    const char* place;
  } table[] = {
      {"id: a\n", "id: b\n", regulation::bad_value, "1:5"},
      {"kind: BB\n", "", regulation::missing_key, ""},
      {"sources:", "source:", regulation::unknown_key, "3:1"},
      {"en: \"Minutes\"", "de: \"Protokoll\"", regulation::unknown_key, "2:25"},
      {"{incident} tại", "{incidents} tại", regulation::unknown_name, "6:10"},
      {"{incident} tại", "{incident tại", regulation::unknown_name, "6:10"},
      {"{incident} tại", "}incident tại", regulation::bad_value, "6:10"},
      {"{day|long}", "{day|short}", regulation::unknown_name, "20:16"},
      {"{chair.phone}", "{chair.age}", regulation::unknown_name, "20:16"},
      {"{started}", "{people}", regulation::unknown_name, "20:16"},
      {"{started}", "{item.name}", regulation::unknown_name, "20:16"},
      {"{item.position}", "{item.what}", regulation::unknown_name, "29:20"},
      {"- list: people", "- list: persons", regulation::unknown_name, "21:11"},
      {"- list: people", "- list: day", regulation::unknown_name, "21:11"},
      {"- list: people", "- lists: people", regulation::unknown_key, "21:5"},
      {"- list: people", "- {list: people, table: rows}", regulation::duplicate, ""},
      {"when: {field: done}", "when: {field: gone}", regulation::unknown_name, "22:43"},
      {"is: other}}\n  - {id: rows", "is: others}}\n  - {id: rows", regulation::unknown_name, ""},
      {"not: true", "not: maybe", regulation::bad_value, "23:56"},
      {"type: datetime", "type: moment", regulation::unknown_name, "11:25"},
      {"id: day,", "id: started,", regulation::duplicate, "12:10"},
      {"id: day,", "id: agency,", regulation::bad_value, "12:10"},
      {"id: day,", "id: Day,", regulation::bad_value, "12:10"},
      {"type: flag,", "type: flag, options: [{id: a, text: b}],", regulation::unknown_key, ""},
      {"type: flag,", "type: choice,", regulation::missing_key, ""},
      {"type: flag,", "type: flag, columns: [],", regulation::unknown_key, ""},
      {"numbered: true", "numbered: &x true", regulation::not_allowed_yaml, ""},
  };
  ASSERT_TRUE(parse_form("x/a.yaml", good)) << parse_form("x/a.yaml", good).error().text();
  for (const auto& [old_text, new_text, kind, place] : table) {
    const Result<Form> form = parse_form("x/a.yaml", with(old_text, new_text));
    if (form) {
      ADD_FAILURE() << new_text << ": accepted";
      continue;
    }
    EXPECT_TRUE(form.error().is(kind)) << new_text << ": " << form.error().text();
    EXPECT_TRUE(form.error().detail().starts_with("x/a.yaml:" + std::string(place))) << form.error().detail();
  }
}

TEST(Form, EveryCutOfAFormIsRefusedOrComplete) {
  for (std::size_t size = 0; size < good.size(); size += 11) {
    const Result<Form> form = parse_form("x/a.yaml", std::string_view(good).substr(0, size));
    if (form) {
      EXPECT_EQ(form->fields, parse_form("x/a.yaml", good)->fields) << size;
    }
  }
}

PaperData paper_with(std::string_view fields) {
  const Result<PaperData> data = parse_paper_data(
      R"({"letterhead": {"issuer": "UBND PHƯỜNG", "agency": "UBND phường", "place": "Bỉm Sơn", "symbol": "UBND"},
          "number": 5, "date": "2026-02-05", "fields": )" +
      std::string(fields) + "}");
  EXPECT_TRUE(data) << data.error().text();
  return *data;
}

std::string text_of(const Block& block) {
  std::string out;
  for (const Span& span : std::get<Paragraph>(block).spans) {
    out += (span.box == Box::checked ? "[x]" : span.box == Box::empty ? "[ ]" : "") + span.text;
  }
  return out;
}

TEST(Fill, PrintsWhatWasEntered) {
  const Form form = *parse_form("x/a.yaml", good);
  const Result<Document> document = fill_form(form, paper_with(R"({"incident": "SC-1", "started": "2026-02-05T08:30",
      "day": "2026-02-05", "chair": {"name": "An", "position": "Chánh Văn phòng", "phone": "09"},
      "people": [{"name": "Bích", "position": "chuyên viên"}, {"name": "Cường"}], "done": true,
      "outcome": {"id": "other", "detail": "xem dưới"}, "reason": "Vì thế.",
      "rows": [{"what": "Một", "count": 1200}, {"what": "Hai", "count": 34}]})"));
  ASSERT_TRUE(document) << document.error().text();
  EXPECT_EQ(document->notation, "05/BB-UBND");
  EXPECT_EQ(document->subject, "Về SC-1 tại UBND phường");
  EXPECT_EQ(document->copies, std::vector<std::string>{"Lưu: VT"});
  ASSERT_EQ(document->signatures.size(), 2U);
  EXPECT_EQ(document->signatures[1].authority[0], "CHỦ TỌA");
  ASSERT_EQ(document->body.size(), 8U);
  EXPECT_EQ(text_of(document->body[0]),
            "Lúc 08 giờ 30 phút, ngày 05 tháng 02 năm 2026, ngày 05 tháng 02 năm 2026: An, Chánh Văn phòng; 09. {x}");
  EXPECT_EQ(std::get<List>(document->body[1]).items[1][0].text, "Cường.");
  EXPECT_EQ(text_of(document->body[2]), "Đã xong.");
  EXPECT_EQ(text_of(document->body[3]), "[ ]Tốt\u00A0\u00A0 [x]Khác: xem dưới");
  EXPECT_EQ(text_of(document->body[4]), "Vì thế.");
  const Table& table = std::get<Table>(document->body[5]);
  EXPECT_EQ(table.columns[0].title, "STT");
  ASSERT_EQ(table.rows.size(), 3U);
  EXPECT_EQ(table.rows[0].cells[2][0].text, "1.200");
  EXPECT_EQ(table.rows[2].cells[2][0].text, "1.234");
  EXPECT_EQ(text_of(document->body[7]), "2. Cường ()");
}

TEST(Fill, NamesAllThatIsMissingInBothLanguages) {
  const Form form = *parse_form("x/a.yaml", good);
  PaperData data = paper_with(R"({"outcome": "other"})");
  data.letterhead.place.clear();
  const Result<Document> document = fill_form(form, data);
  ASSERT_FALSE(document);
  EXPECT_TRUE(document.error().is(missing_fields));
  EXPECT_NE(document.error().vi().find("Địa danh; Sự cố; Lý do"), std::string::npos) << document.error().vi();
  EXPECT_NE(document.error().en().find("Place; Incident; Reason"), std::string::npos) << document.error().en();
  EXPECT_TRUE(fill_form(form, paper_with(R"({"incident": "x", "outcome": "ok"})")))
      << "the reason is for other outcomes";
}

TEST(Fill, RefusesValuesThatDoNotFit) {
  const Form form = *parse_form("x/a.yaml", good);
  const struct {
    const char* fields;
    const ErrorKind& kind;
    const char* label;
  } table[] = {
      {R"({"incidents": "x"})", unknown_field, "incidents"},
      {R"({"incident": 5})", bad_field, "Sự cố"},
      {R"({"day": "2026-02-30"})", bad_field, "Ngày"},
      {R"({"day": "05/02/2026"})", bad_field, "Ngày"},
      {R"({"started": "2026-02-05T24:00"})", bad_field, "Bắt đầu"},
      {R"({"started": "2026-02-05 08:00"})", bad_field, "Bắt đầu"},
      {R"({"chair": "An"})", bad_field, "Chủ trì"},
      {R"({"chair": {"position": "x"}})", bad_field, "Chủ trì"},
      {R"({"chair": {"name": "x", "age": "7"}})", bad_field, "Chủ trì"},
      {R"({"people": {"name": "x"}})", bad_field, "Thành phần"},
      {R"({"done": "yes"})", bad_field, "Xong"},
      {R"({"outcome": "good"})", bad_field, "Kết luận"},
      {R"({"outcome": {"id": "ok", "detail": "x"}})", bad_field, "Kết luận"},
      {R"({"rows": [{"count": 1}]})", bad_field, "Bảng"},
      {R"({"rows": [{"what": "x", "count": -1}]})", bad_field, "Bảng"},
      {R"({"rows": [{"what": "x", "other": "y"}]})", bad_field, "Bảng"},
  };
  for (const auto& [fields, kind, label] : table) {
    const Result<Document> document = fill_form(form, paper_with(fields));
    ASSERT_FALSE(document) << fields;
    EXPECT_TRUE(document.error().is(kind)) << fields << ": " << document.error().text();
    EXPECT_NE(document.error().vi().find(label), std::string::npos) << document.error().vi();
  }
}

TEST(PaperData, NamesWhatItCannotRead) {
  const struct {
    const char* json;
    const char* path;
  } table[] = {
      {"{", ""},
      {"[]", ""},
      {R"({"date": "2026-02-05"})", "fields"},
      {R"({"date": "2026-13-05", "fields": {}})", "date"},
      {R"({"date": "2026-02-05", "fields": {}, "number": -1})", "number"},
      {R"({"date": "2026-02-05", "fields": {}, "letterhead": {"isuer": "x"}})", "letterhead."},
      {R"({"date": "2026-02-05", "fields": {}, "signatures": [{"authority": "x"}]})", "signatures.authority"},
      {R"({"date": "2026-02-05", "fields": {}, "urgency": "now"})", "urgency"},
      {R"({"date": "2026-02-05", "fields": {}, "created": "today"})", "created"},
  };
  for (const auto& [json, path] : table) {
    const Result<PaperData> data = parse_paper_data(json);
    ASSERT_FALSE(data) << json;
    EXPECT_TRUE(data.error().is(bad_data)) << json;
    EXPECT_TRUE(data.error().detail().starts_with(path)) << data.error().detail();
  }
  EXPECT_FALSE(parse_paper_data(std::string(100'000, '[')));
}

}  // namespace
}  // namespace luy::paper
