// Goal: a paper can be made from a form and a file of data at the command line, and what is wrong is told by exit code.
// Method: run() on the forms of the pack we ship and on the sample data of the paper module's tests.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/source_dir.h"
#include "cli/command.h"

namespace luy::cli {
namespace {

namespace fs = std::filesystem;

struct PaperCommands : testing::Test {
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "luy-cli-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder = pattern;
  }
  void TearDown() override { fs::remove_all(folder); }

  ExitCode luy(const std::vector<std::string>& arguments) {
    out.str("");
    err.str("");
    return run(arguments, out, err, clock);
  }
  ExitCode render(const std::string& form, const fs::path& data) {
    return luy({"paper", "render", "--form", form, "--data", data.string(), "--pack", pack, "--pdf",
                (folder / "a.pdf").string()});
  }

  const std::string pack = source_dir() + "/regulation/4448-2017";
  const fs::path sample = source_dir() + "/src/paper/testdata/forms/cong-van-canh-bao.json";
  FakeClock clock{Time{}};
  fs::path folder;
  std::ostringstream out;
  std::ostringstream err;
};

TEST_F(PaperCommands, RenderAFormAndListAll) {
  EXPECT_EQ(render("cong-van-canh-bao", sample), ExitCode::ok) << err.str();
  std::ifstream pdf(folder / "a.pdf", std::ios::binary);
  std::string head(5, ' ');
  pdf.read(head.data(), 5);
  EXPECT_EQ(head, "%PDF-");
  const std::vector<std::string> to_docx = {
      "paper",  "render", "--form", "cong-van-canh-bao",         "--data", sample.string(),
      "--pack", pack,     "--docx", (folder / "a.docx").string()};
  EXPECT_EQ(luy(to_docx), ExitCode::ok) << err.str();
  std::ifstream docx(folder / "a.docx", std::ios::binary);
  docx.read(head.data(), 4);
  EXPECT_EQ(head.substr(0, 4), "PK\x03\x04");
  EXPECT_EQ(luy({"paper", "forms", "--pack", pack}), ExitCode::ok) << err.str();
  EXPECT_NE(out.str().find("bao-cao-ban-dau  "), std::string::npos) << out.str();
}

TEST_F(PaperCommands, TellWhatIsWrong) {
  EXPECT_EQ(render("khong-co", sample), ExitCode::not_found);
  EXPECT_EQ(render("../pack", sample), ExitCode::not_found);
  EXPECT_EQ(render("cong-van-canh-bao", folder / "absent.json"), ExitCode::not_found);
  std::ofstream(folder / "bad.json") << "{";
  EXPECT_EQ(render("cong-van-canh-bao", folder / "bad.json"), ExitCode::usage);
  EXPECT_EQ(render("bao-cao-ban-dau", sample), ExitCode::usage) << "the fields of another form";
  EXPECT_NE(err.str().find("Biểu mẫu không có trường"), std::string::npos) << err.str();
  EXPECT_FALSE(fs::exists(folder / "a.pdf"));
  EXPECT_EQ(luy({"paper", "render", "--form", "cong-van-canh-bao"}), ExitCode::usage);
}

}  // namespace
}  // namespace luy::cli
