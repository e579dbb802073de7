// Goal: workbooks of another program are read as it meant them, and it reads ours. Method: python3-openpyxl writes and
// reads real files.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/compose.h"
#include "base/source_dir.h"
#include "sheet/xlsx.h"

namespace luy::sheet {
namespace {

using Rows = std::vector<std::vector<std::string>>;

constexpr const char* python = "/usr/bin/python3";

int run(const std::vector<std::string>& command, const std::filesystem::path& output) {
  std::vector<char*> arguments;
  for (const std::string& one : command) arguments.push_back(const_cast<char*>(one.c_str()));
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, output.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  pid_t pid = 0;
  const int failure = ::posix_spawn(&pid, arguments[0], &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (failure != 0) return failure;
  int status = 0;
  ::waitpid(pid, &status, 0);
  return status;
}

std::string bytes_of(const std::filesystem::path& path) {
  std::ostringstream out;
  out << std::ifstream(path, std::ios::binary).rdbuf();
  return out.str();
}

Rows cells_of(const Result<Table>& table) {
  Rows out;
  EXPECT_TRUE(table) << table.error().text();
  if (!table) return out;
  for (const Row& row : *table) out.push_back(row.cells);
  return out;
}

class Openpyxl : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "luy-sheet-XXXXXX").string();
    LUY_CHECK(::mkdtemp(name.data()) != nullptr);
    folder_ = name;
    const bool is_there = run({python, "-c", "import openpyxl"}, folder_ / "out") == 0;
    if (!is_there) GTEST_SKIP() << "python3-openpyxl is not installed";
  }
  ~Openpyxl() override {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  void call(const char* what, const std::filesystem::path& path) {
    const std::string script = source_dir() + "/src/sheet/testdata/sheets.py";
    ASSERT_EQ(run({python, "-B", script, what, path.string()}, folder_ / "out"), 0);
  }

  std::filesystem::path folder_;
};

}  // namespace

TEST_F(Openpyxl, WritesWhatWeRead) {
  ASSERT_NO_FATAL_FAILURE(call("write", folder_));
  const std::string book = bytes_of(folder_ / "book.xlsx");
  const Rows rows = cells_of(read_xlsx(book));
  const Rows wanted = {{"id", "name", "agency", "day", "time", "number", "truth"},
                       {"001", "Nguyễn Thị Hường", "VP", "2026-11-23", "2026-11-23T07:30:00", "37301001234", "TRUE"},
                       {"", "Ho\u0302\u0300 Va\u0306n Đu\u031b\u0301c", "TH", "1900-03-01", "07:30:00", "0.5", "FALSE"},
                       {" có dấu cách ", "Dòng 1\nDòng 2", "<&>\"'", "", "", "-3"},
                       {"gộp"}};
  EXPECT_EQ(rows, wanted);
  EXPECT_EQ(compose_vietnamese(rows[2][1]), "Hồ Văn Đức");
  const auto table = read_xlsx(book, "Danh sách");
  ASSERT_TRUE(table);
  EXPECT_EQ(table->at(3).number, 5U) << "rows keep their numbers";
  EXPECT_EQ(cells_of(read_xlsx(book, "Khác")), (Rows{{"", "trang khác"}}));
  EXPECT_TRUE(read_xlsx(book, "Ẩn").error().is(sheet_unknown));
  EXPECT_EQ(cells_of(read_xlsx(bytes_of(folder_ / "late.xlsx"))), (Rows{{"2026-11-23"}}));
  const auto formula = read_xlsx(bytes_of(folder_ / "formula.xlsx"));
  ASSERT_FALSE(formula) << "it has no result that could be read";
  EXPECT_TRUE(formula.error().is(cell_invalid));
  EXPECT_NE(formula.error().vi().find("ô B2"), std::string::npos) << formula.error().vi();
}

TEST_F(Openpyxl, ReadsWhatWeWrite) {
  const Page page{"Cơ quan & đơn vị",
                  {{"code", 10}, {"name", 40}},
                  {{"007", "Phòng Văn hóa – Thông tin"}, {"=1+1", " hai  dấu cách "}, {"", "<&>\"' dòng 1\ndòng 2"}}};
  const auto bytes = to_xlsx(page);
  ASSERT_TRUE(bytes);
  std::ofstream(folder_ / "ours.xlsx", std::ios::binary) << *bytes;
  ASSERT_NO_FATAL_FAILURE(call("read", folder_ / "ours.xlsx"));
  const auto told = boost::json::parse(bytes_of(folder_ / "out")).as_object();
  EXPECT_EQ(told.at("title").as_string(), "Cơ quan & đơn vị");
  EXPECT_EQ(told.at("pane").as_string(), "A2");
  EXPECT_EQ(told.at("formats"), boost::json::value({"@"})) << "every cell is text";
  for (const auto& kind : told.at("kinds").as_array()) EXPECT_NE(kind.as_string(), "f") << "no cell is a formula";
  const boost::json::array wanted = {{"code", "name"},
                                     {"007", "Phòng Văn hóa – Thông tin"},
                                     {"=1+1", " hai  dấu cách "},
                                     {nullptr, "<&>\"' dòng 1\ndòng 2"}};
  EXPECT_EQ(told.at("rows").as_array(), wanted);
}

}  // namespace luy::sheet
