// For tests: a clamd on a socket of its own that calls infected what holds a certain text, and that can be told to go
// away, to keep silent or to fall over a file.
#pragma once

#include <atomic>
#include <filesystem>
#include <string>
#include <thread>

#include "base/file.h"

namespace luy::agent {

class FakeClamd {
 public:
  static constexpr const char* infected_text = "EVIL";  // "Fake.Evil" where a file holds it.
  static constexpr const char* deadly_text = "BOOM";    // The connection is closed.
  static constexpr const char* locked_text = "LOCK";    // "Access denied. ERROR"

  explicit FakeClamd(std::string socket) : path_(std::move(socket)) { start(); }
  ~FakeClamd() { stop(); }
  void start();
  void stop();
  int files() const { return files_; }
  int reloads() const { return reloads_; }
  int streamed() const { return streamed_; }
  // Descriptors get lost on the way to it; contents longer than that are refused.
  void lose_descriptors(std::size_t stream_bytes_max) {
    stream_bytes_max_ = stream_bytes_max;
    loses_ = true;
  }
  // Reads databases from there at every RELOAD: knows the mark of signatures and the version of "daily" from then on. A
  // folder in which a file holds deadly_text is not taken, and what was read before stays in use.
  void read_databases(std::filesystem::path folder) {
    databases_ = std::move(folder);
    load();
  }
  void say_nothing(bool silent) { silent_ = silent; }

 private:
  void serve();
  void load();
  void talk(int fd);
  void take_stream(int fd);
  std::string path_;
  UniqueFd listening_;
  std::filesystem::path databases_;  // Empty: none. With the next two, the thread's alone once it is asked.
  std::string mark_;
  std::string version_ = "1";
  std::thread thread_;
  std::atomic<bool> stopping_{false};
  std::atomic<bool> silent_{false};
  std::atomic<bool> loses_{false};
  std::atomic<std::size_t> stream_bytes_max_{25U << 20U};  // StreamMaxLength of clamd.conf(5).
  std::atomic<int> streamed_{0};
  std::atomic<int> files_{0};
  std::atomic<int> reloads_{0};
};

}  // namespace luy::agent
