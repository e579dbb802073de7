// Which documents of a sender were stored lately, by id and content, so that one sent again after a lost answer is
// stored once. In memory: a restart forgets it, and then a document sent again is stored again.
//
// Threads: any.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/hash.h"
#include "base/id.h"

namespace luy::hub {

inline constexpr std::size_t seen_ids_max = 65'536;  // A sender; the oldest go first.
inline constexpr std::size_t seen_senders_max = 64;  // The one not heard of for longest goes first.

class SeenIds {
 public:
  enum class Answer { fresh, under_way, stored };
  // Digest of what names a document: index, id, and its bytes.
  static std::string digest(std::string_view index, std::string_view id, std::string_view document);

  // A fresh one is under way from here on, until settle() says whether it was stored.
  Answer begin(const SenderId& sender, const std::string& digest);
  void settle(const SenderId& sender, const std::string& digest, bool stored);

 private:
  struct Of {
    std::unordered_map<std::string, bool> ids;  // Whether stored.
    std::deque<std::string> stored;             // In order.
    std::uint64_t heard = 0;
  };
  std::mutex mutex_;
  std::map<SenderId, Of> senders_;
  std::uint64_t turn_ = 0;
};

}  // namespace luy::hub
