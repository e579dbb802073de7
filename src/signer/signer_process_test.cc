// Goal: the signer in its own process answers as the keeper does, survives being killed at any moment, and can do no
// more than it must.
// Method: the real program over its socket; kill -9 in a loop while it is asked.
#include "signer/signer_process.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <fstream>
#include <thread>

#include "evidence/error.h"
#include "signer/test_signer.h"

namespace luy::signer {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

struct ProcessTest : SignerTest {
  Result<std::unique_ptr<ChainSigner>> start() const { return start_signer({LUY_TEST_SIGNER, options()}); }
  evidence::ConsistencySource path() {
    return [this](std::uint64_t old_size, std::uint64_t new_size) -> Result<std::vector<Hash>> {
      return tree.path(old_size, new_size);
    };
  }
  // The signer that works on this folder: the one child with it among its words.
  pid_t child() const {
    for (const auto& entry : fs::directory_iterator("/proc")) {
      const auto words = read_file(entry.path() / "cmdline", 1 << 16);  // Not there: it ended meanwhile.
      if (words && words->find("luy-evidence-signer") != std::string::npos &&
          words->find(options().folder.string()) != std::string::npos) {
        return std::atoi(entry.path().filename().c_str());
      }
    }
    return -1;
  }
  // The program reads the real clock.
  const Day today = day_of(SystemClock().now());
};

// The state is written inside the sandbox, and is there when another process asks.
TEST_F(ProcessTest, CosignsForOthersAndRemembersIt) {
  auto log = std::move(Keeper::open({folder.path() / "log", "luy/log", {}, false}, clock, random).value());
  const auto ask = [&](ChainSigner& signer, std::uint64_t size, std::uint64_t old_size) {
    SignRequest wanted = tree.request(size, log->standing().size);
    wanted.tree.origin = "luy/log";
    const auto note = log->sign(wanted).value();
    CosignRequest request{log->standing().vkey, note.certificates, {old_size, {}, note.note}};
    if (old_size > 0) request.submission.path = tree.path(old_size, size);
    return signer.cosign(request);
  };
  std::string vkey;
  {
    const auto signer = std::move(start().value());
    vkey = signer->witness_vkey();
    const auto first = ask(*signer, 5, 0);
    ASSERT_TRUE(first) << first.error().text();
    EXPECT_EQ(first->outcome, Cosigned::Outcome::signed_);
    // What is no request is not sent: it would end the process.
    EXPECT_TRUE(signer->cosign({log->standing().vkey, {}, {0, {}, "x"}}).error().is(evidence::note_malformed));
    ::kill(child(), SIGKILL);
    const auto second = ask(*signer, 9, 5);
    ASSERT_TRUE(second) << second.error().text();
    EXPECT_EQ(second->outcome, Cosigned::Outcome::signed_);
  }
  const auto signer = std::move(start().value());
  EXPECT_EQ(signer->witness_vkey(), vkey);
  const auto rolled = ask(*signer, 12, 5);
  ASSERT_TRUE(rolled) << rolled.error().text();
  EXPECT_EQ(rolled->outcome, Cosigned::Outcome::conflict);
  EXPECT_EQ(rolled->size, 9U);
}

TEST_F(ProcessTest, SignsAndRefusesAsTheKeeperDoes) {
  const auto signer = start();
  ASSERT_TRUE(signer) << signer.error().text();
  EXPECT_EQ((*signer)->origin(), test_origin);
  const auto note = (*signer)->sign_checkpoint(tree.at(5), today, path());
  ASSERT_TRUE(note) << note.error().text();
  evidence::KeyRing ring({*evidence::VerifierKey::parse((*signer)->vkey())});
  EXPECT_EQ(ring.add(note->certificates), 0U);
  EXPECT_EQ(ring.verify(note->note)->day, today);
  EXPECT_EQ((*signer)->last_signed()->size, 5U);
  TestTree fork(3);
  EXPECT_TRUE((*signer)->sign_checkpoint(fork.at(5), today, path()).error().is(forked));
  EXPECT_TRUE((*signer)->sign_checkpoint(tree.at(5, "luy/x"), today, path()).error().is(other_origin));
  EXPECT_TRUE((*signer)->sign_checkpoint(tree.at(6), today, path()));
  EXPECT_TRUE((*signer)->sign_statement(evidence::format_body(tree.at(6, test_origin + "/package"))));
}

TEST_F(ProcessTest, AKilledSignerIsStartedAgain) {
  const auto signer = start();
  ASSERT_TRUE(signer);
  const std::string vkey = (*signer)->vkey();
  ASSERT_TRUE((*signer)->sign_checkpoint(tree.at(5), today, path()));
  const pid_t first = child();
  ASSERT_GT(first, 0);
  ASSERT_EQ(::kill(first, SIGKILL), 0);
  const auto note = (*signer)->sign_checkpoint(tree.at(9), today, path());
  ASSERT_TRUE(note) << note.error().text();
  EXPECT_NE(child(), first);
  EXPECT_EQ((*signer)->vkey(), vkey);
  EXPECT_EQ((*signer)->last_signed()->size, 9U);
}

TEST_F(ProcessTest, AStoppedSignerIsAnErrorAndThenStartedAgain) {
  const auto signer = start();
  ASSERT_TRUE(signer);
  fs::rename(options().folder, folder.path() / "away");
  ASSERT_EQ(::kill(child(), SIGKILL), 0);
  std::ofstream(options().folder) << "in the way";
  EXPECT_FALSE((*signer)->sign_checkpoint(tree.at(5), today, path()));
  fs::remove(options().folder);
  fs::rename(folder.path() / "away", options().folder);
  const auto note = (*signer)->sign_checkpoint(tree.at(5), today, path());
  EXPECT_TRUE(note) << note.error().text();
}

// Whenever it is killed, no size ever gets two roots, and what it signed before is continued.
TEST_F(ProcessTest, KillsAtAnyMomentLoseNothing) {
  const auto signer = start();
  ASSERT_TRUE(signer);
  evidence::KeyRing ring({*evidence::VerifierKey::parse((*signer)->vkey())});
  ASSERT_TRUE((*signer)->sign_checkpoint(tree.at(1), today, path()));
  std::atomic<bool> done = false;
  std::thread killer([&] {
    SeededRandom at(11);
    while (!done) {
      std::this_thread::sleep_for(std::chrono::microseconds(200 + at.next() % 300'000));
      if (const pid_t pid = child(); pid > 0) ::kill(pid, SIGKILL);
    }
  });
  std::uint64_t answered = 0;
  int silences = 0;
  for (std::uint64_t size = 2; size <= 60;) {
    const auto note = (*signer)->sign_checkpoint(tree.at(size), today, path());
    if (!note) {
      // Killed twice within one request.
      EXPECT_TRUE(note.error().is(silent)) << note.error().text();
      if (++silences > 200) break;
      continue;
    }
    EXPECT_EQ(ring.add(note->certificates), 0U);
    EXPECT_TRUE(ring.verify(note->note));
    answered = size++;
    // Some kills fall between two requests.
    std::this_thread::sleep_for(10ms);
  }
  done = true;
  killer.join();
  EXPECT_EQ(answered, 60U);
  TestTree fork(30);
  const auto forked_path = [&](std::uint64_t a, std::uint64_t b) -> Result<std::vector<Hash>> {
    return fork.path(a, b);
  };
  EXPECT_TRUE((*signer)->sign_checkpoint(fork.at(61), today, forked_path).error().is(forked));
}

TEST_F(ProcessTest, WhatIsWrongAtTheStartIsSaid) {
  EXPECT_TRUE(start_signer({"/nonexistent/signer", options()}).error().is(program_missing));
  fs::create_directory(options().folder);
  std::ofstream(options().folder / "state") << "x";
  EXPECT_TRUE(start().error().is(state_damaged));
}

TEST_F(ProcessTest, ItEndsWithTheHub) {
  auto signer = std::move(start().value());
  const pid_t pid = child();
  ASSERT_GT(pid, 0);
  signer.reset();
  EXPECT_EQ(child(), -1);
}

TEST_F(ProcessTest, TheSandboxLeavesItItsFolderAlone) {
  fs::create_directory(options().folder);
  const std::string command =
      std::string(LUY_TEST_SIGNER) + " --probe " + options().folder.string() + " >" + (folder.path() / "out").string();
  const int status = std::system(command.c_str());
  const std::string text = *read_file(folder.path() / "out", 4096);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << text;
  EXPECT_NE(text.find("sockets 0 processes 0 own 1"), std::string::npos) << text;
  // "files" is 0 where the kernel has Landlock.
}

}  // namespace
}  // namespace luy::signer
