// Goal: files are kept by what they are and not by what they are called. Method: real signatures, hostile names, a file
// changed on disk.
#include "incident/vault.h"

#include <gtest/gtest.h>

#include "base/file.h"
#include "base/utf8.h"
#include "incident/fixture.h"

namespace luy::incident {
namespace {

using namespace std::string_literals;

TEST(Vault, TypesAreToldFromTheBytes) {
  const struct {
    std::string bytes;
    std::optional<std::string> want;
  } table[] = {
      {"\xff\xd8\xff\xe0 rest", "image/jpeg"},     {"\x89PNG\r\n\x1a\n rest"s, "image/png"},
      {"RIFF1234WEBPVP8 ", "image/webp"},          {"%PDF-1.7\n", "application/pdf"},
      {"PK\x03\x04...", "application/zip"},        {"Lúc 8 giờ máy chậm\n", "text/plain"},
      {"<script>alert(1)</script>", "text/plain"}, {"MZ\x90\x00\x03"s, std::nullopt},
      {"\x7f"s + "ELF\x02", std::nullopt},         {"", std::nullopt},
      {"GIF89a\x01\x00"s, std::nullopt},
  };
  for (const auto& [bytes, want] : table) EXPECT_EQ(sniff_type(bytes), want) << bytes;
}

TEST(Vault, HostileNamesBecomeHarmless) {
  const struct {
    const char* name;
    const char* want;
  } table[] = {
      {"ảnh màn hình.png", "ảnh màn hình.png"},
      {"../../etc/passwd", "passwd"},
      {"C:\\tam\\a.jpg", "a.jpg"},
      {"..", "tep"},
      {"", "tep"},
      {"a\nb.txt", "a_b.txt"},
      {"x\"y<z>.pdf", "x_y_z_.pdf"},
      {"hoadon\xe2\x80\xae"
       "fdp.exe",
       "hoadonfdp.exe"},
      {".htaccess", "htaccess"},
  };
  for (const auto& [name, want] : table) EXPECT_EQ(clean_file_name(name), want);
  EXPECT_LE(clean_file_name(std::string(5000, 'a')).size(), file_name_bytes_max);
  EXPECT_TRUE(is_utf8(clean_file_name("\xff\xfe\xe2\x80")));
}

TEST(Vault, KeepsAFileOnceAndNoticesThatItWasChanged) {
  TestFolder folder;
  const auto vault = Vault::open(folder.path / "files");
  ASSERT_TRUE(vault);
  const auto first = vault->put("%PDF-1.7 a");
  ASSERT_TRUE(first);
  EXPECT_EQ(vault->put("%PDF-1.7 a")->sha256, first->sha256);
  EXPECT_EQ(*vault->get(first->sha256), "%PDF-1.7 a");
  ASSERT_TRUE(write_file_durably(folder.path / "files" / first->sha256.substr(0, 2) / first->sha256, "%PDF-1.7 b"));
  EXPECT_TRUE(vault->get(first->sha256).error().is(attachment_damaged));
  EXPECT_TRUE(vault->get(std::string(64, 'a')).error().is(attachment_unknown));
  EXPECT_TRUE(vault->get("../../etc/passwd").error().is(attachment_unknown));
}

TEST(Vault, IsBounded) {
  TestFolder folder;
  const auto vault = Vault::open(folder.path);
  std::string photo(photo_bytes_max + 1, 'x');
  photo.replace(0, 3, "\xff\xd8\xff");
  EXPECT_TRUE(vault->put(photo).error().is(attachment_too_large));
  photo.pop_back();
  EXPECT_TRUE(vault->put(photo));
  EXPECT_TRUE(vault->put("MZ\x90").error().is(file_type_refused));
}

}  // namespace
}  // namespace luy::incident
