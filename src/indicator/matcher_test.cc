// Goal: what is in an event is found wherever it stands, nothing else is, and a hostile record holds nobody up.
#include "indicator/matcher.h"

#include <gtest/gtest.h>

#include "event/parse.h"

namespace luy::indicator {
namespace {

const Time now = *from_rfc3339("2026-11-23T01:00:00Z");

Indicator one(Type type, const char* value) {
  return {make_atom(type, value).value(), {}, "", std::nullopt};
}

TEST(Matcher, FindsEachKindWhereverItStands) {
  const Matcher matcher({one(Type::address, "198.51.100.7"), one(Type::address, "203.0.113.0/24"),
                         one(Type::domain, "evil.example"), one(Type::url, "http://bad.example/x"),
                         one(Type::hash, "d41d8cd98f00b204e9800998ecf8427e"), one(Type::email, "x@mail.example"),
                         one(Type::address, "2001:db8:bad::/48"), one(Type::address, "203.0.113.128/25")});
  const struct {
    const char* text;
    std::vector<std::uint32_t> hits;
  } table[] = {
      {"Failed password from 198.51.100.7 port 22", {0}},
      {"SRC=203.0.113.9 DST=10.0.0.1", {1}},
      {"203.0.113.200:443", {1, 7}},
      {"query: a.b.EVIL.example. IN A", {2}},
      {"notevil.example evil.example.org", {}},
      {"GET http://bad.example/x/ HTTP/1.1", {3}},
      {"https://evil.example:8443/path?q=1", {2}},
      {"md5=D41D8CD98F00B204E9800998ECF8427E", {4}},
      {"from=<X@mail.example>", {5}},
      {"user@evil.example", {2}},
      {"[2001:db8:bad:1::5]:443 2001:db8:bad::1", {6}},
      {"198.51.100.70 1198.51.100.7 198.51.100.7.example", {}},
      {"", {}},
  };
  for (const auto& row : table) {
    std::vector<std::uint32_t> hits;
    for (const Hit& hit : matcher.match(row.text, now)) hits.push_back(hit.indicator);
    EXPECT_EQ(hits, row.hits) << row.text;
  }
  EXPECT_EQ(matcher.match("a 198.51.100.7.", now)[0].value, "198.51.100.7");
}

TEST(Matcher, AllPartsMustBeInTheSameEventAndInForce) {
  Indicator both = one(Type::domain, "evil.example");
  both.also.push_back(*make_atom(Type::address, "203.0.113.0/24"));
  Indicator old = one(Type::domain, "old.example");
  old.valid_until = now;
  const Matcher matcher({both, old});
  EXPECT_EQ(matcher.match("evil.example", now).size(), 0U);
  EXPECT_EQ(matcher.match("203.0.113.1", now).size(), 0U);
  EXPECT_EQ(matcher.match("evil.example 203.0.113.1", now).size(), 1U);
  EXPECT_EQ(matcher.match("old.example", now).size(), 0U);
  EXPECT_EQ(matcher.match("old.example", now - std::chrono::seconds(1)).size(), 1U);
}

TEST(Matcher, LooksAtFieldsAndLabelsOfAnEvent) {
  const Matcher matcher({one(Type::domain, "evil.example")});
  const event::ParseContext context{};
  const auto hits = [&](std::string_view raw) {
    return matcher.match(event::parse(event::Transport::file, "/var/log/x.json", raw, context), now).size();
  };
  EXPECT_EQ(hits("{\"a\":{\"b\":\"http:\\/\\/evil.example\\/x\"}}"), 1U);
  EXPECT_EQ(hits("{\"a\":{\"b\":\"http:\\/\\/good.example\\/x\"}}"), 0U);
}

TEST(Matcher, HostileRecordsEnd) {
  std::vector<Indicator> many;
  for (int i = 0; i < 20'000; ++i) {
    many.push_back(
        one(Type::address, ("10." + std::to_string(i % 250) + "." + std::to_string(i / 250) + ".0/24").c_str()));
  }
  many.push_back(one(Type::domain, "evil.example"));
  many.push_back(one(Type::address, "10.0.0.0/8"));
  const Matcher matcher(std::move(many));
  std::string dots;
  while (dots.size() < 1 << 20) dots += "a.";
  std::string addresses;
  while (addresses.size() < 1 << 20) addresses += "10.255.255.255 ";
  for (const std::string& text : {dots, addresses, std::string(1 << 20, ':'), std::string(1 << 20, '.')}) {
    static_cast<void>(matcher.match(text, now));
  }
}

}  // namespace
}  // namespace luy::indicator
