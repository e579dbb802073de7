// What the module's tests share: a temporary folder, a signing key, a fake clock and a store on them.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "evidence/store.h"

namespace luy::evidence {

class TemporaryFolder {
 public:
  TemporaryFolder() {
    // In memory where there is such a place: hundreds of fsyncs take a minute on a slow disk.
    const std::filesystem::path memory = "/dev/shm";
    const auto base = ::access(memory.c_str(), W_OK) == 0 ? memory : std::filesystem::temp_directory_path();
    std::string pattern = (base / "luy-evidence-XXXXXX").string();
    EXPECT_NE(::mkdtemp(pattern.data()), nullptr);
    path_ = pattern;
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

// 2026-11-22 10:00 in Vietnam.
inline Time test_start() {
  return day_begin(*day_from_iso("2026-11-22")) + std::chrono::hours(10);
}

inline const std::string test_origin = "luy/bim-son";

struct TestStore {
  TestStore() {
    EXPECT_TRUE(FileNoteSigner::generate(folder.path() / "key.pem"));
    signer = load_signer();
  }

  std::unique_ptr<FileNoteSigner> load_signer() const {
    return *FileNoteSigner::load(folder.path() / "key.pem", test_origin);
  }
  std::filesystem::path store_folder() const { return folder.path() / "evidence"; }
  Result<std::unique_ptr<Store>> try_open(int retention_days = 30) {
    return open_store({store_folder(), retention_days}, clock, *signer);
  }
  void open() {
    auto opened = try_open();
    ASSERT_TRUE(opened) << opened.error().text();
    store = *std::move(opened);
  }
  void reopen() {
    store.reset();
    open();
  }

  // One batch of lines from one stream; answers the result.
  Result<Appended> add(const std::vector<std::string>& lines, std::optional<BatchKey> key = std::nullopt,
                       std::string_view source = "agency/device/journal") {
    Store::Batch batch{std::move(key), {}};
    for (const std::string& line : lines) batch.records.push_back({source, 1, line});
    auto answer = store->append({&batch, 1});
    if (!answer) return answer.error();
    return answer->front();
  }
  std::vector<std::string> all_lines() const {
    std::vector<std::string> out;
    EXPECT_TRUE(store->replay(0, [&](const Record& record) {
      if (record.transport == 1) out.push_back(record.raw);
      return true;
    }));
    return out;
  }

  TemporaryFolder folder;
  FakeClock clock{test_start()};
  std::unique_ptr<FileNoteSigner> signer;
  std::unique_ptr<Store> store;
};

}  // namespace luy::evidence
