// The lists of indicators that were imported, kept in records, and the matcher made of all that are in force.
//
// Thread-safe. A list is imported or deleted whole, durably before the call returns; readers get the matcher that
// stands at that moment and may keep it as long as they like.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/id.h"
#include "base/random.h"
#include "indicator/matcher.h"
#include "records/database.h"

namespace luy::indicator {

using ListId = Id<struct IndicatorListTag>;

inline constexpr ErrorKind list_unknown{"indicator.list_unknown", ErrorClass::not_found,
                                        "Không có danh sách dấu hiệu {}.", "There is no list of indicators {}."};

inline constexpr ErrorKind list_of_folder{
    "indicator.list_of_folder", ErrorClass::conflict,
    "Danh sách này đọc từ thư mục của máy chủ. Hãy xóa tệp {} trong thư mục indicators, danh sách sẽ tự mất.",
    "This list is read from the hub's folder. Delete the file {} in the folder indicators; the list goes with it."};

inline constexpr std::string_view folder_source = "folder:";  // Then the file's name.
inline constexpr std::size_t indicators_max = 500'000;        // Of all lists.
inline constexpr std::size_t lists_max = 500;
inline constexpr std::size_t name_bytes_max = 200;

std::span<const records::Migration> migrations();

using InTransaction = std::function<Result<void>(records::Connection&)>;

struct List {
  ListId id;
  std::string name;
  Format format = Format::stix;
  std::string source;  // "upload", or folder_source and the file's name in the watched folder.
  std::string added_by;
  Time added_at;
  std::optional<Time> expires_at;  // Of all its indicators, besides their own.
  std::size_t count = 0;
  std::size_t refused_count = 0;
  std::vector<Refused> refused;
};

// What a matcher's indicator belongs to.
struct Matching {
  Matcher matcher;
  std::vector<std::uint32_t> lists;  // By indicator: index in `names`.
  std::vector<List> names;           // Without their refusals.
  const List& list_of(std::uint32_t indicator) const { return names[lists[indicator]]; }
};

class Book {
 public:
  struct Dependencies {
    records::Database& database;
    const Clock& clock;
    Random& random;
  };
  // Errors: those of the database.
  static Result<std::unique_ptr<Book>> open(Dependencies dependencies);

  struct NewList {
    std::string name;
    Format format = Format::stix;
    std::string_view content;
    std::string source = "upload";
    std::string added_by;
    std::optional<Time> expires_at;
    bool replaces = false;  // A list of the same source goes in the same step: a file that was written anew.
  };
  // Errors: list_malformed, list_too_large, those of `also` and of the database; then nothing was done.
  using WithList = std::function<Result<void>(records::Connection&, const List&)>;
  Result<List> import(const NewList& wanted, const WithList& also = {});
  // Errors: list_unknown; the same.
  Result<void> remove(const ListId& id, const InTransaction& also = {});

  std::vector<List> lists() const;  // Newest first.
  std::shared_ptr<const Matching> matching() const;

 private:
  explicit Book(Dependencies dependencies) : d_(dependencies) {}
  Result<void> load();

  const Dependencies d_;
  std::mutex acts_;
  mutable std::mutex mutex_;
  std::vector<List> lists_;
  std::shared_ptr<const Matching> matching_;  // Shared: readers keep it while a newer one takes its place.
};

}  // namespace luy::indicator
