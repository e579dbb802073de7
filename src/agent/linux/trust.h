// Which programs may run: the executable files of installed packages, by content, and those that the policy names.
// Built by reading every package's files; what was read before and is unchanged is not read again.
#pragma once

#include <sys/stat.h>

#include <compare>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "base/hash.h"
#include "base/result.h"

namespace luy::agent {

// A file's content cannot change without one of these: only who may write to the disk below the file system sets a
// change time back.
struct FileKey {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::int64_t size = 0;
  std::int64_t changed_ns = 0;  // st_ctim.
  auto operator<=>(const FileKey&) const = default;
};
FileKey key_of(const struct stat& about);
// Of the whole content, wherever the descriptor stands; `at_work` is called after every chunk. nullopt: it cannot be
// read.
std::optional<Hash> hash_of(int fd, const std::function<void()>& at_work = {});

// When dpkg's database was what it was; another stamp means that packages changed since.
struct DatabaseStamp {
  std::uint64_t inode = 0;
  std::int64_t size = 0;
  std::int64_t modified_ns = 0;
  bool operator==(const DatabaseStamp&) const = default;
};
DatabaseStamp stamp_of(const std::filesystem::path& root);
// Whether a package manager works on the database now: it holds one of dpkg's locks.
bool database_busy(const std::filesystem::path& root);

class Trust {
 public:
  static constexpr std::size_t files_max = 500'000;

  // Reads the executables of all installed packages below `root`; `before` saves reading what is unchanged. Errors:
  // dpkg's database cannot be read.
  static Result<Trust> build(const std::filesystem::path& root, const Trust& before);
  // Errors: trust_damaged.
  static Result<Trust> read(std::string_view text);
  std::string to_text() const;

  bool has(const FileKey& key) const { return by_key_.contains(key); }
  // Whether any trusted content has that size: one of another size need not be read to be known as foreign.
  bool has_size(std::int64_t size) const { return sizes_.contains(size); }
  bool has(const Hash& digest) const { return digests_.contains(digest); }
  std::size_t size() const { return by_key_.size(); }
  const DatabaseStamp& stamp() const { return stamp_; }
  // Trusts one content of any size, for the life of this value.
  void add(const Hash& digest);
  bool any_size() const { return any_size_; }

 private:
  std::map<FileKey, Hash> by_key_;
  std::set<Hash> digests_;
  std::set<std::int64_t> sizes_;
  DatabaseStamp stamp_;
  bool any_size_ = false;
};

inline constexpr ErrorKind trust_damaged{"agent.trust_damaged", ErrorClass::invalid,
                                         "Tệp chương trình được tin cậy bị hỏng ở dòng {}; agent sẽ lập lại.",
                                         "The file of trusted programs is damaged in line {}; it is made anew."};

}  // namespace luy::agent
