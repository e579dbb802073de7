#include "hub/seen_ids.h"

#include <algorithm>

namespace luy::hub {

std::string SeenIds::digest(std::string_view index, std::string_view id, std::string_view document) {
  const std::string sizes = std::to_string(index.size()) + "/" + std::to_string(id.size()) + "/";
  Sha256 hash;
  const Hash whole = hash.digest({sizes, index, id, document});
  return {reinterpret_cast<const char*>(whole.data()), 16};
}

SeenIds::Answer SeenIds::begin(const SenderId& sender, const std::string& digest) {
  const std::lock_guard lock(mutex_);
  if (!senders_.contains(sender) && senders_.size() >= seen_senders_max) {
    const auto oldest = std::min_element(senders_.begin(), senders_.end(),
                                         [](const auto& a, const auto& b) { return a.second.heard < b.second.heard; });
    senders_.erase(oldest);
  }
  Of& of = senders_[sender];
  of.heard = ++turn_;
  const auto [at, fresh] = of.ids.emplace(digest, false);
  if (fresh) return Answer::fresh;
  return at->second ? Answer::stored : Answer::under_way;
}

void SeenIds::settle(const SenderId& sender, const std::string& digest, bool stored) {
  const std::lock_guard lock(mutex_);
  const auto of = senders_.find(sender);
  if (of == senders_.end()) return;
  if (!stored) {
    of->second.ids.erase(digest);
    return;
  }
  of->second.ids.insert_or_assign(digest, true);
  of->second.stored.push_back(digest);
  if (of->second.stored.size() <= seen_ids_max) return;
  of->second.ids.erase(of->second.stored.front());
  of->second.stored.pop_front();
}

}  // namespace luy::hub
