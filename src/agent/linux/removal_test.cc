#include "agent/linux/removal.h"

#include <gtest/gtest.h>

#include "base/file.h"

namespace luy::agent {
namespace {

struct RemovalTest : testing::Test {
  RemovalSetup setup;
  std::string body;
  bool reached = true;
  RemovalTest() {
    setup.user = "an";
    setup.prompt = [] { return std::nullopt; };
    setup.ask = [this](const std::string& asked) -> Result<std::string> {
      body = asked;
      if (!reached) return Error(file_failed, "the network");
      return std::string("{}");
    };
  }
};

TEST_F(RemovalTest, ACodeIsShownToTheHub) {
  setup.code = " K7QF2-9XW4M\n";
  EXPECT_TRUE(allow_removal(setup));
  EXPECT_EQ(body, R"({"code":"K7QF2-9XW4M"})");
  setup.code.reset();
  setup.prompt = [] { return std::optional<std::string>("a\"b"); };
  EXPECT_TRUE(allow_removal(setup));
  EXPECT_EQ(body, R"({"code":"a\"b"})");
}

TEST_F(RemovalTest, WithoutACodeNothingIsAsked) {
  for (const char* nothing : {"", "  "}) {
    setup.code = nothing;
    EXPECT_TRUE(allow_removal(setup).error().is(removal_code_missing));
  }
  EXPECT_EQ(body, "");
}

TEST_F(RemovalTest, WhatCannotBeCheckedIsRefused) {
  setup.code = "K7QF2-9XW4M";
  reached = false;
  const auto done = allow_removal(setup);
  EXPECT_TRUE(done.error().is(removal_not_checked));
  EXPECT_NE(done.error().en().find("the network"), std::string::npos);
}

TEST_F(RemovalTest, ForceIsToldAndNeverRefused) {
  setup.forced = true;
  EXPECT_TRUE(allow_removal(setup));
  EXPECT_EQ(body, R"({"forced":true,"user":"an"})");
  reached = false;
  EXPECT_TRUE(allow_removal(setup));
}

}  // namespace
}  // namespace luy::agent
