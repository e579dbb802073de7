// Goal: an event keeps what fits its table, writes valid JSON whatever the bytes, and is found by the patterns people
// write; the table and its document agree.
#include "event/event.h"

#include <gtest/gtest.h>
#include <simdjson.h>

#include <cstdlib>
#include <fstream>
#include <set>

#include "base/file.h"
#include "base/source_dir.h"
#include "base/utf8.h"

namespace luy::event {
namespace {

const Time noon = from_rfc3339("2026-11-22T05:00:00Z").value();

Event sample() {
  Event event;
  event.received = noon;
  event.set(Field::source_port, 4711);
  event.set(Field::user_name, "Nguyễn An");
  event.set(Field::source_ip, "2001:db8::7");
  event.set(Field::message, "Failed password \"x\"");
  event.set_label("auth_method", "password");
  return event;
}

TEST(Fields, NamesAreUniqueAndFound) {
  std::set<std::string_view> names;
  for (const FieldInfo& info : fields()) {
    EXPECT_TRUE(names.insert(info.name).second) << info.name;
    EXPECT_EQ(field_from_name(info.name), info.field) << info.name;
    EXPECT_FALSE(info.vi.empty() || info.en.empty()) << info.name;
  }
  for (const std::string_view wrong : {"", "user", "user.nam", "user.namee", "User.Name"}) {
    EXPECT_EQ(field_from_name(wrong), std::nullopt) << wrong;
  }
}

TEST(FieldsDocument, IsTheOneTheTableGives) {
  const std::string path = source_dir() + "/docs/format/event-fields.md";
  if (std::getenv("LUY_UPDATE") != nullptr) std::ofstream(path) << fields_markdown();
  const auto file = read_file(path, 1 << 20);
  ASSERT_TRUE(file.has_value()) << file.error().text();
  EXPECT_EQ(*file, fields_markdown()) << "run this test once with LUY_UPDATE=1 in the environment";
}

TEST(Event, KeepsOnlyWhatFitsTheField) {
  const struct {
    Field field;
    std::string_view text;
    std::string_view kept;
  } table[] = {
      {Field::source_port, "22", "22"},
      {Field::source_port, "-1", "-1"},
      {Field::source_port, "022", ""},
      {Field::source_port, "22x", ""},
      {Field::source_port, "9223372036854775808", ""},
      {Field::source_ip, "192.0.2.7", "192.0.2.7"},
      {Field::source_ip, "::ffff:192.0.2.7", "::ffff:192.0.2.7"},
      {Field::source_ip, "192.0.2", ""},
      {Field::source_ip, "192.0.2.7 ", ""},
      {Field::source_ip, "host.example", ""},
      {Field::source_ip, std::string_view("192.0.2.7\0", 10), ""},
      {Field::user_name, "", ""},
      {Field::user_name, "a\xff", "a\uFFFD"},
      {Field::timestamp, "2026-11-22T05:00:00Z", ""},
  };
  for (const auto& [field, text, kept] : table) {
    Event event;
    event.set(field, text);
    EXPECT_EQ(event.text(field), kept) << info_of(field).name << ' ' << text;
  }
}

TEST(Event, LongValuesAreCutButTheMessageIsNot) {
  Event event;
  event.set(Field::user_name, std::string(value_bytes_max - 1, 'a') + "ỉ");
  EXPECT_EQ(event.text(Field::user_name).size(), value_bytes_max - 1);
  event.set(Field::message, std::string(1 << 20, 'm'));
  EXPECT_EQ(event.text(Field::message).size(), 1U << 20);
  event.set_label("l", std::string(value_bytes_max + 1, 'l'));
  EXPECT_EQ(event.labels()[0].text.size(), value_bytes_max);
}

TEST(Event, LabelsAreBoundedAndTheFirstOfANameStays) {
  Event event;
  event.set_label("a", "1");
  event.set_label("a", "2");
  event.set_label("", "x");
  event.set_label(std::string(label_name_bytes_max + 1, 'n'), "x");
  for (int i = 0; i < 1000; ++i) event.set_label("n" + std::to_string(i), "x");
  EXPECT_EQ(event.labels().size(), labels_max);
  EXPECT_EQ(event.get("labels.a"), "1");
  EXPECT_EQ(event.get("labels.n5"), "x");
  EXPECT_EQ(event.get("labels.b"), std::nullopt);
}

TEST(Event, JsonIsFlatAndInTheOrderOfTheTable) {
  Event event = sample();
  EXPECT_EQ(to_json(event),
            R"({"@timestamp":"2026-11-22T05:00:00.000000Z","event.ingested":"2026-11-22T05:00:00.000000Z",)"
            R"("message":"Failed password \"x\"","source.ip":"2001:db8::7","source.port":4711,)"
            R"("user.name":"Nguyễn An","labels.auth_method":"password"})");
  event.time = noon - std::chrono::seconds(1);
  event.set(Field::user_name, "Bình");
  EXPECT_NE(to_json(event).find(R"("@timestamp":"2026-11-22T04:59:59.000000Z")"), std::string::npos);
  EXPECT_NE(to_json(event).find(R"("user.name":"Bình")"), std::string::npos);
  EXPECT_EQ(to_json(event).find("Nguyễn"), std::string::npos);
}

TEST(Event, JsonIsValidWhateverTheBytes) {
  for (int byte = 0; byte < 256; ++byte) {
    const std::string text{'<', static_cast<char>(byte), '>'};
    Event event;
    event.set(Field::message, text);
    event.set_label(text, text);
    simdjson::dom::parser parser;
    simdjson::dom::element root;
    ASSERT_EQ(parser.parse(to_json(event)).get(root), simdjson::SUCCESS) << byte;
    EXPECT_EQ(std::string_view(root["message"]), to_utf8(text)) << byte;
  }
}

TEST(Event, IsMatchedByFieldAndPattern) {
  const Event event = sample();
  const struct {
    std::string_view name;
    std::string_view pattern;
    bool matched;
  } table[] = {
      {"user.name", "nguyễn an", true},
      {"user.name", "nguyễn", false},
      {"user.name", "NGUY*", true},
      {"user.name", "*AN", true},
      {"user.name", "*ễn*", true},
      {"user.name", "*b*", false},
      {"user.name", "*", true},
      {"user.name", "**", true},
      {"user.name", "", false},
      {"user.name", "Nguyễn An*", true},
      {"user.name", "*Nguyễn An", true},
      {"user.name", "*Nguyễn Anh", false},
      {"source.port", "4711", true},
      {"source.port", "471", false},
      {"source.ip", "2001:DB8::7", true},
      {"host.name", "*", false},
      {"@timestamp", "2026-11-22*", true},
      {"@timestamp", "2026-11-21*", false},
      {"event.ingested", "*", true},
      {"labels.auth_method", "PASS*", true},
      {"labels.tty", "*", false},
      {"no.such.field", "*", false},
  };
  for (const auto& [name, pattern, matched] : table) {
    EXPECT_EQ(matches(event, name, pattern), matched) << name << ':' << pattern;
  }
}

TEST(Words, AreFoundWithoutMarksAndCase) {
  const std::string raw = "<13>Nov 22 10:04:05 may-01 app: Đăng nhập THẤT BẠI \xff";
  const struct {
    std::vector<std::string> words;
    bool found;
  } table[] = {
      {{}, true},
      {{"that bai"}, true},
      {{"thất", "đăng"}, true},
      {{"DANG", "may-01"}, true},
      {{"thất", "thành"}, false},
      {{"Nov  22"}, false},
  };
  for (const auto& [words, found] : table) {
    EXPECT_EQ(WordMatcher(words).matches(raw), found) << (words.empty() ? "" : words[0]);
  }
}

}  // namespace
}  // namespace luy::event
