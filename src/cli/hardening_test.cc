// Goal: the checks run on a machine without a hub, tell what is wrong in either language, and show what mends it.
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/clock.h"
#include "cli/command.h"
#include "fact/fact.h"

namespace luy::cli {
namespace {

class HardeningCommand : public testing::Test {
 protected:
  HardeningCommand() {
    std::string name = (std::filesystem::temp_directory_path() / "luy-cli-XXXXXX").string();
    root_ = ::mkdtemp(name.data());
    write("etc/passwd", "root:x:0:0::/root:/bin/bash\ntoor:x:0:0::/root:/bin/bash\n");
    write("etc/login.defs", "PASS_MAX_DAYS 90\n");
  }
  ~HardeningCommand() override { std::filesystem::remove_all(root_); }
  void write(const std::string& name, const std::string& text) const {
    std::filesystem::create_directories((root_ / name).parent_path());
    std::ofstream(root_ / name) << text;
  }
  ExitCode run(std::vector<std::string> more) {
    std::vector<std::string> words = {"hardening", "--root", root_.string()};
    words.insert(words.end(), more.begin(), more.end());
    out_.str("");
    err_.str("");
    return cli::run(words, out_, err_, clock_, 80);
  }

  std::filesystem::path root_;
  FakeClock clock_{*from_rfc3339("2026-11-22T03:00:00Z")};
  std::ostringstream out_;
  std::ostringstream err_;
};

TEST_F(HardeningCommand, TellsWhatIsWrongAndWhere) {
  EXPECT_EQ(run({}), ExitCode::fault);
  EXPECT_NE(out_.str().find("Chưa đạt: "), std::string::npos) << out_.str();
  EXPECT_NE(out_.str().find("(account-uid-zero)"), std::string::npos);
  EXPECT_NE(out_.str().find("toor /etc/passwd:2"), std::string::npos);
  EXPECT_EQ(out_.str().find("(password-max-days)"), std::string::npos) << "what is right is only counted";
  EXPECT_EQ(run({"--all", "--lang", "en"}), ExitCode::fault);
  EXPECT_NE(out_.str().find("(password-max-days)"), std::string::npos);
  EXPECT_NE(out_.str().find("Wrong: "), std::string::npos);
}

TEST_F(HardeningCommand, ExplainsOneCheckAndShowsWhatMendsIt) {
  EXPECT_EQ(run({"--explain", "password-max-days", "--lang", "en"}), ExitCode::ok);
  EXPECT_NE(out_.str().find("How to mend it"), std::string::npos);
  EXPECT_NE(out_.str().find("PASS_MAX_DAYS 90"), std::string::npos);
  EXPECT_EQ(run({"--explain", "no-such-check"}), ExitCode::not_found);
  EXPECT_NE(err_.str().find("no-such-check"), std::string::npos);
}

TEST_F(HardeningCommand, WritesTheFactsBodyAsJson) {
  EXPECT_EQ(run({"--json", "--group", "accounts"}), ExitCode::fault);
  const auto fact = fact::from_json(R"({"fact":"hardening","version":1,"collected_at":"2026-11-22T03:00:00Z",)"
                                    R"("method":"x","body":)" +
                                    out_.str() + "}");
  ASSERT_TRUE(fact) << out_.str();
  EXPECT_GT(std::get<fact::Hardening>(fact->body).results.size(), 10U);
  EXPECT_EQ(run({"--group", "nothing"}), ExitCode::usage);
}

}  // namespace
}  // namespace luy::cli
