// Goal: a declaration of a seal is read as written, and what is wrong in it is named with the file and the key.
#include "seal/seal.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "signature/fixture.h"

namespace luy::seal {
namespace {

namespace fs = std::filesystem;
using signature::scratch;
using signature::write_bytes;

constexpr std::string_view whole = R"({"agency": "UBND-TX", "name": "Con dấu UBND thị xã", "module": "/lib/p11.so",
  "token": "vanthu", "key": "agency", "pin_file": "pin", "picture": "dau.png", "signature": "/etc/chu-ky.png",
  "issuers": "ca.pem", "width_mm": 38, "time_stamp": "http://tsa.example.vn/"})";

fs::path folder(const std::string& name) {
  fs::path out = scratch(name);
  fs::create_directories(out);
  return out;
}

TEST(Seals, AreReadWithPathsBesideTheFile) {
  const fs::path where = folder("seals-read");
  write_bytes(where / "ubnd.json", whole);
  write_bytes(where / "notes.txt", "not a declaration");
  const auto seals = read_seals(where);
  ASSERT_TRUE(seals.has_value()) << seals.error().text();
  ASSERT_EQ(seals->size(), 1U);
  const Seal& one = seals->front();
  EXPECT_EQ(one.id, "ubnd");
  EXPECT_EQ(one.agency, "UBND-TX");
  EXPECT_EQ(one.module, "/lib/p11.so");
  EXPECT_EQ(one.pin_file, where / "pin");
  EXPECT_EQ(one.picture, where / "dau.png");
  EXPECT_EQ(one.signature, "/etc/chu-ky.png");
  EXPECT_EQ(one.issuers, where / "ca.pem");
  EXPECT_EQ(one.width_mm, 38);
  EXPECT_EQ(one.time_stamp, "http://tsa.example.vn/");
  EXPECT_TRUE(read_seals(where / "none").value().empty());
}

TEST(Seals, EveryFaultIsNamed) {
  const auto with = [](std::string_view from, std::string_view to) {
    std::string out(whole);
    out.replace(out.find(from), from.size(), to);
    return out;
  };
  const struct {
    std::string bytes;
    std::string named;
  } table[] = {
      {"", "JSON"},
      {"[]", "JSON"},
      {"{}", "agency"},
      {with("\"token\": \"vanthu\"", "\"token\": \"\""), "token"},
      {with("\"key\": \"agency\"", "\"key\": 7"), "key"},
      {with("\"picture\"", "\"photo\""), "picture"},
      {with("\"issuers\"", "\"issuer\""), "issuer"},
      {with("38", "380"), "width_mm"},
      {with("38", "-1"), "width_mm"},
      {with("http:", "ftp:"), "time_stamp"},
  };
  const fs::path where = folder("seals-wrong");
  for (const auto& [bytes, named] : table) {
    write_bytes(where / "a.json", bytes);
    const auto seals = read_seals(where);
    ASSERT_FALSE(seals.has_value()) << bytes;
    EXPECT_TRUE(seals.error().is(bad_file)) << bytes;
    EXPECT_NE(seals.error().detail().find("a.json: " + named), std::string::npos) << seals.error().text();
  }
  write_bytes(where / "a.json", whole);
  write_bytes(where / "b.json", whole);
  EXPECT_EQ(read_seals(where).error().detail(), "b.json: UBND-TX") << "two seals of one agency";
}

TEST(Seals, APinThatOthersReadIsRefused) {
  const fs::path where = folder("seals-pin");
  Seal seal;
  seal.pin_file = where / "pin";
  EXPECT_FALSE(read_pin(seal).has_value());
  write_bytes(seal.pin_file, "1234\n");
  for (const mode_t mode : {0640U, 0604U, 0660U}) {
    ::chmod(seal.pin_file.c_str(), mode);
    EXPECT_TRUE(read_pin(seal).error().is(pin_exposed)) << mode;
  }
  ::chmod(seal.pin_file.c_str(), 0600);
  EXPECT_EQ(read_pin(seal).value(), "1234");
}

}  // namespace
}  // namespace luy::seal
