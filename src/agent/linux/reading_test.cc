// Goal: collectors tell what is absent from what may not be read, and count the keys that let an account in.
// Method: the tree testdata/office and an empty one; what cannot be read is a link to itself, which stops root, too.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "agent/linux/collectors.h"
#include "agent/linux/fake_machine.h"

namespace luy::agent {
namespace {

template <class Body>
Body body_of(Result<Finding> finding) {
  return std::get<Body>(finding.value().body);
}

class ReadingTest : public testing::Test {
 protected:
  FakeMachine office_{"office"};
  FakeMachine empty_;
  const Machine& machine_ = office_.machine;
};

TEST_F(ReadingTest, KeysLetLockedAccountsIn) {
  office_.folder.write("usr/sbin/sshd", "");
  office_.folder.write("etc/ssh/sshd_config", "Include /etc/ssh/sshd_config.d/*.conf\nUsePAM yes\nUsePAM no\n");
  office_.folder.write("home/minh/.ssh/authorized_keys", "# work\n\nssh-ed25519 AAAA minh@a\nssh-rsa AAAA minh@b");
  office_.folder.write("home/minh/.ssh/authorized_keys2", "ssh-ed25519 AAAA minh@c\n");
  office_.folder.write("home/old/.ssh/authorized_keys", "ssh-ed25519 AAAA\n");
  office_.folder.write("root/.ssh/authorized_keys", "ssh-ed25519 AAAA\n");
  const auto of = [&](const std::string& name) {
    for (const fact::Account& one : body_of<fact::Accounts>(collect_accounts(machine_)).accounts) {
      if (one.name == name) return one;
    }
    return fact::Account{};
  };
  EXPECT_EQ(of("minh").login_keys, 3);
  EXPECT_TRUE(of("minh").can_log_in) << "the password is locked, the keys are not";
  EXPECT_EQ(of("minh").password, "locked");
  EXPECT_EQ(of("old").login_keys, 0) << "an expired account has no use for its key";
  EXPECT_FALSE(of("old").can_log_in);
  EXPECT_EQ(of("lan").login_keys, 0);
  EXPECT_EQ(of("root").login_keys, 1);
  office_.folder.write("etc/ssh/sshd_config.d/10-town.conf",
                       "PermitRootLogin no\nAuthorizedKeysFile /etc/keys/%u none\n");
  office_.folder.write("etc/keys/minh", "ssh-ed25519 AAAA\n");
  EXPECT_EQ(of("minh").login_keys, 1) << "the first value counts";
  EXPECT_EQ(of("root").login_keys, 0);
  office_.folder.write("etc/ssh/sshd_config.d/20-x.conf", "AuthorizedKeysCommand /usr/bin/sss_ssh_authorizedkeys\n");
  EXPECT_FALSE(of("lan").login_keys) << "a program may know more";
  EXPECT_EQ(of("minh").login_keys, 1);
  std::filesystem::remove_all(office_.folder.at("etc/ssh/sshd_config.d"));
  office_.folder.write("etc/ssh/sshd_config", "PubkeyAuthentication = no\n");
  EXPECT_EQ(of("minh").login_keys, 0);
  office_.folder.write("etc/ssh/sshd_config", "");
  EXPECT_EQ(of("minh").login_keys, 0) << "without PAM a locked account is locked";
  std::filesystem::remove(office_.folder.at("usr/sbin/sshd"));
  EXPECT_FALSE(of("minh").can_log_in) << "nobody listens";
}

TEST_F(ReadingTest, WhatCannotBeReadIsNotTakenForAbsent) {
  const auto bar = [&](const std::string& name) {
    std::filesystem::remove(empty_.folder.at(name));
    empty_.link(std::filesystem::path(name).filename().string(), name);
  };
  bar("etc/sssd/sssd.conf");
  EXPECT_EQ(body_of<fact::Domain>(collect_domain(empty_.machine)).kind, "unknown");
  empty_.folder.write("etc/samba/smb.conf", "[global]\nsecurity = ADS\nrealm = BIMSON.EXAMPLE\n");
  EXPECT_EQ(body_of<fact::Domain>(collect_domain(empty_.machine)).kind, "active-directory");
  bar("etc/samba/smb.conf");
  EXPECT_EQ(body_of<fact::Domain>(collect_domain(empty_.machine)).kind, "unknown");
  EXPECT_FALSE(collect_shares(empty_.machine));
  std::filesystem::remove(empty_.folder.at("etc/samba/smb.conf"));
  EXPECT_TRUE(collect_shares(empty_.machine));
  bar("var/lib/samba/usershares");
  EXPECT_FALSE(collect_shares(empty_.machine));

  empty_.folder.write("usr/sbin/sshd", "");
  empty_.folder.write("etc/passwd", "lan:x:1000:1000::/home/lan:/bin/bash\n");
  empty_.folder.write("etc/shadow", "lan:*:20000:0:99999:7:::\n");
  bar("home/lan/.ssh/authorized_keys");
  const auto lan = body_of<fact::Accounts>(collect_accounts(empty_.machine)).accounts.at(0);
  EXPECT_FALSE(lan.login_keys);
  EXPECT_FALSE(lan.can_log_in);
  bar("var/log/wtmp");
  EXPECT_FALSE(collect_accounts(empty_.machine)) << "not the same as never logged in";

  empty_.folder.write("usr/sbin/clamd", "");
  EXPECT_EQ(body_of<fact::Antivirus>(collect_antivirus(empty_.machine)).products.at(0).scans_readable, true);
  bar("var/log/clamav/scan.log");
  EXPECT_EQ(body_of<fact::Antivirus>(collect_antivirus(empty_.machine)).products.at(0).scans_readable, false);
}

TEST_F(ReadingTest, APipeInTheHomeOfAUserDoesNotStopTheAgent) {
  office_.folder.write("usr/sbin/sshd", "");
  std::filesystem::create_directories(office_.folder.at("home/lan/.ssh"));
  ASSERT_EQ(::mkfifo(office_.folder.at("home/lan/.ssh/authorized_keys").c_str(), 0600), 0);
  EXPECT_EQ(body_of<fact::Accounts>(collect_accounts(machine_)).accounts.at(3).login_keys, 0);
}

}  // namespace
}  // namespace luy::agent
