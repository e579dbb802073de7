// Goal: easy passwords are refused and good ones are not; hashes carry their cost; one-time passwords are readable and
// different.
// Method: a table of passwords; hashes at the least cost.
#include "directory/password.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <set>
#include <thread>
#include <vector>

#include "directory/stored/common_password.h"

namespace luy::directory {

TEST(NewPassword, IsRefusedWhenItIsEasyToGuess) {
  const struct {
    std::string password;
    const ErrorKind* error;  // nullptr: accepted.
  } table[] = {
      {"sông mã chảy về đông", nullptr},
      {"correct horse battery", nullptr},
      {"k7m2p-qrs4t-vwx6y-z2345", nullptr},
      {"Mưa rào tháng 7!", nullptr},
      {"пароль из слов", nullptr},
      {"", &password_too_short},
      {"sông mã chảy", nullptr},  // Twelve characters.
      {"sông mã chả", &password_too_short},
      {std::string(256, 'a') + "b", &password_too_long},
      {"tab\there is long enough", &password_bad_text},
      {"bad \xff utf-8 text here", &password_bad_text},
      {"tôi là Lan.Nguyen đây", &password_has_username},
      {"LAN.NGUYEN của tôi ơi", &password_has_username},
      {"aaaaaaaaaaaaaa", &password_common},
      {"abababababab", &password_common},
      {"abcdeabcdeabcde", &password_common},
      {"123456789012", &password_common},
      {"210987654321", &password_common},
      {"0912345678901", &password_common},
      {"22/11/2026 08:30", &password_common},
      {"qwertyuiopas", &password_common},
      {"1q2w3e4r5t6y", &password_common},
      {"1qaz2wsx3edc", &password_common},
      {"abcdefghijklm", &password_common},
      {"password1234", &password_common},
      {"P@ssw0rd2026!", &password_common},
      {"Mật khẩu 2026", &password_common},
      {"matkhau123456", &password_common},
      {"M@tKh4u@2026", &password_common},
      {"AdminAdmin123", &password_common},
      {"Admin@2026!!!", &password_common},
      {"ubndbimson2026", &password_common},
      {"BimSon@ThanhHoa", &password_common},
      {"anhyeuem12345", &password_common},
      {"!!!!iloveyou!!!!", &password_common},
  };
  for (const auto& [password, error] : table) {
    const auto result = check_new_password(password, "lan.nguyen");
    EXPECT_EQ(result.has_value(), error == nullptr) << password << ": " << (result ? "" : result.error().text());
    if (!result && error != nullptr) {
      EXPECT_TRUE(result.error().is(*error)) << password << ": " << result.error().text();
    }
  }
}

TEST(NewPassword, MayHoldAUserNameOfTwoLetters) {
  EXPECT_TRUE(check_new_password("sông mã chảy về đông", "ma"));
}

TEST(PasswordHasher, TellsTheRightPasswordFromOthers) {
  PasswordHasher hasher(password_cost_of_tests);
  const std::string hash = *hasher.hash("sông mã");
  EXPECT_TRUE(hash.starts_with("$argon2id$v=19$m=8,t=1,p=1$")) << hash;
  EXPECT_TRUE(*hasher.verify(hash, "sông mã"));
  EXPECT_FALSE(*hasher.verify(hash, "sông mã "));
  EXPECT_FALSE(*hasher.verify(hash, ""));
  EXPECT_FALSE(*hasher.verify("not a hash", "sông mã"));
  EXPECT_NE(hash, *hasher.hash("sông mã"));
  EXPECT_TRUE(hasher.verify_nobody("sông mã"));
}

TEST(PasswordHasher, NoticesAHashOfAnotherCost) {
  PasswordHasher cheap(password_cost_of_tests);
  PasswordHasher dearer({2, 16384});
  const std::string hash = *cheap.hash("x");
  EXPECT_FALSE(cheap.needs_rehash(hash));
  EXPECT_TRUE(dearer.needs_rehash(hash));
  EXPECT_TRUE(*dearer.verify(hash, "x"));
}

TEST(PasswordHasher, CostsWhatTheDesignAsksFor) {
  EXPECT_TRUE(PasswordHasher().hash("x")->starts_with("$argon2id$v=19$m=65536,t=3,p=1$"));
}

TEST(PasswordHasher, SendsTheLastOfACrowdAway) {
  // Dear enough that the crowd is there before the first few are done.
  PasswordHasher hasher({3, std::size_t{16} << 20});
  constexpr std::size_t crowd = 60;
  std::vector<std::thread> threads;
  std::atomic<std::size_t> done{0};
  std::atomic<std::size_t> busy{0};
  for (std::size_t i = 0; i < crowd; ++i) {
    threads.emplace_back([&] {
      const auto result = hasher.hash("x");
      if (result) ++done;
      if (!result && result.error().is(passwords_busy)) ++busy;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(done + busy, crowd);
  EXPECT_GE(done, PasswordHasher::running_max + PasswordHasher::waiting_max);
  EXPECT_GT(busy, 0U);
}

TEST(OneTimePassword, IsReadableAndNeverTheSame) {
  SystemRandom random;
  std::set<std::string> seen;
  std::set<char> letters;
  for (int i = 0; i < 500; ++i) {
    const std::string password = make_one_time_password(random);
    ASSERT_EQ(password.size(), 23U);
    for (std::size_t at = 0; at < password.size(); ++at) {
      EXPECT_EQ(password[at] == '-', at % 6 == 5) << password;
      if (password[at] != '-') letters.insert(password[at]);
    }
    EXPECT_TRUE(seen.insert(password).second);
  }
  EXPECT_EQ(std::string(letters.begin(), letters.end()), "23456789abcdefghjkmnpqrstuvwxyz");
}

TEST(CommonPasswords, AreRefusedWhateverStandsAroundThem) {
  const auto lines = std::count(common_passwords_text().begin(), common_passwords_text().end(), '\n');
  if (lines <= 2) GTEST_SKIP() << "built without python3-zxcvbn";
  EXPECT_GT(lines, 10'000);
  const struct {
    const char* password;
    bool taken;
  } table[] = {
      {"Willow!2026!!", false},
      {"2026-w1ll0w-2026", false},
      {"MERCEDE1--2026", false},
      {"Liverpool2026!", false},
      {"correct horse battery staple", true},
      {"willow by the river", true},
      {"sông mã chảy về đông", true},
      {"Wxllow!2026!!", true},
  };
  for (const auto& [password, taken] : table) {
    const auto checked = check_new_password(password, "lan");
    EXPECT_EQ(checked.has_value(), taken) << password;
    EXPECT_TRUE(taken || checked.error().is(password_common)) << password;
  }
}

}  // namespace luy::directory
