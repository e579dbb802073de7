// Goal: the same log record gives the same line from protobuf and from JSON, nothing of it is left out, and what is not
// the format is refused.
// Method: requests written with a few lines of encoder of the test's own, from the numbers in the .proto files; one
// request captured from the reference of the protobuf documentation; a table of damage.
#include "intake/otlp.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "base/encoding.h"
#include "intake/protobuf.h"

namespace luy::intake {
namespace {

namespace json = boost::json;

std::string field(std::uint32_t number, std::string_view bytes) {
  std::string out;
  put_bytes_field(out, number, bytes);
  return out;
}
std::string field(std::uint32_t number, std::uint64_t value) {
  std::string out;
  put_varint_field(out, number, value);
  return out;
}
std::string fixed64(std::uint32_t number, std::uint64_t value) {
  std::string out;
  put_varint(out, std::uint64_t{number} << 3U | 1U);
  for (int i = 0; i < 8; ++i) out += static_cast<char>(value >> (8 * i));
  return out;
}
std::string attribute(std::string_view key, const std::string& value) {
  return field(1, key) + field(2, value);
}
std::string text(std::string_view value) {
  return field(1, value);
}

const std::string record = fixed64(1, 1'763'784'000'123'456'789U) + fixed64(11, 1'763'784'001'000'000'000U) +
                           field(2, 17) + field(3, "ERROR") + field(5, text("đăng nhập thất bại")) +
                           field(6, attribute("n", field(3, static_cast<std::uint64_t>(-5)))) +
                           field(6, attribute("ok", field(2, std::uint64_t{1}))) +
                           field(6, attribute("ratio", fixed64(4, 0x3FE0000000000000U))) +
                           field(6, attribute("list", field(5, field(1, text("a")) + field(1, field(3, 7U))))) +
                           field(6, attribute("map", field(6, field(1, attribute("k", text("v")))))) +
                           field(6, attribute("raw", field(7, std::string_view("\x00\xff", 2)))) + field(7, 2U) +
                           field(9, std::string(16, '\x5b')) + field(10, std::string(8, '\xee')) + field(12, "login");
const std::string request =
    field(1, field(1, field(1, attribute("host.name", text("web-1"))) + field(1, attribute("os", text("linux")))) +
                 field(2, field(1, field(1, "lib") + field(2, "1.2")) + field(2, record)));

const char* const request_json = R"({"resourceLogs":[{"resource":{"attributes":[
 {"key":"host.name","value":{"stringValue":"web-1"}},{"key":"os","value":{"stringValue":"linux"}}]},
 "scopeLogs":[{"scope":{"name":"lib","version":"1.2"},"logRecords":[{"timeUnixNano":"1763784000123456789",
 "observedTimeUnixNano":1763784001000000000,"severityNumber":17,"severityText":"ERROR",
 "body":{"stringValue":"đăng nhập thất bại"},"attributes":[{"key":"n","value":{"intValue":"-5"}},
 {"key":"ok","value":{"boolValue":true}},{"key":"ratio","value":{"doubleValue":0.5}},
 {"key":"list","value":{"arrayValue":{"values":[{"stringValue":"a"},{"intValue":7}]}}},
 {"key":"map","value":{"kvlistValue":{"values":[{"key":"k","value":{"stringValue":"v"}}]}}},
 {"key":"raw","value":{"bytesValue":"AP8="}}],"droppedAttributesCount":2,
 "traceId":"5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b","spanId":"eeeeeeeeeeeeeeee","eventName":"login"}]}]}]})";

TEST(Otlp, BothEncodingsGiveTheSameLine) {
  const auto from_protobuf = otlp_from_protobuf(request);
  ASSERT_TRUE(from_protobuf) << from_protobuf.error().text();
  ASSERT_EQ(from_protobuf->lines.size(), 1U);
  EXPECT_EQ(
      from_protobuf->lines[0],
      "{\"@timestamp\":\"2025-11-22T04:00:00.123456Z\",\"message\":\"đăng nhập thất bại\",\"log.level\":\"ERROR\","
      "\"host.name\":\"web-1\",\"otlp\":{\"time_unix_nano\":1763784000123456789,\"observed_time_unix_nano\":"
      "1763784001000000000,\"severity_number\":17,\"dropped_attributes_count\":2,\"trace_id\":"
      "\"5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b\",\"span_id\":\"eeeeeeeeeeeeeeee\",\"event_name\":\"login\",\"resource\":"
      "{\"host.name\":\"web-1\",\"os\":\"linux\"},\"scope\":{\"name\":\"lib\",\"version\":\"1.2\"},\"attributes\":"
      "{\"n\":-5,\"ok\":true,\"ratio\":5E-1,\"list\":[\"a\",7],\"map\":{\"k\":\"v\"},\"raw\":\"AP8=\"}}}");
  const auto from_json = otlp_from_json(request_json);
  ASSERT_TRUE(from_json) << from_json.error().text();
  EXPECT_EQ(from_json->lines, from_protobuf->lines);
}

TEST(Otlp, WhatIsSaidBehindTheRecordsBelongsToThem) {
  const std::string turned =
      field(1, field(2, field(2, field(5, text("a")))) + field(1, field(1, attribute("k", text("v")))));
  EXPECT_EQ(otlp_from_protobuf(turned)->lines,
            std::vector<std::string>{"{\"message\":\"a\",\"otlp\":{\"resource\":{\"k\":\"v\"}}}"});
}

TEST(Otlp, ABodyThatIsNoTextIsKeptAsItIs) {
  const auto logs = otlp_from_protobuf(field(1, field(2, field(2, field(2, 9U) + field(5, field(3, 42U))))));
  EXPECT_EQ(logs->lines,
            std::vector<std::string>{"{\"body\":42,\"log.level\":\"info\",\"otlp\":{\"severity_number\":9}}"});
}

TEST(Otlp, UnknownFieldsAreSkippedAndBadTextIsMadeGood) {
  const std::string later = field(99, "new") + fixed64(98, 1) + field(97, 1U);
  const auto logs =
      otlp_from_protobuf(later + field(1, later + field(2, later + field(2, later + field(5, text("\xff"))))));
  ASSERT_TRUE(logs);
  EXPECT_EQ(logs->lines, std::vector<std::string>{"{\"message\":\"\xEF\xBF\xBD\"}"});
}

TEST(Otlp, AnEmptyRequestHoldsNothing) {
  EXPECT_TRUE(otlp_from_protobuf("")->lines.empty());
  EXPECT_TRUE(otlp_from_json("{}")->lines.empty());
}

TEST(Otlp, WhatIsNotTheFormatIsRefused) {
  std::size_t whole = 0;
  for (std::size_t cut = 0; cut < request.size(); ++cut) {
    if (otlp_from_protobuf(std::string_view(request).substr(0, cut))) ++whole;
  }
  EXPECT_EQ(whole, 1U) << "only nothing at all is a request";
  std::string deep = text("x");
  for (std::size_t i = 0; i <= otlp_depth_max; ++i) deep = field(5, field(1, deep));
  EXPECT_TRUE(otlp_from_protobuf(field(1, field(2, field(2, field(5, deep))))).error().is(otlp_malformed));
  for (const char* const body : {"", "[]", "{\"resourceLogs\":[1]}", "{\"resourceLogs\":[{\"scopeLogs\":[1]}]}",
                                 "{\"resourceLogs\":[{\"scopeLogs\":[{\"logRecords\":[1]}]}]}"}) {
    const auto logs = otlp_from_json(body);
    ASSERT_FALSE(logs) << body;
    EXPECT_TRUE(logs.error().is(otlp_malformed)) << body;
  }
  std::string nested;
  for (int i = 0; i < 100; ++i) nested += "{\"arrayValue\":{\"values\":[";
  EXPECT_FALSE(otlp_from_json("{\"resourceLogs\":[{\"resource\":{\"attributes\":[{\"value\":" + nested));
}

TEST(Otlp, LimitsHold) {
  const std::string one = field(2, field(5, text("x")));
  std::string many;
  for (std::size_t i = 0; i <= otlp_records_max; ++i) many += one;
  EXPECT_FALSE(otlp_from_protobuf(field(1, field(2, many))));
  const auto large = otlp_from_protobuf(field(1, field(2, one + field(2, field(5, text(std::string(1 << 20, 'x')))))));
  ASSERT_TRUE(large);
  EXPECT_EQ(large->lines.size(), 1U);
  EXPECT_EQ(large->rejected, 1U);
  // A large resource stands in every line: what comes out is bounded, too.
  const std::string resource = field(1, field(1, attribute("k", text(std::string(100'000, 'x')))));
  std::string thousand;
  for (int i = 0; i < 1000; ++i) thousand += one;
  EXPECT_FALSE(otlp_from_protobuf(field(1, resource + field(2, thousand))));
}

TEST(Otlp, AnswersAreInTheEncodingOfTheQuestion) {
  EXPECT_EQ(otlp_response(true, 0, ""), "{}");
  EXPECT_EQ(otlp_response(false, 0, ""), "");
  EXPECT_EQ(otlp_response(true, 2, "m"), "{\"partialSuccess\":{\"rejectedLogRecords\":\"2\",\"errorMessage\":\"m\"}}");
  EXPECT_EQ(otlp_response(false, 2, "m"), std::string("\x0a\x05\x08\x02\x12\x01m", 7));
  EXPECT_EQ(otlp_status(false, 3, "m"), std::string("\x08\x03\x12\x01m", 5));
  EXPECT_EQ(otlp_status(true, 3, "m"), "{\"code\":3,\"message\":\"m\"}");
}

TEST(Wire, NumbersReadAsTheSpecificationSays) {
  // The examples of the protobuf documentation: field 1 = 150; field 2 = "testing".
  WireReader first(std::string_view("\x08\x96\x01", 3));
  EXPECT_EQ(first.next()->value, 150U);
  EXPECT_FALSE(first.next());
  EXPECT_TRUE(first.ok());
  WireReader second(std::string_view("\x12\x07testing", 9));
  EXPECT_EQ(second.next()->bytes, "testing");
  const std::string_view damaged[] = {{"\x00", 1},     {"\x08", 1},
                                      {"\x0b", 1},     {"\x12\x07", 2},
                                      {"\x09\x01", 2}, {"\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02", 11}};
  for (const std::string_view bytes : damaged) {
    WireReader reader(bytes);
    EXPECT_FALSE(reader.next()) << to_hex(as_bytes(bytes));
    EXPECT_FALSE(reader.ok()) << to_hex(as_bytes(bytes));
  }
}

}  // namespace
}  // namespace luy::intake
