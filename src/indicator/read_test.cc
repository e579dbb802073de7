// Goal: each format is read as its authors mean it; what cannot be used is listed with its reason; hostile lists end
// soon.
// Method: small lists; patterns in a table.
#include <gtest/gtest.h>

#include "indicator/format/read.h"

namespace luy::indicator {
namespace {

std::string shown(const std::vector<Indicator>& indicators) {
  std::string out;
  for (const Indicator& one : indicators) {
    out += std::string(name_of(one.atom.type)) + " " + one.atom.value;
    for (const Atom& atom : one.also) out += " & " + std::string(name_of(atom.type)) + " " + atom.value;
    out += "\n";
  }
  return out;
}

TEST(Atom, IsNormalOrNothing) {
  const struct {
    Type type;
    const char* text;
    const char* want;  // "": refused.
  } table[] = {
      {Type::address, "198.51.100.7", "198.51.100.7"},
      {Type::address, "198.51.100.7/32", "198.51.100.7"},
      {Type::address, "198.51.100.0/24", "198.51.100.0/24"},
      {Type::address, "2001:DB8:0::1", "2001:db8::1"},
      {Type::address, "0.0.0.0/0", ""},
      {Type::address, "10.0.0.0/7", ""},
      {Type::address, "127.0.0.1", ""},
      {Type::address, "::1", ""},
      {Type::address, "198.51.100.7/33", ""},
      {Type::address, "999.1.1.1", ""},
      {Type::domain, "*.Evil.Example.", "evil.example"},
      {Type::domain, "localhost", ""},
      {Type::domain, "198.51.100.7", ""},
      {Type::domain, "a..b", ""},
      {Type::url, "HTTP://Evil.example/A/#x", "http://evil.example/a"},
      {Type::url, "evil.example/a", ""},
      {Type::url, "htt#p://evil.example/a", ""},
      {Type::url, "http://#evil.example/a", ""},
      {Type::hash, "D41D8CD98F00B204E9800998ECF8427E", "d41d8cd98f00b204e9800998ecf8427e"},
      {Type::hash, "xyz", ""},
      {Type::email, " X@Evil.example ", "x@evil.example"},
      {Type::email, "@evil.example", ""},
      {Type::domain, "a b.c", ""},
  };
  for (const auto& row : table) {
    const auto atom = make_atom(row.type, row.text);
    EXPECT_EQ(atom ? atom->value : "", row.want) << row.text;
  }
}

TEST(Pattern, IsReadIntoWaysOrRefused) {
  const std::string md5 = "d41d8cd98f00b204e9800998ecf8427e";
  const struct {
    std::string text;
    std::string want;  // "": refused.
  } table[] = {
      {"[ipv4-addr:value = '198.51.100.7']", "address 198.51.100.7\n"},
      {"[domain-name:value='a.vn' OR domain-name:value = 'b.vn']", "domain a.vn\ndomain b.vn\n"},
      {"[domain-name:value IN ('a.vn', 'b.vn')]", "domain a.vn\ndomain b.vn\n"},
      {"[url:value = 'http://a.vn/'] OR ([email-addr:value = 'x@a.vn'])", "url http://a.vn\nemail x@a.vn\n"},
      {"[file:hashes.'MD5' = '" + md5 + "' AND domain-name:value = 'a.vn']", "hash " + md5 + " & domain a.vn\n"},
      {"[(domain-name:value = 'a.vn' OR domain-name:value = 'b.vn') AND ipv4-addr:value = '198.51.100.7']",
       "domain a.vn & address 198.51.100.7\ndomain b.vn & address 198.51.100.7\n"},
      {"[ipv4-addr:value ISSUBSET '198.51.100.0/24']", "address 198.51.100.0/24\n"},
      {"[file:name = 'a.exe']", ""},
      {"[file:hashes.MD5 = '" + md5 + "' AND file:name = 'a.exe']", ""},
      {"[domain-name:value LIKE '%a.vn']", ""},
      {"[domain-name:value != 'a.vn']", ""},
      {"[domain-name:value NOT = 'a.vn']", ""},
      {"[domain-name:value = 'a.vn'] AND [domain-name:value = 'b.vn']", ""},
      {"[domain-name:value = 'a.vn'] FOLLOWEDBY [domain-name:value = 'b.vn']", ""},
      {"[domain-name:value = 'a.vn'] WITHIN 5 SECONDS", ""},
      {"[domain-name:value = 'a.vn", ""},
      {"[domain-name:value = 'a.vn']]", ""},
      {"", ""},
      {std::string(100'000, '('), ""},
      {std::string(100'000, '['), ""},
      {"[" + std::string(100'000, '(') + "domain-name:value = 'a.vn'", ""},
  };
  for (const auto& row : table) {
    const Pattern pattern = read_pattern(row.text);
    EXPECT_EQ(shown(pattern.indicators), row.want) << row.text.substr(0, 80);
    EXPECT_EQ(pattern.refused.has_value(), row.want.empty()) << row.text.substr(0, 80);
  }
  std::string many = "[";
  for (int i = 0; i < 40; ++i) {
    if (i > 0) many += " AND ";
    many += "(domain-name:value = 'a.vn' OR domain-name:value = 'b.vn')";
  }
  EXPECT_TRUE(read_pattern(many + "]").refused) << "2^40 ways";
}

TEST(Stix, UsesWhatItCanAndSaysWhyNotTheRest) {
  const auto list = read_list(Format::stix, R"({"type":"bundle","objects":[
    {"type":"indicator","id":"i1","pattern_type":"stix","name":"C2","valid_until":"2027-01-01T00:00:00Z",
     "pattern":"[domain-name:value = 'evil.example']"},
    {"type":"indicator","id":"i2","pattern_type":"yara","pattern":"rule x"},
    {"type":"indicator","id":"i3","pattern_type":"stix","revoked":true,"pattern":"[domain-name:value = 'a.vn']"},
    {"type":"indicator","id":"i4","pattern_type":"stix","pattern":"[process:name = 'x']"},
    {"type":"malware","name":"x"}, 7]})");
  ASSERT_TRUE(list) << list.error().text();
  EXPECT_EQ(shown(list->indicators), "domain evil.example\n");
  EXPECT_EQ(list->indicators[0].note, "C2");
  EXPECT_EQ(to_rfc3339(*list->indicators[0].valid_until), "2027-01-01T00:00:00.000000Z");
  ASSERT_EQ(list->refused_count, 3U);
  EXPECT_EQ(list->refused[0].what, "i2");
  for (const Refused& one : list->refused) EXPECT_FALSE(one.vi.empty() || one.en.empty());
}

TEST(Lists, OfAnotherFormOrTooDeepAreRefused) {
  for (const Format format : {Format::stix, Format::misp, Format::csv}) {
    for (const std::string& bytes : {std::string(), std::string("["), std::string("{}"), std::string("[1]"),
                                     std::string("\0", 1), std::string(100'000, '['), std::string("a,b\n1,2")}) {
      const auto list = read_list(format, bytes);
      EXPECT_FALSE(list && !list->indicators.empty()) << name_of(format) << bytes.substr(0, 20);
    }
    EXPECT_TRUE(read_list(format, std::string(list_bytes_max + 1, ' ')).error().is(list_too_large));
  }
}

TEST(Misp, ReadsEventsObjectsAndPairs) {
  const auto list = read_list(Format::misp, R"({"response":[{"Event":{"info":"APT","Attribute":[
     {"type":"ip-dst|port","value":"198.51.100.7|443","to_ids":true},
     {"type":"hostname","value":"a.vn","to_ids":false},
     {"type":"mutex","value":"x"}],
     "Object":[{"Attribute":[{"type":"filename|md5","value":"a.exe|d41d8cd98f00b204e9800998ecf8427e","comment":"dropper"}]}]}}]})");
  ASSERT_TRUE(list);
  EXPECT_EQ(shown(list->indicators), "address 198.51.100.7\nhash d41d8cd98f00b204e9800998ecf8427e\n");
  EXPECT_EQ(list->indicators[0].note, "APT");
  EXPECT_EQ(list->indicators[1].note, "dropper");
  EXPECT_EQ(list->refused_count, 2U);
}

TEST(Csv, ReadsByItsHeaderAndGuessesTypes) {
  const auto list = read_list(Format::csv,
                              "\xef\xbb\xbf"
                              "Type,Value,Comment,Valid_Until\r\n"
                              "domain,evil.example,\"a, \"\"b\"\"\",2027-01-01\r\n,198.51.100.7,,\n,x@evil.example\n"
                              "domain,no,\"never closed\n");
  ASSERT_TRUE(list);
  EXPECT_EQ(shown(list->indicators), "domain evil.example\naddress 198.51.100.7\nemail x@evil.example\n");
  EXPECT_EQ(list->indicators[0].note, "a, \"b\"");
  EXPECT_EQ(list->indicators[0].valid_until, day_begin(*day_from_iso("2027-01-02"))) << "the day itself included";
  EXPECT_EQ(list->refused_count, 1U);
}

}  // namespace
}  // namespace luy::indicator
