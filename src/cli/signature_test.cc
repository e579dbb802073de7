// Goal: a paper is signed and verified at the command line, and every verdict has its exit code.
// Method: run() on a paper rendered from a form, a throw-away key of openssl's, and the worker beside the tests.
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

#include "base/source_dir.h"
#include "cli/command.h"

namespace luy::cli {
namespace {

namespace fs = std::filesystem;

struct SignatureCommands : testing::Test {
  void SetUp() override {
    if (std::system("command -v openssl >/dev/null") != 0) GTEST_SKIP() << "openssl is not installed";
    std::string pattern = (fs::temp_directory_path() / "luy-cli-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder = pattern;
    const std::string make =
        "cd " + folder.string() +
        " && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout k.pem -out c.pem -subj "
        "/CN=Thu "
        "-addext keyUsage=critical,digitalSignature -addext basicConstraints=critical,CA:false -days 30 2>/dev/null && "
        "cat k.pem c.pem > key.pem";
    ASSERT_EQ(std::system(make.c_str()), 0);
    ASSERT_EQ(luy({"paper", "render", "--form", "bien-ban-ket-thuc", "--data",
                   source_dir() + "/src/paper/testdata/forms/bien-ban-ket-thuc.json", "--pack",
                   source_dir() + "/regulation/4448-2017", "--pdf", at("a.pdf")}),
              ExitCode::ok)
        << err.str();
  }
  void TearDown() override {
    std::error_code ignored;
    if (!folder.empty()) fs::remove_all(folder, ignored);
  }

  std::string at(const std::string& name) const { return (folder / name).string(); }
  ExitCode luy(const std::vector<std::string>& arguments) {
    out.str("");
    err.str("");
    return run(arguments, out, err, clock);
  }
  ExitCode verify(const std::string& pdf, const std::vector<std::string>& more = {}) {
    std::vector<std::string> all = {"paper", "verify", pdf, "--trust", at("c.pem"), "--worker", LUY_TEST_WORKER};
    all.insert(all.end(), more.begin(), more.end());
    return luy(all);
  }

  SystemClock clock;
  fs::path folder;
  std::ostringstream out;
  std::ostringstream err;
};

TEST_F(SignatureCommands, SignAndVerify) {
  const std::string said = out.str();
  const std::size_t place = said.find("--place ");
  ASSERT_NE(place, std::string::npos) << said;
  const std::string where = said.substr(place + 8, said.find('\n', place) - place - 8);
  ASSERT_EQ(luy({"paper", "sign", "--pdf", at("a.pdf"), "--out", at("b.pdf"), "--key-file", at("key.pem"), "--place",
                 where, "--name", "Trần Thị Ánh"}),
            ExitCode::ok)
      << err.str();
  EXPECT_EQ(verify(at("b.pdf"), {"--original", at("a.pdf")}), ExitCode::ok) << out.str() << err.str();
  EXPECT_NE(out.str().find("Chữ ký số hợp lệ."), std::string::npos) << out.str();
  std::ofstream(at("b.pdf"), std::ios::app) << "x";
  EXPECT_EQ(verify(at("b.pdf")), ExitCode::fault) << out.str();
  EXPECT_NE(out.str().find("altered"), std::string::npos) << out.str();
}

TEST_F(SignatureCommands, WithoutTheTimeStampAskedForThereIsNoSignature) {
  const std::vector<std::string> sign = {"paper",     "sign",       "--pdf",       at("a.pdf"),   "--out",
                                         at("b.pdf"), "--key-file", at("key.pem"), "--time-stamp"};
  for (const auto& [url, code] :
       {std::pair("http://127.0.0.1:1/", ExitCode::unavailable), {"ftp://x", ExitCode::usage}}) {
    std::vector<std::string> all = sign;
    all.emplace_back(url);
    EXPECT_EQ(luy(all), code) << url << err.str();
    EXPECT_FALSE(fs::exists(at("b.pdf")));
  }
}

TEST_F(SignatureCommands, TellWhatIsWrong) {
  EXPECT_EQ(verify(at("a.pdf")), ExitCode::fault) << "not signed";
  EXPECT_EQ(verify(at("absent.pdf")), ExitCode::not_found);
  EXPECT_EQ(verify(at("key.pem")), ExitCode::usage) << "no PDF";
  EXPECT_EQ(luy({"paper", "sign", "--pdf", at("a.pdf"), "--out", at("b.pdf")}), ExitCode::usage) << "no key";
  EXPECT_EQ(luy({"paper", "sign", "--pdf", at("a.pdf"), "--out", at("b.pdf"), "--key-file", at("c.pem")}),
            ExitCode::not_found);
  EXPECT_FALSE(fs::exists(at("b.pdf")));
}

}  // namespace
}  // namespace luy::cli
