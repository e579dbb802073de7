// Goal: luy-agent-apt tells security updates from others by the archive they are in, and never writes.
// Method: the program itself on a made-up root with two archives.
#include <gtest/gtest.h>

#include "agent/collector.h"
#include "agent/linux/linux_kernel.h"
#include "agent/linux/temporary_folder.h"

namespace luy::agent {
namespace {

#ifdef LUY_APT_PROGRAM
constexpr const char* program = LUY_APT_PROGRAM;
#else
constexpr const char* program = "";
#endif

std::string package(const std::string& name, const std::string& version) {
  return "Package: " + name + "\nVersion: " + version +
         "\nArchitecture: all\nMaintainer: x <x@y.example>\nInstalled-Size: 1\nSize: 1\nFilename: pool/" + name +
         "\nSHA256: 0000000000000000000000000000000000000000000000000000000000000000\nDescription: x\n\n";
}
std::string installed(const std::string& name, const std::string& version) {
  return "Package: " + name + "\nStatus: install ok installed\nVersion: " + version +
         "\nArchitecture: all\nMaintainer: x <x@y.example>\nDescription: x\n\n";
}

class AptTest : public testing::Test {
 protected:
  void SetUp() override {
    if (std::string(program).empty()) GTEST_SKIP() << "luy-agent-apt is built only where libapt-pkg is installed";
    folder_.write("var/lib/dpkg/status", installed("bash", "1.0-1") + installed("zlib", "1.0-1") +
                                             installed("vim", "1.0-1") + installed("own", "9.0-1"));
    folder_.write("etc/apt/sources.list",
                  "deb [trusted=yes] http://mirror.example/debian stable main\n"
                  "deb [trusted=yes] http://mirror.example/debian-security stable-security main\n");
    const std::string lists = "var/lib/apt/lists/mirror.example_debian";
    folder_.write(lists + "_dists_stable_Release", "Suite: stable\nCodename: bookworm\nComponents: main\n");
    folder_.write(lists + "_dists_stable_main_binary-all_Packages",
                  package("vim", "2.0-1") + package("zlib", "3.0-1") + package("own", "1.0-1"));
    folder_.write(lists + "-security_dists_stable-security_Release",
                  "Suite: stable-security\nCodename: bookworm-security\nLabel: Debian-Security\nComponents: main\n");
    folder_.write(lists + "-security_dists_stable-security_main_binary-all_Packages",
                  package("bash", "1.0-1+deb12u1") + package("zlib", "2.0-1") + package("own", "1.0-2"));
  }
  Result<std::string> run() { return kernel_.run({program, "--root", folder_.path().string()}, {}); }

  TemporaryFolder folder_;
  LinuxKernel kernel_;
};

TEST_F(AptTest, SecurityUpdatesAreThoseInAnArchiveOfThatName) {
  const auto json = run();
  ASSERT_TRUE(json) << json.error().text();
  EXPECT_NE(
      json->find(R"({"package":"bash","installed":"1.0-1","offered":"1.0-1+deb12u1","archive":"bookworm-security"})"),
      std::string::npos)
      << *json;
  EXPECT_NE(json->find(R"("package":"zlib","installed":"1.0-1","offered":"2.0-1")"), std::string::npos)
      << "also when another archive has a newer one: " << *json;
  EXPECT_EQ(json->find("\"vim\""), std::string::npos);
  EXPECT_EQ(json->find("\"own\""), std::string::npos) << "older than what is installed";
  EXPECT_NE(json->find("\"other_count\":1}"), std::string::npos) << *json;
}

TEST_F(AptTest, NothingIsWritten) {
  const auto files = [&] {
    std::size_t count = 0;
    for ([[maybe_unused]] const auto& entry : std::filesystem::recursive_directory_iterator(folder_.path())) ++count;
    return count;
  };
  const std::size_t before = files();
  ASSERT_TRUE(run());
  EXPECT_EQ(files(), before);
}

TEST(Run, OutputTimeAndStatusAreBounded) {
  LinuxKernel kernel;
  EXPECT_EQ(kernel.run({"/bin/echo", "a b"}, {}).value(), "a b\n");
  EXPECT_FALSE(kernel.run({"/nowhere/program"}, {}));
  EXPECT_TRUE(kernel.run({"/bin/false"}, {}).error().is(collector_failed));
  EXPECT_TRUE(kernel.run({"/usr/bin/yes"}, {std::chrono::seconds(10), 1000}).error().is(collector_failed));
  EXPECT_TRUE(kernel.run({"/bin/sleep", "60"}, {std::chrono::milliseconds(50), 1000}).error().is(collector_failed));
  LinuxKernel stopping;
  stopping.interrupt();
  EXPECT_TRUE(stopping.run({"/bin/sleep", "60"}, {}).error().is(collector_failed));
  const auto environment = kernel.run({"/usr/bin/env"}, {});
  ASSERT_TRUE(environment);
  EXPECT_EQ(environment->find("HOME="), std::string::npos);
}

}  // namespace
}  // namespace luy::agent
