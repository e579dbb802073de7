// Counts the answers to a watched search and says when there were too many within its window. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"

namespace luy::finding {

class SearchWindow {
 public:
  // Answers remembered in all groups together; beyond it the group that was quiet for longest is forgotten.
  static constexpr std::size_t answers_max = 50'000;
  static constexpr std::size_t seqs_max = 50;  // Named in a crossing.

  SearchWindow(std::uint64_t over, Duration window) : over_(over), window_(window) {}

  struct Crossed {
    std::vector<std::uint64_t> seqs;  // The newest of them, ascending.
    std::uint64_t count = 0;
    Time first;
    Time last;
  };
  // Answers come in the order of their seq; their times do not fall. After a crossing the group begins anew, so that
  // the next one needs as many answers again.
  std::optional<Crossed> add(const std::string& group, Time at, std::uint64_t seq);

 private:
  struct Answer {
    Time at;
    std::uint64_t seq = 0;
  };
  void forget_quietest();

  const std::uint64_t over_;
  const Duration window_;
  std::map<std::string, std::deque<Answer>> groups_;
  std::size_t answers_ = 0;
};

}  // namespace luy::finding
