#include "finding/search_window.h"

#include <algorithm>

namespace luy::finding {

std::optional<SearchWindow::Crossed> SearchWindow::add(const std::string& group, Time at, std::uint64_t seq) {
  std::deque<Answer>& answers = groups_[group];
  while (!answers.empty() && at - answers.front().at >= window_) {
    answers.pop_front();
    --answers_;
  }
  answers.push_back({at, seq});
  ++answers_;
  if (answers.size() <= over_) {
    if (answers_ > answers_max) forget_quietest();
    return std::nullopt;
  }
  Crossed out{{}, answers.size(), answers.front().at, at};
  const std::size_t named = std::min(seqs_max, answers.size());
  for (auto one = answers.end() - static_cast<std::ptrdiff_t>(named); one != answers.end(); ++one) {
    out.seqs.push_back(one->seq);
  }
  answers_ -= answers.size();
  groups_.erase(group);
  return out;
}

void SearchWindow::forget_quietest() {
  const auto quietest = std::min_element(groups_.begin(), groups_.end(), [](const auto& a, const auto& b) {
    return a.second.back().seq < b.second.back().seq;
  });
  answers_ -= quietest->second.size();
  groups_.erase(quietest);
}

}  // namespace luy::finding
