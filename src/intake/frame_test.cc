// Goal: messages come off a stream whole, whichever way they are framed and wherever the reads cut it.
// Method: tables of streams; each is fed at once, byte by byte, and cut at every place.
#include "intake/frame.h"

#include <gtest/gtest.h>

#include <vector>

namespace luy::intake {
namespace {

std::vector<std::string> drain(FrameReader& reader) {
  std::vector<std::string> out;
  while (const auto frame = reader.next()) out.push_back(std::string(frame->message) + (frame->cut ? "|cut" : ""));
  return out;
}

std::vector<std::string> read(std::string_view stream, std::size_t step) {
  FrameReader reader;
  std::vector<std::string> out;
  for (std::size_t at = 0; at < stream.size(); at += step) {
    reader.feed(stream.substr(at, step));
    for (std::string& one : drain(reader)) out.push_back(std::move(one));
  }
  if (const auto last = reader.rest()) out.push_back(std::string(last->message) + (last->cut ? "|cut" : ""));
  return out;
}

TEST(Frame, MessagesComeOffTheStreamWhole) {
  using List = std::vector<std::string>;
  const struct {
    const char* what;
    std::string stream;
    List want;
  } table[] = {
      {"nothing", "", {}},
      {"lines", "<34>a\n<34>b\n", {"<34>a", "<34>b"}},
      {"a last line without its end", "<34>a\n<34>b", {"<34>a", "<34>b"}},
      {"counted", "5 <34>a6 <34>bc", {"<34>a", "<34>bc"}},
      {"counted, with line feeds inside and behind", "7 <34>a\nb\n5 <34>c\n", {"<34>a\nb", "<34>c"}},
      {"both kinds in turn", "5 <34>a<34>b\n5 <34>c<34>d\n", {"<34>a", "<34>b", "<34>c", "<34>d"}},
      {"a line that begins with a number", "2026 is a year\n<34>b\n", {"2026 is a year", "<34>b"}},
      {"a line of digits", "123456789012\n7\n", {"123456789012", "7"}},
      {"a length of zero is none", "0 <34>a\n", {"0 <34>a"}},
      {"a length with a zero before it is none", "05 <34>a\n", {"05 <34>a"}},
      {"empty lines", "\n\n<34>a\n\n", {"<34>a"}},
      {"carriage returns stay", "<34>a\r\n", {"<34>a\r"}},
      {"the end within a counted message", "20 <34>abc", {"<34>abc|cut"}},
      {"CEF whole", "<14>CEF:0|V|P|1|2|n|3|src=10.0.0.1 msg=a\\nb\n", {"<14>CEF:0|V|P|1|2|n|3|src=10.0.0.1 msg=a\\nb"}},
  };
  for (const auto& [what, stream, want] : table) {
    for (const std::size_t step : {std::size_t{1}, std::size_t{2}, std::size_t{3}, std::size_t{7}, std::size_t{1000}}) {
      EXPECT_EQ(read(stream, step), want) << what << ", " << step << " bytes at a time";
    }
  }
}

TEST(Frame, AnOverLongMessageIsCutAndTheNextOneIsWhole) {
  const std::string body = "<34>" + std::string(message_bytes_max + 1000, 'x');
  const std::string kept = body.substr(0, message_bytes_max) + "|cut";
  for (const std::string& stream : {body + "\n<34>next\n", std::to_string(body.size()) + " " + body + "8 <34>next"}) {
    const auto got = read(stream, 8192);
    ASSERT_EQ(got.size(), 2U);
    EXPECT_TRUE(got[0] == kept);
    EXPECT_EQ(got[1], "<34>next");
  }
  const std::string exact = "<34>" + std::string(message_bytes_max - 4, 'x');
  EXPECT_TRUE(read(exact + "\n", 4096) == std::vector<std::string>{exact});
  EXPECT_TRUE(read(std::to_string(exact.size()) + " " + exact, 4096) == std::vector<std::string>{exact});
}

TEST(Frame, WhatIsHeldStaysBounded) {
  FrameReader reader;
  const std::string chunk(16 << 10, 'x');
  for (int i = 0; i < 1000; ++i) {
    reader.feed(chunk);
    while (reader.next()) {
    }
    ASSERT_LE(reader.held(), message_bytes_max + chunk.size());
  }
  reader.feed("9999999 <");
  while (reader.next()) {
  }
  ASSERT_LE(reader.held(), message_bytes_max + chunk.size());
}

}  // namespace
}  // namespace luy::intake
