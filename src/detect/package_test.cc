// Goal: rule packages are read as tar and gzip write them, and damage is named.
// Method: an archive made here byte by byte, whole and cut.
#include "detect/package.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include <algorithm>

#include "detect/error.h"

namespace luy::detect {
namespace {

std::string member(const std::string& name, const std::string& body, char type = '0') {
  std::string header(512, '\0');
  header.replace(0, name.size(), name);
  char size[13];
  std::snprintf(size, sizeof size, "%011zo", body.size());
  header.replace(124, 11, size);
  header.replace(148, 8, 8, ' ');
  header[156] = type;
  header.replace(257, 5, "ustar");
  unsigned sum = 0;
  for (const char c : header) sum += static_cast<unsigned char>(c);
  char checksum[8];
  std::snprintf(checksum, sizeof checksum, "%06o", sum);
  header.replace(148, 7, std::string(checksum) + '\0');
  return header + body + std::string((512 - body.size() % 512) % 512, '\0');
}

std::string gzip(const std::string& plain) {
  z_stream stream{};
  deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
  std::string out(plain.size() + 1024, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(plain.data()));
  stream.avail_in = static_cast<uInt>(plain.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

const std::string archive = member("b/two.yml", "two") + member("a/one.yaml", "one") + member("README", "no") +
                            member("link.yml", "", '2') + member("././@LongLink", "long/name.yml", 'L') +
                            member("cut", "three") + std::string(1024, '\0');

TEST(Package, GivesRuleFilesSortedByName) {
  for (const std::string& bytes : {archive, gzip(archive)}) {
    const auto files = unpack_rules(bytes).value();
    ASSERT_EQ(files.size(), 3U);
    EXPECT_EQ(files[0].name + files[0].bytes, "a/one.yamlone");
    EXPECT_EQ(files[1].name + files[1].bytes, "b/two.ymltwo");
    EXPECT_EQ(files[2].name + files[2].bytes, "long/name.ymlthree");
  }
}

TEST(Package, DamageIsNamed) {
  const std::string packed = gzip(archive);
  std::string flipped = archive;
  flipped[3] = 'x';
  const struct {
    const char* says;
    std::string bytes;
  } table[] = {{"cut gzip", packed.substr(0, packed.size() / 2)},
               {"no archive", "hello, I am no archive at all"},
               {"wrong checksum", flipped},
               {"cut body", archive.substr(0, 513)}};
  for (const auto& row : table) {
    const auto files = unpack_rules(row.bytes);
    ASSERT_FALSE(files) << row.says;
    EXPECT_EQ(files.error().name(), bad_package.name) << row.says;
  }
}

TEST(Package, ABombIsStopped) {
  const auto out = gunzip(gzip(std::string(4 << 20, 'a')), 1 << 20);
  ASSERT_FALSE(out);
  EXPECT_EQ(out.error().name(), over_limit.name);
}

TEST(Package, ReadsBackWhatItPacked) {
  std::vector<RuleFile> files;
  for (const std::size_t length : {std::size_t{5}, std::size_t{100}, std::size_t{101}, std::size_t{600}}) {
    files.push_back({std::string(length - 4, 'a') + ".yml", std::string(length * 7, 'x')});
  }
  files.push_back({"@cua-toi/Đăng nhập.yml", ""});
  std::sort(files.begin(), files.end(), [](const RuleFile& a, const RuleFile& b) { return a.name < b.name; });
  const auto back = unpack_rules(pack_rules(files));
  ASSERT_TRUE(back) << back.error().text();
  ASSERT_EQ(back->size(), files.size());
  for (std::size_t i = 0; i < files.size(); ++i) {
    EXPECT_EQ(back->at(i).name, files[i].name);
    EXPECT_EQ(back->at(i).bytes, files[i].bytes);
  }
  EXPECT_TRUE(unpack_rules(pack_rules({})).value().empty());
}

}  // namespace
}  // namespace luy::detect
