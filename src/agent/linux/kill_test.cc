// Goal: kill -9 at any moment loses and doubles nothing: not in the middle of a write, not between a batch and its
// acknowledgement.
// Method: a child process reads a growing "log" (the numbers from 0), spools it on a real disk and "sends" batches by
// appending them to a file, which plays the hub; the parent kills it after a random time, many times over.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <map>

#include "agent/linux/folder_disk.h"
#include "agent/linux/temporary_folder.h"
#include "agent/spool.h"
#include "base/encoding.h"
#include "base/file.h"

namespace luy::agent {
namespace {

constexpr SpoolOptions options{1 << 20, 8 << 10, 2 << 10};

std::vector<Item> next_numbers(const Spool& spool) {
  const std::string position = spool.position("log");
  const int from = position.empty() ? 0 : std::stoi(position);
  std::vector<Item> items(7);
  for (int i = 0; i < 7; ++i) {
    items[static_cast<std::size_t>(i)].record = {event::Transport::file, "log", std::to_string(from + i)};
  }
  items.back().position_key = "log";
  items.back().position = std::to_string(from + 7);
  return items;
}

// What the agent does, for ever.
[[noreturn]] void child(const std::filesystem::path& folder, std::uint64_t seed) {
  SeededRandom random(seed);
  const auto disk = FolderDisk::open_folder(folder / "spool");
  auto spool = Spool::open(**disk, options, random);
  const int hub = ::open((folder / "hub").c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  if (!spool || hub < 0) ::_exit(2);
  for (;;) {
    if (!(*spool)->put(next_numbers(**spool))) ::_exit(3);
    for (std::uint64_t i = random.next() % 3; i > 0; --i) {
      auto batch = (*spool)->next();
      if (!batch) ::_exit(4);
      if (!*batch) break;
      std::string framed;
      put_u32(framed, static_cast<std::uint32_t>((*batch)->bytes.size()));
      framed += (*batch)->bytes;
      if (::write(hub, framed.data(), framed.size()) != static_cast<ssize_t>(framed.size())) ::_exit(5);
      if (random.next() % 4 == 0) break;  // The answer is lost.
      if (!(*spool)->acknowledge((*batch)->number)) ::_exit(6);
    }
  }
}

// The batches in the hub's file; a last one that was cut by the kill never arrived.
std::vector<std::string> batches_in(const std::filesystem::path& path) {
  const auto text = read_file(path, 256 << 20);
  std::vector<std::string> out;
  if (!text) return out;
  ByteReader reader(*text);
  std::size_t whole = 0;
  while (!reader.rest().empty()) {
    const std::string_view bytes = reader.bytes(reader.u32());
    if (!reader.ok()) break;
    out.emplace_back(bytes);
    whole += 4 + bytes.size();
  }
  std::filesystem::resize_file(path, whole);
  return out;
}

TEST(Kill, AtAnyMomentLosesAndDoublesNothing) {
  const TemporaryFolder folder;
  SeededRandom random(99);
  for (int cycle = 0; cycle < 40; ++cycle) {
    const std::uint64_t seed = random.next();
    const pid_t pid = ::fork();
    ASSERT_GE(pid, 0);
    if (pid == 0) child(folder.path(), seed);
    const timespec pause{0, static_cast<long>(1'000'000 + random.next() % 30'000'000)};
    ::nanosleep(&pause, nullptr);
    ::kill(pid, SIGKILL);
    int status = 0;
    ::waitpid(pid, &status, 0);
    ASSERT_TRUE(WIFSIGNALED(status)) << "the child ended by itself with " << WEXITSTATUS(status);
    batches_in(folder.path() / "hub");
  }
  std::map<std::uint64_t, std::string> by_number;
  std::uint64_t spool_id = 0;
  for (const std::string& bytes : batches_in(folder.path() / "hub")) {
    const auto batch = event::decode_batch(bytes).value();
    if (spool_id == 0) spool_id = batch.spool_id;
    ASSERT_EQ(batch.spool_id, spool_id);
    EXPECT_EQ(batch.dropped, 0U);
    const auto [it, fresh] = by_number.emplace(batch.number, bytes);
    ASSERT_TRUE(fresh || it->second == bytes) << "batch " << batch.number << " changed";
  }
  // What is still in the spool follows without a hole.
  SeededRandom any(1);
  const auto disk = FolderDisk::open_folder(folder.path() / "spool");
  const auto spool = Spool::open(**disk, options, any);
  for (auto batch = (*spool)->next().value(); batch; batch = (*spool)->next().value()) {
    by_number.emplace(batch->number, batch->bytes);
    (*spool)->acknowledge(batch->number).value();
  }
  int expected = 0;
  std::uint64_t number = 0;
  for (const auto& [n, bytes] : by_number) {
    ASSERT_EQ(n, ++number) << "a batch is missing";
    const auto batch = event::decode_batch(bytes).value();
    for (const auto& record : batch.records) ASSERT_EQ(record.raw, std::to_string(expected++));
  }
  EXPECT_EQ(std::to_string(expected), (*spool)->position("log"));
  EXPECT_GT(expected, 40) << "the children got to work";
}

}  // namespace
}  // namespace luy::agent
