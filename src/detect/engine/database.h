// A Vectorscan database as a value: compiled, scanned, written and read back. Immutable after making; the scratch space
// of a scan belongs to a thread.
#pragma once

#include <hs/hs.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace luy::detect {

struct DatabaseDeleter {
  void operator()(hs_database_t* database) const { hs_free_database(database); }
};
using DatabasePointer = std::unique_ptr<hs_database_t, DatabaseDeleter>;

enum class Case : std::uint8_t { heeded, ignored };  // Of ASCII letters.

class Database {
 public:
  struct Literal {
    std::string_view text;
    std::uint32_t id;
  };
  struct Expression {
    std::string text;
    std::uint32_t id;
    unsigned flags;  // HS_FLAG_CASELESS, HS_FLAG_DOTALL, HS_FLAG_MULTILINE.
  };

  Database() = default;
  // Errors: bad_regex with Vectorscan's words.
  static Result<Database> of_literals(const std::vector<Literal>& literals, Case heed);
  static Result<Database> of_expressions(const std::vector<Expression>& expressions);
  static Result<Database> from_bytes(std::string_view bytes);  // Error: bad_cache.
  std::string to_bytes() const;

  explicit operator bool() const { return database_ != nullptr; }
  const hs_database_t* get() const { return database_.get(); }
  std::size_t size_bytes() const;

 private:
  explicit Database(hs_database_t* database) : database_(database) {}
  DatabasePointer database_;
};

// Room for scans of one thread. Grows to fit every database it is told of.
class Scratch {
 public:
  Scratch() = default;
  ~Scratch() { hs_free_scratch(scratch_); }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  void fit(const Database& database);

  // Calls found(id) for every match; an id may come more than once.
  template <class Found>
  void scan(const Database& database, std::string_view text, Found&& found) const {
    hs_scan(
        database.get(), text.data(), static_cast<unsigned>(text.size()), 0, scratch_,
        [](unsigned id, unsigned long long, unsigned long long, unsigned, void* context) {
          (*static_cast<std::remove_reference_t<Found>*>(context))(id);
          return 0;
        },
        &found);
  }
  // Whether anything matches. Grows for a database it was not told of.
  bool any(const Database& database, std::string_view text) {
    hs_error_t state = any_once(database, text);
    if (state == HS_INVALID) {
      fit(database);
      state = any_once(database, text);
    }
    return state == HS_SCAN_TERMINATED;
  }

 private:
  hs_error_t any_once(const Database& database, std::string_view text) const {
    return hs_scan(
        database.get(), text.data(), static_cast<unsigned>(text.size()), 0, scratch_,
        [](unsigned, unsigned long long, unsigned long long, unsigned, void*) { return 1; }, nullptr);
  }

  hs_scratch_t* scratch_ = nullptr;
};

}  // namespace luy::detect
