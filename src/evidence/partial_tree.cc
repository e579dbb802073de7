#include "evidence/partial_tree.h"

#include <algorithm>

#include "base/check.h"

namespace luy::evidence {
namespace {

constexpr unsigned level_max = 62;

// Level and index in one number: an index of level l has at most 63 - l bits.
std::uint64_t key_of(unsigned level, std::uint64_t index) {
  return std::uint64_t{level} << 56U | index;
}

// Each perfect subtree of the tree of `size` leaves, from the left, as long as `visit` says so.
template <class Visit>
bool each_subtree(std::uint64_t size, const Visit& visit) {
  std::uint64_t begin = 0;
  for (unsigned level = level_max + 1; level-- > 0;) {
    if ((size >> level & 1U) == 0) continue;
    if (!visit(level, begin >> level)) return false;
    begin += std::uint64_t{1} << level;
  }
  return true;
}

}  // namespace

std::uint64_t count_of(const std::vector<SeqRange>& ranges) {
  std::uint64_t out = 0;
  for (const SeqRange& one : ranges) out += one.count;
  return out;
}

// Of both, ascending; what touches is one.
std::vector<SeqRange> joined(std::vector<SeqRange> first, const std::vector<SeqRange>& second) {
  first.insert(first.end(), second.begin(), second.end());
  std::ranges::sort(first, {}, &SeqRange::first);
  std::vector<SeqRange> out;
  for (const SeqRange& one : first) {
    if (out.empty() || out.back().end() < one.first) {
      out.push_back(one);
    } else {
      out.back().count = std::max(out.back().end(), one.end()) - out.back().first;
    }
  }
  return out;
}

void PartialTree::add_leaf(std::uint64_t seq, const Hash& hash) {
  LUY_CHECK(runs_.empty() || seq >= runs_.back().first + runs_.back().count);
  if (runs_.empty() || seq != runs_.back().first + runs_.back().count) runs_.push_back({seq, 0, leaves_.size()});
  ++runs_.back().count;
  leaves_.push_back(hash);
}

void PartialTree::add_node(const TreeNode& node) {
  if (node.level > level_max || node.index > (std::uint64_t{1} << (level_max - node.level))) return;
  kept_.emplace(std::pair(node.level, node.index), node.hash);
  kept_begins_.insert(node.index << node.level);
}

void PartialTree::add_frontier(const Frontier& frontier) {
  std::size_t at = 0;
  each_subtree(frontier.size(), [&](unsigned level, std::uint64_t index) {
    add_node({level, index, frontier.nodes()[at++]});
    return true;
  });
}

void PartialTree::add_stored(std::uint64_t first, std::uint64_t end, std::string_view nodes) {
  constexpr std::uint64_t group = std::uint64_t{1} << stored_level;
  for (std::uint64_t done = (first / group + 1) * group; done <= end; done += group) {
    for (unsigned level = stored_level; level <= level_max && done % (std::uint64_t{1} << level) == 0; ++level) {
      if (nodes.size() < sizeof(Hash)) return;
      Hash hash{};
      std::copy_n(nodes.begin(), hash.size(), hash.begin());
      nodes.remove_prefix(hash.size());
      add_node({level, (done >> level) - 1, hash});
    }
  }
}

void PartialTree::prefer(Prefer prefer) {
  prefer_ = prefer;
}

const PartialTree::Run* PartialTree::run_at(std::uint64_t seq) const {
  const auto found = std::ranges::upper_bound(runs_, seq, {}, [](const Run& run) { return run.first + run.count - 1; });
  const auto exact = found != runs_.begin() && (found - 1)->first + (found - 1)->count - 1 == seq ? found - 1 : found;
  return exact == runs_.end() ? nullptr : &*exact;
}

std::vector<SeqRange> PartialTree::leaves() const {
  std::vector<SeqRange> out;
  for (const Run& run : runs_) out.push_back({run.first, run.count});
  return out;
}

bool PartialTree::has_leaf(std::uint64_t begin, std::uint64_t end) const {
  const Run* run = run_at(begin);
  return run != nullptr && run->first < end;
}

bool PartialTree::has_node(std::uint64_t begin, std::uint64_t end) const {
  const auto found = kept_begins_.lower_bound(begin);
  return found != kept_begins_.end() && *found < end;
}

const Hash* PartialTree::leaf(std::uint64_t seq) const {
  const Run* run = run_at(seq);
  return run == nullptr || run->first > seq ? nullptr : &leaves_[run->at + (seq - run->first)];
}

const Hash* PartialTree::kept(unsigned level, std::uint64_t index) const {
  const auto found = kept_.find({level, index});
  return found == kept_.end() ? nullptr : &found->second;
}

// From its children alone.
std::optional<Hash> PartialTree::join(unsigned level, std::uint64_t index) {
  if (level == 0) {
    const Hash* found = leaf(index);
    return found == nullptr ? std::nullopt : std::optional(*found);
  }
  const auto left = node(level - 1, index * 2);
  if (!left) return std::nullopt;
  const auto right = node(level - 1, index * 2 + 1);
  if (!right) return std::nullopt;
  return hasher_.node(*left, *right);
}

// Where all of them are there.
std::optional<Hash> PartialTree::of_leaves(unsigned level, std::uint64_t index) {
  const std::uint64_t begin = index << level;
  const std::uint64_t count = std::uint64_t{1} << level;
  const Run* run = run_at(begin);
  if (run == nullptr || run->first > begin || run->first + run->count < begin + count) return std::nullopt;
  const auto from = leaves_.begin() + static_cast<std::ptrdiff_t>(run->at + (begin - run->first));
  std::vector<Hash> row(from, from + static_cast<std::ptrdiff_t>(count));
  for (; row.size() > 1; row.resize(row.size() / 2)) {
    for (std::size_t i = 0; i < row.size() / 2; ++i) row[i] = hasher_.node(row[2 * i], row[2 * i + 1]);
  }
  return row.front();
}

std::optional<Hash> PartialTree::compute(unsigned level, std::uint64_t index) {
  const Hash* own = kept(level, index);
  if (own != nullptr && prefer_ == Prefer::nodes) return *own;
  const std::uint64_t begin = index << level;
  const std::uint64_t end = begin + (std::uint64_t{1} << level);
  if (has_leaf(begin, end) || has_node(begin, end)) {
    if (const auto joined = join(level, index)) return joined;
  }
  return own == nullptr ? std::nullopt : std::optional(*own);
}

std::optional<Hash> PartialTree::node(unsigned level, std::uint64_t index) {
  if (level < stored_level) return compute(level, index);
  auto& all = known_[prefer_ == Prefer::nodes ? 1 : 0];
  const auto known = all.find(key_of(level, index));
  if (known != all.end()) return known->second;
  const auto computed = compute(level, index);
  all.emplace(key_of(level, index), computed);
  return computed;
}

std::optional<Frontier> PartialTree::frontier(std::uint64_t size) {
  std::string nodes;
  const bool whole = each_subtree(size, [&](unsigned level, std::uint64_t index) {
    const auto found = node(level, index);
    if (found) nodes.append(found->begin(), found->end());
    return found.has_value();
  });
  if (!whole) return std::nullopt;
  auto out = Frontier::decode(size, nodes);
  return out ? std::optional(*std::move(out)) : std::nullopt;
}

std::optional<Hash> PartialTree::root(std::uint64_t size) {
  const auto tree = frontier(size);
  return tree ? std::optional(tree->root(hasher_)) : std::nullopt;
}

void PartialTree::cover(unsigned level, std::uint64_t index, Covered& out) {
  const auto value = node(level, index);
  LUY_CHECK(value);
  const std::uint64_t begin = index << level;
  const std::uint64_t end = begin + (std::uint64_t{1} << level);
  if (level <= stored_level && of_leaves(level, index) == value) {
    if (!out.leaves.empty() && out.leaves.back().end() == begin) {
      out.leaves.back().count += end - begin;
    } else {
      out.leaves.push_back({begin, end - begin});
    }
    return;
  }
  // Records that do not lead to the node that was used are not vouched for by it.
  if (level == 0 || !has_leaf(begin, end) || join(level, index) != value)
    return out.nodes.push_back({level, index, *value});
  cover(level - 1, index * 2, out);
  cover(level - 1, index * 2 + 1, out);
}

PartialTree::Covered PartialTree::covered(std::uint64_t size) {
  Covered out;
  each_subtree(size, [&](unsigned level, std::uint64_t index) {
    cover(level, index, out);
    return true;
  });
  return out;
}

}  // namespace luy::evidence
