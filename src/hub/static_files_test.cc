// Goal: the console's files are found, cached and compressed as they should be, and nothing else is.
#include "hub/static_files.h"

#include <gtest/gtest.h>

#include "base/file.h"
#include "hub/test_client.h"

namespace luy::hub {
namespace {

Head get(const std::string& path, const std::string& headers = "") {
  return std::get<Head>(parse_head("GET " + path + " HTTP/1.1\r\nHost: a\r\n" + headers + "\r\n"));
}

struct StaticFilesTest : ::testing::Test {
  StaticFilesTest() {
    const auto put = [&](const char* name, const char* bytes) {
      std::filesystem::create_directories((folder.path() / name).parent_path());
      EXPECT_TRUE(write_file_durably(folder.path() / name, bytes));
    };
    put("index.html", "<html>");
    put("assets/app-1a2b.js", "let a");
    put("assets/app-1a2b.js.gz", "packed");
    put("font.woff2", "f");
  }
  StaticFiles load() { return StaticFiles::load(folder.path()).value(); }
  static std::string header(const api::Response& response, const std::string& name) {
    for (const auto& [key, value] : response.headers) {
      if (key == name) return value;
    }
    return {};
  }
  TempFolder folder;
};

TEST_F(StaticFilesTest, FilesRoutesAndNothingElseAreFound) {
  const StaticFiles files = load();
  const struct {
    const char* path;
    const char* body;  // nullptr: not there.
  } table[] = {
      {"/", "<html>"},           {"/index.html", "<html>"},           {"/devices/01abc", "<html>"},
      {"/font.woff2", "f"},      {"/assets/app-1a2b.js", "let a"},    {"/assets/other.js", nullptr},
      {"/favicon.ico", nullptr}, {"/assets/app-1a2b.js.gz", nullptr}, {"/obligations/5.1-software-approval", "<html>"}};
  for (const auto& row : table) {
    const auto response = files.find(get(row.path));
    ASSERT_EQ(response.has_value(), row.body != nullptr) << row.path;
    if (response) {
      EXPECT_EQ(response->body, row.body) << row.path;
    }
  }
}

TEST_F(StaticFilesTest, HashedNamesAreKeptForEverAndTheRestIsAskedForAgain) {
  const StaticFiles files = load();
  EXPECT_EQ(header(*files.find(get("/")), "Cache-Control"), "no-cache");
  EXPECT_NE(header(*files.find(get("/assets/app-1a2b.js")), "Cache-Control").find("immutable"), std::string::npos);
  const std::string etag = header(*files.find(get("/")), "ETag");
  const auto unchanged = files.find(get("/", "If-None-Match: " + etag + "\r\n"));
  EXPECT_EQ(unchanged->status, 304);
  EXPECT_EQ(unchanged->body, "");
}

TEST_F(StaticFilesTest, TheCompressedFormGoesToWhoTakesIt) {
  const StaticFiles files = load();
  const auto body = [&](const char* accepted) {
    return files.find(get("/assets/app-1a2b.js", std::string("Accept-Encoding: ") + accepted + "\r\n"))->body;
  };
  EXPECT_EQ(body("gzip, deflate, br"), "packed");
  EXPECT_EQ(body("br, gzip;q=0.5"), "packed");
  EXPECT_EQ(body("gzip;q=0"), "let a");
  EXPECT_EQ(body("identity"), "let a");
}

TEST_F(StaticFilesTest, WithoutAConsoleAPageSaysSo) {
  const StaticFiles files = StaticFiles::load({}).value();
  EXPECT_NE(files.find(get("/"))->body.find("--console"), std::string::npos);
  std::filesystem::remove(folder.path() / "index.html");
  EXPECT_FALSE(StaticFiles::load(folder.path()));
}

}  // namespace
}  // namespace luy::hub
