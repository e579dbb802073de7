// Goal: LibreOffice makes PDF/A of our documents and leaves nothing behind; what is missing or wrong is told apart.
// Method: the real program where it is installed, else small scripts in its place. veraPDF's opinion where it is there.
#include "hub/pdfa.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>

#include "base/file.h"
#include "paper/docx.h"

namespace luy::hub {
namespace {

struct PdfaTest : testing::Test {
  PdfaTest() {
    std::string name = (std::filesystem::temp_directory_path() / "luy-pdfa-test-XXXXXX").string();
    folder = mkdtemp(name.data());
  }
  ~PdfaTest() override {
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
  }
  bool is_clean() {
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
      if (entry.path().filename().string().starts_with("luy-pdfa-")) return false;
    }
    return true;
  }
  std::filesystem::path script(const char* text) {
    const std::filesystem::path path = folder / "soffice.sh";
    EXPECT_TRUE(write_file_durably(path, text, 0700));
    return path;
  }
  std::filesystem::path folder;
};

std::string letter() {
  paper::Document document;
  document.issuer = "ỦY BAN NHÂN DÂN\nTHỊ XÃ BỈM SƠN";
  document.notation = "05/UBND-VP";
  document.place = "Bỉm Sơn";
  document.date = *day_from_iso("2026-02-05");
  document.subject = "cảnh báo lỗ hổng";
  document.recipients = {"Phòng Nội vụ"};
  paper::Paragraph paragraph;
  paragraph.spans = {{"Đề nghị các cơ quan cập nhật."}};
  document.body = {paragraph};
  document.signatures = {{{"CHỦ TỊCH"}, "", "Nguyễn Văn An"}};
  document.copies = {"Như trên", "Lưu: VT"};
  return *paper::to_docx(document);
}

TEST_F(PdfaTest, LibreOfficeMakesIt) {
  bool is_there = false;
  for (const auto& one : soffice_programs()) is_there = is_there || std::filesystem::exists(one);
  if (!is_there) GTEST_SKIP() << "LibreOffice (soffice) is not installed";
  PdfaDesk desk(soffice_programs(), folder);
  const auto pdf = desk.convert(letter());
  ASSERT_TRUE(pdf) << pdf.error().text();
  EXPECT_NE(pdf->find("pdfaid:part"), std::string::npos) << "it says of itself that it is PDF/A";
  EXPECT_NE(pdf->find(">2</pdfaid:part>"), std::string::npos);
  EXPECT_NE(pdf->find(">B</pdfaid:conformance>"), std::string::npos);
  EXPECT_TRUE(is_clean());
  if (std::system("command -v verapdf >/dev/null 2>&1") != 0) return;
  ASSERT_TRUE(write_file_durably(folder / "a.pdf", *pdf));
  EXPECT_EQ(std::system(("verapdf -f 2b " + (folder / "a.pdf").string() + " | grep -q 'isCompliant=\"true\"'").c_str()),
            0);
}

TEST_F(PdfaTest, WhatIsMissingOrWrongIsNamedAndLeavesNothing) {
  PdfaDesk none({folder / "nowhere"}, folder);
  EXPECT_TRUE(none.convert("PK").error().is(pdfa_unavailable));
  const char* broken[] = {"#!/bin/sh\nexit 3\n", "#!/bin/sh\nexit 0\n", "#!/bin/sh\nkill -9 $$\n",
                          "#!/bin/sh\necho nonsense > \"$HOME/paper.pdf\"\n"};
  for (const char* one : broken) {
    PdfaDesk desk({script(one)}, folder);
    const auto made = desk.convert("PK");
    ASSERT_FALSE(made) << one;
    EXPECT_TRUE(made.error().is(pdfa_failed)) << made.error().text();
    EXPECT_TRUE(is_clean());
  }
}

TEST_F(PdfaTest, TheProgramSeesAProfileWithoutMacrosAndAnEmptyEnvironment) {
  ::setenv("LUY_SECRET_FOR_TEST", "x", 1);
  PdfaDesk desk({script("#!/bin/sh\n"
                        "[ -z \"$LUY_SECRET_FOR_TEST\" ] || exit 1\n"
                        "grep -q DisableMacrosExecution \"$HOME/profile/user/registrymodifications.xcu\" || exit 1\n"
                        "printf '%%PDF-1.7' > \"$HOME/paper.pdf\"\n")},
                folder);
  const auto made = desk.convert("PK");
  ASSERT_TRUE(made) << made.error().text();
  EXPECT_EQ(*made, "%PDF-1.7");
}

TEST_F(PdfaTest, TheProgramInheritsNoSocketOfTheHub) {
  int pair[2];
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
  const UniqueFd one(pair[0]), other(pair[1]);
  PdfaDesk desk({script("#!/bin/sh\n"
                        "for each in /proc/$$/fd/*; do\n"
                        "  case \"$(readlink \"$each\")\" in socket:*) exit 1;; esac\n"
                        "done\n"
                        "printf '%%PDF-1.7' > \"$HOME/paper.pdf\"\n")},
                folder);
  const auto made = desk.convert("PK");
  ASSERT_TRUE(made) << made.error().text();
}

}  // namespace
}  // namespace luy::hub
