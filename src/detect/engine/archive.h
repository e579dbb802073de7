// Values to bytes and back, in one description for both directions: a type's describe(archive) names its parts, and
// ArchiveWriter and ArchiveReader do the rest. Numbers have their own size, in the machine's byte order (the cache's
// key holds the platform). The reader checks every length against what is left, and after the first fault reads zeros,
// so that a decoder asks ok() once at its end.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "detect/engine/database.h"

namespace luy::detect {

class ArchiveWriter {
 public:
  static constexpr bool reading = false;

  template <class T>
  void number(const T& value) {
    static_assert(std::is_arithmetic_v<T>);
    out_.append(reinterpret_cast<const char*>(&value), sizeof value);
  }
  void flag(bool value) { out_ += value ? '\1' : '\0'; }
  template <class T>
  void choice(T value, T) {
    out_ += static_cast<char>(value);
  }
  void text(std::string_view value) {
    count(value.size());
    out_ += value;
  }
  void numbers(const std::vector<std::uint32_t>& values) {
    count(values.size());
    out_.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(std::uint32_t));
  }
  template <class T, class Each>
  void list(std::vector<T>& values, Each&& each) {
    count(values.size());
    for (T& one : values) each(one);
  }
  void database(const Database& value) { text(value ? value.to_bytes() : std::string()); }

  std::string take() { return std::move(out_); }

 private:
  void count(std::size_t size) { number(static_cast<std::uint32_t>(size)); }

  std::string out_;
};

class ArchiveReader {
 public:
  static constexpr bool reading = true;

  explicit ArchiveReader(std::string_view bytes) : rest_(bytes) {}

  template <class T>
  void number(T& value) {
    static_assert(std::is_arithmetic_v<T>);
    value = T();
    const std::string_view bytes = take(sizeof value);
    if (ok_) std::memcpy(&value, bytes.data(), sizeof value);
  }
  void flag(bool& value) {
    std::uint8_t byte = 0;
    number(byte);
    if (byte > 1) fail();
    value = byte == 1;
  }
  // One of the enumeration's values up to `last`.
  template <class T>
  void choice(T& value, T last) {
    std::uint8_t byte = 0;
    number(byte);
    if (byte > static_cast<std::uint8_t>(last)) fail();
    value = ok_ ? static_cast<T>(byte) : T();
  }
  void text(std::string& value) { value = take(count(1)); }
  void numbers(std::vector<std::uint32_t>& values) {
    const std::string_view bytes = take(count(sizeof(std::uint32_t)) * sizeof(std::uint32_t));
    values.resize(bytes.size() / sizeof(std::uint32_t));
    if (!bytes.empty()) std::memcpy(values.data(), bytes.data(), bytes.size());
  }
  // `values` is empty before.
  template <class T, class Each>
  void list(std::vector<T>& values, Each&& each) {
    const std::size_t size = count(1);
    // Every element takes at least a byte, so a made length costs no more than the file's own size in elements.
    for (std::size_t i = 0; i < size && ok_; ++i) each(values.emplace_back());
  }
  void database(Database& value) {
    const std::string_view bytes = take(count(1));
    if (bytes.empty()) return;
    auto made = Database::from_bytes(bytes);
    if (made) {
      value = *std::move(made);
    } else {
      fail();
    }
  }

  void fail() {
    ok_ = false;
    rest_ = {};
  }
  bool ok() const { return ok_; }
  bool done() const { return ok_ && rest_.empty(); }

 private:
  std::size_t count(std::size_t each_bytes) {
    std::uint32_t size = 0;
    number(size);
    if (size > rest_.size() / each_bytes) fail();
    return ok_ ? size : 0;
  }
  std::string_view take(std::size_t size) {
    if (size > rest_.size()) fail();
    if (!ok_) return {};
    const std::string_view out = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return out;
  }

  std::string_view rest_;
  bool ok_ = true;
};

}  // namespace luy::detect
